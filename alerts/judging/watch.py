"""A rule without answers: each new text is told now or waits for the digest; nothing ever stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.judging.copies import remembered
from alerts.judging.telling import QUOTED, is_late, quote_of
from alerts.model.case import Case, Outcome
from alerts.model.change import Alert, Change, Reason
from alerts.model.question import MATCHED, Question
from alerts.model.verdict import Evidence

SPACING = timedelta(minutes=10)
"""A rule without answers sends at most one message in this time; the rest waits for its digest."""


@dataclass(frozen=True, slots=True)
class _News:
    """The texts that are no copy of one already told, and how many copies each had in this batch."""

    told: dict[str, datetime]
    fresh: tuple[Evidence, ...]
    copies: dict[str, int]


def advance_watch(
    question: Question, case: Case, evidence: Sequence[Evidence], now: datetime, *, held: Sequence[Evidence] = ()
) -> Outcome:
    """Return what should happen to the case.

    ``evidence`` is what has not been judged yet, in the order it was seen; an empty one is a tick.
    ``held`` is the evidence that ``case.waiting`` names. Each new text that is no copy of one already told is
    told, at most one message in ``SPACING``; what comes sooner is held for the next message, never dropped.
    """
    news = _news(case, evidence)
    waiting = (*held, *news.fresh)
    remembered = replace(case, told=news.told, waiting=tuple(one.id for one in waiting))
    if not waiting:
        return Outcome(case=replace(remembered, wake_at=None))
    free_at = now if case.told_at is None else case.told_at + SPACING
    if free_at > now:
        return Outcome(case=replace(remembered, wake_at=free_at))
    return _tell(question, remembered, waiting, now, copies=news.copies)


def _news(case: Case, evidence: Sequence[Evidence]) -> _News:
    told, fresh, copies = dict(case.told), [], dict[str, int]()
    for one in evidence:
        if one.copy_key in told:
            copies[one.copy_key] = copies.get(one.copy_key, 0) + 1
        elif one.silence is None:
            fresh.append(one)
        told[one.copy_key] = max(told.get(one.copy_key, one.at), one.at)
    return _News(remembered(told, evidence), tuple(fresh), copies)


def _tell(
    question: Question, case: Case, waiting: Sequence[Evidence], now: datetime, *, copies: dict[str, int]
) -> Outcome:
    because = tuple(one.id for one in waiting)
    change = Change(
        question=question.id,
        seq=case.seq + 1,
        from_answer=None,
        to_answer=MATCHED,
        reason=Reason.FIRST_REPORT,
        because=because,
        at=now,
    )
    alert = _alert(question, change, waiting, copies=copies)
    told = replace(case, seq=change.seq, told_at=now, waiting=(), wake_at=None)
    return Outcome(case=told, changes=(change,), alerts=(alert,))


def _alert(question: Question, change: Change, waiting: Sequence[Evidence], *, copies: dict[str, int]) -> Alert:
    answer = question.answer(MATCHED)
    return Alert(
        id=f"{question.id}-{change.seq}",
        question=question.id,
        text=question.text,
        answer=answer.id,
        says=answer.says,
        severity=answer.severity,
        reason=change.reason,
        at=change.at,
        why=_why(question, waiting),
        quotes=tuple(quote_of(one, copies.get(one.copy_key, 0)) for one in waiting[:QUOTED]),
        more=max(0, len(waiting) - QUOTED),
        late=all(is_late(one) for one in waiting),
        notify=question.notify,
    )


def _why(question: Question, waiting: Sequence[Evidence]) -> str:
    words = dict.fromkeys(word.text for one in waiting for word in one.verdict.words)
    quoted = ", ".join(f"“{word}”" for word in list(words)[:6])
    return f"rule {question.id} matched {quoted}" if quoted else f"rule {question.id} matched"
