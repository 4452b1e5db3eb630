"""Time goes by: what was expected did not come, or was told and never confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.judging.windows import matters, next_window, poll_every
from alerts.model.change import Reason
from alerts.model.feed import Feed
from alerts.model.question import Expect, Severity
from judging import CALL, TRUCE, at, judge, seen, told

WINDOW = Expect(
    answer="started",
    start=at(60),
    end=at(180),
    poll_every=timedelta(seconds=30),
    grace=timedelta(minutes=20),
    overdue=Severity.URGENT,
)
AWAITED = replace(CALL, expect=(WINDOW,))
ANNOUNCED = seen("scheduled", day=at().date())


def test_an_expected_answer_that_does_not_come_is_overdue_once_when_the_grace_is_over() -> None:
    assert told(judge(AWAITED, ANNOUNCED, until=at(199)))[1:] == []
    outcome = judge(AWAITED, ANNOUNCED, until=at(5000))
    assert told(outcome)[1:] == [(Reason.OVERDUE, "started")]
    assert (outcome.alerts[1].severity, outcome.alerts[1].at, outcome.changes[1].at) == (
        Severity.URGENT,
        at(200),
        at(200),
    )


@pytest.mark.parametrize("answer", ["started", "ended", "ended_with_agreement", "postponed", "cancelled"])
def test_what_came_or_was_called_off_is_not_overdue(answer: str) -> None:
    outcome = judge(AWAITED, ANNOUNCED, seen(answer, when=at(100)), until=at(5000))
    assert (Reason.OVERDUE, "started") not in told(outcome)


def test_a_call_of_last_month_is_not_the_expected_one() -> None:
    outcome = judge(AWAITED, seen("ended", when=at(days=-30)), until=at(5000))
    assert told(outcome)[-1] == (Reason.OVERDUE, "started")


def test_a_window_that_closed_before_anybody_looked_never_alarms() -> None:
    outcome = judge(AWAITED, seen("scheduled", when=at(300)), until=at(5000))
    assert (Reason.OVERDUE, "started") not in told(outcome)


def test_a_window_without_a_loudness_only_hastens() -> None:
    quiet = replace(CALL, expect=(replace(WINDOW, overdue=None),))
    assert (Reason.OVERDUE, "started") not in told(judge(quiet, ANNOUNCED, until=at(5000)))


def test_the_alarm_belongs_to_its_moment_however_late_we_look() -> None:
    late = judge(AWAITED, ANNOUNCED, seen("started", when=at(400)))
    assert [reason for reason, _ in told(late)] == [Reason.FIRST_REPORT, Reason.OVERDUE, Reason.ANSWER_CHANGED]
    assert [change.at for change in late.changes] == [at(), at(200), at(400)]


def test_feeds_that_matter_are_polled_sooner_while_a_window_is_open() -> None:
    feed = Feed(id="wire", url="https://wire.example/rss", title="Wire", owner="wire", category="war/agencies")
    assert poll_every([AWAITED], feed, at(61)) == 30
    assert poll_every([AWAITED], feed, at(59)) is None
    assert poll_every([AWAITED], feed, at(201)) is None
    assert poll_every([AWAITED], replace(feed, category="sports"), at(61)) is None


def test_feeds_matter_by_id_category_or_the_folder_of_the_rule() -> None:
    feed = Feed(id="wire", url="https://wire.example/rss", title="Wire", owner="wire", category="war/agencies")
    assert matters(CALL, feed)
    assert matters(replace(CALL, feeds=("agencies",)), feed)
    assert matters(replace(CALL, feeds=("wire",)), feed)
    assert not matters(replace(CALL, feeds=("dailies",)), feed)


def test_the_next_window_is_the_one_to_count_down_to_until_it_is_answered() -> None:
    case = judge(AWAITED, ANNOUNCED).case
    assert next_window(AWAITED, case, at(10)) == WINDOW
    started = judge(AWAITED, ANNOUNCED, seen("started", when=at(70))).case
    assert next_window(AWAITED, started, at(80)) is None


def test_an_answer_that_is_not_confirmed_is_told_again_where_the_rule_asks_for_it() -> None:
    reminding = replace(TRUCE, remind=timedelta(hours=6))
    outcome = judge(reminding, seen("accepted"), until=at(13 * 60))
    assert told(outcome)[1:] == [(Reason.REMINDER, "accepted"), (Reason.REMINDER, "accepted")]
    sure = judge(reminding, seen("accepted"), seen("accepted", "daily", when=at(5)), until=at(13 * 60))
    assert (Reason.REMINDER, "accepted") not in told(sure)
