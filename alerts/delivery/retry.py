"""Retry: a delivery without a good receipt gets its next time, or is given up."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite

from alerts.model.delivery import RetryLater, Unknown

FIRST_WAIT = 5.0
"""Seconds the first wait after a refusal may last; each further one may last twice as long."""

FIRST_DOUBT = 60.0
"""The same where the reply was lost: a repeat may reach somebody who has the message already."""

CEILING = 3600.0
"""No wait is longer, whatever the service wishes: an hour without a try is long for an alert."""

LOUD_CEILING = 300.0
"""A flash is tried more often: when the service is back, it is told within five minutes."""

GIVE_UP_AFTER = timedelta(hours=48)
"""A refused alert is dead at this age: a weekend's outage is survived, and nobody acts on older news."""

DOUBTS = 12
"""So many sends begun and still no reply ends it, half a day after the first: people were perhaps told each time."""


def next_try(
    attempts: int, receipt: RetryLater | Unknown, *, u: float, age: timedelta = timedelta(0), loud: bool = False
) -> float | None:
    """Return the seconds until the next try, None to give up.

    ``attempts`` counts sends begun (from 1), ``u`` is a random number in [0, 1), ``age`` is how long the delivery
    has been due. Refusals: exponential with full jitter, never before the service's own wish, never later than
    ``CEILING`` (what is ``loud`` never later than ``LOUD_CEILING``, unless the service wishes so). Lost replies: a
    longer wait, half of it fixed, because the repeat may be one too many.
    """
    if age >= GIVE_UP_AFTER:
        return None
    doublings = min(max(attempts, 1) - 1, 20)
    if isinstance(receipt, Unknown):
        return None if attempts >= DOUBTS else _half_jitter(FIRST_DOUBT * 2.0**doublings, u)
    spread = u * min(LOUD_CEILING if loud else CEILING, FIRST_WAIT * 2.0**doublings)
    return min(CEILING, max(1.0, _wish(receipt.after) + spread))


def _half_jitter(longest: float, u: float) -> float:
    return min(CEILING, longest) * (0.5 + u / 2)


def _wish(after: float | None) -> float:
    return after if after is not None and isfinite(after) and after > 0 else 0.0
