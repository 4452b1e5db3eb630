"""A rule without answers: each new text is told now or waits for the digest; nothing ever stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from alerts.judging.copies import copy_of, remembered
from alerts.judging.telling import QUOTED, is_late, is_old, quote_of
from alerts.judging.trust import origin_of
from alerts.model.case import Case, Outcome, Text
from alerts.model.change import Alert, Change, Reason
from alerts.model.question import MATCHED, Question
from alerts.model.verdict import Evidence

SPACING = timedelta(minutes=10)
"""A rule without answers sends at most one message in this time; the rest waits for its digest."""


@dataclass(slots=True)
class _Digest:
    """What is being gathered: the case so far, the texts it holds by id, how many copies each had, what was told."""

    case: Case
    texts: dict[int, Evidence]
    copies: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    judged: dict[int, datetime] = field(default_factory=dict)


def advance_watch(
    question: Question, case: Case, evidence: Sequence[Evidence], now: datetime, *, held: Sequence[Evidence] = ()
) -> Outcome:
    """Return what should happen to the case.

    ``evidence`` is what has not been judged yet, in the order it was seen; an empty one is a tick.
    ``held`` is the evidence that ``case.waiting`` names. Each new text that is no copy of one already told is
    told, at most one message in ``SPACING``; what comes sooner is held for the next message, never dropped.
    """
    digest = _Digest(case, {one.id: one for one in (*held, *evidence)})
    for at, group in _moments(case, evidence):
        _until(question, digest, at)
        for one in group:
            digest.judged[one.id] = at
            _gather(digest, one, at)
        _tell_or_wait(question, digest, at)
    _until(question, digest, now)
    return Outcome(
        case=digest.case, changes=tuple(digest.changes), alerts=tuple(digest.alerts), judged=dict(digest.judged)
    )


def _moments(case: Case, evidence: Sequence[Evidence]) -> Iterator[tuple[datetime, list[Evidence]]]:
    """Yield the texts that came at one time together; none counts from before what was judged already."""
    at = case.at
    for seen, group in groupby(evidence, key=lambda one: one.at):
        at = seen if at is None else max(seen, at)
        yield at, list(group)


def _until(question: Question, digest: _Digest, at: datetime) -> None:
    while digest.case.wake_at is not None and digest.case.wake_at <= at:
        _tell_or_wait(question, digest, digest.case.wake_at)


def _gather(digest: _Digest, one: Evidence, at: datetime) -> None:
    case = digest.case
    if copy_of(case.texts, one, MATCHED) is not None:
        digest.copies[one.copy_key] = digest.copies.get(one.copy_key, 0) + 1
        return
    text = Text(key=one.copy_key, label=MATCHED, origin=origin_of(one).id, at=at, sketch=one.sketch)
    is_news = one.silence is None and not is_old(one)
    waiting = (*case.waiting, one.id) if is_news else case.waiting
    digest.case = replace(case, texts=remembered((*case.texts, text), at), waiting=waiting)


def _tell_or_wait(question: Question, digest: _Digest, at: datetime) -> None:
    case = replace(digest.case, at=at)
    free_at = at if case.told_at is None else case.told_at + SPACING
    if not case.waiting:
        digest.case = replace(case, wake_at=None)
    elif free_at > at:
        digest.case = replace(case, wake_at=free_at)
    else:
        waiting = [digest.texts[one] for one in case.waiting if one in digest.texts]
        change = _change(question, case, at)
        digest.changes.append(change)
        digest.alerts.append(_alert(question, change, waiting, copies=digest.copies))
        digest.case = replace(case, seq=change.seq, told_at=at, waiting=(), wake_at=None)


def _change(question: Question, case: Case, at: datetime) -> Change:
    return Change(
        question=question.id,
        seq=case.seq + 1,
        from_answer=None,
        to_answer=MATCHED,
        reason=Reason.FIRST_REPORT,
        because=case.waiting,
        at=at,
    )


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
