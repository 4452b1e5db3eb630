"""stored evidence | judge again | the same?

The state of a question is a function of its evidence: judged again, round by round, it must come out as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from alerts.judging.advance import advance
from alerts.model.case import Case
from alerts.model.change import Change
from alerts.model.question import Question
from alerts.store.packing import pack

if TYPE_CHECKING:
    from alerts.model.verdict import Evidence
    from alerts.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A question judged again: what is stored, what comes out, and where they differ (nothing: the same)."""

    question: str
    stored: Case
    case: Case
    changes: tuple[Change, ...]
    evidence: int
    differences: tuple[str, ...]


def rebuild(store: Store, question: Question) -> Rebuilt:
    """Judge a question again from its stored evidence and compare; nothing is written."""
    stored, kept = store.case_for(question.id), store.changes_of(question.id)
    case, changes, count = Case(question=question.id, begun_at=stored.begun_at), list[Change](), 0
    held: dict[int, Evidence] = {}
    for one in store.rounds(question.id):
        held |= {text.id: text for text in one.evidence}
        now = max(one.judged.values())
        outcome = advance(question, case, one.evidence, now, held=[held[name] for name in case.waiting if name in held])
        case, count = outcome.case, count + len(one.evidence)
        changes += outcome.changes
        held = {name: held[name] for name in case.waiting if name in held}
    until = stored.at or stored.begun_at
    if until is not None:
        outcome = advance(question, case, (), until, held=list(held.values()))
        case = outcome.case
        changes += outcome.changes
    return Rebuilt(
        question=question.id,
        stored=stored,
        case=case,
        changes=tuple(changes),
        evidence=count,
        differences=tuple(_differences(stored, case, [_renamed(question, one) for one in kept], changes)),
    )


def put_right(store: Store, rebuilt: Rebuilt) -> bool:
    """Write what came out over what is stored, telling nobody; False when the question has moved meanwhile."""
    return store.put_right(rebuilt.case, rebuilt.changes, instead_of=rebuilt.stored)


def _differences(stored: Case, case: Case, kept: Sequence[Change], changes: Sequence[Change]) -> Iterator[str]:
    """Yield, in a line each, where the two are not the same."""
    for number in range(max(len(kept), len(changes))):
        was = _line(kept[number]) if number < len(kept) else "nothing"
        now = _line(changes[number]) if number < len(changes) else "nothing"
        if was != now:
            yield f"change {number + 1}: stored is {was}; its evidence gives {now}"
    if pack(stored) == pack(case):
        return
    differing = [one.name for one in fields(Case) if getattr(stored, one.name) != getattr(case, one.name)]
    if not differing:
        yield "the state has the same values in another order"
    for name in differing:
        yield f"{name}: stored is {_short(getattr(stored, name))}; its evidence gives {_short(getattr(case, name))}"


def _renamed(question: Question, change: Change) -> Change:
    """Return a change with the answers' present names, as far as the rule still has them."""
    before, after = change.from_answer, change.to_answer
    return replace(
        change,
        from_answer=before and (question.current_id(before) or before),
        to_answer=after and (question.current_id(after) or after),
    )


def _line(change: Change) -> str:
    told = "told" if change.told else "silent"
    return (
        f"{change.at:%Y-%m-%d %H:%M:%S}Z {change.reason} {change.from_answer} -> {change.to_answer} "
        f"({change.standing}, {told}, because of {list(change.because)})"
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
