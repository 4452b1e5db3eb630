"""evidence | judge | what happened

All questions are judged in memory, on a clock that is given: the same pure functions as the daemon's, without a store.
A question is only touched when a text speaks of it, or at the moment it waits for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from alerts.engine.evidence import JUDGED
from alerts.engine.inforce import InForce
from alerts.judging.advance import advance
from alerts.judging.announce import UNCHANGED, loudness
from alerts.judging.trust import origin_of
from alerts.model.case import Case, Outcome
from alerts.model.change import Change, Reason
from alerts.model.question import Question, Severity
from alerts.model.verdict import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A change, how loudly it is told, the texts it is because of, and how many independent sources stand behind it."""

    question: Question
    change: Change
    severity: Severity
    texts: tuple[Evidence, ...]
    independent_sources: int


class Playback:
    """The cases of all questions that are judged, from a fresh start.

    ``take`` and ``until`` return what happened meanwhile, in the order of time; time never goes back.
    """

    def __init__(self, in_force: InForce) -> None:
        self._questions = {one.id: one for one in in_force.questions.values() if one.status in JUDGED}
        self._cases = {one: Case(question=one) for one in self._questions}
        self._held: dict[str, dict[int, Evidence]] = {}
        self._due: list[tuple[datetime, str]] = []
        self._begun = False

    def case_for(self, question: str) -> Case:
        """Return where a question stands."""
        return self._cases[question]

    def until(self, at: datetime) -> Iterator[Happened]:
        """Let the time go by; the first call begins it."""
        if not self._begun:
            self._begun = True
            for one in self._questions.values():
                if one.expect:
                    yield from self._advance(one, (), at)
        while self._due and self._due[0][0] <= at:
            moment, name = heappop(self._due)
            if self._cases[name].wake_at == moment:
                yield from self._advance(self._questions[name], (), moment)

    def take(self, evidence: Sequence[Evidence], at: datetime) -> Iterator[Happened]:
        """Judge the texts of one moment, in their order; a rule without answers gets all of them together."""
        yield from self.until(at)
        watched: dict[str, list[Evidence]] = {}
        for one in evidence:
            question = self._questions[one.verdict.question]
            if question.watches:
                watched.setdefault(question.id, []).append(one)
            else:
                yield from self._advance(question, (one,), at)
        for name, texts in watched.items():
            yield from self._advance(self._questions[name], texts, at)

    def _advance(self, question: Question, evidence: Sequence[Evidence], at: datetime) -> Iterator[Happened]:
        held = self._held.get(question.id, {})
        texts = held | {one.id: one for one in evidence}
        outcome = advance(question, self._cases[question.id], evidence, at, held=tuple(held.values()))
        self._keep(question, outcome.case, texts)
        for change in outcome.changes:
            yield _happened(question, change, outcome, texts)

    def _keep(self, question: Question, case: Case, texts: dict[int, Evidence]) -> None:
        before = self._cases[question.id]
        self._cases[question.id] = case
        if case.waiting or question.id in self._held:
            self._held[question.id] = {one: texts[one] for one in case.waiting if one in texts}
        if case.wake_at is not None and case.wake_at != before.wake_at:
            heappush(self._due, (case.wake_at, question.id))


def _happened(question: Question, change: Change, outcome: Outcome, texts: dict[int, Evidence]) -> Happened:
    because = tuple(texts[one] for one in change.because if one in texts)
    return Happened(
        question=question,
        change=change,
        severity=_severity(question, change, because),
        texts=because,
        independent_sources=_sources(question, change, outcome.case, because),
    )


def _severity(question: Question, change: Change, because: Sequence[Evidence]) -> Severity:
    if change.reason is Reason.OVERDUE:
        asked = (one.overdue for one in question.expect if one.answer == change.to_answer and one.deadline == change.at)
        return next(filter(None, asked), Severity.ROUTINE)
    of_before = change.reason in UNCHANGED or change.to_answer is None
    subject = change.from_answer if of_before else change.to_answer
    return loudness(question, change.reason, subject, because[0] if because and not question.watches else None)


def _sources(question: Question, change: Change, case: Case, because: Sequence[Evidence]) -> int:
    """How many independent sources stand behind what a change says is in force, or behind the word it reports."""
    if question.watches or change.reason is Reason.CLAIMED or change.to_answer is None:
        return len({origin_of(one).id for one in because}) if change.to_answer is not None else 0
    occasions = [one for one in case.occasions if one.id == change.occasion]
    stand = occasions[-1].stands.get(question.aspect_of(change.to_answer)) if occasions else None
    return len(stand.voices.get(change.to_answer, {})) if stand is not None else 0
