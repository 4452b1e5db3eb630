"""The house is kept running: one tick a second rings the movements, a signal lets what is under way finish."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.engine.dispatch import Dispatch
    from alerts.wiring.errands import Errand
    from alerts.wiring.house import House

TICK = 1.0
"""Seconds between two rings. What is due waits at most so long, whatever ring was lost."""

TURN = timedelta(seconds=5)
"""How long a single round waits for a host's next turn."""

log = logging.getLogger(__name__)


async def run(house: House, *, once: bool = False) -> None:
    """Run the house until SIGTERM or SIGINT; with ``once``, until nothing is due.

    Either way what is under way leaves its receipt before this returns. systemd is told when it is ready and when it
    stops.
    """
    from alerts.wiring.notify import notify, on_signal

    async with house:
        stop = asyncio.Event()
        with on_signal(stop):
            work = asyncio.create_task(work_off(house) if once else serve(house.dispatch, stop, house.errands()))
            stopped = asyncio.create_task(stop.wait())
            notify("READY=1")
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            notify("STOPPING=1")
            if not work.done():
                log.info("stopping: %d movements finish first", house.dispatch.under_way)
            await house.dispatch.drain()
            stopped.cancel()
            await work


async def work_off(house: House) -> None:
    """Work until nothing is due; feeds of one public host wait for one another, one that asked for peace is left."""
    while True:
        await house.dispatch.work_off()
        now = house.outside.clock.now()
        turn = await asyncio.to_thread(house.store.next_turn, now)
        if turn is None or turn - now > TURN:
            return
        await asyncio.sleep((turn - now).total_seconds())


async def serve(dispatch: Dispatch, stop: asyncio.Event, errands: Iterable[Errand] = ()) -> None:
    """Tick once a second until ``stop`` is set. A missed tick is made up for by the next: the tables know.

    ``errands`` are run now and then beside it.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from alerts.wiring.errands import Errand, schedule

    scheduler = AsyncIOScheduler(timezone="UTC")
    for one in (Errand("tick", TICK, dispatch.tick), *errands):
        schedule(scheduler, one)
    scheduler.start()
    try:
        await dispatch.tick()
        await stop.wait()
    finally:
        scheduler.pause()  # no new tick; the scheduler's own shutdown would cancel a running one
        await dispatch.drain()
        scheduler.shutdown(wait=False)
