"""A body is parsed in a process of its own: what hangs or bursts there is killed, and no other feed notices.

Frames over pipes: lengths, a JSON head, the body; back comes a length and JSON. Never pickle: a child that a hostile
body has taken over must not be able to speak code.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import struct
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem

TASK = struct.Struct("!III")
"""Lengths of head and body, and the milliseconds the child may take before it ends itself."""
ANSWER = struct.Struct("!I")
MEGABYTE = 1024 * 1024
TIMES = ("published", "updated")


class ParserPool:
    """Parses bodies in up to ``size`` child processes, started when first needed.

    A body that takes longer than ``deadline`` seconds, or more than ``memory_mb`` of address space, costs its child
    its life and is a FeedError; the next body gets a new child. Belongs to one event loop; ``close`` it there.
    """

    def __init__(self, size: int = 1, *, deadline: float = 5.0, memory_mb: int = 512) -> None:
        self._places = asyncio.Semaphore(size)
        self._idle: list[asyncio.subprocess.Process] = []
        self._deadline = deadline
        self._memory_mb = memory_mb

    async def parse(self, body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
        """Return the feed in a body, as ``feeds.parse.parse`` does; raises only FeedError."""
        async with self._places:
            child = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._deadline):
                    answer = await self._ask(child, body, {"headers": dict(headers), "url": url})
            except TimeoutError:
                raise await self._lost(child, url, f"took longer than {self._deadline:g} s to parse") from None
            except (asyncio.IncompleteReadError, ConnectionError):
                raise await self._lost(child, url, "brought its parser down, by memory most likely") from None
            except asyncio.CancelledError:
                child.kill()
                raise
            self._idle.append(child)
        return _feed(answer)

    async def close(self) -> None:
        """End all children."""
        while self._idle:
            child = self._idle.pop()
            child.kill()
            await _gone(child)

    async def _start(self) -> asyncio.subprocess.Process:
        """Start a child that knows nothing of ours: no setting, no secret, only where its modules are."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "alerts.feeds.child", str(self._memory_mb)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": "0"},
        )

    async def _ask(self, child: asyncio.subprocess.Process, body: bytes, about: dict[str, Any]) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        head = json.dumps(about).encode()
        child.stdin.writelines((TASK.pack(len(head), len(body), round(self._deadline * 2000)), head, body))
        await child.stdin.drain()
        (length,) = ANSWER.unpack(await child.stdout.readexactly(ANSWER.size))
        answer: dict[str, Any] = json.loads(await child.stdout.readexactly(length))
        return answer

    async def _lost(self, child: asyncio.subprocess.Process, url: str, what: str) -> FeedError:
        child.kill()
        await _gone(child)
        return FeedError(FeedFault.HOSTILE, f"{url} {what} and was stopped; look at what its address serves")


async def _gone(child: asyncio.subprocess.Process) -> None:
    """Wait for a killed child and let go of its pipes."""
    await child.communicate()


# --- what crosses the pipe ----------------------------------------------------------------------


def _feed(answer: dict[str, Any]) -> ParsedFeed:
    if "fault" in answer:
        raise FeedError(FeedFault(answer["fault"]), answer["error"])
    items = tuple(ParsedItem(**{**item, **_times(item)}) for item in answer.pop("items"))
    kind, notes = FeedFormat(answer.pop("kind")), tuple(answer.pop("notes"))
    return ParsedFeed(kind=kind, notes=notes, items=items, **answer)


def _times(item: dict[str, Any]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(item[name]) for name in TIMES if item.get(name)}


def _answer(body: bytes, about: dict[str, Any]) -> bytes:
    from alerts.feeds.parse import parse

    try:
        feed = parse(body, about["headers"], about["url"])
    except FeedError as error:
        return json.dumps({"fault": error.fault, "error": str(error)}).encode()
    return json.dumps(asdict(feed), default=datetime.isoformat).encode()


# --- the child ----------------------------------------------------------------------------------


def main(memory_mb: int) -> None:
    """Answer tasks on standard input until it ends; a task that takes too long ends this process."""
    import resource

    limit = memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is not an answer
    tasks = sys.stdin.buffer
    while head := tasks.read(TASK.size):
        about, body, milliseconds = _task(tasks, head)
        signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000)  # an orphan must not work for ever
        answer = _answer(body, about)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(ANSWER.pack(len(answer)) + answer)
        answers.flush()


def _task(tasks: BinaryIO, head: bytes) -> tuple[dict[str, Any], bytes, int]:
    about, body, milliseconds = TASK.unpack(head)
    return json.loads(tasks.read(about)), tasks.read(body), milliseconds


if __name__ == "__main__":
    main(int(sys.argv[1]))
