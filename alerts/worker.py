"""One worker of many: it polls, judges and tells whatever a bell on the shared PostgreSQL database says is due."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from alerts.wiring.bells import open_bells
from alerts.wiring.errands import Errand, run_errands
from alerts.wiring.house import build
from alerts.wiring.notify import notify, on_signal

if TYPE_CHECKING:
    from alerts.settings import Settings

BEAT = 10.0
"""Seconds between two looks of its own at what is due; the sweep is whoever's turn it is."""


async def work(settings: Settings, *, bundles: int = 4) -> None:
    """Work until SIGTERM or SIGINT; what was begun leaves its receipt before this returns.

    ``bundles`` of feeds are polled at once. ConfigError where the database is not PostgreSQL.
    """
    async with open_bells(settings.store_url) as bells, build(settings, ring=bells.ring) as house:
        bells.connect(house.dispatch)
        stop = asyncio.Event()
        with on_signal(stop), run_errands((*house.errands(), Errand("beat", BEAT, bells.ring))):
            answering = asyncio.create_task(bells.answer(bundles=bundles))
            stopped = asyncio.create_task(stop.wait())
            notify("READY=1")
            await asyncio.wait({answering, stopped}, return_when=asyncio.FIRST_COMPLETED)
            notify("STOPPING=1")
            stopped.cancel()
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=stop.is_set())
