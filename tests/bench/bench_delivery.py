"""What a recipient waits for: one healthy address among fifty hung ones, and a flash in a flood of five hundred."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.delivery.native.parts import parts_of
from alerts.delivery.routes import RouteBook, owed
from alerts.delivery.send import AppriseSender
from alerts.delivery.senders import Senders
from alerts.engine.deliver import deliver
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.model.case import Case, Outcome
from alerts.model.delivery import Address, Delivered, Message
from alerts.model.ledger import Applied
from alerts.model.question import Severity
from alerts.store.store import Store
from alerts.wiring.clock import SystemClock
from sinks import Hang, WebhookSink
from telling import answer

HUNG, SENDS = 50, 100
FLOOD, FLASHES = 500, 5
CLOCK = SystemClock()


def main() -> None:
    """Print the figures."""
    for kind, more in (("through Apprise", ""), ("native webhook", "?sign=secret")):
        waits = sorted(asyncio.run(_beside_hung(more)))
        shown = f"p50 {statistics.median(waits) * 1000:.0f} ms, p99 {waits[int(len(waits) * 0.99) - 1] * 1000:.0f} ms"
        print(f"{SENDS} sends to a healthy address beside {HUNG} hung ones, {kind}: {shown}")
    flash, messages, told = asyncio.run(_flood())
    said = (
        f"the last of {FLASHES} flashes after {flash:.2f} s; {messages} messages at once tell {told}, the rest is held"
    )
    print(f"{FLOOD} alerts at once to one address: {said}")


async def _beside_hung(more: str) -> list[float]:
    with WebhookSink() as sink:
        for n in range(HUNG):
            sink.answers(Hang(), path=f"/slow{n}")
        slow = [_address(f"slow{n}", sink, more) for n in range(HUNG)]
        healthy = _address("healthy", sink, more)
        parts = {one.id: found for one in (*slow, healthy) if (found := parts_of(one.url)) is not None}
        senders = Senders(parts, now=CLOCK.now, apprise=AppriseSender())
        message = Message(title="t", body="b", event={"id": "1"}, key="1")
        await senders(message, healthy)  # the worker has loaded its plug-ins
        hung = [asyncio.create_task(senders(message, one)) for one in slow]
        await asyncio.to_thread(sink.wait_for, HUNG, "/slow")
        waits = [await _timed(lambda: senders(message, healthy)) for _ in range(SENDS)]
        sink.release()
        await senders.close()
        await asyncio.gather(*hung)
        return waits


async def _timed(send: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    assert isinstance(await send(), Delivered)
    return time.perf_counter() - began


def _address(name: str, sink: WebhookSink, more: str = "") -> Address:
    return Address(id=f"desk/{name}", channel="desk", url=f"json://127.0.0.1:{sink.port}/{name}{more}")


async def _flood() -> tuple[float, int, int]:
    """Return when the last flash was told, how many messages there were, and how many alerts they hold."""
    arrived: list[tuple[float, Message]] = []

    async def send(message: Message, _: Address) -> Delivered:
        await asyncio.sleep(0.1)  # a service a tenth of a second away
        arrived.append((time.perf_counter(), message))
        return Delivered()

    address = Address(id="desk/1", channel="desk", url="json://h?sign=s")
    in_force: Any = InForce(questions={}, assessor=None, wires=None, activated={}, channels={"desk": (address,)})  # type: ignore[arg-type]
    outside = Outside(clock=CLOCK, fetch=None, read=None, send=send, random=Random(1))  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder, Store.open(f"{folder}/alerts.db") as store:
        for n in range(FLOOD):
            _judge(store, n, in_force.book, CLOCK.now())
        began = time.perf_counter()
        while due := store.due_deliveries(CLOCK.now(), CLOCK.steady(), 64):
            await asyncio.gather(*(deliver(store, outside, in_force, one) for one in due))
        ids = [one for _, message in arrived for one in _ids(message)]
    flashes = [at for at, message in arrived if message.severity == "flash"]
    return flashes[-1] - began, len(arrived), len(set(ids))


def _judge(store: Store, n: int, book: RouteBook, now: datetime) -> None:
    severity = Severity.FLASH if n % (FLOOD // FLASHES) == FLOOD // FLASHES - 1 else Severity.ROUTINE

    def judge(case: Case, _: object) -> Applied:
        alert = answer(id=f"q{n}-1", question=f"q{n}", severity=severity, at=now, notify="desk")
        question: Any = type("Asked", (), {"escalate": None})
        made = owed(alert, question, book, told=frozenset(), now=now)
        return Applied(outcome=Outcome(case=replace(case, seq=1), alerts=(alert,)), deliveries=made)

    store.apply(f"q{n}", judge)


def _ids(message: Message) -> list[str]:
    assert message.event is not None
    data = message.event["data"]
    return [data["id"], *(one["id"] for one in data.get("along", ()))]


if __name__ == "__main__":
    main()
