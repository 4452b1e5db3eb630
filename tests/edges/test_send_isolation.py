"""One bad channel harms nobody: a hung send is killed, and blocks neither others nor the end of the process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from select import select

import pytest

from alerts.delivery.send import AppriseSender
from alerts.model.delivery import Address, Delivered, Message, Unknown
from sinks import PATIENCE, Drop, Hang, WebhookSink

MESSAGE = Message(title="URGENT · news", body="Alert 1")


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


def address(sink: WebhookSink, path: str, more: str = "") -> Address:
    return Address(id=f"desk/{path}", channel="desk", url=f"json://127.0.0.1:{sink.port}/{path}{more}")


def children(pid: int) -> list[int]:
    """Return the processes a process has started and that still run (Linux)."""
    return [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]


def gone(pid: int) -> bool:
    """Whether a process ends; waits for it as long as a test may."""
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with closing(os.fdopen(ended)):
        return bool(select([ended], [], [], PATIENCE)[0])


def test_fifty_hung_addresses_do_not_hold_up_a_healthy_one_and_are_killed(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=PATIENCE)
        for n in range(50):
            sink.answers(Hang(), path=f"/slow{n}")
        hung = [asyncio.create_task(sender(MESSAGE, address(sink, f"slow{n}"))) for n in range(50)]
        await asyncio.to_thread(sink.wait_for, 50, "/slow")
        assert await sender(MESSAGE, address(sink, "healthy")) == Delivered()
        assert not any(task.done() for task in hung)
        await sender.close()
        assert {type(one) for one in await asyncio.gather(*hung)} == {Unknown}

    asyncio.run(story())


def test_a_send_past_its_deadline_is_killed_and_the_next_one_of_its_address_may_go(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=0.5)
        sink.answers(Hang(), path="/desk")
        hung = await sender(MESSAGE, address(sink, "desk", f"?rto={PATIENCE}"))  # its socket would wait longer
        assert hung == Unknown("no answer within 0.5 s")
        assert await sender(MESSAGE, address(sink, "other")) == Delivered()
        sink.answers(Drop(), path="/desk")
        assert isinstance(await sender(MESSAGE, address(sink, "desk")), Unknown)
        await sender.close()

    asyncio.run(story())


def test_a_worker_that_dies_costs_what_it_had_under_way_and_another_one_goes_on(sink: WebhookSink) -> None:
    async def story() -> None:
        before = set(children(os.getpid()))
        sender = AppriseSender(deadline=PATIENCE)
        sink.answers(Hang(), path="/desk")
        under_way = asyncio.create_task(sender(MESSAGE, address(sink, "desk")))
        await asyncio.to_thread(sink.wait_for, 1)
        [worker] = [pid for pid in set(children(os.getpid())) - before if children(pid)]
        os.kill(worker, signal.SIGKILL)
        assert await under_way == Unknown("the worker ended before it answered")
        assert await sender(MESSAGE, address(sink, "other")) == Delivered()
        await sender.close()

    asyncio.run(story())


def test_when_it_is_closed_no_process_is_left(sink: WebhookSink) -> None:
    async def story() -> None:
        before = set(children(os.getpid()))
        sender = AppriseSender(deadline=PATIENCE)
        sink.answers(Hang(), path="/desk")
        under_way = asyncio.create_task(sender(MESSAGE, address(sink, "desk")))
        await asyncio.to_thread(sink.wait_for, 1)
        await sender.close()
        await under_way
        assert set(children(os.getpid())) <= before

    asyncio.run(story())


PROGRAM = """
import asyncio, sys
from alerts.delivery.send import AppriseSender
from alerts.model.delivery import Address, Message

async def story():
    sender = AppriseSender(deadline=600)
    address = Address(id="d/0", channel="d", url=f"json://127.0.0.1:{sys.argv[1]}/desk?rto=600")
    task = asyncio.create_task(sender(Message(title="t", body="b"), address))
    print("sending", flush=True)
    await task

asyncio.run(story())
"""


def test_a_killed_daemon_leaves_no_send_behind(sink: WebhookSink) -> None:
    """The worker's input ends with its parent; then it kills what it has under way and leaves."""
    sink.answers(Hang())
    command = [sys.executable, "-c", PROGRAM, str(sink.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        sink.wait_for(1)
        [worker] = children(process.pid)
        [fork] = children(worker)
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert gone(fork)
    assert gone(worker)
