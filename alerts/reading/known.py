"""Everything the reader knows, in one value: the table of phrases, and what the seeds say of names and things.

Wiring keeps ``to_bytes`` in a cache file under ``key_of``; here bytes become a value and back, nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from alerts.model.seed import Seeds
from alerts.reading.entries import Entry, parse_entry

VERSION = 17
"""Raised whenever the same words and seeds compile to another table."""
_LONGEST = 8


@dataclass(frozen=True)
class Being:
    """What the reader needs of a seed."""

    kind: str
    part_of: tuple[str, ...] = ()
    speaks_for: tuple[tuple[str, str, str], ...] = ()
    default: bool = False
    parties: tuple[str, ...] = ()
    excludes: bool = False


@dataclass(frozen=True)
class Known:
    """The compiled vocabulary; equal content has equal bytes."""

    table: Mapping[str, str]
    beings: Mapping[str, Being]
    _entries: dict[str, Entry] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def longer(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """First word → second word → how many words the phrases that begin so have, longest first."""
        found: dict[str, dict[str, set[int]]] = {}
        for phrase in self.table:
            first, _, rest = phrase.partition(" ")
            if rest and (count := rest.count(" ") + 2) <= _LONGEST:
                found.setdefault(first, {}).setdefault(rest.partition(" ")[0], set()).add(count)
        return {
            first: {second: tuple(sorted(counts, reverse=True)) for second, counts in seconds.items()}
            for first, seconds in found.items()
        }

    @cached_property
    def of_kind(self) -> dict[str, tuple[str, ...]]:
        """Kind → ids of its seeds, in the seeds' order."""
        kinds: dict[str, tuple[str, ...]] = {}
        for seed_id, being in self.beings.items():
            kinds[being.kind] = (*kinds.get(being.kind, ()), seed_id)
        return kinds

    def entry(self, phrase: str) -> Entry:
        """Return what the vocabulary knows about a phrase that is in the table."""
        entry = self._entries.get(phrase)
        if entry is None:
            entry = self._entries[phrase] = parse_entry(self.table[phrase], phrase)
        return entry

    def speaks_for(self, speaker: str, actor: str, day: date | None = None) -> bool:
        """Whether the speaker is the actor, or may speak for it on that day (None: ever)."""
        if speaker == actor:
            return True
        being = self.beings.get(speaker)
        stamp = day.isoformat() if day else ""
        return being is not None and any(
            target == actor and (not stamp or (since or "0") <= stamp <= (until or "9"))
            for target, since, until in being.speaks_for
        )

    def to_bytes(self) -> bytes:
        """Return the vocabulary as bytes (UTF-8 JSON)."""
        beings = {key: _being_row(being) for key, being in self.beings.items()}
        return json.dumps([VERSION, self.table, beings], ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Known:
        """Return the vocabulary of ``to_bytes``; ValueError when the bytes are of another version or damaged."""
        content = json.loads(raw)
        if not (isinstance(content, list) and len(content) == 3 and content[0] == VERSION):
            raise ValueError("a vocabulary of another version")
        return cls(table=content[1], beings={key: _being(row) for key, row in content[2].items()})


def _above(seeds: Seeds, seed_id: str, met: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return everything a seed is part of, however far up."""
    found: dict[str, None] = {}
    for one in seeds[seed_id].part_of:
        if one in seeds and one not in met:
            found |= dict.fromkeys((one, *_above(seeds, one, (*met, seed_id))))
    return tuple(found)


def beings_of(seeds: Seeds) -> dict[str, Being]:
    """Return what the reader needs of every seed."""
    return {
        seed.id: Being(
            kind=seed.kind,
            part_of=_above(seeds, seed.id),
            speaks_for=tuple(
                (
                    role.speaks_for,
                    role.since.isoformat() if role.since else "",
                    role.until.isoformat() if role.until else "",
                )
                for role in seed.roles
            ),
            default=seed.default,
            parties=seed.parties,
            excludes=bool(seed.excludes),
        )
        for seed in seeds
    }


def key_of(*contents: str) -> str:
    """Return the name a compiled vocabulary is cached under: the hash of all it was made from."""
    digest = hashlib.sha256(str(VERSION).encode())
    for content in contents:
        digest.update(b"\0")
        digest.update(content.encode())
    return digest.hexdigest()


def _being_row(being: Being) -> list[Any]:
    return [being.kind, being.part_of, being.speaks_for, being.default, being.parties, being.excludes]


def _being(row: list[Any]) -> Being:
    kind, part_of, speaks_for, default, parties, excludes = row
    roles = tuple((str(target), str(since), str(until)) for target, since, until in speaks_for)
    return Being(str(kind), tuple(part_of), roles, bool(default), tuple(parties), bool(excludes))
