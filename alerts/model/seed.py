"""Seeds: what is true whoever reads it. Entities can act; things are negotiated or acted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """For whom an entity may speak, and when (days, both ends included; None = open)."""

    speaks_for: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One entity or thing.

    ``names`` and ``weak`` are by language code; a weak name counts only beside another name of the same text.
    ``excludes`` are names this is *not*, or ids of seeds that a nearer modifier picks instead (key ``not``).
    ``default`` marks the thing that a bare word means within its ``part_of``.
    ``adjectives`` are said of it (*Ruritanian*); ``parties`` are the entities a thing between people needs (a call).
    ``owner`` makes it a news agency: the owner its reports count for, as in the list of feeds. It tells the news and
    does not act in it.
    """

    id: str
    kind: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weak: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    part_of: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    excludes: tuple[str, ...] = ()
    default: bool = False
    adjectives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Seeds:
    """All seeds by id; ids of entities, things and wars share one namespace."""

    by_id: Mapping[str, Seed] = field(default_factory=dict)

    def __contains__(self, seed_id: object) -> bool:
        return seed_id in self.by_id

    def __getitem__(self, seed_id: str) -> Seed:
        return self.by_id[seed_id]

    def __iter__(self) -> Iterator[Seed]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)
