"""A daemon that kills itself: ``python victim.py STEP`` runs the real house and dies with SIGKILL at that step.

The house is the real one, put together by wiring; only the step's door is wrapped, and what it does is done first.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NoReturn

from alerts.daemon import run
from alerts.engine.dispatch import Dispatch
from alerts.settings import read_settings
from alerts.wiring.house import House, build

STEPS = ("after fetch", "after poll commit", "after apply commit", "during send", "after send", "never")


def die() -> NoReturn:
    """End this process the way a power switch does."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


class DyingStore:
    """The real store, until the named method has written something worth dying for."""

    def __init__(self, store: Any, method: str) -> None:
        self._store, self._method = store, method

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        return self._then_die(real) if name == self._method else real

    def _then_die(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            result = real(*args, **options)
            wrote = getattr(args[0], "evidence", None) or getattr(getattr(result, "outcome", None), "alerts", None)
            if wrote:
                die()
            return result

        return call


def after(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Wrap a port so that the process dies when it has done its work."""

    async def call(*args: Any) -> Any:
        result = await real(*args)
        if getattr(result, "body", True) is not None:
            die()
        return result

    return call


def deadly(house: House, step: str) -> House:
    """Return the house with the one door wrapped."""
    store: Any = house.store
    outside = house.outside
    if step == "after fetch":
        outside = replace(outside, fetch=after(outside.fetch))
    elif step == "after poll commit":
        store = DyingStore(store, "record_poll")
    elif step == "after apply commit":
        store = DyingStore(store, "apply")
    elif step == "after send":
        outside = replace(outside, send=after(outside.send))
    return replace(house, dispatch=Dispatch(store, outside, house.dispatch.in_force))


if __name__ == "__main__":
    asyncio.run(run(deadly(build(read_settings()), sys.argv[1]), once=True))
