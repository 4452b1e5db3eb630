"""What the daemon does beside the way of an item, each now and then: look at rules, disk, outbox, old words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts.engine.auditor import SILENT, Auditor
from alerts.model.errors import StoreError
from alerts.wiring.notify import notify, watchdog_seconds
from alerts.wiring.ping import pinger
from alerts.wiring.room import Room

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from alerts.settings import Settings
    from alerts.wiring.house import House

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do every so many seconds; never twice at once, and never stopping the others."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


def errands(house: House, settings: Settings) -> Iterator[Errand]:
    """Yield what this house has to do beside its movements."""
    yield Errand("rules", 3, house.look)
    yield Errand("audit", 60, _audit(house, settings))
    if not settings.is_shared:
        yield Errand("room", 5, _room(house, settings))
    if settings.keep_days is not None:
        yield Errand("retention", 3600, _retention(house, timedelta(days=settings.keep_days)))
    if (seconds := watchdog_seconds()) is not None:
        yield Errand("watchdog", seconds / 3, _watchdog(house))


def _audit(house: House, settings: Settings) -> Callable[[], Awaitable[object]]:
    url = settings.ping_url.get_secret_value() if settings.ping_url else None
    auditor = Auditor(
        house.store,
        house.outside.clock,
        all_clear=pinger(url) if url else None,
        seen=lambda: (house.dispatch.in_force, house.dispatch.looked_at),
    )
    return _if_the_store_answers("audit", auditor.look)


def _room(house: House, settings: Settings) -> Callable[[], Awaitable[object]]:
    room = Room(settings.home)

    async def look() -> None:
        await asyncio.to_thread(room.look, house.dispatch)

    return look


def _retention(house: House, keep: timedelta) -> Callable[[], Awaitable[object]]:
    async def prune() -> None:
        gone = await asyncio.to_thread(house.store.forget, house.outside.clock.now() - keep)
        if gone.summaries:
            log.info("%d summaries from before %s went", gone.summaries, f"{gone.until:%Y-%m-%d}")

    return _if_the_store_answers("retention", prune)


def _watchdog(house: House) -> Callable[[], Awaitable[object]]:
    """Feed systemd's watchdog by progress: a daemon that no longer looks what is due is restarted.

    A disk that is full or a database that is locked does not count: a restart would not mend it.
    """

    async def feed() -> None:
        looked = house.dispatch.looked_at
        if looked is not None and house.outside.clock.steady() - looked < SILENT:
            notify("WATCHDOG=1")

    return feed


def _if_the_store_answers(name: str, run: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
    async def guarded() -> None:
        try:
            await run()
        except StoreError as error:
            log.error("%s: %s", name, error)

    return guarded


@contextmanager
def run_errands(listed: Iterable[Errand]) -> Iterator[None]:
    """Run errands beside a block."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone="UTC")
    for one in listed:
        schedule(scheduler, one)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def schedule(scheduler: AsyncIOScheduler, errand: Errand) -> None:
    """Put an errand on a scheduler: one at a time, and a missed one is made up for once."""
    scheduler.add_job(
        errand.run,
        "interval",
        seconds=errand.every,
        id=errand.name,
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
