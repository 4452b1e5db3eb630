"""A question with answers: each text finds its occasion and its stand, and moves it.

Pure, and judged by the evidence's own time: what stands is a function of the evidence, however it came in parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.judging.announce import Step
from alerts.judging.copies import copy_of, remembered
from alerts.judging.occasions import held_in, latest, occasion_for
from alerts.judging.stands import (
    Moved,
    Said,
    asserted,
    carries,
    claimed,
    denied,
    restored,
    settled,
    taken_back,
    voided,
    with_voice,
)
from alerts.judging.telling import is_old
from alerts.judging.trust import is_hearsay, is_official, origin_of
from alerts.judging.windows import awake, ticked
from alerts.model.case import Case, Occasion, Stand, Text
from alerts.model.change import Reason
from alerts.model.question import Question
from alerts.model.verdict import Evidence, VerdictKind

DESK = "desk"
"""The origin of a ruling of the people who run this."""

IN_FORCE = frozenset({Reason.FIRST_REPORT, Reason.ANSWER_CHANGED})
"""An answer comes into force; from then on people know of it, or do not."""

OF_THE_TOLD = frozenset({Reason.CONFIRMED, Reason.DISPUTED, Reason.RETRACTED, Reason.CORRECTED})
"""Told to those who know what it is about, and to nobody where the answer was never told."""


def judge_answers(
    question: Question, case: Case, evidence: Sequence[Evidence], now: datetime
) -> tuple[Case, list[Step], dict[int, datetime]]:
    """Return where the case stands after the evidence and the time until ``now``, what happened, and when each text
    took effect."""
    steps: list[Step] = []
    judged: dict[int, datetime] = {}
    for one in evidence:
        at = max(one.at, case.at or one.at)
        case, late = _until(question, case, at)
        steps += late
        case, found = _take(question, replace(case, at=at), one, at)
        case = awake(question, case)
        steps += found
        judged[one.id] = at
    case, late = _until(question, case, now)
    return case, [*steps, *late], judged


def _until(question: Question, case: Case, at: datetime) -> tuple[Case, list[Step]]:
    """Let the time go by: what was to happen at a time happens at that time, however late we look."""
    steps: list[Step] = []
    while case.wake_at is not None and case.wake_at <= at:
        case, found = ticked(question, case, case.wake_at)
        steps += found
    return case, steps


def _take(question: Question, case: Case, one: Evidence, at: datetime) -> tuple[Case, list[Step]]:
    """Let one text move the case."""
    if one.verdict.kind is VerdictKind.SETTLED:
        return _ruled(question, case, one, at)
    steps: list[Step] = []
    answer = question.current_id(one.verdict.answer) if one.verdict.answer is not None else None
    if one.item.version > 1 or one.verdict.kind is VerdictKind.UNCLEAR:
        case, steps = _corrected(question, case, one, at)
    if answer is None or (steps and steps[-1].moved.to == answer):
        return case, steps
    said, case = _said(question, case, one, answer, at)
    occasion = occasion_for(question, case, one, said.at)
    is_new = all(known.id != occasion.id for known in case.occasions)
    if _is_past(case, occasion, said, is_new=is_new):
        return case, steps
    step = _moved(question, occasion, said)
    if step.moved.stand is occasion.stands.get(question.aspect_of(answer)) and not is_new:
        return case, steps
    case = held_in(question, case, _with(question, occasion, answer, step.moved.stand), said.at)
    return case, [*steps, step] if step.moved.reason else steps


def _said(question: Question, case: Case, one: Evidence, answer: str, at: datetime) -> tuple[Said, Case]:
    """Return a text as its stand sees it, and the case that remembers it."""
    origin = origin_of(one)
    label = f"{answer}/{one.verdict.kind}"
    official = is_official(question, answer, origin)
    first = None if official else copy_of(case.texts, one, label)
    source = first.origin if first else origin.id
    text = Text(key=one.copy_key, label=label, origin=source, at=at, sketch=one.sketch)
    if first is None:
        case = replace(case, texts=remembered((*case.texts, text), at))
    said = Said(
        one=one,
        answer=answer,
        origin=text.origin,
        at=min(one.item.published or at, at) if _is_quiet(one) else at,
        official=official,
        is_copy=first is not None and one.item.version == 1,
    )
    return said, case


def _is_quiet(one: Evidence) -> bool:
    """Whether a text only fills the state."""
    return one.silence is not None or is_old(one)


def _is_past(case: Case, occasion: Occasion, said: Said, *, is_new: bool) -> bool:
    """Whether a text is about what is over: a copy that would open an occasion, old news of before the last one."""
    last = case.occasions[-1] if case.occasions else None
    if is_new and said.is_copy:
        return True
    return _is_quiet(said.one) and last is not None and last.opened_at is not None and said.at < last.opened_at


def _moved(question: Question, occasion: Occasion, said: Said) -> Step:
    stand = occasion.stands.get(question.aspect_of(said.answer), Stand())
    if _recurs(question, stand, said):
        stand = Stand()
    moved = _by_kind(question, stand, said)
    told = not _is_quiet(said.one) and (moved.reason not in OF_THE_TOLD or stand.told)
    if moved.reason in IN_FORCE:
        moved = replace(moved, stand=replace(moved.stand, told=told))
    return Step(moved=moved, one=said.one, at=max(said.at, said.one.at), occasion=occasion.id, told=told)


def _by_kind(question: Question, stand: Stand, said: Said) -> Moved:
    if said.one.verdict.kind is VerdictKind.DENIED:
        return Moved(stand=stand) if is_hearsay(origin_of(said.one)) else denied(stand, said)
    if said.one.verdict.kind is VerdictKind.CLAIMED or is_hearsay(origin_of(said.one)):
        return claimed(stand, said)
    if said.is_copy:
        return Moved(stand=with_voice(stand, said) if said.origin in stand.voices.get(said.answer, {}) else stand)
    if _is_quiet(said.one) and stand.answer not in {None, said.answer} and (stand.told or said.at < _since(stand)):
        return Moved(stand=stand)  # old news does not displace newer
    return asserted(question, stand, said)


def _since(stand: Stand) -> datetime:
    assert stand.since is not None
    return stand.since


def _recurs(question: Question, stand: Stand, said: Said) -> bool:
    """Whether this is another instance of what is told ``again``: long after the last text that said it."""
    again = question.answer(said.answer).again or question.again
    if again is None or said.is_copy or said.answer != stand.answer:
        return False
    last = max((voice.at for voice in stand.origins.values()), default=said.at)
    return said.at - last >= again


def _corrected(question: Question, case: Case, one: Evidence, at: datetime) -> tuple[Case, list[Step]]:
    """A new version of a text no longer carries what the earlier one said."""
    steps: list[Step] = []
    is_asserted = one.verdict.kind is VerdictKind.ASSERTED and one.verdict.answer is not None
    instead = question.current_id(one.verdict.answer) if is_asserted and one.verdict.answer else None
    for occasion, aspect, stand in list(_carried(case, one.item.id)):
        answer = instead if instead is not None and question.aspect_of(instead) == aspect else None
        if answer is not None and answer == stand.answer and set(stand.voices) == {answer}:
            continue
        if answer is not None:
            stand = with_voice(stand, _said(question, case, one, answer, at)[0])
        moved = taken_back(question, stand, one.item.id, at, instead=answer)
        told = stand.told and not _is_quiet(one)
        case = held_in(question, case, _put(occasion, aspect, moved.stand), at)
        if moved.reason:
            steps.append(Step(moved=moved, one=one, at=at, occasion=occasion.id, told=told))
    return case, steps


def _carried(case: Case, item: str) -> Iterator[tuple[Occasion, str, Stand]]:
    for occasion in case.occasions:
        for aspect, stand in occasion.stands.items():
            if carries(stand, item):
                yield occasion, aspect, stand


def _ruled(question: Question, case: Case, one: Evidence, at: datetime) -> tuple[Case, list[Step]]:
    """The desk settles an answer, sets aside what was said, or takes its own word back."""
    occasion = latest(question, case, at)
    answer = question.current_id(one.verdict.answer) if one.verdict.answer is not None else None
    if answer is not None:
        said = Said(one=one, answer=answer, origin=DESK, at=at, official=True)
        aspect = question.aspect_of(answer)
        moves = {aspect: settled(occasion.stands.get(aspect, Stand()), said)}
    elif one.item.version > 1:
        moves = _unruled(question, occasion, one, at)
    else:
        moves = {aspect: voided(stand, at) for aspect, stand in occasion.stands.items()}
    steps = []
    for aspect, moved in moves.items():
        known = replace(moved, stand=replace(moved.stand, told=True))
        occasion = _put(occasion, aspect, known.stand)
        steps.append(Step(moved=known, one=one, at=at, occasion=occasion.id))
    return held_in(question, case, occasion, at), steps


def _unruled(question: Question, occasion: Occasion, one: Evidence, at: datetime) -> dict[str, Moved]:
    """The desk takes a ruling back: its voice is gone, and what it had set aside counts again."""
    moves = {}
    for aspect, stand in occasion.stands.items():
        if carries(stand, one.item.id):
            moved = taken_back(question, stand, one.item.id, at)
            moves[aspect] = replace(moved, reason=Reason.SETTLED, was=stand.answer)
        elif stand.void:
            moves[aspect] = restored(question, stand, at)
    return moves


def _with(question: Question, occasion: Occasion, answer: str, stand: Stand) -> Occasion:
    return _put(occasion, question.aspect_of(answer), stand)


def _put(occasion: Occasion, aspect: str, stand: Stand) -> Occasion:
    return replace(occasion, stands={**occasion.stands, aspect: stand})
