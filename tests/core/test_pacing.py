"""What becomes of a delivery when its turn comes: sent alone or with others, held back, muted. Never dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery.pacing import next_of, plan, quiet_until
from alerts.model.acts import Acknowledgement, DeskSilence
from alerts.model.change import Reason
from alerts.model.delivery import Delivery, DeliveryState, Hold, Told
from alerts.model.outbox import HoldBack, Mute, Plan, Queue, SendNow
from alerts.model.question import Severity
from alerts.model.route import Pace, Quiet, Terms
from telling import answer

NOW = datetime(2025, 3, 18, 23, 30, tzinfo=UTC)
PACE = Pace(3, timedelta(minutes=10))
NIGHT = Quiet(start=time(23), end=time(6), let_through=Severity.FLASH)
DESK = Terms(channel="desk", pace=PACE)


def delivery(id_: int, *, severity: Severity = Severity.ROUTINE, question: str = "truce", **fields: Any) -> Delivery:
    alert = answer(id=f"{question}-{id_}", question=question, severity=severity, at=NOW, **fields.pop("alert", {}))
    known = {"state": DeliveryState.PENDING, "attempts": 0, "next_at": NOW, "created_at": NOW, "severity": severity}
    return Delivery(**{"id": id_, "alert": alert, "address": "desk/1", **known, **fields})


def planned(first: Delivery, *others: Delivery, terms: Terms = DESK, now: datetime = NOW, **known: Any) -> Plan:
    return plan(Queue(first=first, others=others, **known), lambda _: terms, "Europe/Vienna", now)


def minutes_ago(*minutes: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(minutes=one) for one in minutes)


def test_what_is_due_is_sent_by_itself() -> None:
    assert planned(delivery(1), delivery(2)) == SendNow()


def test_the_last_message_of_the_pace_takes_all_that_is_due() -> None:
    others = [delivery(2), delivery(3, question="plant"), delivery(4, next_at=NOW + timedelta(hours=1))]
    assert planned(delivery(1), *others, recent=minutes_ago(1, 2)) == SendNow((2, 3))


def test_beyond_the_pace_it_waits_until_the_first_of_them_is_ten_minutes_ago() -> None:
    held = planned(delivery(1), recent=minutes_ago(1, 2, 7, 50))
    assert held == HoldBack(NOW + timedelta(minutes=3), Hold.PACE)


def test_a_flood_is_put_off_at_one_stroke() -> None:
    others = [delivery(n, question=f"q{n}") for n in range(2, 9)]
    loud = delivery(99, severity=Severity.FLASH)
    held = planned(delivery(1), *others, loud, recent=minutes_ago(1, 2, 3))
    assert held == HoldBack(NOW + timedelta(minutes=7), Hold.PACE, tuple(range(2, 9)))


def test_what_was_held_goes_out_together_when_its_time_comes() -> None:
    others = [
        delivery(2, hold=Hold.PACE, next_at=NOW + timedelta(seconds=1)),
        delivery(3, escalates=True),
        delivery(4, severity=Severity.FLASH),
    ]
    assert planned(delivery(1, hold=Hold.PACE), *others) == SendNow((2,))


def test_no_news_overtakes_older_news_of_its_question_whatever_that_waits_for() -> None:
    held = delivery(1, hold=Hold.PACE, next_at=NOW + timedelta(minutes=1))
    assert planned(delivery(2), held) == SendNow((1,))
    doubted = delivery(1, question="plant", next_at=NOW + timedelta(minutes=1))
    assert planned(delivery(3, attempts=1), doubted, delivery(4, question="plant")) == SendNow((1, 4))


def test_what_its_service_put_off_takes_along_what_came_meanwhile() -> None:
    assert planned(delivery(1, attempts=1), delivery(2, question="plant")) == SendNow((2,))
    assert planned(delivery(1, attempts=1)) == SendNow()


def test_a_flash_never_waits() -> None:
    flash = delivery(9, severity=Severity.FLASH)
    assert planned(flash, recent=minutes_ago(1, 2, 3, 4), terms=replace(DESK, quiet=NIGHT)) == SendNow()


def test_a_flash_takes_along_what_was_held_of_its_question() -> None:
    flash = delivery(9, severity=Severity.FLASH)
    held = [delivery(1, hold=Hold.QUIET, next_at=NOW + timedelta(hours=6)), delivery(2, question="plant")]
    assert planned(flash, *held) == SendNow((1,))


def test_a_flood_of_flashes_is_one_message_not_many() -> None:
    flashes = [delivery(n, severity=Severity.FLASH, question=f"q{n}") for n in range(2, 30)]
    sent = planned(delivery(1, severity=Severity.FLASH), *flashes, recent=minutes_ago(0, 1, 2))
    assert sent == SendNow(tuple(range(2, 30)))


def test_in_quiet_hours_all_but_the_loudest_waits_for_the_morning() -> None:
    terms = replace(DESK, quiet=NIGHT)
    morning = datetime(2025, 3, 19, 5, tzinfo=UTC)  # six in Vienna, the reader's zone
    assert planned(delivery(1), terms=terms) == HoldBack(morning, Hold.QUIET)
    assert planned(delivery(1, severity=Severity.URGENT), terms=terms) == HoldBack(morning, Hold.QUIET)
    louder = replace(terms, quiet=replace(NIGHT, let_through=Severity.URGENT))
    assert planned(delivery(1, severity=Severity.URGENT), terms=louder) == SendNow()
    held = delivery(1, hold=Hold.QUIET)
    assert planned(held, delivery(2, hold=Hold.QUIET), terms=terms, now=morning) == SendNow((2,))


def test_quiet_hours_have_the_zone_they_name() -> None:
    terms = replace(DESK, quiet=replace(NIGHT, zone="Asia/Tokyo"))
    assert planned(delivery(1), terms=terms) == SendNow()  # half past eight in the morning there


def test_who_reads_at_set_times_gets_it_then() -> None:
    terms = replace(DESK, digest=(time(8), time(16)))
    at = datetime(2025, 3, 19, 7, tzinfo=UTC)
    assert planned(delivery(1), terms=terms) == HoldBack(at, Hold.DIGEST)
    assert planned(delivery(1, hold=Hold.DIGEST), delivery(2, hold=Hold.DIGEST), terms=terms) == SendNow((2,))


SILENCE = DeskSilence(id=7, by="ann", reason="drill", at=NOW, until=NOW + timedelta(hours=1), question="truce")


def test_a_silence_mutes_and_says_whose_it_is() -> None:
    assert planned(delivery(1), silences=(SILENCE,)) == Mute("silence 7 by ann: drill")
    assert planned(delivery(1, question="plant"), silences=(SILENCE,)) == SendNow()
    assert planned(delivery(1), silences=(SILENCE,), now=NOW + timedelta(hours=1)) == SendNow()


@pytest.mark.parametrize(("address", "muted"), [("desk/1", True), ("desk", True), ("night", False), ("desk/2", False)])
def test_a_silence_may_be_for_one_address_or_a_channel(address: str, muted: bool) -> None:
    one = replace(SILENCE, address=address)
    assert isinstance(planned(delivery(1), silences=(one,)), Mute) is muted


def test_what_is_silenced_is_not_taken_along() -> None:
    silenced = delivery(2, question="plant", hold=Hold.PACE)
    quiet = replace(SILENCE, question="plant")
    assert planned(delivery(1, hold=Hold.PACE), silenced, silences=(quiet,)) == SendNow()


ACK = Acknowledgement(alert="truce-1", thread="truce", by="ann", at=NOW)


def test_an_escalation_goes_out_loudly_unless_somebody_acknowledged() -> None:
    late = delivery(1, escalates=True)
    assert planned(late, terms=replace(DESK, quiet=NIGHT), recent=minutes_ago(1, 2, 3)) == SendNow()
    assert planned(late, acks=(ACK,)) == Mute("acknowledged by ann at 2025-03-18 23:30 UTC")


def test_an_acknowledgement_is_no_silence() -> None:
    assert planned(delivery(1), acks=(ACK,)) == SendNow()


def test_a_claim_that_was_overtaken_is_not_told_after_the_fact() -> None:
    claim = delivery(1, alert={"reason": Reason.CLAIMED})
    same = delivery(2, alert={"reason": Reason.FIRST_REPORT})
    other = delivery(2, alert={"reason": Reason.FIRST_REPORT, "answer": "accepted"})
    assert isinstance(planned(claim, same), Mute)
    assert planned(claim, other) == SendNow()
    told = Told(alert=replace(same.alert, at=NOW + timedelta(minutes=1)), at=NOW)
    assert isinstance(planned(claim, told=told), Mute)
    before = Told(alert=replace(same.alert, at=NOW - timedelta(minutes=1)), at=NOW)
    assert planned(claim, told=before) == SendNow()


# --- hours ----------------------------------------------------------------------------------------

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2025-03-18T22:00+00:00", "2025-03-19T05:00+00:00"),
        ("2025-03-19T04:59+00:00", "2025-03-19T05:00+00:00"),
        ("2025-03-19T05:00+00:00", None),
        ("2025-03-18T21:59+00:00", None),
        ("2025-03-29T22:30+00:00", "2025-03-30T04:00+00:00"),  # the night an hour is left out
        ("2025-10-25T21:30+00:00", "2025-10-26T05:00+00:00"),  # the night one comes twice
    ],
)
def test_quiet_hours_go_over_midnight_and_over_the_change_of_time(now: str, until: str | None) -> None:
    found = quiet_until(time(23), time(6), VIENNA, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(until) if until else None)


MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(start=TIMES, end=TIMES, now=MOMENTS)
def test_quiet_hours_always_end_later_and_within_a_day(start: time, end: time, now: datetime) -> None:
    found = quiet_until(start, end, VIENNA, now)
    assert found is None or now < found <= now + timedelta(hours=25)


@given(times=st.lists(TIMES, min_size=1, max_size=4), now=MOMENTS)
def test_the_next_reading_time_is_later_and_within_a_day(times: list[time], now: datetime) -> None:
    assert now < next_of(tuple(times), VIENNA, now) <= now + timedelta(hours=25)


# --- nothing is dropped ----------------------------------------------------------------------------


@given(
    severities=st.lists(st.sampled_from([Severity.FLASH, Severity.URGENT, Severity.ROUTINE]), min_size=1, max_size=40),
    gaps=st.lists(st.integers(0, 90), min_size=40, max_size=40),
    night=st.booleans(),
)
def test_everything_is_told_once_within_the_pace_and_a_flash_at_once(
    severities: list[Severity], gaps: list[int], night: bool
) -> None:
    """Play an address by hand: what is due is planned until nothing is; then every alert was told exactly once."""
    terms = replace(DESK, quiet=NIGHT if night else None)
    at, waiting, sent, told = NOW, dict[int, Delivery](), list[datetime](), list[int]()
    paced: list[datetime] = []
    for n, severity in enumerate(severities):
        at += timedelta(seconds=gaps[n])
        waiting[n] = replace(delivery(n, severity=severity, question=f"q{n % 3}"), next_at=at, created_at=at)
    now = NOW
    while waiting:
        now = max(now, min(one.next_at for one in waiting.values()))
        due = sorted(
            (one for one in waiting.values() if one.next_at <= now),
            key=lambda one: (list(Severity).index(one.severity), one.next_at, one.id),
        )
        others = tuple(one for one in waiting.values() if one.id != due[0].id and one.created_at <= now)
        found = planned(due[0], *others, terms=terms, now=now, recent=tuple(reversed(sent)))
        if isinstance(found, HoldBack):
            assert found.until > now
            assert due[0].severity is not Severity.FLASH
            for id_ in (due[0].id, *found.along):
                assert waiting[id_].severity is not Severity.FLASH
                waiting[id_] = replace(waiting[id_], next_at=found.until, hold=found.why)
            continue
        assert isinstance(found, SendNow)
        for id_ in (due[0].id, *found.along):
            one = waiting.pop(id_)
            told.append(id_)
            assert one.severity is not Severity.FLASH or now - one.created_at <= timedelta(seconds=1)
        sent.append(now)
        if due[0].severity is not Severity.FLASH:
            paced.append(now)
    assert sorted(told) == list(range(len(severities)))
    for at in paced:
        assert sum(at - PACE.within < other <= at for other in paced) <= PACE.messages
