"""A text of a file is given the moment it takes effect: the clock of a replay goes by the file's own times.

File order decides, and the clock is the highest time so far. A stamp that no other line bears out (a clock set to
2031) does not carry it away: the lines that follow are asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from alerts.model.item import Item

Line = tuple[int, Item | str]
"""The number of a line, and its item or what is wrong with it."""

AHEAD = 64
"""Lines asked whether a far jump of the clock is true."""

FAR = timedelta(days=1)
"""The clock goes forward so far without asking."""

LAST = timedelta(days=366)
"""At the end of a file, where no line is left to ask, it goes forward so far."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The clock of a file that says no time at all."""


YEARS = range(1900, 2200)
"""A time outside them is none."""


def time_of(item: Item) -> datetime | None:
    """Return when an item first stood in its feed, else when it was published, None where it does not say."""
    at = item.seen or item.published
    return at if at is not None and at.year in YEARS else None


def timed(lines: Iterable[Line]) -> Iterator[tuple[int, datetime, Item | str]]:
    """Yield each line with the clock as it stands then; reads at most ``AHEAD`` lines ahead."""
    rest = iter(lines)
    ahead = deque(islice(rest, AHEAD + 1))
    clock: datetime | None = None
    while ahead:
        number, item = ahead.popleft()
        ahead.extend(islice(rest, 1))
        at = None if isinstance(item, str) else time_of(item)
        if clock is None:
            clock = _first(at, ahead)
        elif at is not None and at > clock and (at - clock <= FAR or _is_borne_out(at, clock, ahead)):
            clock = at
        yield number, clock, item


def _first(at: datetime | None, ahead: Iterable[Line]) -> datetime:
    """Return when a file begins: at the first line's time; where that is a stray, or none, at the earliest ahead."""
    times = [time for time in _times(ahead) if at is None or time < at]
    earliest = min(times, default=None)
    if at is not None and (earliest is None or at - earliest <= FAR or _is_borne_out(at, earliest, ahead)):
        return at
    return earliest or NEVER


def _is_borne_out(at: datetime, clock: datetime, ahead: Iterable[Line]) -> bool:
    """Whether at least half of the lines that follow have come near a time, too."""
    reached = [time >= at - FAR for time in _times(ahead)]
    return 2 * sum(reached) >= len(reached) if reached else at - clock <= LAST


def _times(lines: Iterable[Line]) -> list[datetime]:
    found = (time_of(item) for _, item in lines if not isinstance(item, str))
    return [time for time in found if time is not None]
