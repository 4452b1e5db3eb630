"""JSON Feed 1.0 and 1.1; of one that was cut off, the items that are whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from alerts.feeds.dialects.moments import Moments
from alerts.feeds.links import absolute
from alerts.feeds.notfeed import other_json
from alerts.feeds.text import fold, from_html, from_title
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem

_VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version', re.IGNORECASE)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_NEXT = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def read(text: str, base: str) -> ParsedFeed:
    """Return the feed. FeedError(NOT_A_FEED) for other JSON, FeedError(BROKEN) when no item could be saved."""
    try:
        whole = _DECODER.raw_decode(text)[0]
    except (RecursionError, ValueError) as error:
        if not _VERSION.search(text):
            raise other_json(text) from error
        return _feed({}, list(_saved(text)), base, broken=f"not well-formed ({error}); saved what is whole")
    items = whole.get("items", []) if isinstance(whole, dict) else None
    if not isinstance(items, list) or not _is_feed(whole):
        raise other_json(text)
    return _feed(whole, items, base)


def _is_feed(whole: Mapping[str, object]) -> bool:
    """Whether it says so; some write the bare number of the version."""
    version = _string(whole, "version").removesuffix("/")
    return "jsonfeed.org/version/" in version or ("items" in whole and version in ("1", "1.0", "1.1"))


def _saved(text: str) -> Iterator[object]:
    """Return the items before the damage."""
    begins = _ITEMS.search(text)
    at = begins.end() if begins else len(text)
    while at < len(text):
        at = _at(text, at)
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (RecursionError, ValueError):
            return
        yield item


def _at(text: str, at: int) -> int:
    found = _NEXT.match(text, at)
    return found.end() if found else at


def _feed(head: Mapping[str, object], items: list[object], base: str, broken: str | None = None) -> ParsedFeed:
    if broken and not items:
        raise FeedError(FeedFault.BROKEN, f"a JSON Feed without a whole item; {broken}: the next poll asks again")
    moments, authors = Moments(), _authors(head)
    return ParsedFeed(
        title=from_title(_string(head, "title")) or None,
        lang=fold(_string(head, "language")) or None,
        kind=FeedFormat.JSON,
        items=tuple([_item(item if isinstance(item, dict) else {}, base, authors, moments) for item in items]),
        salvaged=broken is not None,
        notes=((broken,) if broken else ()) + moments.notes,
    )


def _item(item: Mapping[str, object], base: str, authors: str | None, moments: Moments) -> ParsedItem:
    """Read one item; the authors of the feed are those of an item that names none."""
    link = absolute(base, _string(item, "url")) or absolute(base, _string(item, "external_url"))
    texts = (_string(item, key) for key in ("summary", "content_text", "content_html"))
    return ParsedItem(
        id=fold(_string(item, "id")) or link,
        link=link,
        title=from_title(_string(item, "title")) or None,
        summary=next((words for text in texts if (words := from_html(text))), None),
        published=moments.read(_string(item, "date_published")),
        updated=moments.read(_string(item, "date_modified")),
        author=_authors(item) or authors,
        lang=fold(_string(item, "language")) or None,
    )


def _authors(holder: Mapping[str, object]) -> str | None:
    """Return the names of the authors (1.1), else of the author (1.0)."""
    authors = holder.get("authors") or holder.get("author")
    people = authors if isinstance(authors, list) else [authors]
    names = [from_html(_string(person, "name")) for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _string(holder: Mapping[str, object], key: str) -> str:
    """Return the value as text; the specification wants a number given as an id to be taken as its text."""
    value = holder.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
