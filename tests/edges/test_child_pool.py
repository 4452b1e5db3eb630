"""A body is parsed in a child: what hangs, bursts or dies there costs one FeedError, and the next body is read."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from alerts.feeds import wire
from alerts.feeds.child import ParserPool
from alerts.feeds.parse import parse, read_new
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import ParsedFeed

URL = "https://news.example/feed.xml"
HEADERS = {"Content-Type": "application/rss+xml"}
HONEST = """<rss version="2.0"><channel><title>Провід</title><item><title>Переговори в Джидді</title>
<guid isPermaLink="false">1</guid><pubDate>Tue, 18 Mar 2025 14:00:00 EET</pubDate></item></channel></rss>""".encode()
ENDLESS = b"<rss><channel><item>" + b"<a/>" * 5_000_000
HUGE = b"<rss><channel><item><title>" + b"a " * 25_000_000 + b"</title></item></channel></rss>"


@asynccontextmanager
async def pool(**limits: Any) -> AsyncIterator[ParserPool]:
    """Open a pool and close it."""
    opened = ParserPool(**limits)
    try:
        yield opened
    finally:
        await opened.close()


def children() -> set[int]:
    """Return the processes that are children of this one and parse."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"alerts.feeds.sandbox" in command:
            found.add(int(status.parent.name))
    return found


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Play a story on a loop of its own; it leaves no child behind."""
    asyncio.run(story())
    assert children() == set()


async def read_by(opened: ParserPool) -> ParsedFeed:
    """Return what a pool reads in the honest body."""
    return (await opened.read(HONEST, HEADERS, URL)).feed


async def fault(opened: ParserPool, body: bytes) -> FeedFault:
    """Return the fault for which a body fails."""
    with pytest.raises(FeedError) as caught:
        await opened.read(body, HEADERS, URL)
    assert "\n" not in str(caught.value)
    return caught.value.fault


def test_a_child_gives_what_parsing_here_gives() -> None:
    async def story() -> None:
        async with pool() as opened:
            assert children() == set()  # none before it is needed
            assert await read_by(opened) == parse(HONEST, HEADERS, URL)
            assert await fault(opened, b"") is FeedFault.EMPTY
            assert await fault(opened, b"<html>") is FeedFault.NOT_A_FEED
            assert len(children()) == 1  # an error that is an answer costs no child

    run(story)


def test_a_body_that_takes_too_long_is_stopped_and_the_one_that_waits_is_read() -> None:
    async def story() -> None:
        async with pool(deadline=0.5) as opened:
            slow = asyncio.create_task(fault(opened, ENDLESS))
            next_one = asyncio.create_task(read_by(opened))
            assert await slow is FeedFault.HOSTILE
            assert (await next_one).items[0].title == "Переговори в Джидді"

    run(story)


def test_a_body_that_needs_too_much_memory_is_refused_and_the_next_is_read() -> None:
    async def story() -> None:
        async with pool(memory_mb=192, deadline=20.0) as opened:
            assert await fault(opened, HUGE) is FeedFault.HOSTILE
            assert (await read_by(opened)).title == "Провід"

    run(story)


def test_a_child_that_has_grown_is_replaced() -> None:
    async def story() -> None:
        async with pool(memory_mb=64) as opened:  # less than four times what any Python process holds
            assert (await read_by(opened)).title == "Провід"
            assert children() == set()
            assert (await read_by(opened)).title == "Провід"

    run(story)


def test_a_child_killed_between_two_bodies_costs_neither() -> None:
    async def story() -> None:
        async with pool() as opened:
            await read_by(opened)
            (child,) = children()
            os.kill(child, signal.SIGKILL)
            assert (await read_by(opened)).title == "Провід"
            assert children().isdisjoint({child})

    run(story)


def test_a_child_killed_in_the_middle_of_every_try_costs_its_body_alone() -> None:
    async def story() -> None:
        async with pool(size=2) as opened:
            doomed = asyncio.create_task(fault(opened, ENDLESS))
            while not doomed.done():
                for child in children():
                    os.kill(child, signal.SIGKILL)
                await asyncio.wait({doomed}, timeout=0.3)
            assert doomed.result() in {FeedFault.HOSTILE, FeedFault.BROKEN}
            assert (await read_by(opened)).title == "Провід"

    run(story)


def test_a_caller_who_gives_up_leaves_no_child_at_work() -> None:
    async def story() -> None:
        async with pool() as opened:
            await read_by(opened)
            before = children()
            waiting = asyncio.create_task(opened.read(ENDLESS, HEADERS, URL))
            await asyncio.wait({waiting}, timeout=0.3)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (await read_by(opened)).title == "Провід"
            assert children().isdisjoint(before)

    run(story)


def test_many_bodies_share_few_children() -> None:
    async def story() -> None:
        async with pool(size=2) as opened:
            feeds = await asyncio.gather(*(read_by(opened) for _ in range(20)))
            assert {feed.items[0].id for feed in feeds} == {"1"}
            assert len(children()) == 2

    run(story)


def test_closing_lets_what_is_under_way_end() -> None:
    async def story() -> None:
        opened = ParserPool()
        under_way = asyncio.create_task(read_by(opened))
        await asyncio.sleep(0)
        await opened.close()
        assert (await under_way).title == "Провід"
        await opened.close()
        with pytest.raises(RuntimeError, match="closed"):
            await read_by(opened)

    run(story)


def test_a_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_CHANNELS", "slack://a/b/c")

    async def story() -> None:
        async with pool() as opened:
            await read_by(opened)
            (child,) = children()
            names = {entry.partition(b"=")[0] for entry in Path(f"/proc/{child}/environ").read_bytes().split(b"\0")}
            assert names - {b""} == {b"PYTHONPATH"}

    run(story)


def test_a_child_may_write_no_file_and_its_time_and_memory_are_bounded() -> None:
    async def story() -> None:
        async with pool(memory_mb=200) as opened:
            await read_by(opened)
            (child,) = children()
            limits = Path(f"/proc/{child}/limits").read_text()
            assert f"Max address space         {200 * 1024 * 1024}" in limits
            assert "Max file size             0 " in limits

    run(story)


PARENT = """
import asyncio, sys
from alerts.feeds.child import ParserPool

async def main():
    pool = ParserPool(deadline=1.0)
    await pool.read(b"<rss><channel><title>t</title></channel></rss>", {}, "")
    print(pool._idle[0].process.pid, flush=True)
    await pool.read(b"<rss><channel><item>" + b"<a/>" * 5_000_000, {}, "")

asyncio.run(main())
"""


def test_a_child_ends_when_its_parent_dies_in_the_middle_of_a_body() -> None:
    async def story() -> None:
        root = str(Path(__file__).resolve().parents[2])
        command = (sys.executable, "-c", PARENT)
        parent = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": root}
        )
        assert parent.stdout is not None
        child = int(await parent.stdout.readline())
        parent.kill()
        await parent.communicate()
        async with asyncio.timeout(20.0):  # twice the deadline is two seconds; the rest is for a busy machine
            while Path(f"/proc/{child}").exists():
                await asyncio.sleep(0.05)

    run(story)


@pytest.mark.parametrize(
    "frame", [b"", b"{}", b"[]", b"null", b'{"feed": {}, "last": false}', b'{"fault": "x"}', b"\x80"]
)
def test_what_is_no_answer_is_never_taken_for_one(frame: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wire.outcome(frame)


def test_a_reading_crosses_the_pipe_unchanged() -> None:
    feed = read_new(HONEST, HEADERS, URL, b"")
    assert feed.remembered
    frame = wire.answer(feed, last=False)
    assert wire.ANSWER.unpack(frame[: wire.ANSWER.size]) == (len(frame) - wire.ANSWER.size,)
    assert wire.outcome(frame[wire.ANSWER.size :]) == (feed, False)
