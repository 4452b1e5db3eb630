"""What an address is sent, and when: pace, quiet hours, silences, acknowledgements, escalation, and threads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from alerts.delivery.routes import owed
from alerts.model.acts import DeskSilence
from alerts.model.case import Case, Outcome
from alerts.model.change import Alert, Reason, Standing
from alerts.model.delivery import Address, Delivered, DeliveryState, GiveUp, Message, RetryLater, Unknown
from alerts.model.ledger import Applied
from alerts.model.question import Answer, Escalate, Question, Severity
from alerts.model.route import Quiet, Route, Terms
from fakes import HandClock
from newsroom import Newsroom
from telling import answer

BOSS = Address(id="boss/9", channel="boss", url="json://boss")


def question(name: str, **fields: Any) -> Question:
    answers = (Answer(id="rejected", says="It is rejected", severity=Severity.FLASH),)
    return Question(id=name, story="war", path="", text=f"{name}?", answers=answers, hash="1", notify="desk", **fields)


def judge(room: Newsroom, name: str = "truce", *, escalate: Escalate | None = None, **fields: Any) -> Alert:
    """Let a question be judged so that everybody on its route is owed one alert more; return that alert."""
    made: list[Alert] = []
    asked = question(name, escalate=escalate)

    def decide(case: Case, _: object) -> Applied:
        now = room.clock.now()
        known = {
            "severity": Severity.ROUTINE,
            "was": None,
            "says": f"{name} moves {case.seq + 1}",
            "quotes": (),
        } | fields
        alert = answer(id=f"{name}-{case.seq + 1}", question=name, text=f"{name}?", at=now, notify="desk", **known)
        made.append(alert)
        book = room.dispatch.in_force.book
        told = room.store.told_addresses(alert.thread)
        return Applied(
            outcome=Outcome(case=replace(case, seq=case.seq + 1), alerts=(alert,)),
            deliveries=owed(alert, asked, book, told=told, now=now),
        )

    room.store.apply(name, decide)
    return made[0]


def route(room: Newsroom, *terms: Terms) -> None:
    """Put a route in force under the name the questions use."""
    channels = {**room.channels, "boss": (BOSS,)}
    in_force = replace(room.dispatch.in_force, channels=channels, routes={"desk": Route(id="desk", terms=terms)})
    room.dispatch.in_force = in_force


def test_of_a_flood_a_few_come_at_once_and_the_rest_in_one_message_that_counts_them(room: Newsroom) -> None:
    for n in range(500):
        judge(room, f"q{n}")
    sent = room.work()
    assert len(sent) == 5
    assert sum("1 messages" not in one and " messages · " not in one for one in sent) == 4
    assert "496 messages" in sent[-1]
    assert "… and " in sent[-1]
    assert room.store.counts().deliveries == {DeliveryState.SENT: 500}
    assert room.work(minutes=30) == []


def test_a_flash_in_a_flood_goes_first(room: Newsroom) -> None:
    for n in range(50):
        judge(room, f"q{n}")
    judge(room, "truce", severity=Severity.FLASH)
    assert room.work()[0].startswith("FLASH")


def test_what_comes_while_the_pace_is_used_up_waits_ten_minutes(room: Newsroom) -> None:
    for n in range(5):
        judge(room, f"q{n}")
        assert len(room.work(seconds=1)) == 1
    judge(room, "late-1")
    judge(room, "late-2")
    assert room.work(seconds=1) == []
    [digest] = room.work(minutes=10)
    assert "2 messages · on 2 questions" in digest
    assert "late-1 moves 1" in digest
    assert "late-2-1" in digest


def test_in_quiet_hours_only_a_flash_comes_and_takes_along_what_its_question_held(room: Newsroom) -> None:
    route(room, Terms(channel="desk", quiet=Quiet(start=time(11), end=time(14))))
    judge(room, "truce")
    judge(room, "plant")
    assert room.work() == []
    judge(room, "truce", severity=Severity.FLASH, says="Truce is signed")
    [flash] = room.work(minutes=30)
    assert flash.startswith("FLASH · REPORTED · DELAYED · Truce is signed")
    assert "more." not in flash
    assert "Held back until now:" in flash
    assert "truce moves 1" in flash
    assert "plant" not in flash
    [morning] = room.work(hours=2)
    assert "plant moves 1" in morning
    assert "DELAYED" in morning


def test_a_silence_keeps_alerts_away_and_they_stay_on_record(room: Newsroom) -> None:
    now = room.clock.now()
    room.store.silence(DeskSilence(by="ann", reason="drill", at=now, until=now + timedelta(hours=1), question="truce"))
    judge(room, "truce", severity=Severity.FLASH)
    judge(room, "plant")
    [other] = room.work()
    assert "plant moves" in other
    [muted] = room.store.deliveries(DeliveryState.MUTED)
    assert muted.error == "silence 1 by ann: drill"
    judge(room, "truce")
    assert len(room.work(hours=1)) == 1


def test_nobody_is_woken_for_what_somebody_takes_care_of(room: Newsroom) -> None:
    route(room, Terms(channel="desk"))
    escalate = Escalate(to="boss", after=timedelta(minutes=10))
    alert = judge(room, "truce", severity=Severity.FLASH, escalate=escalate)
    assert len(room.work()) == 1
    room.store.acknowledge(alert.id, by="ann", at=room.clock.go(minutes=5))
    assert room.work(minutes=10) == []
    [muted] = room.store.deliveries(DeliveryState.MUTED)
    assert (muted.error or "").startswith("acknowledged by ann")


def test_when_nobody_acknowledges_the_next_one_is_told_and_told_why(room: Newsroom) -> None:
    route(room, Terms(channel="desk"))
    judge(room, "truce", severity=Severity.FLASH, escalate=Escalate(to="boss", after=timedelta(minutes=10)))
    assert len(room.work(minutes=9)) == 1
    [woken] = room.work(minutes=2)
    assert woken.startswith("FLASH · NOT ACKNOWLEDGED · ")
    assert "Nobody has acknowledged it so far." in woken
    assert room.send.sent[-1][0] == "boss/9"


def test_an_acknowledgement_of_an_earlier_alert_does_not_count_for_a_later_one(room: Newsroom) -> None:
    route(room, Terms(channel="desk"))
    escalate = Escalate(to="boss", after=timedelta(minutes=10))
    first = judge(room, "truce", severity=Severity.FLASH, escalate=escalate)
    room.store.acknowledge(first.id, by="ann", at=room.clock.go(minutes=1))
    room.clock.go(minutes=1)
    judge(room, "truce", severity=Severity.FLASH, escalate=escalate)
    room.work()
    assert len([one for one in room.work(minutes=30) if "NOT ACKNOWLEDGED" in one]) == 1


def last(room: Newsroom) -> Message:
    return room.send.sent[-1][1]


def test_a_confirmation_takes_the_place_of_the_message_it_confirms(room: Newsroom) -> None:
    room.send.receipts = [Delivered("ts-1"), Delivered("ts-1")]
    judge(room, "truce")
    room.work()
    assert (last(room).ref, last(room).root) == (None, None)
    judge(room, "truce", reason=Reason.CONFIRMED, standing=Standing.CONFIRMED)
    room.work(minutes=1)
    assert (last(room).ref, last(room).root, last(room).thread) == ("ts-1", "ts-1", "truce")


def test_another_answer_is_a_new_message_in_the_same_thread(room: Newsroom) -> None:
    room.send.receipts = [Delivered("ts-1"), Delivered("ts-2"), Delivered("ts-3")]
    judge(room, "truce")
    room.work()
    judge(room, "truce", answer="accepted")
    room.work(minutes=1)
    assert (last(room).ref, last(room).root) == (None, "ts-1")
    judge(room, "truce", answer="rejected", occasion="2")
    room.work(minutes=1)
    assert (last(room).root, last(room).thread) == (None, "truce/2")


def test_what_is_taken_back_says_what_was_told_and_when_and_goes_to_nobody_else(room: Newsroom) -> None:
    route(room, Terms(channel="desk"))
    judge(room, "truce", says="Russia accepts the truce")
    room.work()
    route(room, Terms(channel="desk"), Terms(channel="boss"))
    judge(room, "truce", reason=Reason.RETRACTED, standing=Standing.RETRACTED, says="Russia accepts the truce")
    [back] = room.work(minutes=7)
    assert back.startswith("ROUTINE · RETRACTED · Taken back: Russia accepts the truce")
    assert "You were told at 12:00 UTC: “Russia accepts the truce”" in back
    assert room.send.sent[-1][0] == "desk/1"


def test_a_message_of_several_with_a_lost_reply_is_repeated_whole_and_says_so(room: Newsroom) -> None:
    route(room, Terms(channel="desk", quiet=Quiet(start=time(11), end=time(13))))
    for name in ("truce", "plant", "call"):
        judge(room, name)
    room.work()
    room.send.receipts = [Unknown("the reply was lost")]
    [first] = room.work(hours=1)
    [second] = room.work(minutes=5)
    assert "REPEAT" not in first
    assert "3 messages · POSSIBLE REPEAT" in second
    assert all(f"{name} moves 1" in second for name in ("truce", "plant", "call"))
    assert room.store.counts().deliveries == {DeliveryState.SENT: 3}


def test_too_many_requests_hold_the_address_and_no_other(room: Newsroom) -> None:
    route(room, Terms(channel="desk"), Terms(channel="boss"))
    room.send.receipts = [RetryLater("429", after=120.0)]
    judge(room, "truce")
    judge(room, "plant")
    assert len(room.work()) == 3
    assert sorted(to for to, _ in room.send.sent) == ["boss/9", "boss/9", "desk/1"]
    assert room.work(seconds=60) == []
    [message] = room.work(seconds=120)  # what waited meanwhile comes along
    assert "truce-1" in message
    assert "plant-1" in message


def test_a_message_refused_for_good_leaves_every_part_of_it_on_record(room: Newsroom) -> None:
    route(room, Terms(channel="desk", quiet=Quiet(start=time(11), end=time(13))))
    judge(room, "truce")
    judge(room, "plant")
    room.work()
    room.send.receipts = [GiveUp("the token was revoked")]
    room.work(hours=1)
    assert [one.error for one in room.store.deliveries(DeliveryState.DEAD)] == ["the token was revoked"] * 2


def test_a_clock_a_little_behind_the_steady_one_stops_nobody(room: Newsroom) -> None:
    class Behind(HandClock):
        def steady(self) -> datetime:
            return self.now() + timedelta(microseconds=1)

    room.outside = replace(room.outside, clock=Behind(room.clock.now()))
    judge(room, "truce")
    assert len(room.work()) == 1
