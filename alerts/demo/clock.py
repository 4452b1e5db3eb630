"""The story's clock: it stands while anything is worked on and jumps when the house is idle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


class DemoClock:
    """Satisfies ``Clock``: ``now`` is the story's time, ``steady`` the real one it is given, for leases."""

    def __init__(self, start: datetime, steady: Callable[[], datetime]) -> None:
        self._now = start
        self._steady = steady

    def now(self) -> datetime:
        """Return the story's time, aware UTC; it moves only in ``jump_to``."""
        return self._now

    def steady(self) -> datetime:
        """Return the real, never jumping time, aware UTC."""
        return self._steady()

    def jump_to(self, at: datetime) -> None:
        """Set the story's time; a time gone by leaves it where it is, so the story never runs backwards."""
        self._now = max(self._now, at)
