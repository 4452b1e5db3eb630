"""Routes: who is told what of an alert, from which standing on, when, and how many messages at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from alerts.model.change import Standing
from alerts.model.question import Severity


class Claims(StrEnum):
    """Whether somebody is told what third parties claim."""

    ALWAYS = "always"
    UNTIL_CONFIRMED = "until_confirmed"  # not while the answer in force is confirmed
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which only what is as loud as ``let_through`` is sent; the rest comes together at their end.

    They may go over midnight. ``zone`` is theirs, None = the reader's.
    """

    start: time
    end: time
    zone: str | None = None
    let_through: Severity = Severity.FLASH


@dataclass(frozen=True, slots=True)
class Pace:
    """So many messages an address in this time; the rest is collapsed into one that counts it."""

    messages: int = 5
    within: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a channel is told.

    ``least`` is the least loud that it is told; ``min_standing`` the standing from which on, None = any. ``digest``
    are the times of day at which it reads, empty = at once; ``zone`` is that of those times, None = the reader's.
    """

    channel: str
    least: Severity = Severity.ROUTINE
    min_standing: Standing | None = None
    claims: Claims = Claims.UNTIL_CONFIRMED
    quiet: Quiet | None = None
    pace: Pace = Pace()
    digest: tuple[time, ...] = ()
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A name that rules use, and the channels behind it, each on its terms."""

    id: str
    terms: tuple[Terms, ...]
