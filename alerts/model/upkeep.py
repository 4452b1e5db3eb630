"""What an operator learns about the keeping of items: how a database is, what was copied, what is owed too long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.model.change import Standing


class Fit(StrEnum):
    """Whether this release can use a database as it is."""

    READY = "ready"
    EMPTY = "empty"  # nothing there yet; the daemon makes it
    OLDER = "older"  # an older release wrote it; opening it upgrades it
    NEWER = "newer"  # a newer release wrote it; it is left alone
    FOREIGN = "foreign"  # the tables of something else
    DAMAGED = "damaged"  # what is wrong stands in ``damage``


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a database is, found without changing it.

    ``place`` is its name without a password; ``schema`` what it has, None = none, ``head`` what this release wants;
    ``damage`` is one line; ``journal`` is SQLite's; ``size`` is in bytes.
    """

    place: str
    fit: Fit
    schema: str | None
    head: str
    damage: str | None = None
    journal: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """A table as it was read and as it was written: equal counts and checksums, or there is no copy."""

    table: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Whether every change reached whom it concerns, at one moment. A number is a count; a time is of the oldest.

    ``waiting`` is evidence not judged; ``owed`` deliveries whose time has come and that have no receipt; ``dead`` those
    given up, ``dead_lately`` of them those made within a day; ``lapsed`` sends whose lease ended without a receipt;
    ``late_feeds`` feeds whose turn passed more than a minute ago.
    """

    at: datetime
    waiting: int
    waiting_since: datetime | None
    owed: int
    owed_since: datetime | None
    dead: int
    dead_lately: int
    lapsed: int
    late_feeds: int
    late_since: datetime | None
    first_item_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What retention took: summaries of items, superseded versions; ``until`` is how far it has come."""

    summaries: int
    versions: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long something took, in seconds."""

    count: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the last while went: first sight after publishing, by feed; receipt after judging, by channel; standings."""

    seen: Mapping[str, Pace]
    told: Mapping[str, Pace]
    standing: Mapping[Standing, int]
