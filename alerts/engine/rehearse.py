"""read a line | match | verdicts

The same questions put to items of a file, without a store: what ``alerts match`` and ``alerts explain`` show.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from alerts.model.feed import Feed, FeedKind, Reliability
from alerts.model.item import Item, Source
from alerts.model.verdict import Verdict

TEXT_KEYS = ("id", "source", "lang", "title", "summary", "url")


class Sources:
    """Finds who carries an item by a feed's id, title or host, without case; anybody else is an unknown outlet."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._named: dict[str, Source] = {}
        for feed in feeds:
            source = Source.of(feed)
            for name in (urlsplit(feed.url).hostname or "", feed.title, feed.id):
                self._named[name.casefold().removeprefix("www.")] = source

    def find(self, name: str) -> Source:
        """Return the source of that name; an unknown one is its own owner, an outlet of reliability C."""
        known = self._named.get(name.casefold().removeprefix("www."))
        return known or Source(id=name, title=name, owner=name, kind=FeedKind.OUTLET, reliability=Reliability.C)


def read_items(lines: Iterable[str | bytes], sources: Sources) -> Iterator[tuple[int, Item | str]]:
    """Yield (line number, item) for each line of JSON Lines, or (line number, what is wrong with it).

    Blank lines are skipped; unknown keys are ignored.
    """
    yield from read_numbered(enumerate(lines, start=1), sources)


def read_numbered(lines: Iterable[tuple[int, str | bytes]], sources: Sources) -> Iterator[tuple[int, Item | str]]:
    """Do the same for lines that know their numbers, in whatever order they come."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield number, _item(_object(line), sources)
        except ValueError as error:
            yield number, str(error)


def _object(line: str | bytes) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; write one JSON object a line in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply; write one flat JSON object a line") from None
    if not isinstance(read, dict):
        raise ValueError(f'a JSON {type(read).__name__}, not an object; write {{"title": …}}')
    return read


def _item(read: Mapping[str, Any], sources: Sources) -> Item:
    texts = {key: _text(read, key) for key in TEXT_KEYS}
    title = texts["title"] or ""
    if not title and not texts["summary"]:
        raise ValueError("neither title nor summary; an item needs words")
    return Item(
        id=texts["id"] or blake2b(f"{title}\0{texts['summary']}".encode("utf-8", "replace"), digest_size=8).hexdigest(),
        source=sources.find(texts["source"] or "unknown"),
        title=title,
        summary=texts["summary"],
        link=texts["url"],
        lang=texts["lang"],
        published=_time(read, "published"),
        seen=_time(read, "seen"),
    )


def _text(read: Mapping[str, Any], key: str) -> str | None:
    value = read.get(key)
    if value is None or isinstance(value, str):
        return value or None
    if key == "id" and isinstance(value, int):
        return str(value)
    raise ValueError(f"'{key}' is {type(value).__name__}, not text")


def _time(read: Mapping[str, Any], key: str) -> datetime | None:
    value = _text(read, key)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"'{key}' is '{value[:40]}', not an ISO 8601 time such as 2025-03-18T13:00:00Z") from None


def verdict_line(item: Item, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Return the line that ``alerts match`` prints for an item."""
    return {"id": item.id, "verdicts": [_verdict(verdict) for verdict in verdicts]}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "question": verdict.question,
        "answer": verdict.answer,
        "verdict": verdict.kind.value,
        "speaker": verdict.speaker,
        "because": list(verdict.because),
        "words": [
            {"text": word.text, "role": word.role, "field": word.field, "start": word.start, "end": word.end}
            for word in verdict.words
        ],
    }
