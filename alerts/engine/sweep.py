"""what is due? | feeds, questions, deliveries

Rings the other movements. The truth is in the tables: a ring that was lost costs a second, never an alert.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts.engine.ports import Clock

if TYPE_CHECKING:
    from alerts.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What wants a movement now: feed ids, question ids, delivery ids."""

    feeds: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    deliveries: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.feeds or self.questions or self.deliveries)


async def sweep(store: Store, clock: Clock, *, feeds: int, deliveries: int) -> Due:
    """Return what is due now, at most so many ``feeds`` and ``deliveries``; deliveries whose lease lapsed are freed."""
    return await asyncio.to_thread(_sweep, store, clock, feeds, deliveries)


def _sweep(store: Store, clock: Clock, feeds: int, deliveries: int) -> Due:
    now, steady = clock.now(), clock.steady()
    store.lapse(steady)
    return Due(
        feeds=tuple(store.due_feeds(now, steady, feeds)) if feeds else (),
        questions=tuple(store.pending_questions(now)),
        deliveries=tuple(store.due_deliveries(now, steady, deliveries)) if deliveries else (),
    )
