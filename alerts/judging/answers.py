"""A question with answers: first report, change, claim, denial, confirmation; one step a piece of evidence.

The table of steps is DESIGN's own; each function below is a row of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.judging.copies import remembered
from alerts.judging.telling import QUOTED, is_late, quote_of
from alerts.model.case import Case, Outcome, Stand
from alerts.model.change import Alert, Change, Reason, Standing
from alerts.model.feed import FeedKind, Reliability
from alerts.model.question import Question, Severity
from alerts.model.verdict import Evidence, VerdictKind

HEARSAY_KINDS = frozenset({FeedKind.SOCIAL, FeedKind.AGGREGATOR})
HEARSAY_GRADES = frozenset({Reliability.E, Reliability.F})
"""What such a source says alone is a claim, whoever it quotes."""

LOWER = {Severity.FLASH: Severity.URGENT, Severity.URGENT: Severity.ROUTINE, Severity.ROUTINE: Severity.LOG}
ONE_LOWER = frozenset({Reason.CONFIRMED, Reason.CLAIMED})
"""Told one severity lower than the answer's own."""

IN_FORCE = frozenset({Reason.FIRST_REPORT, Reason.ANSWER_CHANGED, Reason.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Step:
    """What one piece of evidence did to a stand; without a ``reason`` nobody needs to know.

    ``was`` is the answer in force before.
    """

    stand: Stand
    one: Evidence
    reason: Reason | None = None
    was: str | None = None


def advance_answers(question: Question, case: Case, evidence: Sequence[Evidence], now: datetime) -> Outcome:
    """Return what should happen to the case of a question with answers."""
    stands, told = dict(case.stands), dict(case.told)
    steps: list[Step] = []
    for one in evidence:
        answer, said = one.verdict.answer, f"{one.copy_key}/{one.verdict.label}"
        if answer is None or said in told:
            continue
        told[said] = one.at
        aspect = question.aspect_of(answer)
        step = _step(question, stands.get(aspect, Stand()), one)
        if step is not None:
            stands[aspect] = step.stand
            steps.append(step)
    moved = replace(case, stands=stands, told=remembered(told, evidence))
    return _outcome(question, moved, [step for step in steps if step.reason and step.one.silence is None], now)


def _step(question: Question, stand: Stand, one: Evidence) -> Step | None:
    if one.verdict.kind is VerdictKind.DENIED:
        return _denied(stand, one)
    if one.verdict.kind is VerdictKind.CLAIMED or _is_hearsay(one):
        return _claimed(stand, one)
    if stand.answer is None or _recurs(question, stand, one):
        return _first(stand, one)
    return _same(question, stand, one) if one.verdict.answer == stand.answer else _other(question, stand, one)


def _is_hearsay(one: Evidence) -> bool:
    return one.item.source.kind in HEARSAY_KINDS or one.item.source.reliability in HEARSAY_GRADES


def _recurs(question: Question, stand: Stand, one: Evidence) -> bool:
    """Whether this is another instance: an opening answer long after a closing one, or the same one ``again``."""
    last = max(stand.origins.values(), default=one.at)
    occasions = question.occasions
    if occasions and stand.answer in occasions.closes and one.verdict.answer in occasions.opens:
        return one.at - last >= occasions.quiet
    return question.again is not None and one.verdict.answer == stand.answer and one.at - last >= question.again


def _first(stand: Stand, one: Evidence) -> Step:
    """The first asserted verdict: in force at once, labelled as one source."""
    fresh = Stand(
        answer=one.verdict.answer, standing=Standing.REPORTED, since=one.at, origins={one.item.source.owner: one.at}
    )
    return Step(fresh, one, Reason.FIRST_REPORT, was=stand.answer)


def _same(question: Question, stand: Stand, one: Evidence) -> Step:
    """Another voice for the answer in force: enough independent ones, or the actor's own page, confirm it."""
    stand = replace(stand, origins={**stand.origins, one.item.source.owner: one.at})
    if stand.standing is Standing.CONFIRMED or not _is_enough(question, stand.origins, one):
        return Step(stand, one)
    return Step(replace(stand, standing=Standing.CONFIRMED, rivals={}), one, Reason.CONFIRMED, was=stand.answer)


def _is_enough(question: Question, origins: dict[str, datetime], one: Evidence) -> bool:
    confirm, source = question.confirm, one.item.source
    if confirm.or_official and source.kind is FeedKind.OFFICIAL and source.speaks_for is not None:
        return True
    return sum(one.at - at <= confirm.within for at in origins.values()) >= confirm.independent_sources


def _other(question: Question, stand: Stand, one: Evidence) -> Step | None:
    """Another answer: a reported one gives way, a confirmed one only to one that is itself sure."""
    answer = one.verdict.answer
    assert answer is not None
    assert stand.answer is not None
    ahead = question.stage_of(answer) - question.stage_of(stand.answer)
    if ahead < 0 or (question.answer(answer).weak and not question.answer(stand.answer).weak):
        return None
    rival = {**stand.rivals.get(answer, {}), one.item.source.owner: one.at}
    enough = _is_enough(question, rival, one)
    if ahead > 0 or enough or stand.standing is Standing.REPORTED:
        standing = Standing.CONFIRMED if enough else Standing.REPORTED
        changed = Stand(answer=answer, standing=standing, since=one.at, origins=rival, claims=stand.claims)
        return Step(changed, one, Reason.ANSWER_CHANGED, was=stand.answer)
    disputed = replace(stand, standing=Standing.DISPUTED, rivals={**stand.rivals, answer: rival})
    reason = None if answer in stand.rivals else Reason.DISPUTED
    return Step(disputed, one, reason, was=stand.answer)


def _claimed(stand: Stand, one: Evidence) -> Step | None:
    """A third party's word: the answer stays, and it is told once an answer and speaker."""
    said = f"{one.verdict.answer}/{one.verdict.speaker or one.item.source.owner}"
    if one.verdict.answer == stand.answer or said in stand.claims:
        return None
    return Step(replace(stand, claims=(*stand.claims, said)), one, Reason.CLAIMED, was=stand.answer)


def _denied(stand: Stand, one: Evidence) -> Step | None:
    """A report is denied: what is in force is disputed, never replaced by its opposite."""
    if stand.answer != one.verdict.answer or stand.standing is Standing.DISPUTED:
        return None
    return Step(replace(stand, standing=Standing.DISPUTED), one, Reason.DISPUTED, was=stand.answer)


# --- what is written and told -------------------------------------------------------------------


def _outcome(question: Question, case: Case, steps: Sequence[Step], now: datetime) -> Outcome:
    if not steps:
        return Outcome(case=case)
    changes = tuple(_change(question, case.seq + n, step, now) for n, step in enumerate(steps, start=1))
    alerts = tuple(_alert(question, joined, changes) for joined in _joined(steps))
    case = replace(case, seq=changes[-1].seq, told_at=now)
    return Outcome(case=case, changes=changes, alerts=alerts)


def _change(question: Question, seq: int, step: Step, now: datetime) -> Change:
    assert step.reason is not None
    return Change(
        question=question.id,
        seq=seq,
        from_answer=step.was,
        to_answer=step.one.verdict.answer,
        reason=step.reason,
        because=(step.one.id,),
        at=now,
        standing=step.stand.standing,
    )


def _joined(steps: Sequence[Step]) -> list[list[tuple[int, Step]]]:
    """Group what one round did to one answer: reported and confirmed at once is one message."""
    groups: dict[tuple[str | None, bool], list[tuple[int, Step]]] = {}
    for number, step in enumerate(steps):
        groups.setdefault((step.one.verdict.answer, step.reason in IN_FORCE), []).append((number, step))
    return list(groups.values())


def _alert(question: Question, joined: Sequence[tuple[int, Step]], changes: Sequence[Change]) -> Alert:
    first, last = changes[joined[0][0]], joined[-1][1]
    steps = [step for _, step in joined]
    assert first.to_answer is not None
    answer = question.answer(first.to_answer)
    late = all(is_late(step.one) for step in steps)
    return Alert(
        id=f"{question.id}-{first.seq}",
        question=question.id,
        text=question.text,
        answer=answer.id,
        says=answer.says,
        severity=_severity(answer.severity, first.reason, late=late),
        reason=first.reason,
        at=first.at,
        why=_why(question, first.reason, last.stand),
        quotes=tuple(quote_of(step.one) for step in steps[:QUOTED]),
        more=max(0, len(steps) - QUOTED),
        standing=last.stand.standing,
        was=steps[0].was if steps[0].was != answer.id else None,
        late=late,
        notify=question.notify,
    )


def _severity(own: Severity, reason: Reason, *, late: bool) -> Severity:
    """Late news is never a flash; what only adds to an answer is told one lower."""
    severity = LOWER.get(own, own) if reason in ONE_LOWER else own
    return Severity.URGENT if late and severity is Severity.FLASH else severity


def _why(question: Question, reason: Reason, stand: Stand) -> str:
    said = reason.value.replace("_", " ")
    origins = len(stand.origins)
    if reason not in IN_FORCE or not origins:
        return f"rule {question.id}, {said}"
    return f"rule {question.id}, {said}, {origins} independent source{'s' if origins > 1 else ''}"
