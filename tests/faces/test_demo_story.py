"""The demo's story: laws over the shipped file, and what its reader says of a bad one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.demo.script import read_story
from alerts.demo.story import Story
from alerts.model.errors import AlertsError, ConfigError
from alerts.model.feed import FeedFormat, FeedKind

SHIPPED = Path(__file__).parents[2] / "seeds" / "demo" / "ukraine-ceasefire.yaml"

SMALL = """\
title: A small story
start: 2025-03-17T00:00Z
feeds:
  wire: {title: The Wire, format: rss, kind: agency, owner: wire, reliability: A, lang: en}
  paper: {title: The Paper, format: atom, kind: outlet, owner: paper, reliability: C, lang: en, carries: [wire]}
items:
  - {at: 2025-03-17T01:00Z, feed: wire, key: one, title: First words, summary: A summary., answers: [q=yes]}
  - {at: 2025-03-17T01:05Z, feed: paper, copy_of: one}
  - {at: 2025-03-17T02:00Z, feed: wire, edit_of: one, title: Better words}
"""


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story(SHIPPED)


def small(tmp_path: Path, text: str = SMALL) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(text, "utf-8")
    return path


# --- laws over the shipped story --------------------------------------------------------------


def test_shipped_story_is_large_enough_to_show_something(story: Story) -> None:
    assert len(story.publications) >= 55
    assert len(story.outlets) >= 10
    assert {outlet.lang for outlet in story.outlets.values()} == {"en", "ru", "uk"}
    assert {outlet.format for outlet in story.outlets.values()} == {FeedFormat.RSS, FeedFormat.ATOM}
    assert set(FeedKind) - {FeedKind.SOCIAL} == {outlet.kind for outlet in story.outlets.values()}


def test_shipped_story_goes_forward_through_three_days_of_march(story: Story) -> None:
    times = [one.at for one in story.publications]
    assert times == sorted(times)
    assert {time.date().isoformat() for time in times} == {"2025-03-17", "2025-03-18", "2025-03-19"}
    assert times[0] < story.start < times[-1]


def test_shipped_story_has_copies_and_edits_and_every_feed_speaks(story: Story) -> None:
    assert sum(one.copy_of is not None for one in story.publications) >= 5
    assert sum(one.is_edit for one in story.publications) >= 1
    assert {one.outlet for one in story.publications} == set(story.outlets)


def test_shipped_story_names_each_text_once_in_its_feed(story: Story) -> None:
    names = Counter(one.guid for one in story.publications if not one.is_edit)
    assert [guid for guid, times in names.items() if times > 1] == []
    assert all(one.guid in names for one in story.publications if one.is_edit)


@pytest.mark.parametrize(
    ("question", "arc"),
    [
        ("ceasefire-acceptance", ["rejected", "accepted", "rejected/claimed"]),
        ("call-outcome", ["scheduled", "started", "ended", "ended_partial_agreement"]),
        ("zaporizhzhia-plant", ["control_discussed"]),
    ],
)
def test_each_headline_question_has_an_arc(story: Story, question: str, arc: list[str]) -> None:
    told = [answer for one in story.publications for answer in one.answers if answer.startswith(f"{question}=")]
    assert list(dict.fromkeys(answer.partition("=")[2] for answer in told)) == arc


def test_most_texts_answer_nothing(story: Story) -> None:
    """Hopes, questions, demands, other wars: what a keyword alert rings for."""
    own = [one for one in story.publications if one.copy_of is None]
    assert sum(not one.answers for one in own) > len(own) / 2


def test_outlets_live_under_names_reserved_for_examples(story: Story) -> None:
    assert all(outlet.home.endswith(".example/") for outlet in story.outlets.values())


# --- as of a time -----------------------------------------------------------------------------


def test_copies_carry_the_words_and_edits_keep_the_place_and_the_day(tmp_path: Path) -> None:
    story = read_story(small(tmp_path))
    one, copy, edit = story.publications
    assert (copy.title, copy.summary, copy.answers, copy.copy_of) == (one.title, one.summary, one.answers, one.guid)
    assert copy.guid != one.guid
    assert edit.guid == one.guid
    before = story.standing("wire", edit.at - timedelta(minutes=1))
    after = story.standing("wire", edit.at)
    assert [text.title for text in before] == ["First words"]
    assert [(text.title, text.summary) for text in after] == [("Better words", None)]
    assert (after[0].published, after[0].updated) == (one.at, edit.at)


def test_a_story_is_asked_what_comes_between_and_after(tmp_path: Path) -> None:
    story = read_story(small(tmp_path))
    first, last = story.publications[0].at, story.publications[-1].at
    assert story.after(first) == datetime(2025, 3, 17, 1, 5, tzinfo=UTC)
    assert story.after(last) is None
    assert len(story.between(first, last)) == 2
    assert story.standing("wire", first - timedelta(seconds=1)) == ()


# --- a bad file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A small story\n", "", "small.yaml:1:1: E007: missing here: title"),
        ("title: A", "titel: A", "small.yaml:1:1: E006: unknown key 'titel'. Did you mean 'title'?"),
        ("title: A", "title: B\ntitle: A", "small.yaml:2:1: E004: 'title' stands twice, first in line 1"),
        ("title: A small", "title: A: small", "small.yaml:1:9: E001: "),
        (
            "2025-03-17T00:00Z",
            "tomorrow",
            "small.yaml:2:8: E009: 'tomorrow' is no time. Write it like 2025-03-18T14:12Z.",
        ),
        ("17T00:00Z", "17T00:00", "small.yaml:2:8: E009: '2025-03-17T00:00' names no zone. Write it like"),
        ("format: rss", "format: rdf", "small.yaml:4:35: E009: the demo publishes rss and atom, not rdf"),
        ("format: rss", "format: rrs", "small.yaml:4:35: E009: 'rrs' is none of rss, atom, rdf, json, sitemap"),
        ("  wire: {", "  The Wire: {", "small.yaml:4:13: E010: 'The Wire' is no id"),
        ("carries: [wire]", "carries: wire", "E008: a list stands here"),
        ("feed: wire, key", "feed: wires, key", "small.yaml:7:5: E009: unknown feed 'wires'. Did you mean 'wire'?"),
        ("key: one, title: First words", "key: one, title: ''", "small.yaml:7:58: E008: a text stands here"),
        ("key: one, title: First words", "key: one", "small.yaml:7:5: E007: missing here: title"),
        ("key: one", "key: one, copy_of: one", "small.yaml:7:5: E007: has key and copy_of of key, copy_of, edit_of"),
        ("[q=yes]", "[yes]", "E009: 'yes' is no answer. Write question=answer"),
        ("copy_of: one", "copy_of: on", "E009: no item before this has the key 'on'. Did you mean 'one'?"),
        ("copy_of: one", "copy_of: one, title: Mine", "small.yaml:8:5: E008: a copy has no words of its own"),
        ("feed: paper, copy_of", "feed: wire, copy_of", "small.yaml:8:5: E012: wire/one: a text appears once"),
        ("2025-03-17T02:00Z", "2025-03-17T00:30Z", "small.yaml:9:5: E009: stands after an item that is later"),
        ("edit_of: one", "key: one", "E012: the key 'one' is taken"),
    ],
)
def test_a_bad_story_is_one_line_that_names_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(AlertsError) as caught:
        read_story(small(tmp_path, SMALL.replace(old, new, 1)))
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "- a list", "just words", "title: [", "title: \x00"])
def test_what_is_no_story_at_all_is_one_line_too(tmp_path: Path, text: str) -> None:
    with pytest.raises(AlertsError) as caught:
        read_story(small(tmp_path, text))
    assert len(str(caught.value).splitlines()) == 1


def test_a_story_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml cannot be read"):
        read_story(tmp_path / "none.yaml")
