"""What happened to a case becomes rows of history, and alerts for people: one message where several belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.judging.stands import Moved
from alerts.judging.telling import QUOTED, is_late, quote_of
from alerts.model.change import Alert, Change, Reason
from alerts.model.question import Answer, Question, Severity
from alerts.model.verdict import Evidence

LOWER = {Severity.FLASH: Severity.URGENT, Severity.URGENT: Severity.ROUTINE, Severity.ROUTINE: Severity.LOG}
ONE_LOWER = frozenset({Reason.CONFIRMED, Reason.CLAIMED})
"""Told one severity lower than the answer's own."""

TOGETHER = frozenset({Reason.FIRST_REPORT, Reason.ANSWER_CHANGED, Reason.CONFIRMED})
"""Reported and confirmed in one round is one message."""

OF_TIME = frozenset({Reason.OVERDUE, Reason.REMINDER})
"""What no text brought about is a message of its own each time."""

UNCHANGED = frozenset({Reason.DISPUTED})
"""What was in force stays so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something happened to a stand: because of ``one`` text, or, without, of the time that went by.

    ``told`` says whether people hear of it; ``severity`` overrides the answer's own.
    """

    moved: Moved
    at: datetime
    one: Evidence | None = None
    occasion: str = ""
    told: bool = True
    severity: Severity | None = None


def changes_of(question: Question, seq: int, steps: Sequence[Step]) -> tuple[Change, ...]:
    """Return the rows of history, numbered after ``seq``."""
    return tuple(_change(question, number, step) for number, step in enumerate(steps, start=seq + 1))


def _change(question: Question, seq: int, step: Step) -> Change:
    moved = step.moved
    assert moved.reason is not None
    return Change(
        question=question.id,
        seq=seq,
        from_answer=moved.was,
        to_answer=moved.was if moved.reason in UNCHANGED else moved.to,
        reason=moved.reason,
        because=(step.one.id,) if step.one is not None else (),
        at=step.at,
        standing=moved.stand.standing,
        occasion=step.occasion,
        told=step.told and _loud(question, step) is not Severity.LOG,
    )


def alerts_of(question: Question, steps: Sequence[Step], changes: Sequence[Change]) -> tuple[Alert, ...]:
    """Return what people are told of these changes, one message an answer where several steps belong together."""
    groups: dict[tuple[object, ...], list[tuple[Change, Step]]] = {}
    for change, step in zip(changes, steps, strict=True):
        if step.told:
            kind = None if change.reason in TOGETHER else change.reason
            moment = change.at if change.reason in OF_TIME else None
            groups.setdefault((change.occasion, _subject(step), kind, moment), []).append((change, step))
    return tuple(_alert(question, group) for group in groups.values())


def _subject(step: Step) -> str | None:
    """Return the answer a message is about: of what was taken back, or is disputed, the one people know."""
    return step.moved.was if step.moved.reason in UNCHANGED or step.moved.to is None else step.moved.to


def _alert(question: Question, group: Sequence[tuple[Change, Step]]) -> Alert:
    (first, begun), (_, last) = group[0], group[-1]
    texts = [step.one for _, step in group if step.one is not None]
    subject = _subject(begun)
    answer = question.answer(subject) if subject is not None else None
    return Alert(
        id=f"{question.id}-{first.seq}",
        question=question.id,
        text=question.text,
        answer=subject,
        says=_says(question, answer, first.reason),
        severity=_loud(question, begun),
        reason=first.reason,
        at=first.at,
        why=_why(question, begun, last),
        quotes=tuple(quote_of(one) for one in texts[:QUOTED]),
        more=max(0, len(texts) - QUOTED),
        standing=last.moved.stand.standing,
        was=begun.moved.was if begun.moved.was != subject else None,
        late=bool(texts) and all(map(is_late, texts)),
        notify=question.notify,
        occasion=first.occasion,
    )


def _says(question: Question, answer: Answer | None, reason: Reason) -> str:
    if answer is not None:
        return answer.says
    return f"{question.text} The desk holds it for open again." if reason is Reason.SETTLED else question.text


def _loud(question: Question, step: Step) -> Severity:
    return step.severity or loudness(question, step.moved.reason, _subject(step), step.one)


def loudness(question: Question, reason: Reason | None, subject: str | None, one: Evidence | None) -> Severity:
    """Late news is never a flash; what only adds to an answer is told one lower; a dispute as loudly as the answer."""
    own = question.answer(subject).severity if subject is not None else Severity.ROUTINE
    severity = LOWER.get(own, own) if reason in ONE_LOWER else own
    late = one is not None and is_late(one)
    return Severity.URGENT if late and severity is Severity.FLASH else severity


def _why(question: Question, begun: Step, last: Step) -> str:
    reason = begun.moved.reason
    assert reason is not None
    why = f"rule {question.id}, {reason.value.replace('_', ' ')}"
    if reason is Reason.DISPUTED and begun.moved.to not in {None, begun.moved.was}:
        return f"{why}: reported against it is “{question.answer(begun.moved.to or '').says}”"
    origins = last.moved.stand.origins
    if reason not in TOGETHER or not origins:
        return why
    official = ", one of them official" if any(voice.official for voice in origins.values()) else ""
    if official and len(origins) == 1:
        return f"{why}, from an official page"
    return f"{why}, {len(origins)} independent source{'s' if len(origins) > 1 else ''}{official}"
