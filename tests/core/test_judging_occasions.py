"""A question that recurs: each call, each truce has answers, standings and alerts of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.model.change import Reason
from alerts.model.question import Occasions
from judging import CALL, TRUCE, at, judge, seen, stands, told


def occasions(outcome: object) -> list[str]:
    return [one.id for one in outcome.case.occasions]  # type: ignore[attr-defined]


def test_a_call_has_the_day_it_was_announced_for() -> None:
    outcome = judge(CALL, seen("scheduled", day=at(days=2).date()))
    assert occasions(outcome) == ["2025-03-20"]
    assert outcome.changes[0].occasion == "2025-03-20"


def test_news_of_the_same_call_stay_with_it_and_only_move_forward() -> None:
    outcome = judge(
        CALL,
        seen("scheduled", day=at().date()),
        seen("started", when=at(60)),
        seen("scheduled", "daily", when=at(70), day=at().date()),
        seen("ended", when=at(180)),
        seen("ended_with_agreement", when=at(200)),
        seen("ended", "daily", when=at(600)),
    )
    assert occasions(outcome) == ["2025-03-18"]
    assert [answer for _, answer in told(outcome)] == ["scheduled", "started", "ended", "ended_with_agreement"]


def test_an_announcement_for_a_later_day_opens_the_next_call_although_the_last_is_not_quiet() -> None:
    outcome = judge(CALL, seen("ended"), seen("scheduled", when=at(120), day=at(days=3).date()))
    assert occasions(outcome) == ["2025-03-18", "2025-03-21"]
    assert told(outcome)[-1] == (Reason.FIRST_REPORT, "scheduled")


def test_within_the_quiet_time_an_opening_answer_without_a_later_day_is_about_the_call_that_was() -> None:
    outcome = judge(CALL, seen("ended"), seen("scheduled", when=at(120)), seen("started", "daily", when=at(130)))
    assert occasions(outcome) == ["2025-03-18"]
    assert len(told(outcome)) == 1


def test_what_refines_a_closed_call_within_the_quiet_time_is_told() -> None:
    outcome = judge(CALL, seen("ended"), seen("ended_with_agreement", when=at(days=1)))
    assert told(outcome)[-1] == (Reason.ANSWER_CHANGED, "ended_with_agreement")


def test_a_result_after_a_long_silence_is_another_call() -> None:
    outcome = judge(CALL, seen("ended"), seen("ended", when=at(days=40)))
    assert occasions(outcome) == ["2025-03-18", "2025-04-27"]
    assert told(outcome)[-1] == (Reason.FIRST_REPORT, "ended")


def test_a_result_before_the_announced_day_is_about_the_call_before() -> None:
    outcome = judge(
        CALL,
        seen("ended"),
        seen("scheduled", when=at(60), day=at(days=4).date()),
        seen("ended_with_agreement", "daily", when=at(90)),
    )
    assert occasions(outcome) == ["2025-03-18", "2025-03-22"]
    assert stands(outcome)[0] == "scheduled"
    assert outcome.case.occasions[0].stands[""].answer == "ended_with_agreement"


def test_an_announced_call_that_nobody_saw_end_does_not_swallow_the_next() -> None:
    outcome = judge(
        CALL,
        seen("scheduled", day=at().date()),
        seen("scheduled", when=at(days=5), day=at(days=6).date()),
    )
    assert occasions(outcome) == ["2025-03-18", "2025-03-24"]


def test_a_postponed_call_keeps_its_occasion_and_takes_the_new_day() -> None:
    outcome = judge(
        CALL,
        seen("scheduled", day=at(days=1).date()),
        seen("postponed", when=at(60), day=at(days=3).date()),
        seen("started", when=at(days=3)),
    )
    assert occasions(outcome) == ["2025-03-19"]
    assert outcome.case.occasions[0].day == at(days=3).date()
    assert [answer for _, answer in told(outcome)] == ["scheduled", "postponed", "started"]


def test_a_copy_opens_nothing() -> None:
    outcome = judge(
        CALL,
        seen("scheduled", text="call on friday", day=at(days=1).date()),
        seen("cancelled", when=at(10)),
        seen("scheduled", "daily", text="call on friday", when=at(days=2.5), day=at(days=4).date()),
    )
    assert occasions(outcome) == ["2025-03-19"]


def test_by_object_each_truce_stands_for_itself_and_comes_back_another_year() -> None:
    truces = replace(TRUCE, occasions=Occasions(by_object=True, quiet=timedelta(days=30)))
    outcome = judge(
        truces,
        seen("accepted", thing="harvest-truce"),
        seen("accepted", thing="winter-truce", when=at(5)),
        seen("rejected", "daily", thing="harvest-truce", when=at(60)),
        seen("accepted", thing="winter-truce", when=at(days=300)),
    )
    assert occasions(outcome) == ["harvest-truce-2025-03-18", "winter-truce-2025-03-18", "winter-truce-2026-01-12"]
    assert [reason for reason, _ in told(outcome)] == [
        Reason.FIRST_REPORT,
        Reason.FIRST_REPORT,
        Reason.ANSWER_CHANGED,
        Reason.FIRST_REPORT,
    ]


def test_what_is_said_of_a_vague_thing_is_said_of_the_one_spoken_of_last() -> None:
    truces = replace(TRUCE, occasions=Occasions(by_object=True, quiet=timedelta(days=30), vague=("some-truce",)))
    outcome = judge(
        truces,
        seen("accepted", thing="harvest-truce"),
        seen("accepted", "daily", thing="some-truce", when=at(5)),
        seen("accepted", "post", thing="some-truce", when=at(days=90)),
        seen("accepted", "times", thing="winter-truce", when=at(20, days=90)),
    )
    assert occasions(outcome) == ["harvest-truce-2025-03-18", "some-truce-2025-06-16"]
    assert [reason for reason, _ in told(outcome)] == [
        Reason.FIRST_REPORT,
        Reason.CONFIRMED,
        Reason.FIRST_REPORT,
        Reason.CONFIRMED,
    ]
