"""A body is parsed in a process of its own: what hangs or bursts there is killed, and no other feed notices."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.feeds.wire import ANSWER, LONGEST_ANSWER, outcome, task
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Reading

_START_SECONDS = 30.0
_BUFFER = 1024 * 1024
_HOME = str(Path(__file__).resolve().parents[2])
_SPOILT = (asyncio.IncompleteReadError, OSError, ValueError)  # the child is gone, or no longer answers as agreed


class ParserPool:
    """Parses bodies in up to ``size`` child processes, started when first needed.

    A body that takes longer than ``deadline`` seconds, or more than ``memory_mb`` of address space, costs its child
    its life and is a FeedError; whoever waits for a place gets another child. Belongs to one event loop.
    """

    def __init__(self, size: int = 1, *, deadline: float = 5.0, memory_mb: int = 512) -> None:
        self._size = size
        self._deadline = deadline
        self._memory_mb = memory_mb
        self._places = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._closed = False

    async def read(self, body: bytes, headers: Mapping[str, str], url: str, remembered: bytes = b"") -> Reading:
        """Read a body, as ``feeds.parse.read_new`` does; raises only FeedError."""
        if self._closed:
            raise RuntimeError("this pool was closed; make another one")
        async with self._places:
            told = await self._told(task(body, headers, url, remembered))
        if isinstance(told, FeedError):
            raise told
        return told

    async def close(self) -> None:
        """Let what is under way end, within its deadline, then end the children. The pool takes no more bodies."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self._size):
            await self._places.acquire()
        while self._idle:
            await self._idle.pop().end()

    async def _told(self, frames: tuple[bytes, ...]) -> Reading | FeedError:
        """Ask a child; one that ended after an earlier body is not this body's fault, so ask a fresh one then."""
        while self._idle:
            told = await self._asked(self._idle.pop(), frames)
            if told is not None:
                return told
        fresh = await self._started()
        return await self._asked(fresh, frames) or _hostile("brought its parser down, by memory most likely")

    async def _asked(self, child: _Child, frames: tuple[bytes, ...]) -> Reading | FeedError | None:
        """Return what the child says, None when it is gone. It goes back to the idle ones if it is fit for more."""
        told, last = None, True
        try:
            async with asyncio.timeout(self._deadline):
                told, last = outcome(await child.ask(frames))
        except TimeoutError:
            told = _hostile(f"took longer than {self._deadline:g} s to parse and was stopped")
        except _SPOILT:
            return None
        finally:
            if last:
                await child.end()
            else:
                self._idle.append(child)
        return told

    async def _started(self) -> _Child:
        """Start a child that knows nothing of ours: no setting, no secret, only where its modules are."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "alerts.feeds.sandbox", str(self._memory_mb), str(self._deadline)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=_BUFFER,
                env={"PYTHONPATH": _HOME},
                start_new_session=True,  # a Ctrl-C is for the parent, which ends its children in its own time
            )
        except OSError as error:
            raise _not_started(error) from error
        child = _Child(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child.answer()
        except (TimeoutError, *_SPOILT) as error:
            await child.end()
            raise _not_started(error) from error
        return child


@dataclass(frozen=True, slots=True)
class _Child:
    process: Process

    async def ask(self, frames: tuple[bytes, ...]) -> bytes:
        writer = self.process.stdin
        assert writer is not None
        writer.writelines(frames)
        await writer.drain()
        return await self.answer()

    async def answer(self) -> bytes:
        reader = self.process.stdout
        assert reader is not None
        (length,) = ANSWER.unpack(await reader.readexactly(ANSWER.size))
        if length > LONGEST_ANSWER:
            raise ValueError(f"an answer of {length} bytes")
        return await reader.readexactly(length)

    async def end(self) -> None:
        """Kill it, and let go of its pipes."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


def _hostile(what: str) -> FeedError:
    return FeedError(FeedFault.HOSTILE, f"the document {what}: look at what its address serves, or remove the feed")


def _not_started(error: BaseException) -> FeedError:
    why = str(error) or type(error).__name__
    command = "python -m alerts.feeds.sandbox 512 5 < /dev/null"
    return FeedError(FeedFault.BROKEN, f"the parser process does not start ({why}); to see why: {command}")
