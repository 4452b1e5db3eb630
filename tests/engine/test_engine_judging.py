"""Questions over time, the whole way: windows, edits, rules that change, on hand time with a real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.engine.rebuild import rebuild
from alerts.model.change import Reason, Standing
from alerts.model.errors import FeedError, FeedFault
from courtroom import TRUCE as AWAITED
from fakes import item
from newsroom import Newsroom

TRUCE = AWAITED.partition("expect:")[0] + "notify: desk\n"
EXPECTED = """\
feeds: [wire, daily]
expect:
  - {answer: accepted, window: "2025-03-18T13:00Z / 2025-03-18T15:00Z", poll_every: 30s, grace: 20m, overdue: urgent}
"""


@pytest.fixture
def truce(room: Newsroom) -> Newsroom:
    """A newsroom that asks about the truce; it is noon of 18 March 2025."""
    room.ask(truce=TRUCE + EXPECTED)
    room.work()
    return room


def reasons(room: Newsroom) -> list[tuple[Reason, str | None]]:
    return [(change.reason, change.to_answer) for change in reversed(room.store.changes("truce"))]


def test_an_answer_that_does_not_come_is_overdue_and_the_message_says_how_the_feeds_are(truce: Newsroom) -> None:
    truce.fetch.bodies["daily"] = FeedError(FeedFault.UNREACHABLE, "feed 'daily' cannot be reached")
    assert truce.work(hours=3, minutes=15) == []
    [message] = truce.work(minutes=10)
    assert "OVERDUE" in message
    assert "1 of 2 feeds that matter answer" in message
    assert truce.work(hours=5) == []


def test_an_answer_in_time_is_not_overdue(truce: Newsroom) -> None:
    truce.clock.go(hours=2)
    truce.publish("wire", item("Russia accepts 30-day ceasefire"))
    assert len(truce.work(minutes=5)) == 1
    assert truce.work(hours=5) == []


def test_a_window_hastens_the_feeds_that_matter_when_it_opens_and_while_it_is_open(truce: Newsroom) -> None:
    truce.clock.go(minutes=61)
    truce.work()
    assert all(state.health.next_at - truce.clock.now() <= timedelta(seconds=66) for state in truce.store.feeds())


def test_an_edited_headline_is_retracted_and_told(truce: Newsroom) -> None:
    truce.publish("wire", item("Russia accepts 30-day ceasefire", guid="a"))
    truce.work(minutes=5)
    truce.publish("wire", item("Russia weighs 30-day ceasefire", guid="a"))
    [message] = truce.work(minutes=5)
    assert "RETRACTED" in message
    assert reasons(truce) == [(Reason.FIRST_REPORT, "accepted"), (Reason.RETRACTED, None)]


def test_an_item_that_moved_on_to_another_topic_takes_nothing_back(truce: Newsroom) -> None:
    truce.publish("wire", item("Russia accepts 30-day ceasefire", guid="live"))
    truce.work(minutes=5)
    truce.publish("wire", item("Storm over the North Sea", guid="live"))
    assert truce.work(minutes=5) == []
    assert truce.store.case_for("truce").stands[""].answer == "accepted"


def test_a_wire_story_under_another_masthead_confirms_nothing(truce: Newsroom) -> None:
    truce.publish("wire", item("Russia accepts 30-day ceasefire"))
    truce.publish("daily", item("Russia accepts 30-day ceasefire - Daily", guid="b"))
    assert len(truce.work(minutes=5)) == 1
    assert truce.store.case_for("truce").stands[""].standing is Standing.REPORTED


def test_a_new_rule_reads_what_is_stored_in_silence(room: Newsroom) -> None:
    room.publish("wire", item("Russia rejects 30-day ceasefire", at=room.clock.now()))
    room.work(minutes=2)
    room.clock.go(hours=6)
    room.ask(truce=TRUCE)
    assert room.work(minutes=2) == []
    stand = room.store.case_for("truce").stands[""]
    assert (stand.answer, stand.told) == ("rejected", False)
    room.publish("daily", item("Russia accepts 30-day ceasefire"))
    assert len(room.work(minutes=5)) == 1


def test_a_changed_rule_keeps_what_stood_and_floods_nobody(truce: Newsroom) -> None:
    truce.publish("wire", item("Russia rejects 30-day ceasefire"))
    assert len(truce.work(minutes=2)) == 1
    truce.ask(truce=TRUCE.replace("event: reject", "event: [reject, defer]"))
    assert truce.work(minutes=30) == []
    assert truce.store.case_for("truce").stands[""].answer == "rejected"


def test_evidence_of_a_question_that_was_removed_waits(truce: Newsroom) -> None:
    truce.publish("wire", item("Russia rejects 30-day ceasefire"))
    truce.clock.go(minutes=2)
    truce.work()
    truce.publish("daily", item("Putin rejects a month-long truce with Ukraine"))
    truce.ask(other=TRUCE)
    truce.work(minutes=5)
    truce.ask(truce=TRUCE)
    truce.work(minutes=5)
    assert truce.store.case_for("truce").stands[""].answer == "rejected"


def test_a_question_of_which_nothing_was_heard_is_rebuilt_the_same(truce: Newsroom) -> None:
    question = truce.dispatch.in_force.questions["truce"]
    assert rebuild(truce.store, question).differences == ()
