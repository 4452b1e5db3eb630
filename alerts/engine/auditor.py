"""is every change delivered? | say so, and tell whoever waits for us to say so

The auditor looks at the tables, not at what the other movements believe. Its all-clear goes outside; where it does not
come, somebody else's alarm rings. So the auditor's own death is noticed too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from alerts.model.upkeep import Audit

if TYPE_CHECKING:
    from alerts.engine.inforce import InForce
    from alerts.engine.ports import Clock
    from alerts.store.store import Store

OWED = timedelta(minutes=30)
"""A delivery without a receipt for so long is wrong: its retries have had their chance, a person must know."""

WAITING = timedelta(minutes=5)
"""Evidence is judged within a second or two."""

LATE = timedelta(minutes=15)
"""Feeds whose turn passed so long ago: the daemon does not keep up, or stands still."""

SILENT = timedelta(seconds=60)
"""A daemon that has not looked what is due for so long stands still."""

log = logging.getLogger(__name__)


class AllClear(Protocol):
    """Tells the outside that all is well; never raises."""

    def __call__(self) -> Awaitable[None]: ...


def complaints(audit: Audit) -> Iterator[str]:
    """Yield what keeps changes from those they concern, a line each; nothing when all is well."""
    if audit.dead_lately:
        yield f"{audit.dead_lately} deliveries were given up within a day; see: alerts deliveries list --state dead"
    if _for(audit.owed_since, audit.at) > OWED:
        yield f"a delivery is owed for {_for(audit.owed_since, audit.at)}; see: alerts deliveries list --state pending"
    if _for(audit.waiting_since, audit.at) > WAITING:
        yield f"evidence waits to be judged for {_for(audit.waiting_since, audit.at)}; see the log"
    if _for(audit.late_since, audit.at) > LATE:
        yield f"{audit.late_feeds} feeds wait to be polled, the first for {_for(audit.late_since, audit.at)}"


class Auditor:
    """Looks once in a while; says what is wrong once, and gives the all-clear while nothing is."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        all_clear: AllClear | None,
        seen: Callable[[], tuple[InForce, datetime | None]],
    ) -> None:
        """``seen`` returns what is in force, and when the daemon last looked what is due (steady clock)."""
        self._store, self._clock = store, clock
        self._all_clear, self._seen = all_clear, seen
        self._said: set[str] = set()

    async def look(self) -> tuple[str, ...]:
        """Audit once; return what is wrong. StoreError where even that cannot be asked: then no all-clear either."""
        in_force, looked = self._seen()
        now, steady = self._clock.now(), self._clock.steady()
        audit = await asyncio.to_thread(self._store.audit, now, steady, questions=in_force.questions)
        wrong = tuple(complaints(audit))
        if looked is not None and steady - looked > SILENT:
            wrong += (f"the daemon has not looked what is due for {_for(looked, steady)}",)
        self._say(wrong)
        if not wrong and self._all_clear is not None:
            await self._all_clear()
        return wrong

    def _say(self, wrong: tuple[str, ...]) -> None:
        kinds = {line.partition(" for ")[0] for line in wrong}
        for line in wrong:
            if line.partition(" for ")[0] not in self._said:
                log.error("audit: %s", line)
        if self._said and not kinds:
            log.warning("audit: all is well again")
        self._said = kinds


def _for(moment: datetime | None, now: datetime) -> timedelta:
    return timedelta() if moment is None else timedelta(seconds=round((now - moment).total_seconds()))
