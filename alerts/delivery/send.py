"""Send: a message leaves through Apprise, in a process that is killed when it hangs; a receipt comes back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from alerts.delivery.apprising import read_receipt
from alerts.model.delivery import Address, Message, Receipt, Unknown

GRACE = 10.0
"""Seconds beyond the deadline after which the worker itself is taken for dead; it may still be loading Apprise."""

_HOME = str(Path(__file__).resolve().parents[2])


class AppriseSender:
    """Sends through Apprise; satisfies the port ``Send``. Belongs to one event loop; closed with ``close``.

    Every send is a process of its own, a fork of one worker, so a hung address blocks nobody, itself included:
    past ``deadline`` seconds it is killed and the receipt is ``Unknown``. ``local`` are schemas of services on this
    machine that may be used (see ``addresses.LOCAL``). ``warm`` starts the worker before it is needed.
    """

    def __init__(self, *, deadline: float = 30.0, local: frozenset[str] = frozenset()) -> None:
        self._deadline = deadline
        self._local = sorted(local)
        self._worker: _Worker | None = None

    def warm(self) -> None:
        """Start the worker, which takes a second or two to load every plug-in; returns at once."""
        if self._worker is not None and not self._worker.is_alive:
            self._worker.bury()
            self._worker = None
        if self._worker is None:
            self._worker = _Worker()

    async def __call__(self, message: Message, address: Address) -> Receipt:
        """Send one message to one address; never raises, the receipt says what happened, without a secret."""
        self.warm()
        assert self._worker is not None
        asked = {
            "url": address.url,
            "title": message.title,
            "body": message.body,
            "severity": message.severity,
            "deadline": self._deadline,
            "local": self._local,
        }
        return await self._worker.ask(asked, self._deadline + GRACE)

    async def close(self) -> None:
        """End the worker; what it has not answered is unknown."""
        if self._worker is not None:
            await self._worker.end()
            self._worker = None


def _harmless(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child needs to know of the machine (proxies, certificates), and none of our settings."""
    return {name: value for name, value in environment.items() if not name.upper().startswith("ALERTS_")}


class _Worker:
    """One worker process and what it was asked; its pipes join the loop of whoever asks first."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "alerts.delivery.post"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_harmless(os.environ), "PYTHONPATH": _HOME},
            start_new_session=True,  # a Ctrl-C is for the parent, which lets its children finish
        )
        self._open: dict[int, asyncio.Future[Receipt]] = {}
        self._count = 0
        self._heard = b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_ended = False

    @property
    def is_alive(self) -> bool:
        """Whether it still takes messages."""
        return not self._has_ended and self._process.poll() is None

    async def ask(self, asked: dict[str, Any], patience: float) -> Receipt:
        """Have one message sent; a worker that does not answer in time is killed, and all it had is unknown."""
        self._join()
        self._count += 1
        number, answer = self._count, asyncio.get_running_loop().create_future()
        self._open[number] = answer
        try:
            await asyncio.to_thread(self._write, json.dumps({"n": number, **asked}).encode() + b"\n")
            async with asyncio.timeout(patience):
                return await asyncio.shield(answer)
        except (TimeoutError, OSError):
            self._kill()
            return Unknown("the worker did not answer")
        finally:
            self._open.pop(number, None)

    async def end(self) -> None:
        """End it, and let go of its pipes."""
        self._leave()
        await asyncio.to_thread(self.bury)

    def bury(self) -> None:
        """Kill whatever is left of it, and let go of its pipes."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()

    def _kill(self) -> None:
        """Kill it and every send of its own: they are one process group."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _join(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            assert self._process.stdout is not None
            self._loop = loop
            loop.add_reader(self._process.stdout.fileno(), self._hear)

    def _leave(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            assert self._process.stdout is not None
            self._loop.remove_reader(self._process.stdout.fileno())
        self._loop = None
        self._give_up()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        chunk = os.read(self._process.stdout.fileno(), 65536)
        if not chunk:
            self._has_ended = True
            self._leave()
            return
        *lines, self._heard = (self._heard + chunk).split(b"\n")
        for line in lines:
            said = json.loads(line)
            answer = self._open.get(said.pop("n"))
            if answer is not None and not answer.done():
                answer.set_result(read_receipt(said))

    def _give_up(self) -> None:
        """The worker is gone: what it was asked may have been sent."""
        for answer in self._open.values():
            if not answer.done():
                answer.set_result(Unknown("the worker ended before it answered"))
