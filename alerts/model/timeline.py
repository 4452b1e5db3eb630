"""A fact of a story has a day, an hour or a minute, a place whose clock it is told by, and somebody who told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exactly the moment of a fact is known."""

    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened.

    ``at`` is where its day, hour or minute (``precision``) begins, in the time of ``zone`` (IANA); ``about`` are ids
    of seeds; ``sources`` name the publisher and the day, at least one.
    """

    id: str
    at: datetime
    precision: Precision
    zone: str
    says: str
    about: tuple[str, ...]
    sources: tuple[str, ...]
