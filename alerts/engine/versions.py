"""A text of a file is known again: nothing new, a new item, or a new version of one that went by before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Generic, TypeVar

from alerts.engine.poll import FLAPPING, FLAPS
from alerts.feeds.identity import article_of
from alerts.model.item import Item

V = TypeVar("V")

SILENT = 10_000
"""Texts that answered nothing are known again for so many texts more; what was said is remembered longer."""

SPOKEN = 100_000

LATEST = 8
"""Texts of one item that are remembered, to see whether they go to and fro."""


class Recent(Generic[V]):
    """A mapping that keeps at least its latest ``most`` entries and never more than twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: dict[int, V] = {}
        self._old: dict[int, V] = {}

    def __setitem__(self, key: int, value: V) -> None:
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = value

    def get(self, key: int) -> V | None:
        """Return what is kept under a key, None where nothing is (any more)."""
        found = self._new.get(key)
        return found if found is not None else self._old.get(key)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An item that said something: its id, its latest version, and the questions any version of it spoke of.

    ``texts`` are its latest texts, at least one, each with when it was seen.
    """

    id: str
    version: int
    questions: frozenset[str]
    texts: tuple[tuple[int, datetime], ...]

    def has_flapped(self, text: int, at: datetime) -> bool:
        """Whether these words only go to and fro."""
        lately = sum(one == text and at - seen <= FLAPPING for one, seen in self.texts)
        return self.version > FLAPS and lately >= FLAPS


class Versions:
    """Remembers the texts gone by, in bounded memory."""

    def __init__(self) -> None:
        self._items: Recent[int] = Recent(3 * SILENT)
        self._texts: Recent[int] = Recent(SILENT)
        self._spoken: Recent[Spoken] = Recent(SPOKEN)

    def take(self, item: Item, at: datetime) -> tuple[Item, frozenset[str]] | None:
        """Return a text as the item and version it is, and what its earlier versions spoke of; None if nothing is new.

        The same id with other words is a new version, and so is the same article of a source under a new address; the
        same words of a source with the same date are one item, whatever its id. ``at`` is when the text is seen.
        """
        key, text = self._known(item), _text(item)
        latest, before = self._latest(key), self._spoken.get(key)
        if latest == text or (before is not None and before.has_flapped(text, at)):
            return None
        self._texts[key] = text
        if before is None:
            return (item if latest is None else replace(item, version=2)), frozenset()
        item = replace(item, id=before.id, version=before.version + 1)
        texts = (*before.texts, (text, at))[-LATEST:]
        self._spoken[key] = replace(before, version=item.version, texts=texts)
        return item, before.questions

    def spoke(self, item: Item, written: Item, at: datetime, questions: Collection[str]) -> None:
        """Remember what an item said; ``written`` is the same text as the file has it."""
        key = self._known(written)
        before = self._spoken.get(key) or Spoken(item.id, item.version, frozenset(), ((_text(item), at),))
        self._spoken[key] = replace(before, questions=before.questions | frozenset(questions))

    def _latest(self, key: int) -> int | None:
        spoken = self._spoken.get(key)
        return spoken.texts[-1][0] if spoken is not None else self._texts.get(key)

    def _known(self, item: Item) -> int:
        """Return the number of the item that a text is of, and remember the text's names for it."""
        names = tuple(_names(item))
        known = next((one for name in names if (one := self._items.get(name)) is not None), None)
        words = _words(item)
        if known is None and words is not None:
            same = self._items.get(words)
            known = same if same is not None and self._latest(same) == _text(item) else None
        key = names[0] if known is None else known
        for name in names if words is None else (*names, words):
            self._items[name] = key
        return key


def _names(item: Item) -> Iterator[int]:
    """Yield what an item is known by: its id, and its article where the address names one."""
    yield _number("id", item.id)
    article = article_of(item.link) if item.link else None
    if article is not None:
        yield _number("article", item.source.id, article)


def _words(item: Item) -> int | None:
    """Return what the same words with the same date are known by, None without a date."""
    if item.published is None:
        return None
    return _number("words", item.source.id, item.title, item.summary or "", item.published.isoformat())


def _text(item: Item) -> int:
    return _number(item.title, item.summary or "")


def _number(*parts: str) -> int:
    """Return a number for a text; 64 bits are as good as the text itself, and a tenth of its size."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest())
