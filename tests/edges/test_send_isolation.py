"""One bad channel harms nobody: hung sends block neither other addresses nor the end of the process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from alerts.delivery.send import AppriseSender
from alerts.model.delivery import Address, Delivered, Message, RetryLater, Unknown
from sinks import PATIENCE, Hang, WebhookSink

MESSAGE = Message(title="URGENT · news", body="Alert 1")


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


def address(sink: WebhookSink, path: str) -> Address:
    return Address(id=f"desk/{path}", channel="desk", url=f"json://127.0.0.1:{sink.port}/{path}")


def test_twenty_hung_addresses_do_not_hold_up_a_healthy_one(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=PATIENCE)
        for n in range(20):
            sink.answers(Hang(), path=f"/slow{n}")
        hung = [asyncio.create_task(sender(MESSAGE, address(sink, f"slow{n}"))) for n in range(20)]
        await asyncio.to_thread(sink.wait_for, 20, "/slow")
        assert await sender(MESSAGE, address(sink, "healthy")) == Delivered()
        assert not any(task.done() for task in hung)
        sink.release()
        assert await asyncio.gather(*hung) == [Delivered()] * 20

    asyncio.run(story())


def test_an_address_gets_one_message_at_a_time_in_order(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=PATIENCE)
        sink.answers(Hang(), path="/desk")
        titles = ["first", "second", "third"]
        sends = [asyncio.create_task(sender(Message(title=t, body=t), address(sink, "desk"))) for t in titles]
        await asyncio.to_thread(sink.wait_for, 1)
        assert len(sink.received) == 1
        sink.release()
        assert await asyncio.gather(*sends) == [Delivered()] * 3
        assert [request.json["title"] for request in sink.received] == titles

    asyncio.run(story())


def test_a_message_behind_a_hung_one_is_not_sent_and_says_so(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=0.3)
        sink.answers(Hang(), path="/desk")
        url = f"{address(sink, 'desk').url}?rto={PATIENCE}"  # the socket waits longer than we do
        desk = Address(id="desk/0", channel="desk", url=url)
        assert isinstance(await sender(MESSAGE, desk), Unknown)
        waited = await sender(MESSAGE, desk)
        assert waited == RetryLater("an earlier message to this address has still not been answered")
        assert len(sink.received) == 1
        sink.release()

    asyncio.run(story())


def test_the_number_of_threads_is_bounded(sink: WebhookSink) -> None:
    async def story() -> None:
        sender = AppriseSender(deadline=PATIENCE, threads=2)
        sink.answers(Hang(), path="/a")
        sink.answers(Hang(), path="/b")
        hung = [asyncio.create_task(sender(MESSAGE, address(sink, path))) for path in ("a", "b")]
        await asyncio.to_thread(sink.wait_for, 2)
        assert isinstance(await sender(MESSAGE, address(sink, "c")), RetryLater)
        sink.release()
        await asyncio.gather(*hung)
        assert await sender(MESSAGE, address(sink, "c")) == Delivered()

    asyncio.run(story())


def test_a_sender_outlives_its_event_loop(sink: WebhookSink) -> None:
    sender = AppriseSender(deadline=0.3)
    sink.answers(Hang(), path="/desk")
    assert isinstance(asyncio.run(sender(MESSAGE, address(sink, "desk"))), Unknown)
    sink.release()
    assert asyncio.run(sender(MESSAGE, address(sink, "other"))) == Delivered()


PROGRAM = """
import asyncio, sys
from alerts.delivery.send import AppriseSender
from alerts.model.delivery import Address, Message
url = f"json://127.0.0.1:{sys.argv[1]}/desk?rto=600"
address = Address(id="d/0", channel="d", url=url)
receipt = asyncio.run(AppriseSender(deadline=0.3)(Message(title="t", body="b"), address))
print(type(receipt).__name__)
"""


def test_a_hung_send_does_not_keep_the_process_alive(sink: WebhookSink) -> None:
    sink.answers(Hang())
    command = [sys.executable, "-c", PROGRAM, str(sink.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == "Unknown\n"
    assert done.stderr == ""
