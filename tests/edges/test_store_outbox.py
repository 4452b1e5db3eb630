"""Nothing owed is lost, nothing is doubled unannounced: leases, receipts, and who waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.model.acts import DeskSilence
from alerts.model.case import Case
from alerts.model.delivery import Delivered, Delivery, DeliveryState, GiveUp, Hold, Receipt, RetryLater, Unknown
from alerts.model.errors import NotFoundError
from alerts.model.ledger import Applied, NewDelivery
from alerts.model.outbox import Claim, HoldBack, Mute, Plan, Queue, SendNow
from alerts.model.question import Severity
from alerts.model.verdict import Evidence
from alerts.store.store import Store
from storeroom import NOON, SOON, begin, owe, told

LEASE = 30.0
LAPSED = NOON + timedelta(seconds=30)


def claim(store: Store, delivery_id: int) -> Delivery:
    """Claim a delivery that is due."""
    claimed = begin(store, delivery_id, now=NOON, steady=NOON, lease=LEASE)
    assert claimed is not None
    return claimed


def only(store: Store) -> Delivery:
    """The one delivery there is."""
    [one] = store.deliveries()
    return one


def due(store: Store) -> list[int]:
    return store.due_deliveries(NOON, NOON, 99)


def test_a_claimed_delivery_is_on_its_way_and_cannot_be_claimed_again(store: Store) -> None:
    owe(store, "truce", "desk/1")
    assert due(store) == [1]
    one = claim(store, 1)
    assert (one.state, one.attempts, one.address, one.may_repeat) == (DeliveryState.SENDING, 1, "desk/1", False)
    assert one.alert.says == "There is a truce"
    assert due(store) == []
    assert begin(store, 1, now=SOON, steady=NOON, lease=LEASE) is None


def test_a_delivery_that_is_not_due_or_not_there_cannot_be_claimed(store: Store) -> None:
    owe(store, "truce", "desk/1")
    assert begin(store, 1, now=NOON - timedelta(seconds=1), steady=NOON, lease=LEASE) is None
    assert begin(store, 99, now=NOON, steady=NOON, lease=LEASE) is None


@pytest.mark.parametrize(
    ("receipt", "state", "is_due"),
    [
        (Delivered("ts-17"), DeliveryState.SENT, False),
        (RetryLater("503", after=9), DeliveryState.PENDING, True),
        (GiveUp("token revoked"), DeliveryState.DEAD, False),
        (Unknown("the reply was lost"), DeliveryState.UNKNOWN, True),
    ],
)
def test_a_receipt_ends_the_send(store: Store, receipt: Receipt, state: DeliveryState, is_due: bool) -> None:
    owe(store, "truce", "desk/1")
    assert store.receipt(claim(store, 1), receipt, now=NOON, next_at=SOON)
    one = only(store)
    assert one.state is state
    assert one.may_repeat is isinstance(receipt, Unknown)
    assert one.error == (None if isinstance(receipt, Delivered) else receipt.why)
    assert due(store) == []
    assert store.due_deliveries(SOON, NOON, 9) == ([1] if is_due else [])


def test_a_delivered_message_keeps_its_reference(store: Store) -> None:
    owe(store, "truce", "desk/1")
    store.receipt(claim(store, 1), RetryLater("503"), now=NOON)
    store.receipt(claim(store, 1), Delivered("ts-17"), now=SOON)
    one = only(store)
    assert (one.message_ref, one.sent_at, one.error, one.attempts) == ("ts-17", SOON, None, 2)
    assert store.counts().delivered_at == SOON


def test_a_send_without_a_receipt_is_due_again_and_says_that_it_may_repeat(store: Store) -> None:
    owe(store, "truce", "desk/1")
    claim(store, 1)
    assert store.lapse(NOON) == 0
    assert store.lapse(LAPSED) == 1
    assert only(store).state is DeliveryState.UNKNOWN
    again = begin(store, 1, now=NOON, steady=LAPSED, lease=LEASE)
    assert again is not None
    assert (again.may_repeat, again.attempts) == (True, 2)


def test_a_late_receipt_counts_as_long_as_nobody_began_anew(store: Store) -> None:
    """It arrived after all: sending it again would double it."""
    owe(store, "truce", "desk/1")
    slow = claim(store, 1)
    store.lapse(LAPSED)
    assert store.receipt(slow, Delivered("ts-17"), now=SOON)
    assert only(store).state is DeliveryState.SENT


def test_a_receipt_of_an_earlier_send_is_refused(store: Store) -> None:
    owe(store, "truce", "desk/1")
    slow = claim(store, 1)
    store.lapse(LAPSED)
    quick = claim(store, 1)
    assert not store.receipt(slow, GiveUp("too late"), now=SOON)
    assert only(store).state is DeliveryState.SENDING
    assert store.receipt(quick, Delivered(), now=SOON)
    assert not store.receipt(quick, GiveUp("twice"), now=SOON)
    assert only(store).state is DeliveryState.SENT


def test_after_a_crash_nothing_is_on_its_way_and_perhaps_sent_is_marked(store: Store) -> None:
    owe(store, "truce", "desk/1", "night/2")
    claim(store, 1)
    assert store.recover(SOON) == 1
    assert {one.id: (one.state, one.may_repeat) for one in store.deliveries()} == {
        1: (DeliveryState.UNKNOWN, True),
        2: (DeliveryState.PENDING, False),
    }
    assert store.due_deliveries(SOON, NOON, 9) == [2, 1]


def test_of_one_question_an_address_hears_in_order(store: Store) -> None:
    owe(store, "truce", "desk/1")
    owe(store, "truce", "desk/1")
    assert due(store) == [1]
    assert begin(store, 2, now=NOON, steady=NOON, lease=LEASE) is None
    store.receipt(claim(store, 1), RetryLater("503"), now=NOON, next_at=SOON)
    assert due(store) == []
    store.lapse(LAPSED)
    later = begin(store, 1, now=SOON, steady=NOON, lease=LEASE)
    assert later is not None
    store.receipt(later, GiveUp("gone"), now=SOON)
    assert due(store) == [2]


def test_an_address_has_one_message_on_its_way(store: Store) -> None:
    owe(store, "truce", "desk/1")
    owe(store, "plant", "desk/1", "night/2")
    first = claim(store, 1)
    assert due(store) == [3]
    assert begin(store, 2, now=NOON, steady=NOON, lease=LEASE) is None
    store.receipt(first, Delivered(), now=NOON)
    assert due(store) == [2, 3]


def test_a_hung_address_lets_go_of_the_others_when_its_lease_lapses(store: Store) -> None:
    owe(store, "truce", "desk/1")
    owe(store, "plant", "desk/1")
    claim(store, 1)
    assert store.due_deliveries(NOON, LAPSED, 9) == [2]


def test_flash_goes_before_routine(store: Store) -> None:
    owe(store, "truce", "desk/1", severity=Severity.ROUTINE)
    owe(store, "plant", "desk/1", severity=Severity.FLASH)
    owe(store, "call", "night/2", severity=Severity.URGENT)
    assert due(store) == [2, 3]


def test_a_long_queue_of_one_address_does_not_hide_the_others(store: Store) -> None:
    for n in range(30):
        owe(store, f"question-{n}", "busy/1")
    owe(store, "last", "healthy/2")
    assert store.due_deliveries(NOON, NOON, 2) == [1, 31]


@pytest.mark.parametrize(
    ("receipt", "marked"),
    [(Delivered(), True), (GiveUp("gone"), False), (Unknown("lost"), True), (RetryLater("503"), False)],
)
def test_a_person_may_send_again_and_a_possible_repeat_is_marked(store: Store, receipt: Receipt, marked: bool) -> None:
    owe(store, "truce", "desk/1")
    store.receipt(claim(store, 1), receipt, now=NOON, next_at=SOON)
    one = store.resend(1, NOON)
    assert (one.state, one.may_repeat) == (DeliveryState.PENDING, marked)
    assert due(store) == [1]


def test_what_is_on_its_way_is_not_sent_again(store: Store) -> None:
    owe(store, "truce", "desk/1")
    claim(store, 1)
    assert store.resend(1, NOON).state is DeliveryState.SENDING
    with pytest.raises(NotFoundError, match="no delivery 99"):
        store.resend(99, NOON)


def test_deliveries_are_the_newest_first_of_a_state(store: Store) -> None:
    owe(store, "truce", "desk/1", "desk/2", "desk/3")
    store.receipt(claim(store, 2), GiveUp("gone"), now=NOON)
    assert [one.id for one in store.deliveries()] == [3, 2, 1]
    assert [one.id for one in store.deliveries(DeliveryState.PENDING, limit=1)] == [3]
    assert store.counts().deliveries == {"pending": 2, "dead": 1}


def plan_of(store: Store, delivery_id: int, planned: Plan, now: datetime = NOON) -> tuple[Claim | None, Queue]:
    """Let a delivery's turn come, with a plan; return what was begun, and the queue the plan was made of."""
    seen: list[Queue] = []

    def plan(queue: Queue) -> Plan:
        seen.append(queue)
        return planned

    return store.claim_delivery(delivery_id, plan, now=now, steady=NOON, lease=LEASE), seen[0]


def test_what_is_more_urgent_passes_what_waits_and_can_take_it_along(store: Store) -> None:
    owe(store, "truce", "desk/1")
    store.receipt(claim(store, 1), RetryLater("503"), now=NOON, next_at=SOON)
    owe(store, "truce", "desk/1", severity=Severity.FLASH)
    assert due(store) == [2]
    begun, queue = plan_of(store, 2, SendNow((1,)))
    assert begun is not None
    assert [one.id for one in begun.deliveries] == [2, 1]
    assert [one.id for one in queue.others] == [1]
    assert store.receipt(begun.first, Delivered("ts-1"), now=SOON, along=begun.deliveries[1:])
    assert {one.id: (one.state, one.lead, one.sent_at) for one in store.deliveries()} == {
        1: (DeliveryState.SENT, 2, SOON),
        2: (DeliveryState.SENT, None, SOON),
    }


def test_a_message_of_several_that_gets_no_receipt_is_unknown_for_all_of_them(store: Store) -> None:
    owe(store, "truce", "desk/1")
    owe(store, "plant", "desk/1")
    begun, _ = plan_of(store, 1, SendNow((2,)))
    assert begun is not None
    store.recover(SOON)
    assert {one.may_repeat for one in store.deliveries(DeliveryState.UNKNOWN)} == {True}
    assert len(store.deliveries(DeliveryState.UNKNOWN)) == 2


def test_what_is_held_back_waits_and_does_not_stand_in_the_way(store: Store) -> None:
    owe(store, "truce", "desk/1")
    assert plan_of(store, 1, HoldBack(SOON, Hold.QUIET))[0] == Claim(())
    owe(store, "truce", "desk/1")
    assert due(store) == [2]
    assert plan_of(store, 2, HoldBack(SOON, Hold.QUIET))[0] == Claim(())
    assert due(store) == []
    assert store.due_deliveries(SOON, NOON, 9) == [1]
    assert [one.hold for one in store.deliveries(DeliveryState.PENDING)] == [Hold.QUIET, Hold.QUIET]


def test_what_is_muted_is_kept_with_the_reason_and_can_be_sent_after_all(store: Store) -> None:
    owe(store, "truce", "desk/1")
    assert plan_of(store, 1, Mute("silence 1 by ann: drill"))[0] == Claim(())
    assert (only(store).state, only(store).error) == (DeliveryState.MUTED, "silence 1 by ann: drill")
    assert due(store) == []
    store.resend(1, SOON)
    assert store.due_deliveries(SOON, NOON, 9) == [1]


def test_a_pause_the_service_asks_for_holds_for_everything_at_its_address(store: Store) -> None:
    owe(store, "truce", "desk/1")
    owe(store, "plant", "desk/1", "night/2")
    store.receipt(claim(store, 1), RetryLater("429", after=300), now=NOON, next_at=SOON)
    assert due(store) == [3]
    assert sorted(store.due_deliveries(SOON, NOON, 9)) == [1, 3]


def test_an_address_is_remembered_by_what_it_was_told_of_a_thread(store: Store) -> None:
    owe(store, "truce", "desk/1", "night/2")
    store.receipt(claim(store, 1), Delivered("ts-1"), now=NOON)
    store.receipt(claim(store, 2), GiveUp("gone"), now=NOON)
    assert store.told_addresses("truce") == {"desk/1"}
    owe(store, "truce", "desk/1")
    begun, queue = plan_of(store, 3, SendNow())
    assert begun is not None
    assert begun.told is not None
    assert (begun.told.ref, begun.told.root, begun.told.alert.id) == ("ts-1", "ts-1", "truce-1")
    assert queue.recent == (NOON,)
    store.receipt(begun.first, Delivered("ts-2"), now=SOON)
    owe(store, "truce", "desk/1")
    _, queue = plan_of(store, 4, SendNow())
    assert queue.told is not None
    assert (queue.told.ref, queue.told.root) == ("ts-2", "ts-1")


def test_an_escalation_waits_for_its_time_and_stands_in_nobodys_way(store: Store) -> None:
    def judge(case: Case, _: list[Evidence]) -> Applied:
        made = told(case, "desk/1")
        later = NewDelivery(alert_id=made.outcome.alerts[0].id, address="boss/9", next_at=SOON, escalates=True)
        return replace(made, deliveries=(*made.deliveries, later))

    store.apply("truce", judge)
    owe(store, "truce", "boss/9")
    assert due(store) == [1, 3]
    store.acknowledge("truce-1", by="ann", at=NOON)
    _, queue = plan_of(store, 3, SendNow())
    assert queue.acks != ()
    store.receipt(store.deliveries()[0], Delivered(), now=NOON)
    _, queue = plan_of(store, 2, SendNow(), now=SOON)
    assert [ack.by for ack in queue.acks] == ["ann"]


def test_silences_hold_until_they_end(store: Store) -> None:
    made = DeskSilence(by="ann", reason="drill", at=NOON, until=SOON, question="truce", up_to=Severity.URGENT)
    number = store.silence(made)
    [kept] = store.silences(since=NOON)
    assert kept == replace(made, id=number)
    assert kept.covers("truce", "desk/1", Severity.ROUTINE, NOON)
    assert not kept.covers("truce", "desk/1", Severity.FLASH, NOON)
    assert not kept.covers("plant", "desk/1", Severity.ROUTINE, NOON)
    assert not kept.covers("truce", "desk/1", Severity.ROUTINE, SOON)
    store.end_silence(number, by="bob", at=NOON)
    assert not store.silences(since=NOON)[0].covers("truce", "desk/1", Severity.ROUTINE, NOON)
    with pytest.raises(NotFoundError, match=f"no silence {number} holds"):
        store.end_silence(number, by="bob", at=NOON)


def test_an_alert_that_is_not_there_cannot_be_acknowledged(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no alert 'truce-9'"):
        store.acknowledge("truce-9", by="ann", at=NOON)


def test_what_was_held_and_then_put_off_by_its_service_goes_before_what_is_later(store: Store) -> None:
    """It was found by a seed of the proof: a hold that had ended let later news of the question pass."""
    owe(store, "truce", "desk/1")
    plan_of(store, 1, HoldBack(NOON, Hold.PACE))
    store.receipt(claim(store, 1), RetryLater("503"), now=NOON, next_at=SOON)
    owe(store, "truce", "desk/1")
    assert due(store) == []
    assert store.due_deliveries(SOON, NOON, 9) == [1]
