"""What was said is taken back: edited items, killed items, the desk's ruling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.model.change import Reason, Standing
from alerts.model.feed import FeedKind
from alerts.model.question import Answer, Severity
from alerts.model.verdict import Silence, VerdictKind
from judging import CALL, TRUCE, at, judge, seen, stands, told

UNCLEAR, SETTLED, CLAIMED = VerdictKind.UNCLEAR, VerdictKind.SETTLED, VerdictKind.CLAIMED


def test_what_stood_on_an_edited_item_alone_is_retracted_and_those_who_were_told_are_told() -> None:
    outcome = judge(TRUCE, seen("accepted", item="a"), seen(None, item="a", version=2, kind=UNCLEAR, when=at(5)))
    assert told(outcome) == [(Reason.FIRST_REPORT, "accepted"), (Reason.RETRACTED, "accepted")]
    assert stands(outcome) == (None, Standing.RETRACTED)
    assert outcome.alerts[1].severity is Severity.FLASH


def test_an_item_that_now_says_otherwise_corrects_itself() -> None:
    outcome = judge(TRUCE, seen("accepted", item="a"), seen("rejected", item="a", version=2, when=at(5)))
    assert told(outcome)[1:] == [(Reason.CORRECTED, "rejected")]
    assert outcome.alerts[1].was == "accepted"
    assert stands(outcome) == ("rejected", Standing.REPORTED)


def test_other_outlets_keep_what_one_takes_back() -> None:
    outcome = judge(
        TRUCE,
        seen("accepted", item="a"),
        seen("accepted", "daily", when=at(1)),
        seen(None, item="a", version=2, kind=UNCLEAR, when=at(5)),
    )
    assert stands(outcome)[0] == "accepted"
    assert (Reason.RETRACTED, "accepted") not in told(outcome)


def test_a_copy_under_another_masthead_keeps_a_wire_story_that_its_first_outlet_edits() -> None:
    outcome = judge(
        TRUCE,
        seen("accepted", item="a", text="same words"),
        seen("accepted", "daily", item="b", text="same words", when=at(1)),
        seen(None, item="a", version=2, kind=UNCLEAR, when=at(5)),
    )
    assert stands(outcome)[0] == "accepted"


def test_an_edit_that_says_the_same_changes_nothing() -> None:
    outcome = judge(TRUCE, seen("accepted", item="a"), seen("accepted", item="a", version=2, when=at(5)))
    assert told(outcome) == [(Reason.FIRST_REPORT, "accepted")]
    assert stands(outcome) == ("accepted", Standing.REPORTED)


def test_an_edit_to_hearsay_leaves_a_claim() -> None:
    outcome = judge(
        TRUCE,
        seen("accepted", item="a"),
        seen("accepted", item="a", version=2, kind=CLAIMED, speaker="mediator", when=at(5)),
    )
    assert told(outcome)[1:] == [(Reason.RETRACTED, "accepted"), (Reason.CLAIMED, "accepted")]


def test_an_earlier_report_stands_again_when_the_later_one_is_taken_back() -> None:
    outcome = judge(
        TRUCE,
        seen("rejected", "daily"),
        seen("accepted", item="a", when=at(5)),
        seen(None, item="a", version=2, kind=UNCLEAR, when=at(9)),
    )
    assert told(outcome)[2:] == [(Reason.CORRECTED, "rejected")]
    assert stands(outcome) == ("rejected", Standing.REPORTED)


def test_an_official_page_edited_three_times_ends_where_it_ends() -> None:
    def page(answer: str | None, version: int) -> object:
        kind = UNCLEAR if answer is None else VerdictKind.ASSERTED
        return seen(answer, "them", source=FeedKind.OFFICIAL, item="p", version=version, kind=kind, when=at(version))

    pages = [page(one, number) for number, one in enumerate(("accepted", "rejected", None, "accepted"), start=1)]
    outcome = judge(TRUCE, *pages)  # type: ignore[arg-type]
    assert stands(outcome) == ("accepted", Standing.CONFIRMED)
    assert [reason for reason, _ in told(outcome)] == [
        Reason.FIRST_REPORT,
        Reason.CORRECTED,
        Reason.RETRACTED,
        Reason.FIRST_REPORT,
    ]


def test_nobody_is_told_that_something_was_taken_back_which_nobody_was_told() -> None:
    outcome = judge(
        TRUCE,
        seen("accepted", item="a", silence=Silence.PRIMING),
        seen(None, item="a", version=2, kind=UNCLEAR, when=at(5)),
    )
    assert told(outcome) == []
    assert stands(outcome) == (None, Standing.RETRACTED)
    assert [change.told for change in outcome.changes] == [False, False]


def test_an_unclear_text_of_its_own_takes_nothing_back() -> None:
    outcome = judge(TRUCE, seen("accepted", item="a"), seen(None, item="b", kind=UNCLEAR, when=at(5)))
    assert stands(outcome) == ("accepted", Standing.REPORTED)


# --- the desk -----------------------------------------------------------------------------------


def test_the_desk_settles_a_question_and_takes_it_back() -> None:
    ruling = seen("rejected", "desk", item="ruling", kind=SETTLED, when=at(5))
    settled = judge(TRUCE, seen("accepted"), ruling)
    assert told(settled)[1:] == [(Reason.SETTLED, "rejected")]
    assert stands(settled) == ("rejected", Standing.CONFIRMED)
    undone = judge(
        TRUCE, seen("accepted"), ruling, seen(None, "desk", item="ruling", version=2, kind=SETTLED, when=at(9))
    )
    assert stands(undone) == ("accepted", Standing.REPORTED)


def test_one_report_does_not_displace_what_the_desk_settled() -> None:
    ruling = seen("rejected", "desk", item="ruling", kind=SETTLED)
    outcome = judge(TRUCE, ruling, seen("accepted", when=at(5)))
    assert stands(outcome) == ("rejected", Standing.DISPUTED)


def test_the_desk_voids_a_question_and_takes_that_back() -> None:
    void = seen(None, "desk", item="ruling", kind=SETTLED, when=at(5))
    voided = judge(TRUCE, seen("accepted"), void)
    assert stands(voided) == (None, None)
    again = judge(TRUCE, seen("accepted"), void, seen("accepted", "daily", when=at(7)))
    assert told(again)[-1] == (Reason.FIRST_REPORT, "accepted")
    undone = judge(
        TRUCE, seen("accepted"), void, seen(None, "desk", item="ruling", version=2, kind=SETTLED, when=at(9))
    )
    assert stands(undone) == ("accepted", Standing.REPORTED)


def test_the_desk_may_settle_a_call_of_which_nothing_was_heard() -> None:
    outcome = judge(CALL, seen("ended", "desk", item="ruling", kind=SETTLED))
    assert [one.id for one in outcome.case.occasions] == ["2025-03-18"]
    assert stands(outcome) == ("ended", Standing.CONFIRMED)


# --- renamed answers ----------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "stands_for"), [("accepted", "agreed"), ("agreed", "agreed"), ("gone", None)])
def test_evidence_of_an_answer_that_was_renamed_counts_for_its_new_name(said: str, stands_for: str | None) -> None:
    agreed = Answer(id="agreed", says="They agree", severity=Severity.URGENT, renamed_from=("accepted",))
    renamed = replace(TRUCE, answers=(agreed, *TRUCE.answers[1:]))
    outcome = judge(renamed, seen(said))
    assert [answer for _, answer in told(outcome)] == ([stands_for] if stands_for else [])
