"""The rows of the judging table: what comes, what stands afterwards, what is told and how loudly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import judging
from alerts.judging.advance import advance
from alerts.model.case import Case, Outcome
from alerts.model.change import Reason, Standing
from alerts.model.feed import FeedKind, Reliability
from alerts.model.question import Question, Severity
from alerts.model.verdict import Evidence, Silence, VerdictKind
from judging import CALL, NOON, TRUCE, at

QUESTION = TRUCE


def seen(answer: str | None, owner: str = "wire", *, minutes: float = 0, **fields: Any) -> Evidence:
    """Return evidence for an answer, so many minutes after noon."""
    return judging.seen(answer, owner, when=at(minutes), **fields)


def judge(*evidence: Evidence, question: Question = QUESTION, apart: bool = True) -> list[Outcome]:
    """Judge evidence, each in a round of its own, or all in one."""
    case, outcomes = Case(question=question.id), []
    for batch in [[one] for one in evidence] if apart else [list(evidence)]:
        outcome = advance(question, case, batch, batch[-1].at)
        case = outcome.case
        outcomes.append(outcome)
    return outcomes


def told(outcomes: list[Outcome]) -> list[tuple[Reason, str | None, Severity]]:
    return [(alert.reason, alert.answer, alert.severity) for outcome in outcomes for alert in outcome.alerts]


def stands(outcomes: list[Outcome], aspect: str = "") -> tuple[str | None, Standing | None]:
    return judging.stands(outcomes[-1], aspect)


def test_the_first_report_is_told_at_once_as_one_source() -> None:
    outcomes = judge(seen("accepted"))
    assert told(outcomes) == [(Reason.FIRST_REPORT, "accepted", Severity.FLASH)]
    assert stands(outcomes) == ("accepted", Standing.REPORTED)
    assert "1 independent source" in outcomes[0].alerts[0].why


def test_a_second_independent_source_confirms_one_severity_lower() -> None:
    outcomes = judge(seen("accepted"), seen("accepted", "daily", minutes=5))
    assert told(outcomes)[1:] == [(Reason.CONFIRMED, "accepted", Severity.URGENT)]
    assert stands(outcomes) == ("accepted", Standing.CONFIRMED)


def test_the_same_owner_twice_or_a_copy_confirms_nothing() -> None:
    outcomes = judge(
        seen("accepted", text="a"), seen("accepted", minutes=1), seen("accepted", "daily", text="a", minutes=2)
    )
    assert stands(outcomes) == ("accepted", Standing.REPORTED)
    assert len(told(outcomes)) == 1


def test_a_second_source_outside_the_time_confirms_nothing() -> None:
    outcomes = judge(seen("accepted"), seen("accepted", "daily", minutes=45))
    assert stands(outcomes) == ("accepted", Standing.REPORTED)


def test_the_actors_own_page_confirms_alone() -> None:
    outcomes = judge(seen("rejected"), seen("rejected", "them", source=FeedKind.OFFICIAL, minutes=1))
    assert stands(outcomes) == ("rejected", Standing.CONFIRMED)


def test_reported_and_confirmed_in_one_round_is_one_message() -> None:
    outcomes = judge(seen("accepted"), seen("accepted", "daily", minutes=1), apart=False)
    [alert] = outcomes[0].alerts
    assert (alert.reason, alert.standing, alert.severity) == (Reason.FIRST_REPORT, Standing.CONFIRMED, Severity.FLASH)
    assert len(outcomes[0].changes) == 2
    assert [quote.source for quote in alert.quotes] == ["Wire", "Daily"]


def test_a_reported_answer_gives_way_and_the_message_says_what_it_was() -> None:
    outcomes = judge(seen("accepted"), seen("rejected", "daily", minutes=5))
    assert told(outcomes)[1:] == [(Reason.ANSWER_CHANGED, "rejected", Severity.URGENT)]
    assert outcomes[1].alerts[0].was == "accepted"


def test_a_confirmed_answer_gives_way_only_to_one_that_is_sure() -> None:
    sure = [seen("accepted"), seen("accepted", "daily", minutes=1)]
    one_against = judge(*sure, seen("rejected", "post", minutes=2))
    assert stands(one_against) == ("accepted", Standing.DISPUTED)
    assert told(one_against)[-1][0] is Reason.DISPUTED
    two_against = judge(*sure, seen("rejected", "post", minutes=2), seen("rejected", "times", minutes=3))
    assert stands(two_against) == ("rejected", Standing.CONFIRMED)
    official = judge(*sure, seen("rejected", "them", source=FeedKind.OFFICIAL, minutes=2))
    assert stands(official) == ("rejected", Standing.CONFIRMED)


def test_a_weak_answer_fills_an_empty_question_and_never_displaces() -> None:
    assert stands(judge(seen("undecided"))) == ("undecided", Standing.REPORTED)
    outcomes = judge(seen("rejected"), seen("undecided", "daily", minutes=1))
    assert stands(outcomes) == ("rejected", Standing.REPORTED)
    assert len(told(outcomes)) == 1


def test_a_third_partys_word_is_told_once_an_answer_and_speaker_and_changes_nothing() -> None:
    claim = VerdictKind.CLAIMED
    outcomes = judge(
        seen("undecided"),
        seen("accepted", kind=claim, speaker="mediator", minutes=1),
        seen("accepted", "daily", kind=claim, speaker="mediator", minutes=2),
        seen("accepted", "daily", kind=claim, speaker="neighbour", minutes=3),
    )
    assert [one[0] for one in told(outcomes)[1:]] == [Reason.CLAIMED, Reason.CLAIMED]
    assert told(outcomes)[1][2] is Severity.URGENT
    assert stands(outcomes) == ("undecided", Standing.REPORTED)


@pytest.mark.parametrize(
    ("source", "grade"),
    [(FeedKind.SOCIAL, Reliability.B), (FeedKind.AGGREGATOR, Reliability.B), (FeedKind.OUTLET, Reliability.E)],
)
def test_hearsay_alone_is_a_claim(source: FeedKind, grade: Reliability) -> None:
    outcomes = judge(seen("accepted", source=source, grade=grade))
    assert told(outcomes) == [(Reason.CLAIMED, "accepted", Severity.URGENT)]
    assert stands(outcomes) == (None, None)


def test_a_denied_report_is_disputed_never_its_opposite() -> None:
    outcomes = judge(seen("accepted"), seen("accepted", "daily", kind=VerdictKind.DENIED, minutes=1))
    assert stands(outcomes) == ("accepted", Standing.DISPUTED)
    assert told(outcomes)[-1] == (Reason.DISPUTED, "accepted", Severity.FLASH)
    assert told(judge(seen("accepted", kind=VerdictKind.DENIED))) == []


def test_unclear_evidence_tells_nobody_anything() -> None:
    outcomes = judge(seen(None, kind=VerdictKind.UNCLEAR))
    assert (told(outcomes), outcomes[0].changes, outcomes[0].case.stands) == ([], (), {})


def test_old_news_fills_the_state_and_is_never_told() -> None:
    outcomes = judge(seen("rejected", silence=Silence.PRIMING), seen("rejected", "daily", minutes=40))
    assert stands(outcomes) == ("rejected", Standing.REPORTED)
    assert told(outcomes) == []


def test_late_news_is_marked_and_no_flash() -> None:
    late = seen("accepted")
    item = replace(late.item, published=NOON - timedelta(hours=3))
    [alert] = judge(replace(late, item=item))[0].alerts
    assert (alert.late, alert.severity) == (True, Severity.URGENT)


def test_within_an_occasion_answers_only_move_forward() -> None:
    outcomes = judge(
        seen("started"),
        seen("ended_with_agreement", minutes=90),
        seen("ended", "b", minutes=95),
        seen("scheduled", "c", minutes=99),
        question=CALL,
    )
    assert [one[1] for one in told(outcomes)] == ["started", "ended_with_agreement"]


def test_after_a_quiet_time_an_opening_answer_opens_another_occasion() -> None:
    soon = judge(seen("ended"), seen("scheduled", minutes=60), question=CALL)
    assert stands(soon) == ("ended", Standing.REPORTED)
    later = judge(seen("ended"), seen("scheduled", minutes=60 * 49), question=CALL)
    assert stands(later) == ("scheduled", Standing.REPORTED)
    assert told(later)[-1][0] is Reason.FIRST_REPORT


def test_what_recurs_is_told_again_after_its_time() -> None:
    recurring = replace(QUESTION, again=timedelta(hours=24))
    assert len(told(judge(seen("accepted"), seen("accepted", minutes=60), question=recurring))) == 1
    assert len(told(judge(seen("accepted"), seen("accepted", minutes=1500), question=recurring))) == 2


def test_an_answer_may_recur_where_the_others_do_not() -> None:
    accepted, *others = QUESTION.answers
    strikes = replace(QUESTION, answers=(replace(accepted, again=timedelta(hours=24)), *others), several=True)
    outcomes = judge(
        seen("accepted"),
        seen("rejected"),
        seen("accepted", minutes=1500),
        seen("rejected", minutes=1501),
        question=strikes,
    )
    assert [one[1] for one in told(outcomes)] == ["accepted", "rejected", "accepted"]


def test_aspects_and_several_answers_stand_beside_one_another() -> None:
    aspects = replace(QUESTION, aspects=(("yes_side", ("accepted",)), ("no_side", ("rejected",))))
    assert stands(judge(seen("accepted"), seen("rejected", minutes=1), question=aspects), "yes_side")[0] == "accepted"
    several = judge(seen("accepted"), seen("rejected", minutes=1), question=replace(QUESTION, several=True))
    assert set(several[-1].case.stands) == {"accepted", "rejected"}
    assert [one[0] for one in told(several)] == [Reason.FIRST_REPORT, Reason.FIRST_REPORT]


def test_one_text_may_answer_two_aspects() -> None:
    aspects = replace(QUESTION, aspects=(("yes_side", ("accepted",)), ("no_side", ("rejected",))))
    outcomes = judge(seen("accepted", text="both"), seen("rejected", text="both"), question=aspects, apart=False)
    assert [one[1] for one in told(outcomes)] == ["accepted", "rejected"]


EVIDENCE = st.builds(
    seen,
    st.sampled_from(["accepted", "rejected", "undecided"]),
    st.sampled_from(["wire", "daily", "post"]),
    kind=st.sampled_from([VerdictKind.ASSERTED, VerdictKind.CLAIMED, VerdictKind.DENIED]),
    minutes=st.integers(0, 60),
    speaker=st.sampled_from([None, "mediator"]),
)


@given(st.lists(EVIDENCE, max_size=8))
def test_duplicates_change_nothing(evidence: list[Evidence]) -> None:
    ordered = sorted(evidence, key=lambda one: one.at)
    once = judge(*ordered)[-1].case if ordered else None
    twice = judge(*(one for each in ordered for one in (each, each)))[-1].case if ordered else None
    assert once == twice


@given(st.lists(EVIDENCE, max_size=8))
def test_an_answer_in_force_was_asserted_by_a_source_that_may(evidence: list[Evidence]) -> None:
    ordered = sorted(evidence, key=lambda one: one.at)
    asserted = {one.verdict.answer for one in ordered if one.verdict.kind is VerdictKind.ASSERTED}
    for outcome in judge(*ordered) if ordered else []:
        stand = outcome.case.stands.get("")
        assert stand is None or stand.answer is None or stand.answer in asserted


@given(st.lists(EVIDENCE, max_size=8))
def test_every_change_says_because_of_which_evidence_and_is_numbered(evidence: list[Evidence]) -> None:
    ordered = sorted(evidence, key=lambda one: one.at)
    changes = [change for outcome in (judge(*ordered) if ordered else []) for change in outcome.changes]
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
    assert all(set(change.because) <= {one.id for one in ordered} for change in changes)
