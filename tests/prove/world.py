"""A world that goes wrong on purpose, from a seed: the real engine and a real SQLite file, a clock by hand, and faults.

Feeds publish, sinks accept, refuse, throttle, lose replies, take a message twice or not at all, and the process dies
before or after any write and in the middle of any send. One seed is one story, the same each time. After the faults
stop, the story goes on until nothing is owed; then ``wrong`` says which promise was broken.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from alerts.delivery.readers import form_of
from alerts.engine.dispatch import Dispatch
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.weigh import Wires
from alerts.model.delivery import Address, Delivered, DeliveryState, Message, Receipt, RetryLater, Unknown
from alerts.model.feed import Feed
from alerts.model.question import Question
from alerts.model.route import Quiet, Route, Terms
from alerts.model.seed import Seeds
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules
from alerts.store.store import Store
from fakes import FakeFetch, HandClock, item, read_here, rss

START = datetime(2025, 3, 18, 18, 0, tzinfo=UTC)
WATCHED = ("dam", "bridge", "harbour", "mine", "tunnel", "flood")
LOUD = {"flood": "severity: flash\n"}
RULES = {
    f"rules/story/{word}.yaml": f"question: The {word} in the news\nmatch: {word}\nnotify: desk\n{LOUD.get(word, '')}"
    for word in WATCHED
}
URL = "json://127.0.0.1/hook?sign=secret"
ADDRESSES = tuple(Address(id=f"{name}/1", channel=name, url=URL) for name in ("day", "night"))
QUIET = Quiet(start=time(20), end=time(21))
ROUTE = Route(id="desk", terms=(Terms(channel="day"), Terms(channel="night", quiet=QUIET)))
WRITES = frozenset({"record_poll", "apply", "claim_delivery", "receipt", "claim_feeds", "recover"})
STEPS, DRAIN = 25, 100


class Killed(BaseException):
    """The process ends here; nothing after it is done."""


@cache
def _compiled() -> tuple[tuple[Question, ...], Assessor]:
    questions, _ = read_rules(RULES, Seeds())
    return questions, Assessor(questions, Seeds(), compile_vocabulary(words_of(questions, Seeds())))


@dataclass
class Life:
    """Whether the process lives, and the dice that decide when it ends."""

    dice: Random
    is_over: bool = False
    faults: bool = True
    seen: Counter[str] = field(default_factory=Counter)

    def may_end(self, where: str, odds: float) -> None:
        """End the process here by chance, and anything that goes on after its end."""
        if self.is_over:
            raise Killed(where)
        if self.faults and self.dice.random() < odds:
            self.is_over = True
            self.seen[f"killed {where}"] += 1
            raise Killed(where)


class AtOnce(ThreadPoolExecutor):
    """Does at once what is handed to a thread: one order of events, the same each time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 (what a thread raises goes to whoever waits, a death as well)
            done.set_exception(error)
        return done


class MortalStore:
    """The store of a process that may die before or after each write."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store, self._life = store, life

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        odds = 0.02 if name in WRITES else 0.0

        def call(*args: Any, **kwargs: Any) -> Any:
            self._life.may_end(f"before {name}", odds)
            result = real(*args, **kwargs)
            self._life.may_end(f"after {name}", odds)
            return result

        return call


@dataclass(frozen=True)
class Arrival:
    """A message as a reader got it."""

    address: str
    alerts: tuple[str, ...]
    marked: bool


class Sinks:
    """Readers whose services behave as the dice say; keeps what arrived."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.arrived: list[Arrival] = []

    async def __call__(self, message: Message, address: Address) -> Receipt:
        life, dice = self._life, self._life.dice
        life.may_end("before the send", 0.02)
        what = dice.choices(
            ["takes", "refuses", "throttles", "loses the reply", "hangs", "twice"], [70, 8, 5, 6, 5, 3]
        )[0]
        what = what if life.faults else "takes"
        life.seen[what] += 1
        if what == "refuses":
            return RetryLater("the service answered 503")
        if what == "throttles":
            return RetryLater("the service answered 429", after=float(dice.randint(1, 90)))
        if what == "hangs":
            return Unknown("no answer within 30 s")
        self._arrive(message, address)
        if what == "twice":  # by a proxy on the way: nobody here can know, and nobody is to blame
            life.seen["arrived twice"] += 1
        life.may_end("after the send", 0.03)
        return Unknown("the reply was lost") if what == "loses the reply" else Delivered()

    def _arrive(self, message: Message, address: Address) -> None:
        assert message.event is not None
        data = message.event["data"]
        ids = (data["id"], *(one["id"] for one in data.get("along", ())))
        self._life.seen["told together"] += len(ids) > 1
        self.arrived.append(Arrival(address.id, ids, marked=bool(data["may_repeat"])))


@contextmanager
def _hushed(*names: str) -> Iterator[None]:
    """Let these loggers be silent meanwhile: what goes wrong here goes wrong on purpose."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)


class World:
    """One story. ``mutate`` may spoil the store of each life, to prove that the promises bite."""

    def __init__(self, folder: Path, seed: int, mutate: Callable[[Any], Any] | None = None) -> None:
        assert form_of(URL).value == "event"
        self.seed, self.dice = seed, Random(seed)
        self.url = f"sqlite:///{folder / f'{seed}.db'}"
        self.clock, self.fetch = HandClock(START), FakeFetch()
        self.life = Life(self.dice)
        self.sinks = Sinks(self.life)
        self.published: list[str] = []
        self._feed_of: dict[str, str] = {}
        self._store: Store | None = None
        self._mutate = mutate or (lambda store: store)
        self._feeds = [
            Feed(id=one, url=f"https://{one}.example/rss", title=one.title(), owner=one, pace=60)
            for one in ("wire", "daily")
        ]

    def play(self) -> list[str]:
        """Live through the story; return the promises that were broken, one line each."""
        with _hushed("alerts", "asyncio"):
            return self._played()

    def _played(self) -> list[str]:
        self.life.faults = False
        self._live(timedelta())  # the feeds are primed: what stands in a first body is old news
        self.life.faults = True
        for _ in range(STEPS):
            for _ in range(self.dice.choice([0, 1, 1, 2, 5])):
                self._publish()
            self._live(timedelta(seconds=self.dice.choice([1, 20, 60, 61, 300, 1200])))
        self.life.faults = False
        self._drain()
        wrong = [f"seed {self.seed}: {line}" for line in self.wrong(self._opened())]
        self._close()
        return wrong

    def _drain(self) -> None:
        """Let time go by until nothing is owed and nothing waits; or give up, and the promises tell why."""
        for _ in range(DRAIN):
            self._live(timedelta(minutes=10))
            counts = self._opened().counts()
            waits = any(self._opened().case_for(question).wake_at for question in WATCHED)
            if not counts.waiting and not waits and set(counts.deliveries) <= {DeliveryState.SENT}:
                return

    def _opened(self) -> Store:
        self._store = self._store or Store.open(self.url)
        return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None

    def _publish(self) -> None:
        number = len(self.published) + 1
        title = f"{self.dice.choice(WATCHED).title()} report {number}"
        self.published.append(title)
        feed = self.dice.choice(["wire", "daily"])
        self._feed_of[title] = feed
        held = [one for one in self.published if self._feed_of[one] == feed][-40:]
        self.fetch.bodies[feed] = rss(*(item(one) for one in held))

    def _live(self, span: timedelta) -> None:
        """Let time go by and the daemon work; where it dies, a new one is started at once."""
        self.clock.go(seconds=span.total_seconds())
        for _ in range(50):
            self.life.is_over = False
            with suppress(Killed):
                asyncio.run(self._work(self._opened()))
            if not self.life.is_over:
                return
            self._close()  # the process is gone, and all it had open
        raise AssertionError("fifty deaths in one step")

    async def _work(self, store: Store) -> None:
        asyncio.get_running_loop().set_default_executor(AtOnce())
        mortal: Any = self._mutate(MortalStore(store, self.life))
        mortal.recover(self.clock.now())
        mortal.put_feeds(self._feeds, now=self.clock.now())
        outside = Outside(clock=self.clock, fetch=self.fetch, read=read_here, send=self.sinks, random=self.dice)
        await Dispatch(mortal, outside, self._in_force(store)).work_off()

    def _in_force(self, store: Store) -> InForce:
        questions, assessor = _compiled()
        return InForce(
            questions={one.id: one for one in questions},
            assessor=assessor,
            wires=Wires(self._feeds, Seeds()),
            activated=store.activate([(one.id, one.hash, one.path) for one in questions], now=START),
            channels={one.channel: (one,) for one in ADDRESSES},
            routes={"desk": ROUTE},
        )

    # --- the promises ---------------------------------------------------------------------------

    def wrong(self, store: Store) -> Iterator[str]:
        """Yield each promise that was broken."""
        stored = Counter(one.title for one in store.items(limit=10_000))
        yield from (f"item stored {stored[one]} times: {one}" for one in self.published if stored[one] != 1)
        deliveries = store.deliveries(limit=10_000)
        quoted = Counter(
            quote.title for one in {d.alert.id: d.alert for d in deliveries}.values() for quote in one.quotes
        )
        yield from (f"told in {quoted[one]} alerts: {one}" for one in self.published if quoted[one] != 1)
        yield from (
            f"still {one.state}: {one.alert.id} to {one.address}"
            for one in deliveries
            if one.state is not DeliveryState.SENT
        )
        owed = Counter((one.alert.id, one.address) for one in deliveries)
        alerts = {one.alert.id for one in deliveries}
        yield from (
            f"{a} is owed {owed[a, to.id]} times to {to.id}" for a in alerts for to in ADDRESSES if owed[a, to.id] != 1
        )
        yield from self._wrong_arrivals(owed)
        if store.check() is not None:
            yield f"the database is damaged: {store.check()}"

    def _wrong_arrivals(self, owed: Counter[tuple[str, str]]) -> Iterator[str]:
        heard: set[tuple[str, str]] = set()
        last: dict[tuple[str, str], int] = {}
        for one in self.sinks.arrived:
            for alert in sorted(one.alerts, key=_number):
                question, number = alert.rpartition("-")[0], _number(alert)
                if (alert, one.address) in heard and not one.marked:
                    yield f"{alert} came again to {one.address} and did not say so"
                if (alert, one.address) not in heard and number < last.get((question, one.address), 0):
                    yield f"{alert} came to {one.address} after a later one"
                heard.add((alert, one.address))
                last[question, one.address] = max(number, last.get((question, one.address), 0))
        yield from (f"lost: {alert} to {address}" for alert, address in owed if (alert, address) not in heard)


def _number(alert: str) -> int:
    return int(alert.rpartition("-")[2])
