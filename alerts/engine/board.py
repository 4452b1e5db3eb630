"""where does each question stand? | which text decided it | how many stand behind it

What the page shows of a question, read once for each time it was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from alerts.model.case import Case, Occasion, Stand
from alerts.model.change import Change, Reason, Standing
from alerts.model.question import Question
from alerts.model.verdict import Evidence

if TYPE_CHECKING:
    from alerts.store.glances import Mark
    from alerts.store.store import Store

RECENT = 50
"""Changes of a question that are kept at hand."""

MARKS = 120
"""Pieces of evidence in the small picture."""

DECIDES = frozenset({Reason.FIRST_REPORT, Reason.ANSWER_CHANGED, Reason.CORRECTED, Reason.SETTLED})
"""Reasons for which an answer comes into force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """One independent source behind an answer: in how many further texts its word was carried on."""

    origin: str
    at: datetime
    official: bool
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer in force, in words; ``by`` is the text that brought it, ``rivals`` what else is said (id → sources).

    ``denials`` counts the sources that deny a report of it.
    """

    answer: str
    says: str
    severity: str
    standing: Standing | None
    since: datetime | None
    aspect: str = ""
    occasion: str = ""
    by: Evidence | None = None
    backing: tuple[Backing, ...] = ()
    rivals: tuple[tuple[str, int], ...] = ()
    denials: int = 0

    @property
    def copies(self) -> int:
        """Further texts that carry what the independent sources said."""
        return sum(one.copies for one in self.backing)

    @property
    def is_official(self) -> bool:
        """Whether the page of an actor who settles it, or the desk, is among the sources."""
        return any(one.official for one in self.backing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of a question but what the clock brings. ``changes`` and ``marks`` are newest first.

    ``case`` goes without the texts it remembers.
    """

    question: Question
    case: Case
    changes: tuple[Change, ...]
    answers: tuple[Answered, ...]
    marks: tuple[Mark, ...]

    @property
    def changed_at(self) -> datetime | None:
        """When people would last have wanted to look."""
        return self.changes[0].at if self.changes else None


class Board:
    """Keeps what is known of each question, as long as it was not judged again and its rule stays. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, tuple[Question, int, Facts]] = {}
        self._lock = Lock()

    def facts(self, questions: Iterable[Question]) -> list[Facts]:
        """Return what is known of each question, in their order."""
        runs = self._store.runs()
        return [self._of(one, runs) for one in questions]

    def _of(self, question: Question, runs: Mapping[str, int]) -> Facts:
        run = runs.get(question.id, 0)
        with self._lock:
            kept = self._kept.get(question.id)
        if kept is not None and kept[0] is question and kept[1] == run:
            return kept[2]
        found = read_facts(self._store, question)
        with self._lock:
            self._kept[question.id] = (question, run, found)
        return found


def read_facts(store: Store, question: Question) -> Facts:
    """Read where a question stands."""
    case = store.case_for(question.id)
    changes = tuple(store.changes(question.id, limit=RECENT))
    return Facts(
        question=question,
        case=replace(case, texts=()),
        changes=changes,
        answers=_answered(store, question, case, changes),
        marks=tuple(store.marks(question.id, limit=MARKS)),
    )


def _answered(store: Store, question: Question, case: Case, changes: tuple[Change, ...]) -> tuple[Answered, ...]:
    """Return the answers in force of the latest occasion, in the order of its aspects."""
    if not case.occasions:
        return ()
    occasion = case.occasions[-1]
    standing = [(aspect, stand) for aspect, stand in occasion.stands.items() if stand.answer is not None]
    because = {aspect: _decided(changes, occasion, stand) for aspect, stand in standing}
    texts = {one.id: one for one in store.evidence([id_ for id_ in because.values() if id_ is not None])}
    found = [_in_words(question, occasion, one, texts.get(because[one[0]] or 0)) for one in standing]
    return tuple(one for one in found if one is not None)


def _decided(changes: tuple[Change, ...], occasion: Occasion, stand: Stand) -> int | None:
    """Return the evidence that brought an answer into force."""
    mine = [one for one in changes if one.occasion == occasion.id and one.to_answer == stand.answer and one.because]
    brought = [one for one in mine if one.reason in DECIDES] or mine
    return brought[0].because[0] if brought else None


def _rivals(question: Question, stand: Stand, answer: str) -> bool:
    """Whether another answer was said since the one in force is, and does not only lag behind it."""
    current, mine = question.current_id(answer), question.current_id(stand.answer or "")
    if current is None or mine is None or current == mine or not stand.voices[answer]:
        return False
    is_since = stand.since is None or max(voice.at for voice in stand.voices[answer].values()) >= stand.since
    return is_since and question.stage_of(current) >= question.stage_of(mine)


def _in_words(
    question: Question, occasion: Occasion, standing: tuple[str, Stand], by: Evidence | None
) -> Answered | None:
    aspect, stand = standing
    current = question.current_id(stand.answer or "")
    if current is None:
        return None
    answer = question.answer(current)
    backing = [
        Backing(origin=origin, at=voice.at, official=voice.official, copies=max(0, len(voice.items) - 1))
        for origin, voice in stand.origins.items()
    ]
    rivals = [(rival, len(voices)) for rival, voices in stand.voices.items() if _rivals(question, stand, rival)]
    return Answered(
        answer=current,
        says=answer.says,
        severity=answer.severity.value,
        standing=stand.standing,
        since=stand.since,
        aspect=aspect,
        occasion=occasion.id,
        by=by,
        backing=tuple(sorted(backing, key=lambda one: one.at)),
        rivals=tuple(rivals),
        denials=len(stand.denials),
    )
