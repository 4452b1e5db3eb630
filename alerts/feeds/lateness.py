"""An item's date is held against the moment it was first seen: what its feed's clock shows, and what is old news.

Feeds stamp local time as UTC, put the same date on everything, or the wrong year. The newest item of a poll is
normally a few minutes old; one that is always a whole number of hours off tells how wrong the clock is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.model.feed import Learnt

HOUR = 3600.0
AHEAD = timedelta(minutes=10)
"""A date further in the future than this is taken for the moment of first sight."""
OLD = timedelta(hours=24)
"""An item that is this much older than the last look at its feed was published before: an archive, or a lie."""

SAMPLES = 12
ENOUGH = 6
"""Samples that must agree before a clock is called wrong."""
REACH = 30 * 60.0
"""Only polls this close to the one before say how old an item is when it appears."""
EARLY, LATE = 5 * 60.0, 40 * 60.0
"""How far from the hour a sample of a wrong clock may lie."""
FURTHEST = 14 * HOUR
OLD_IN_A_ROW = 3
ALIKE = HOUR
"""Dates, or distances, of old items that lie this close together come from a clock, not from an archive."""


def true_time(learnt: Learnt, claimed: datetime | None, seen: datetime) -> datetime | None:
    """Return when an item was published, as far as its feed can be believed; None = not known."""
    if claimed is None or learnt.untimed:
        return None
    if _has_clock(claimed):
        claimed += timedelta(seconds=learnt.offset)
    return seen if claimed > seen + AHEAD else claimed


def is_backfill(learnt: Learnt, published: datetime | None, looked: datetime | None) -> bool:
    """Whether a new item was published long before the last look at its feed, which did not have it.

    Only where the feed was seen to date its news truly: otherwise a wrong date would mute it.
    """
    return bool(learnt.lags) and published is not None and looked is not None and published < looked - OLD


def sampled(learnt: Learnt, claimed: Sequence[datetime], seen: datetime, *, elapsed: float) -> Learnt:
    """Return what is learnt of a feed's clock from the dates of the items that a poll found new.

    ``elapsed`` are the seconds since the poll before it. The newest date counts, and once: a batch is no proof.
    """
    timed = [date for date in claimed if _has_clock(date)]
    if not timed or elapsed > REACH:
        return learnt
    lag = (seen - max(timed)).total_seconds()
    if abs(lag) > FURTHEST + LATE:
        return _with_old(learnt, max(timed), seen)
    lags = (*learnt.lags, float(round(lag)))[-SAMPLES:]
    return replace(learnt, lags=lags, offset=_offset(lags, learnt.offset), old=(), untimed=False)


def _with_old(learnt: Learnt, date: datetime, seen: datetime) -> Learnt:
    """Several in a row with one date, or at one distance, are no archive: the dates mean nothing."""
    old = (*learnt.old, date.timestamp(), seen.timestamp())[-2 * OLD_IN_A_ROW :]
    dates, moments = old[::2], old[1::2]
    distances = [moment - date for date, moment in zip(dates, moments, strict=True)]
    alike = len(dates) == OLD_IN_A_ROW and min(_spread(dates), _spread(distances)) < ALIKE
    return replace(learnt, old=old, untimed=learnt.untimed or alike)


def _offset(lags: Sequence[float], before: float) -> float:
    """Return what must be added to the dates: the whole hours by which the samples agree, else what it was."""
    if len(lags) < ENOUGH:
        return before
    latest = lags[-ENOUGH:]
    hours = round((min(latest) - EARLY) / HOUR + 0.25) * HOUR
    fits = sum(hours - EARLY <= lag <= hours + LATE for lag in latest)
    return hours if fits == len(latest) else before


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _has_clock(date: datetime) -> bool:
    """Whether a date says more than the day."""
    return (date.hour, date.minute, date.second) != (0, 0, 0)
