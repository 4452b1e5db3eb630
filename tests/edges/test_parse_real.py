"""Bodies as outlets served them: every item that feedparser finds, with its words, ids, links and dates."""

from __future__ import annotations

import io
from calendar import timegm
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import pytest

from alerts.feeds.parse import parse
from alerts.feeds.text import fold, from_html, from_title
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import ParsedFeed

URL = "https://outlet.example/feeds/all.xml"
EMPTY = {"newsboat__empty.xml"}
READ_BETTER = ("Sat, Dec 16 2023 02:02:33 PM",)
"""Dates of which feedparser makes something else than they say: this one is in the afternoon."""


@pytest.fixture
def bodies(data: Path) -> list[Path]:
    """Return the files; an empty folder would prove nothing."""
    found = sorted((data / "feeds_real").iterdir())
    assert len(found) >= 100
    return found


def both(bodies: list[Path]) -> Iterator[tuple[str, ParsedFeed, Any]]:
    """Read each body by feedparser as it comes, and by us."""
    for path in bodies:
        if path.name not in EMPTY:
            body = path.read_bytes()
            yield path.name, parse(body, {}, URL), feedparser.parse(io.BytesIO(body))


def stored(entry: Any, key: str) -> Any:
    """Return what feedparser stored under the key itself."""
    return dict.get(entry, key)


def test_every_body_gives_as_many_items_as_feedparser_finds_or_one_feed_error(bodies: list[Path]) -> None:
    counts = {name: (len(feed.items), len(theirs.entries)) for name, feed, theirs in both(bodies)}
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert sum(ours for ours, _ in counts.values()) > 1_000
    for path in bodies:
        if path.name in EMPTY:
            with pytest.raises(FeedError) as caught:
                parse(path.read_bytes(), {}, URL)
            assert caught.value.fault is FeedFault.EMPTY


def test_headlines_and_summaries_have_the_same_words(bodies: list[Path]) -> None:
    for name, feed, theirs in both(bodies):
        for item, entry in zip(feed.items, theirs.entries, strict=True):
            assert item.title == (from_title(stored(entry, "title") or "") or None), name
            summary = from_html(stored(entry, "summary") or "")
            assert not summary or (item.summary or "").replace(" ", "") == summary.replace(" ", ""), name


def test_ids_are_the_ones_that_were_written(bodies: list[Path]) -> None:
    for name, feed, theirs in both(bodies):
        for item, entry in zip(feed.items, theirs.entries, strict=True):
            written = fold(stored(entry, "id") or "")
            if name == "rss-parser__reddit-home.rss":  # a base for its pictures, which feedparser puts before ids too
                written = written.rpartition("/")[2]
            assert item.id == (urljoin(URL, written) if written.startswith("/") else written or item.link), name


def test_links_are_the_same_and_absolute(bodies: list[Path]) -> None:
    for name, feed, theirs in both(bodies):
        for item, entry in zip(feed.items, theirs.entries, strict=True):
            written = (stored(entry, "link") or "").strip()
            assert (item.link or "").endswith(written.lstrip("./")), name
            assert item.link is None or ":" in item.link, name


def test_a_date_that_feedparser_reads_is_read_alike(bodies: list[Path]) -> None:
    dates = [
        (ours, stored(entry, key), stored(entry, f"{key}_parsed"))
        for _, feed, theirs in both(bodies)
        for item, entry in zip(feed.items, theirs.entries, strict=True)
        for key, ours in (("published", item.published), ("updated", item.updated))
    ]
    for ours, written, read in dates:
        if read and written not in READ_BETTER:
            assert ours == datetime.fromtimestamp(timegm(read), UTC), written
    assert sum(ours is not None for ours, _, _ in dates) > 1_000


def test_authors_and_languages_are_not_lost(bodies: list[Path]) -> None:
    for name, feed, theirs in both(bodies):
        assert (feed.lang or "") == (theirs.feed.get("language") or "").replace("_", "-"), name
        for item, entry in zip(feed.items, theirs.entries, strict=True):
            assert (item.author or "") == fold(stored(entry, "author") or ""), name


@pytest.mark.parametrize("share", [30, 60, 90])
def test_of_a_body_cut_off_anywhere_the_items_are_the_first_of_the_whole(bodies: list[Path], share: int) -> None:
    read = 0
    for path in bodies:
        body = path.read_bytes()
        if path.name in EMPTY or len(body) > 60_000:
            continue
        with suppress(FeedError):
            cut, whole = parse(body[: len(body) * share // 100], {}, URL), parse(body, {}, URL)
            assert cut.items == whole.items[: len(cut.items)], path.name
            assert cut.salvaged or cut.items == whole.items, path.name
            read += 1
    assert read > 10
