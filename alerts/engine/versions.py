"""A text of a file is known again: nothing new, a new item, or a new version of one that went by before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Generic, TypeVar

from alerts.feeds.identity import article_of
from alerts.model.item import Item

V = TypeVar("V")

SILENT = 30_000
"""Texts that answered nothing are known again for so many texts more; what was said is remembered longer."""

SPOKEN = 200_000


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
    """An item that said something: its id, its latest version, and the questions any version of it spoke of."""

    id: str
    version: int
    questions: frozenset[str]


class Versions:
    """Remembers the texts gone by, in bounded memory."""

    def __init__(self) -> None:
        self._texts: Recent[int] = Recent(SILENT)
        self._spoken: Recent[Spoken] = Recent(SPOKEN)

    def take(self, item: Item) -> tuple[Item, frozenset[str]] | None:
        """Return a text as the item and version it is, and what its earlier versions spoke of; None if nothing is new.

        The same id with other words is a new version, and so is the same article of a source under a new address.
        """
        names, text = _names(item), _number(item.title, item.summary or "")
        seen = [known for name in names if (known := self._texts.get(name)) is not None]
        if text in seen:
            return None
        for name in names:
            self._texts[name] = text
        before = next((one for name in names if (one := self._spoken.get(name)) is not None), None)
        if before is not None:
            item = replace(item, id=before.id, version=before.version + 1)
            self._keep(names, Spoken(item.id, item.version, before.questions))
            return item, before.questions
        return (replace(item, version=2) if seen else item), frozenset()

    def spoke(self, item: Item, written: Item, questions: Collection[str]) -> None:
        """Remember what an item said; ``written`` is the same text as the file has it."""
        names = _names(written)
        before = self._spoken.get(names[0])
        known = before.questions if before is not None else frozenset()
        self._keep(names, Spoken(item.id, item.version, known | frozenset(questions)))

    def _keep(self, names: tuple[int, ...], spoken: Spoken) -> None:
        for name in names:
            self._spoken[name] = spoken


def _names(item: Item) -> tuple[int, ...]:
    """Return what an item is known by: its id, and its article where the address names one."""
    article = article_of(item.link) if item.link else None
    by_id = _number("id", item.id)
    return (by_id,) if article is None else (by_id, _number("article", item.source.id, article))


def _number(*parts: str) -> int:
    """Return a number for a text; 64 bits are as good as the text itself, and a tenth of its size."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest())
