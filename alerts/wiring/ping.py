"""The all-clear goes outside: a GET once a minute, whose absence rings somebody else's alarm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

DEADLINE = 10.0

log = logging.getLogger(__name__)


def pinger(url: str) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return what sends the all-clear to ``url`` (a secret: it never stands in the log); it never raises."""
    failed = False

    async def ping() -> None:
        import aiohttp

        nonlocal failed
        try:
            timeout = aiohttp.ClientTimeout(total=DEADLINE)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            if not failed:
                log.warning("the all-clear did not arrive (%s); check ALERTS_PING_URL", type(error).__name__)
            failed = True
        else:
            failed = False

    return ping
