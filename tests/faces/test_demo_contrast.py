"""The demo's keyword alerts: what they would send, counted on the same texts, and how the sum is shown."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from alerts.demo.contrast import Contrast, contrast
from alerts.demo.screen import Screen
from alerts.demo.story import Outlet, Publication, Story
from alerts.judging.match import Matcher
from alerts.model.feed import FeedFormat, FeedKind, Reliability
from alerts.wiring.authored import make_assessor, read_authored

START = datetime(2025, 3, 17, tzinfo=UTC)

RULES = {
    "truce": "question: A truce\nmatch: truce OR перемирие\nignore: elsewhere\n",
    "dam": "question: The dam\nmatch: dam NEAR/2 valley\n",
}


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    for name, rule in RULES.items():
        (tmp_path / "rules" / "story").mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / "story" / f"{name}.yaml").write_text(rule, "utf-8")
    (tmp_path / "seeds").mkdir()
    return make_assessor(read_authored(tmp_path / "rules", tmp_path / "seeds")).matcher


def story(*titles: str, copies: int = 0, edit: str | None = None, old: str | None = None) -> Story:
    """A story of one text a title; the first is copied so many times, and edited at the end."""
    outlet = Outlet(
        id="wire",
        title="The Wire",
        format=FeedFormat.RSS,
        kind=FeedKind.AGENCY,
        owner="wire",
        reliability=Reliability.A,
        lang="en",
    )
    later = START + timedelta(hours=1)
    told = [Publication(at=START, outlet="wire", guid="wire/old", title=old)] if old else []
    told += [
        Publication(at=later, outlet="wire", guid=f"wire/{number}", title=title) for number, title in enumerate(titles)
    ]
    told += [
        Publication(at=later, outlet="wire", guid=f"paper-{number}/0", title=titles[0], copy_of="wire/0")
        for number in range(copies)
    ]
    if edit:
        told.append(Publication(at=later, outlet="wire", guid="wire/0", title=edit, is_edit=True))
    return Story(id="s", title="S", start=START, outlets={"wire": outlet}, publications=tuple(told))


def test_a_keyword_alert_sends_a_message_for_each_rule_an_article_matches(matcher: Matcher) -> None:
    told = story("A truce", "Truces end", "A truce elsewhere", "The dam above the valley and a truce", "Weather")
    assert contrast(told, matcher, sent=2) == Contrast(texts=5, copies=0, keyword=4, sent=2)


def test_copies_ring_again(matcher: Matcher) -> None:
    assert contrast(story("A truce", copies=3), matcher, sent=1) == Contrast(texts=4, copies=3, keyword=4, sent=1)


@pytest.mark.parametrize(("title", "edit"), [("A truce", "A truce, perhaps"), ("Talks", "Talks on a truce")])
def test_an_edited_article_rings_once_at_most(matcher: Matcher, title: str, edit: str) -> None:
    assert contrast(story(title, edit=edit), matcher, sent=0).keyword == 1


def test_what_stood_there_before_the_story_counts_for_nobody(matcher: Matcher) -> None:
    assert contrast(story("Weather", old="A truce"), matcher, sent=0) == Contrast(texts=1, copies=0, keyword=0, sent=0)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("tty", [True, False])
def test_the_sum_fits_the_width_and_ends_with_what_to_type(width: int, tty: bool) -> None:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=tty, color_system=None, soft_wrap=not tty)
    Screen(console).ending(Contrast(texts=70, copies=11, keyword=41, sent=7), 12.3)
    lines = file.getvalue().splitlines()
    bars = {" ".join(line.split()[:-1]): line.count("█") for line in lines if "█" in line}
    assert list(bars) == ["keyword alerts 41", "alerts 7"]
    assert bars["keyword alerts 41"] > 4 * bars["alerts 7"] > 0
    assert [line.split()[1] for line in lines if line.strip().startswith("alerts ")] == ["7", "init", "check", "run"]
    assert not tty or all(len(line) <= width for line in lines)


def test_a_sum_of_nothing_is_shown_too() -> None:
    file = io.StringIO()
    Screen(Console(file=file, width=80)).ending(Contrast(texts=0, copies=0, keyword=0, sent=0), 0.0)
    assert "keyword alerts    0" in file.getvalue()
