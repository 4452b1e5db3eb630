"""Whatever happens in whatever order, the outbox is the tiny model beside it, and keeps its promises to the reader."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from alerts.model.delivery import Delivered, Delivery, DeliveryState, GiveUp, Hold, Receipt, RetryLater, Unknown
from alerts.model.outbox import Claim, HoldBack, Mute, Plan, SendNow
from alerts.store.store import Store
from postgres import Postgres
from storeroom import NOON, owe

LEASE = 20.0
ENDED = {DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.MUTED}
PICK = st.integers(min_value=0, max_value=99)


@dataclass
class Owed:
    """What the model knows of a delivery."""

    question: str
    address: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_at: datetime = NOON
    until: datetime = NOON
    may_repeat: bool = False
    held: bool = False
    message: int = 0  # the delivery whose message carried it last
    perhaps_there: bool = False  # the reader may have it already


@cache
def empty() -> bytes:
    """An empty database to begin with: making one takes longer than a whole story."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(str(path)).close()
        return path.read_bytes()


@contextmanager
def file() -> Iterator[str]:
    """Make a SQLite file with the tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alerts.db"
        path.write_bytes(empty())
        yield str(path)


class Outbox(RuleBasedStateMachine):
    """Owe, claim alone or together, hold back, mute, answer, lose, lapse, crash, resend, wait: in any order."""

    @initialize()
    def begin(self) -> None:
        self.opened = ExitStack()
        self.url = self.opened.enter_context(self.database())
        self.store = Store.open(self.url)
        self.now = NOON
        self.owed: dict[int, Owed] = {}
        self.sends: list[Claim] = []

    def teardown(self) -> None:
        self.store.close()
        self.opened.close()

    def database(self) -> AbstractContextManager[str]:
        """Make a database for one story."""
        return file()

    # --- what may happen ---

    @rule(question=st.sampled_from("ab"), addresses=st.sampled_from([["x"], ["y"], ["x", "y"]]))
    def judge(self, question: str, addresses: list[str]) -> None:
        owe(self.store, question, *addresses)
        for address in addresses:
            self.owed[len(self.owed) + 1] = Owed(question, address)

    @rule(pick=PICK, what=st.sampled_from(["alone", "alone", "together", "hold", "mute"]))
    def claim(self, pick: int, what: str) -> None:
        """Any delivery may be tried; only one whose turn it is can be had."""
        id_ = pick % (len(self.owed) + 1)
        mine = self.owed.get(id_)
        company = tuple(n for n, one in self.owed.items() if mine and n != id_ and self.may_come_along(one, mine))
        plans: dict[str, Plan] = {
            "alone": SendNow(),
            "together": SendNow(company),
            "mute": Mute("hush"),
            "hold": HoldBack(self.now + timedelta(seconds=9), Hold.PACE),
        }
        planned = plans[what]
        was_ready = id_ in self.ready()
        claim = self.store.claim_delivery(id_, lambda _: planned, now=self.now, steady=self.now, lease=LEASE)
        assert (claim is not None) == was_ready
        assert bool(claim and claim.deliveries) == (was_ready and isinstance(planned, SendNow))
        if was_ready and mine and isinstance(planned, Mute):
            mine.state = DeliveryState.MUTED
        if was_ready and mine and isinstance(planned, HoldBack):
            mine.next_at, mine.held = planned.until, True
        for delivery in claim.deliveries if claim is not None else ():
            one = self.owed[delivery.id]
            assert delivery.may_repeat or not one.perhaps_there, "a repeat that does not say so"
            one.state, one.until = DeliveryState.SENDING, self.now + timedelta(seconds=LEASE)
            one.attempts += 1
            one.perhaps_there = True  # from now on nobody can know, until a receipt says
            one.message = id_
        if claim is not None and claim.deliveries:
            self.sends.append(claim)

    def may_come_along(self, one: Owed, mine: Owed) -> bool:
        return one.address == mine.address and one.state in {DeliveryState.PENDING, DeliveryState.UNKNOWN}

    @rule(pick=PICK, kind=st.sampled_from([Delivered, RetryLater, GiveUp, Unknown]), wait=st.integers(0, 60))
    def answer(self, pick: int, kind: type[Receipt], wait: int) -> None:
        """Any send ever begun may still leave a receipt; only that of the last one counts."""
        if not self.sends:
            return
        first, *along = self.sends.pop(pick % len(self.sends)).deliveries
        receipt = kind("because")
        next_at = self.now + timedelta(seconds=wait)
        counts = self.counts(first)
        settled = [self.owed[one.id] for one in (first, *along) if counts and self.counts(one)]
        assert self.store.receipt(first, receipt, now=self.now, next_at=next_at, along=along) == counts
        for one in settled:
            self.settle(one, receipt, next_at)

    def counts(self, delivery: Delivery) -> bool:
        one = self.owed[delivery.id]
        return one.state in {DeliveryState.SENDING, DeliveryState.UNKNOWN} and one.attempts == delivery.fence

    def settle(self, one: Owed, receipt: Receipt, next_at: datetime) -> None:
        match receipt:
            case Delivered():
                one.state = DeliveryState.SENT
            case GiveUp():
                one.state, one.perhaps_there = DeliveryState.DEAD, one.may_repeat
            case RetryLater():
                one.state, one.next_at, one.perhaps_there = DeliveryState.PENDING, next_at, one.may_repeat
                one.held = False
            case Unknown():
                one.state, one.next_at, one.may_repeat, one.held = DeliveryState.UNKNOWN, next_at, True, False

    @rule()
    def lapse(self) -> None:
        lapsed = [one for one in self.owed.values() if one.state is DeliveryState.SENDING and one.until <= self.now]
        assert self.store.lapse(self.now) == len(lapsed)
        for one in lapsed:
            one.state, one.may_repeat, one.held = DeliveryState.UNKNOWN, True, False

    @rule()
    def crash(self) -> None:
        """The daemon dies and comes back; what it had begun leaves no receipt."""
        self.store.close()
        self.store = Store.open(self.url)
        self.sends.clear()
        begun = [one for one in self.owed.values() if one.state is DeliveryState.SENDING]
        assert self.store.recover(self.now) == len(begun)
        for one in begun:
            one.state, one.may_repeat, one.next_at, one.held = DeliveryState.UNKNOWN, True, self.now, False

    @rule(pick=PICK)
    def resend(self, pick: int) -> None:
        if not self.owed:
            return
        id_ = pick % len(self.owed) + 1
        one = self.owed[id_]
        self.store.resend(id_, self.now)
        if one.state is not DeliveryState.SENDING:
            one.may_repeat = one.may_repeat or one.state is DeliveryState.SENT
            one.state, one.next_at, one.held = DeliveryState.PENDING, self.now, False

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # --- what always holds ---

    @invariant()
    def the_table_is_the_model(self) -> None:
        kept = {one.id: (one.state, one.attempts, one.may_repeat) for one in self.store.deliveries(limit=999)}
        assert kept == {id_: (one.state, one.attempts, one.may_repeat) for id_, one in self.owed.items()}

    @invariant()
    def the_first_of_each_address_is_due(self) -> None:
        due = self.store.due_deliveries(self.now, self.now, 999)
        ready = self.ready()
        assert set(due) <= ready
        assert sorted(self.owed[id_].address for id_ in due) == sorted({self.owed[id_].address for id_ in ready})

    @invariant()
    def an_address_has_at_most_one_message_on_its_way(self) -> None:
        sent = [one for one in self.owed.values() if one.state is DeliveryState.SENDING and one.until > self.now]
        messages = {(one.address, one.message) for one in sent}
        assert len(messages) == len({address for address, _ in messages})

    def ready(self) -> set[int]:
        return {id_ for id_ in self.owed if self.is_ready(id_)}

    def is_ready(self, id_: int) -> bool:
        mine = self.owed[id_]
        others = [(n, one) for n, one in self.owed.items() if n != id_ and one.address == mine.address]
        flying = any(one.state is DeliveryState.SENDING and one.until > self.now for _, one in others)
        earlier = any(n < id_ and one.question == mine.question and self.goes_first(one) for n, one in others)
        waits = mine.state in {DeliveryState.PENDING, DeliveryState.UNKNOWN}
        return waits and mine.next_at <= self.now and not flying and not earlier

    def goes_first(self, one: Owed) -> bool:
        return one.state not in ENDED and not (one.held and one.next_at > self.now)


STORIES = settings(max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TestOutbox = Outbox.TestCase
TestOutbox.settings = STORIES


def test_the_outbox_of_a_server_is_the_same_model(server: Postgres) -> None:
    class OutboxOfServer(Outbox):
        def database(self) -> AbstractContextManager[str]:
            return server.database()

    run_state_machine_as_test(OutboxOfServer, settings=settings(STORIES, max_examples=20))
