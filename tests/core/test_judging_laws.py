"""Laws of judging, whatever comes: chance decides nothing, and what stands is a function of the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.model.case import Case, Outcome
from alerts.model.change import Reason, Standing
from alerts.model.feed import FeedKind, Reliability
from alerts.model.question import Expect, Question, Severity
from alerts.model.verdict import Evidence, Silence, VerdictKind
from judging import CALL, TRUCE, at, judge, judged_in, seen, stands, told

REMINDING = replace(TRUCE, remind=timedelta(hours=1))
AWAITED = replace(CALL, expect=(Expect(answer="started", start=at(10), end=at(30), overdue=Severity.URGENT),))
OWNERS = ["wire", "daily", "post", "them"]


@st.composite
def evidence(draw: st.DrawFn, question: Question, seconds: int, kinds: list[VerdictKind]) -> list[Evidence]:
    """Texts of four outlets, one of them the actor's own page, in the order they were seen."""
    answers = [one.id for one in question.answers]
    moments = draw(st.lists(st.integers(0, seconds), max_size=9))
    return [
        seen(
            draw(st.sampled_from(answers)),
            (owner := draw(st.sampled_from(OWNERS))),
            when=at(second / 60),
            source=FeedKind.OFFICIAL if owner == "them" else FeedKind.AGENCY,
            kind=draw(st.sampled_from(kinds)),
            text=f"text {number}",
        )
        for number, second in enumerate(sorted(moments))
    ]


ALL = [VerdictKind.ASSERTED, VerdictKind.CLAIMED, VerdictKind.DENIED]


@settings(max_examples=300)
@given(evidence(TRUCE, 50, [VerdictKind.ASSERTED]), st.randoms(use_true_random=False))
def test_the_order_of_arrival_within_a_minute_does_not_change_the_answer(texts: list[Evidence], random: object) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    times = sorted(one.at for one in texts)
    arrived = [replace(one, at=when) for one, when in zip(shuffled, times, strict=True)]
    assert _answer(judge(TRUCE, *texts)) == _answer(judge(TRUCE, *arrived))


def _answer(outcome: Outcome) -> str | None:
    stand = outcome.case.stands.get("")
    return stand.answer if stand else None


@given(evidence(REMINDING, 20_000, ALL), st.lists(st.integers(0, 9), max_size=5))
def test_in_how_many_rounds_evidence_is_judged_changes_nothing(texts: list[Evidence], cuts: list[int]) -> None:
    _in_rounds(REMINDING, texts, cuts)


@given(evidence(AWAITED, 20_000, ALL), st.lists(st.integers(0, 9), max_size=5))
def test_nor_does_it_where_occasions_come_and_windows_pass(texts: list[Evidence], cuts: list[int]) -> None:
    _in_rounds(AWAITED, texts, cuts)


def _in_rounds(question: Question, texts: list[Evidence], cuts: list[int]) -> None:
    edges = sorted({0, *(cut for cut in cuts if cut < len(texts)), len(texts)})
    batches = [texts[start:stop] for start, stop in pairwise(edges)]
    one_by_one, together = judge(question, *texts, until=at(40_000)), judged_in(question, batches, until=at(40_000))
    assert one_by_one.case == together.case
    assert one_by_one.changes == together.changes


@given(evidence(AWAITED, 20_000, ALL))
def test_judged_again_at_the_times_it_took_effect_the_case_is_the_same(texts: list[Evidence]) -> None:
    whole = judged_in(AWAITED, [texts], until=at(400))
    again = [replace(one, at=whole.judged[one.id]) for one in texts]
    assert judged_in(AWAITED, [again], until=at(400)).case == whole.case


def test_late_evidence_takes_effect_after_what_was_judged_already() -> None:
    claim = seen("rejected", "daily", kind=VerdictKind.CLAIMED, speaker="mediator", when=at(5))
    early = judge(TRUCE, seen("accepted", when=at(10)), claim)
    assert [change.at for change in early.changes] == [at(10), at(10)]


def test_a_denial_needs_the_same_bar_as_an_assertion() -> None:
    gossip = seen("accepted", "blog", kind=VerdictKind.DENIED, source=FeedKind.SOCIAL, when=at(5))
    assert stands(judge(TRUCE, seen("accepted"), gossip)) == ("accepted", Standing.REPORTED)
    wire = seen("accepted", "daily", kind=VerdictKind.DENIED, when=at(5))
    assert stands(judge(TRUCE, seen("accepted"), wire)) == ("accepted", Standing.DISPUTED)


def test_a_denial_does_not_mean_what_nobody_has_said_for_a_month() -> None:
    late = seen("accepted", "daily", kind=VerdictKind.DENIED, when=at(days=31))
    assert stands(judge(TRUCE, seen("accepted"), late)) == ("accepted", Standing.REPORTED)


def test_sources_that_contradict_one_another_in_turn_are_few_messages() -> None:
    quarrel = [
        seen(answer, f"{answer}-{number}", when=at(5 * (2 * number + side)))
        for number in range(20)
        for side, answer in enumerate(("accepted", "rejected"))
    ]
    outcome = judge(TRUCE, *quarrel)
    assert len(outcome.alerts) <= 6
    assert stands(outcome)[1] is Standing.DISPUTED


def test_one_text_from_three_hundred_feeds_in_a_minute_is_one_message_and_one_source() -> None:
    flood = [
        seen("accepted", f"outlet-{number}", text="one wire story", item=str(number), when=at(number / 300))
        for number in range(300)
    ]
    outcome = judge(TRUCE, *flood)
    assert told(outcome) == [(Reason.FIRST_REPORT, "accepted")]
    assert stands(outcome) == ("accepted", Standing.REPORTED)


def test_old_news_never_displaces_newer_nor_tells_anybody() -> None:
    old = seen("rejected", "daily", when=at(5), published=at(days=-10))
    outcome = judge(TRUCE, seen("accepted"), old)
    assert told(outcome) == [(Reason.FIRST_REPORT, "accepted")]
    baseline = seen("rejected", "daily", when=at(5), published=at(-60), silence=Silence.BASELINE)
    assert stands(judge(TRUCE, seen("accepted"), baseline))[0] == "accepted"


def test_a_state_filled_in_silence_is_not_told_when_others_confirm_it() -> None:
    outcome = judge(TRUCE, seen("accepted", silence=Silence.PRIMING), seen("accepted", "daily", when=at(5)))
    assert stands(outcome) == ("accepted", Standing.CONFIRMED)
    assert told(outcome) == []


def test_a_source_nobody_trusts_alone_moves_nothing() -> None:
    outcome = judge(TRUCE, seen("accepted", grade=Reliability.F))
    assert outcome.case.stands[""].answer is None
    assert isinstance(outcome.case, Case)
