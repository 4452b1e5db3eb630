"""The clock: the one place that knows what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The wall clock, and a steady one that starts from it, or from ``start``, and never jumps.

    Those who share a database start their steady clocks from its clock: their leases are compared with each other.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC)
        self._zero = time.monotonic()

    def now(self) -> datetime:
        """Return the wall clock's time, aware UTC."""
        return datetime.now(UTC)

    def steady(self) -> datetime:
        """Return a time that only goes forward, aware UTC, near the wall clock's at the start."""
        return self._start + timedelta(seconds=time.monotonic() - self._zero)
