"""The service manager is told that items come through (ready, alive, stopping), and heard when it wants an end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager


def notify(state: str) -> bool:
    """Tell systemd a state such as ``READY=1``; return whether there is one that wants to know."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        try:
            one.sendto(state.encode(), address)
        except OSError:
            return False
    return True


def watchdog_seconds() -> float | None:
    """Return how often systemd wants a sign of life at least, None where it does not watch."""
    wanted = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    return int(wanted) / 1e6 if wanted.isdigit() and meant == str(os.getpid()) else None


@contextmanager
def on_signal(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set ``stop``, for as long as the block lasts."""
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    try:
        yield
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)
