"""A polled feed gets its next time: soon enough for the news, never sooner than its server asks, never off."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Feed, FeedKind, FeedState, Learnt

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

DEFAULT = 5 * MINUTE
DEFAULT_BY_KIND = {FeedKind.AGENCY: 2 * MINUTE, FeedKind.OFFICIAL: 2 * MINUTE}
"""Where news begins we look more often; a poll that finds nothing costs the server a 304."""

SHORTEST = 30.0
"""No window makes us poll a feed more often than this, unless its own ``pace`` allows it."""
FRESH_CAP = 15 * MINUTE
"""A server may slow us down this far by calling its answer fresh: many say a day out of habit."""
RETRY_CAP = DAY
CEILING, CEILING_DEAD = 6 * HOUR, 24 * HOUR
JITTER = 0.1

FADES = 12 * HOUR
"""How long it takes until a busy time counts half."""
TOO_MANY = 429
HOST_RESTS = 60.0
"""Seconds a host is left in peace at least after it answered 429."""

YEAR = 365 * DAY
DECIMAL = re.compile(r"\d{1,12}(?:\.\d{1,6})?$", re.ASCII)
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NEVER_FRESH = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds until the next poll, and the reason in words for whoever asks why it is that long."""

    seconds: float
    why: str


def after_success(
    state: FeedState,
    headers: Mapping[str, str],
    *,
    u: float,
    ceiling: float | None = None,
    now: datetime | None = None,
) -> Pace:
    """Return the pace after an answer, changed or not.

    ``headers`` are the response's, names in lower case; ``u`` in [0, 1) spreads feeds over a tenth of the interval.
    ``ceiling`` is the longest interval in seconds that an expected window allows: it goes before the default and
    before what the server calls fresh, not before the feed's own ``pace``. How fast items roll over is known from
    ``state``, and counts where ``now`` is given.
    """
    usual = _usual(state.feed)
    floor = state.feed.pace or SHORTEST
    rolls = rolls_over(state.learnt, now) if now is not None else None
    if ceiling is not None and ceiling < min(usual.seconds, rolls or usual.seconds):
        return _below(Pace(max(ceiling, floor), "an expected window is open"), u)
    if rolls is not None and rolls < usual.seconds:
        return _below(Pace(max(rolls, floor), f"its items roll over in {words(2 * rolls)}"), u)
    fresh = min(fresh_for(headers), FRESH_CAP)
    if fresh > usual.seconds:
        return _spread(Pace(fresh, f"its server calls the answer fresh for {words(fresh)}"), u)
    return _spread(usual, u)


def after_failure(state: FeedState, error: FeedError, *, u: float, ceiling: float | None = None) -> Pace:
    """Return the pace after a failed poll; ``state`` is the one from before it, ``u`` as in ``after_success``.

    Doubles from the usual interval, up to 6 h where something answers and 24 h where nothing does, never off. A
    Retry-After replaces the doubling: never sooner than asked, up to 24 h. ``ceiling`` is the longest interval in
    seconds that an expected window allows, as far as the feed's own ``pace`` does; Retry-After goes before it.
    """
    usual = _usual(state.feed)
    if error.retry_after is not None:
        asked = max(usual.seconds, min(error.retry_after, RETRY_CAP))
        return _spread(Pace(asked, f"its server asked to be left alone for {words(error.retry_after)}"), u)
    failures = state.health.failures + 1
    longest = CEILING_DEAD if error.fault is FeedFault.UNREACHABLE else CEILING
    seconds = min(usual.seconds * 2.0 ** min(failures - 1, 20), max(longest, usual.seconds))
    times = "failed once" if failures == 1 else f"failed {failures} times in a row"
    if ceiling is not None and ceiling < seconds and error.fault is not FeedFault.THROTTLED:
        floor = state.feed.pace or SHORTEST
        return _below(Pace(max(ceiling, floor), f"{times} ({error.fault.value}), but an expected window is open"), u)
    return _spread(Pace(seconds, f"{times} ({error.fault.value})"), u)


def host_rests(error: FeedError) -> float | None:
    """Return how many seconds all feeds of a host should be left in peace after a failure, None = only this one.

    A server that finds our requests too many counts them by host; one that is in trouble may be so in one feed.
    """
    if error.status != TOO_MANY:
        return None
    return max(HOST_RESTS, error.retry_after or 0.0)


def rolls_over(learnt: Learnt, now: datetime) -> float | None:
    """Return the longest interval at which half of a feed's window is still there at the next poll, at its busiest."""
    rate = _rate(learnt, now)
    return 0.5 * learnt.window / rate * HOUR if rate > 0 and learnt.window > 0 else None


def busier(learnt: Learnt, now: datetime, *, new: int, elapsed: float) -> Learnt:
    """Return what is learnt of a feed's rhythm when a body brought ``new`` items, ``elapsed`` seconds after another.

    The rate is that of its busiest time, halved in half a day.
    """
    seen = new / max(elapsed, SHORTEST) * HOUR
    return replace(learnt, rate=round(max(_rate(learnt, now), seen), 3))


def _rate(learnt: Learnt, now: datetime) -> float:
    """Return the items an hour to reckon with now; what was learnt is of the last time that something was new."""
    if learnt.new_at is None:
        return learnt.rate
    return learnt.rate * math.exp2((learnt.new_at - now).total_seconds() / FADES)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After (RFC 9110 §10.2.3): seconds from 0 to a day, None when it is missing or says nothing.

    ``now`` is the server's time where known: a date is worth its distance from the server's own clock.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), RETRY_CAP)
    date = http_date(text)
    return None if date is None else min(max((date - now).total_seconds(), 0.0), RETRY_CAP)


def reset_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return in how many seconds a server that counts requests begins anew, None while some are left or none says so.

    Two spellings are met: the seconds that are left, and the moment (POSIX).
    """
    left = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", "0"))
    found = DECIMAL.match(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", "")).strip())
    if found is None or not DECIMAL.match(left.strip()) or float(left) > 0:
        return None
    wait = float(found[0])
    return min(max(wait - now.timestamp() if wait > YEAR else wait, 0.0), RETRY_CAP)


def fresh_for(headers: Mapping[str, str]) -> float:
    """Return for how many more seconds the server calls this answer fresh (RFC 9111 §4.2), 0 when it does not say.

    Its Expires is worth the distance from its own Date; our clock has no part in it.
    """
    control = headers.get("cache-control", "")
    if NEVER_FRESH.search(control):
        return 0.0
    age = headers.get("age", "").strip()
    if stated := MAX_AGE.search(control):
        return max(0.0, float(stated[1]) - (float(age) if age.isascii() and age.isdigit() else 0.0))
    expires, date = http_date(headers.get("expires")), http_date(headers.get("date"))
    return max(0.0, (expires - date).total_seconds()) if expires and date else 0.0


def http_date(value: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110 §5.6.7) as aware UTC; None when it is none."""
    try:
        date = parsedate_to_datetime(value or "")
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _usual(feed: Feed) -> Pace:
    if feed.pace is not None:
        return Pace(float(feed.pace), f"its list says every {words(feed.pace)}")
    seconds = DEFAULT_BY_KIND.get(feed.kind, DEFAULT)
    return Pace(seconds, f"every {words(seconds)}, as usual for kind {feed.kind.value}")


def _spread(pace: Pace, u: float) -> Pace:
    return Pace(pace.seconds * (1 + JITTER * u), pace.why)


def _below(pace: Pace, u: float) -> Pace:
    """Spread over the tenth below: what is promised as the longest stays the longest."""
    return Pace(max(pace.seconds * (1 - JITTER * u), SHORTEST), pace.why)


def words(seconds: float) -> str:
    """Return a span as a person says it: ``1.5 h``, ``2 min``, ``30 s``."""
    for size, name in ((HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{seconds:.3g} s"
