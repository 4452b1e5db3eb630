"""Time goes by without a text: an expected answer did not come, or one that stands unsure is told again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.judging.announce import Step
from alerts.judging.stands import Moved
from alerts.model.case import Case, Occasion, Stand
from alerts.model.change import Reason, Standing
from alerts.model.feed import Feed
from alerts.model.question import Expect, Question, Status

EARLY = timedelta(hours=24)
"""An answer that comes this long before its window is the expected one, come early."""


def ticked(question: Question, case: Case, at: datetime) -> tuple[Case, list[Step]]:
    """Return the case after a moment it waited for, and what that moment brings."""
    steps = [*_overdue(question, case, at), *_reminders(question, case, at)]
    alarmed = (*case.alarmed, *(_name(one) for one in question.expect if _is_through(case, one, at)))
    reminded = at if any(step.moved.reason is Reason.REMINDER for step in steps) else case.reminded_at
    return awake(question, replace(case, at=at, alarmed=alarmed, reminded_at=reminded)), steps


def awake(question: Question, case: Case) -> Case:
    """Return the case with the next moment it wants to be looked at."""
    moments = [one.deadline for one in question.expect if _is_to_come(case, one)]
    if question.remind is not None and (since := _unsure_since(question, case)) is not None:
        moments.append(since + question.remind)
    return replace(case, wake_at=min(moments, default=None))


def poll_every(questions: Iterable[Question], feed: Feed, at: datetime) -> float | None:
    """Return the longest pause in seconds between two polls of a feed now, None where no window asks for any."""
    asked = [
        one.poll_every.total_seconds()
        for question in questions
        for one in question.expect
        if one.poll_every is not None and one.start <= at < one.deadline and matters(question, feed)
    ]
    return min(asked, default=None)


def matters(question: Question, feed: Feed) -> bool:
    """Whether a feed matters to a question: named by id or category, by default the folder's own category."""
    wanted = set(question.feeds) or {question.story}
    return feed.id in wanted or not wanted.isdisjoint(feed.category.split("/"))


def next_window(question: Question, case: Case, now: datetime) -> Expect | None:
    """Return the expected window that is open or to come next and has no answer yet, None where there is none."""
    open_ = [one for one in question.expect if one.deadline > now and not is_answered(question, case, one)]
    return min(open_, key=lambda one: one.start, default=None)


def is_answered(question: Question, case: Case, expect: Expect) -> bool:
    """Whether what was expected came, or will not come: the answer itself, a later stage, or that it is called off."""
    aspect = question.aspect_of(expect.answer)
    stands = [stand for one in case.occasions if (stand := one.stands.get(aspect)) and stand.answer is not None]
    came = any(_came(question, stand, expect) for stand in stands)
    return came or (bool(stands) and _is_called_off(question, stands[-1], expect))


def _came(question: Question, stand: Stand, expect: Expect) -> bool:
    answer, since = stand.answer, stand.since
    assert answer is not None
    assert since is not None
    reached = answer == expect.answer or question.stage_of(answer) > question.stage_of(expect.answer)
    return since >= expect.start - EARLY and (reached or not _is_awaited(question, answer))


def _is_called_off(question: Question, stand: Stand, expect: Expect) -> bool:
    """Whether the last that was heard is an earlier stage that awaits nothing: postponed, cancelled."""
    answer = stand.answer
    assert answer is not None
    return question.stage_of(answer) < question.stage_of(expect.answer) and not _is_awaited(question, answer)


def _is_awaited(question: Question, answer: str) -> bool:
    """Whether an answer only says that something is to come."""
    return question.answer(answer).weak or (question.occasions is not None and answer in question.occasions.opens)


def _is_to_come(case: Case, expect: Expect) -> bool:
    """Whether the end of a window is still to be looked at; one that closed before we began never alarms."""
    begun = case.begun_at is None or expect.deadline > case.begun_at
    return begun and _name(expect) not in case.alarmed


def _is_through(case: Case, expect: Expect, at: datetime) -> bool:
    return _is_to_come(case, expect) and expect.deadline <= at


def _name(expect: Expect) -> str:
    return f"{expect.answer} {expect.start:%Y-%m-%dT%H:%MZ}"


def _overdue(question: Question, case: Case, at: datetime) -> list[Step]:
    missing = [
        one
        for one in question.expect
        if one.overdue is not None and _is_through(case, one, at) and not is_answered(question, case, one)
    ]
    occasion = case.occasions[-1] if case.occasions else Occasion()
    stands = [(occasion.stands.get(question.aspect_of(one.answer), Stand()), one) for one in missing]
    return [
        Step(
            moved=Moved(stand=stand, reason=Reason.OVERDUE, was=stand.answer, to=one.answer),
            at=at,
            occasion=occasion.id,
            told=question.status is not Status.TEST,
            severity=one.overdue,
        )
        for stand, one in stands
    ]


def _unsure_since(question: Question, case: Case) -> datetime | None:
    """When people last heard of an answer that is told and not sure, None where there is none."""
    since = [stand.since for _, stand in _unsure(case) if stand.since is not None]
    return max(*since, case.reminded_at or since[0]) if since else None


def _unsure(case: Case) -> list[tuple[str, Stand]]:
    last = case.occasions[-1] if case.occasions else Occasion()
    doubtful = {Standing.REPORTED, Standing.DISPUTED}
    return [(last.id, one) for one in last.stands.values() if one.told and one.standing in doubtful]


def _reminders(question: Question, case: Case, at: datetime) -> list[Step]:
    since = _unsure_since(question, case)
    if question.remind is None or since is None or at - since < question.remind:
        return []
    return [
        Step(moved=Moved(stand=stand, reason=Reason.REMINDER, was=stand.answer, to=stand.answer), at=at, occasion=name)
        for name, stand in _unsure(case)
    ]
