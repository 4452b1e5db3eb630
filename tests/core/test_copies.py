"""Forty mastheads are one text; two texts that differ in one decisive word never are."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.copies import MOST_COMPARED, WINDOW, Copies, Sketch, same_text, sketch_of
from alerts.judging.sketch import outlet_key
from alerts.model.feed import FeedKind
from alerts.model.item import Item, Source

CASES = [
    line
    for line in (Path(__file__).parent / "data" / "copies.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
OUTLETS = frozenset(map(outlet_key, ("Northern Wire", "Zenda Post")))
NOON = datetime(2025, 3, 13, 12, tzinfo=UTC)


def sketch(text: str) -> Sketch:
    """Read one side of a line of the file."""
    label = outlet = ""
    kind = FeedKind.OUTLET
    text = text.strip()
    if text.startswith("#"):
        label, text = text[1:].split(" ", 1)
    if text[0] in "@%":
        kind = FeedKind.AGGREGATOR if text[0] == "%" else kind
        names = ("Strelsau Courier", "Zenda Post", "Northern Wire", "Newsgate")
        outlet = next(name for name in names if text.startswith(name, 1))
        text = text[len(outlet) + 1 :].strip()
    title, _, story = text.partition(" ||")
    source = Source(id=outlet or "outlet", title=outlet or "Outlet", owner=outlet, kind=kind)
    item = Item(id="1", source=source, title=title, summary=story.strip() or None, lang=language(title))
    return sketch_of(item, label=label, outlets=OUTLETS)


def language(title: str) -> str:
    """Tell the few languages of the file apart."""
    if "і" in title or "'я" in title:
        return "uk"
    return "ru" if any("а" <= letter <= "я" for letter in title) else "en"


@pytest.mark.parametrize("line", CASES)
def test_texts_are_one_where_only_their_dress_differs(line: str) -> None:
    expected, texts = line.split(" | ", 1)
    one, other = map(sketch, texts.split(" <> "))
    assert same_text(one, other) is (expected == "same")
    assert same_text(other, one) is (expected == "same")


DECISIVE = [
    ("accepts", "rejects"), ("agrees", "denies"), ("two", "three"), ("30", "31"), ("Monday", "Tuesday"),
    ("Rudolf", "Michael"), ("lost", "restored"), ("never", "soon"), ("starts", "ends"), ("March", "April"),
]  # fmt: skip
words = st.sampled_from(
    ["palace", "truce", "plan", "with", "Zenda", "neighbour", "says", "guard", "talks", "signs", "envoy"]
)


@given(st.lists(words, min_size=3, max_size=9), st.sampled_from(DECISIVE), st.integers(0, 9))
def test_one_decisive_word_in_the_title_keeps_texts_apart(said: list[str], pair: tuple[str, str], place: int) -> None:
    one, other = ([*said[:place], word, *said[place:]] for word in pair)
    assert not same_text(sketch(" ".join(one)), sketch(" ".join(other)))


@given(st.lists(words, min_size=3, max_size=30), st.sampled_from(DECISIVE), st.integers(0, 30), st.booleans())
def test_one_decisive_word_in_the_story_keeps_texts_apart(
    said: list[str], pair: tuple[str, str], place: int, is_long: bool
) -> None:
    title = "Palace speaks of the truce that the neighbour proposed in Zenda" if is_long else "Palace speaks of truce"
    one, other = (" ".join([*said[:place], word, *said[place:]]) for word in pair)
    assert not same_text(sketch(f"{title} || {one}"), sketch(f"{title} || {other}"))


@given(st.text(max_size=80), st.text(max_size=120), st.text(max_size=80), st.text(max_size=120))
def test_any_text_has_a_sketch_and_sameness_is_symmetric(t1: str, s1: str, t2: str, s2: str) -> None:
    source = Source(id="o", title="O", owner="o")
    one, other = (sketch_of(Item(id="1", source=source, title=t, summary=s)) for t, s in ((t1, s1), (t2, s2)))
    assert same_text(one, other) is same_text(other, one)
    assert same_text(one, one) is bool(one.title or one.story)


def test_a_sketch_is_small_and_survives_json() -> None:
    made = sketch("#accepted " + "word " * 300 + "|| " + "story " * 3000)
    assert len(made.title) + len(made.story) <= 56
    title, story, label, cut = json.loads(json.dumps(astuple(made)))
    assert Sketch(tuple(title), tuple(story), label, cut) == made


@pytest.mark.parametrize("text", ["(" * 200_000, "A " * 100_000, "- " * 100_000, "A,-" * 70_000, "No.-" * 50_000])
def test_a_hostile_text_is_sketched_at_once(text: str) -> None:
    source = Source(id="o", title="O", owner="o", kind=FeedKind.AGGREGATOR)
    sketch_of(Item(id="1", source=source, title=text, summary=text))


# --- the index ----------------------------------------------------------------------------------


def test_forty_mastheads_are_one_group_within_72_hours() -> None:
    copies = Copies()
    title = "Ruritania accepts the 30-day truce"
    keys = {copies.add(sketch(f"{title} | Outlet {n}"), NOON + n * timedelta(hours=1), str(n)) for n in range(40)}
    assert keys == {"0"}
    assert copies.add(sketch("Ruritania rejects the 30-day truce"), NOON, "other") == "other"
    assert copies.add(sketch(title), NOON + WINDOW + timedelta(seconds=1), "late") == "late"


def test_a_text_is_compared_with_the_first_of_a_group_only() -> None:
    copies = Copies()
    story = "Ruritania has accepted the truce its neighbour proposed in Zenda last week"
    assert copies.add(sketch(f"Ruritania accepts truce now || {story}"), NOON, "first") == "first"
    assert copies.add(sketch("Ruritania accepts truce now"), NOON, "second") == "first"
    assert copies.add(sketch("Ruritania accepts truce now || Another story altogether"), NOON, "third") == "third"


def test_what_was_stored_finds_its_copies_again() -> None:
    stored = [(sketch(f"Palace speaks of bridge {n}"), NOON, str(n)) for n in range(50)]
    copies = Copies(stored)
    assert len(copies) == 50
    assert [copies.add(one, NOON + timedelta(hours=1), "new") for one, _, _ in stored] == [key for *_, key in stored]


def test_copies_are_found_out_of_order_and_a_clock_in_2031_throws_out_nothing() -> None:
    copies = Copies((sketch(f"Palace speaks of bridge {n}"), NOON, str(n)) for n in range(9))
    far = NOON.replace(year=2031)
    assert copies.add(sketch("Palace speaks of bridge 8"), far, "far") == "far"
    assert copies.add(sketch("Palace speaks of bridge 8"), NOON - timedelta(hours=5), "early") == "8"
    assert len(copies) >= 8


def test_memory_holds_the_window_and_no_more() -> None:
    copies = Copies()
    for n in range(5_000):
        copies.add(sketch(f"Palace speaks of bridge {n}"), NOON + n * timedelta(hours=1), str(n))
    assert len(copies) <= 74


def test_a_feed_that_repeats_one_title_is_compared_with_a_bounded_number() -> None:
    copies = Copies()
    for n in range(MOST_COMPARED + 50):
        assert copies.add(sketch(f"Morning briefing || Number {n} of the day"), NOON, str(n)) == str(n)
    assert copies.add(sketch("Morning briefing || Number 249 of the day"), NOON, "again") == "249"
