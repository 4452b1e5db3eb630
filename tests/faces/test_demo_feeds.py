"""The demo's newsstand: real feeds over real HTTP, as they stand at the story's time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import feedparser

from alerts.demo.clock import DemoClock
from alerts.demo.feeds import WINDOW, open_newsstand
from alerts.demo.script import read_story
from alerts.demo.story import Story

SHIPPED = Path(__file__).parents[2] / "seeds" / "demo" / "ukraine-ceasefire.yaml"
STEADY = datetime(2026, 1, 1, tzinfo=UTC)

STORY = """\
title: A small story
start: 2025-03-17T00:00Z
feeds:
  wire: {title: "Wire & Sons <news>", format: rss, kind: agency, owner: wire, reliability: A, lang: en}
  gazeta: {title: Газета, format: atom, kind: outlet, owner: gazeta, reliability: C, lang: ru}
items:
  - {at: 2025-03-17T01:00Z, feed: wire, key: one, title: "Words & <more> words", summary: A summary.}
  - {at: 2025-03-17T01:05Z, feed: gazeta, key: dva, title: Слова}
  - {at: 2025-03-17T02:00Z, feed: wire, key: two, title: Second}
  - {at: 2025-03-17T03:00Z, feed: gazeta, edit_of: dva, title: Другие слова}
  - {at: 2025-03-17T03:00Z, feed: wire, edit_of: one, title: Other words}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def parsed(self) -> Any:
        found = feedparser.parse(self.body, response_headers=dict(self.headers))
        assert not found.bozo, found.get("bozo_exception")
        return found


def small(tmp_path: Path) -> Story:
    path = tmp_path / "small.yaml"
    path.write_text(STORY, "utf-8")
    return read_story(path)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 17, hour, minute, tzinfo=UTC)


def ask(story: Story, outlet: str, *moments: datetime, **headers: str) -> list[Answer]:
    """Ask for an outlet's feed at each moment; ``headers`` go along with ``_`` for ``-``."""

    async def run() -> list[Answer]:
        clock = DemoClock(story.start, lambda: STEADY)
        answers = []
        async with open_newsstand(story, clock) as stand, aiohttp.ClientSession() as session:
            url = next((feed.url for feed in stand.feeds if feed.id == outlet), f"{stand.feeds[0].url}/{outlet}")
            for moment in moments:
                clock.jump_to(moment)
                sent = {name.replace("_", "-"): value for name, value in headers.items()}
                async with session.get(url, headers=sent) as response:
                    names = {name.lower(): value for name, value in response.headers.items()}
                    answers.append(Answer(response.status, names, await response.read()))
        return answers

    return asyncio.run(run())


def test_an_rss_feed_holds_what_is_published_newest_first(tmp_path: Path) -> None:
    none, one, two = (answer.parsed for answer in ask(small(tmp_path), "wire", at(0), at(1), at(2)))
    assert none.version == "rss20"
    assert none.feed.title == "Wire & Sons <news>"
    assert none.entries == []
    assert [entry.title for entry in one.entries] == ["Words & <more> words"]
    assert [entry.title for entry in two.entries] == ["Second", "Words & <more> words"]
    assert two.entries[1].summary == "A summary."
    assert two.entries[1].id == "wire/one"
    assert two.entries[1].link == "https://wire.example/one"
    assert two.entries[1].published_parsed[:5] == (2025, 3, 17, 1, 0)


def test_an_atom_feed_says_when_a_text_was_edited(tmp_path: Path) -> None:
    before, after = (answer.parsed for answer in ask(small(tmp_path), "gazeta", at(1, 5), at(3)))
    assert before.version == "atom10"
    assert (before.feed.title, before.feed.language) == ("Газета", "ru")
    assert [entry.title for entry in before.entries] == ["Слова"]
    (entry,) = after.entries
    assert (entry.title, entry.id) == ("Другие слова", "gazeta/dva")
    assert (entry.published_parsed[3], entry.updated_parsed[3]) == (1, 3)


def test_an_rss_feed_keeps_the_old_day_on_a_rewritten_headline(tmp_path: Path) -> None:
    (after,) = (answer.parsed for answer in ask(small(tmp_path), "wire", at(3)))
    assert [(entry.title, entry.published_parsed[3]) for entry in after.entries] == [("Second", 2), ("Other words", 1)]


def test_nothing_new_is_a_304_without_a_body_until_something_is(tmp_path: Path) -> None:
    story = small(tmp_path)
    (first,) = ask(story, "wire", at(1))
    assert first.status == 200
    same, later = ask(story, "wire", at(1, 59), at(2), If_None_Match=first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert later.status == 200
    assert later.headers["etag"] != first.headers["etag"]
    same, later = ask(story, "wire", at(1, 59), at(2), If_Modified_Since=first.headers["last-modified"])
    assert (same.status, later.status) == (304, 200)


def test_an_etag_speaks_before_a_date(tmp_path: Path) -> None:
    """RFC 9110 §13.2.2: If-Modified-Since is ignored where If-None-Match is sent."""
    (answer,) = ask(
        small(tmp_path), "wire", at(1), If_None_Match='"other"', If_Modified_Since="Wed, 19 Mar 2025 00:00:00 GMT"
    )
    assert answer.status == 200


def test_an_unknown_feed_is_a_404(tmp_path: Path) -> None:
    assert [answer.status for answer in ask(small(tmp_path), "other.xml", at(1))] == [404]


def test_every_shipped_feed_is_valid_at_the_end_and_holds_a_window(tmp_path: Path) -> None:
    story = read_story(SHIPPED)
    end = story.publications[-1].at + timedelta(minutes=1)
    for outlet in story.outlets:
        (answer,) = ask(story, outlet, end)
        standing = story.standing(outlet, end)[:WINDOW]
        assert [entry.title for entry in answer.parsed.entries] == [one.title for one in standing]
        assert len(answer.parsed.entries) <= WINDOW


def test_the_clock_never_goes_back() -> None:
    clock = DemoClock(at(2), lambda: STEADY)
    clock.jump_to(at(1))
    assert clock.now() == at(2)
    assert clock.steady() == STEADY
