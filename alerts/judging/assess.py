"""An item is put to every question in force: watch rules look at its words, questions at the claims read in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from alerts.judging.claims import ClaimJudge
from alerts.judging.match import Matcher
from alerts.judging.plan import Node
from alerts.model.item import Item
from alerts.model.question import Question
from alerts.model.seed import Seeds
from alerts.model.verdict import Verdict
from alerts.reading.known import Known
from alerts.reading.vocabulary import Vocabulary


class _Gate(NamedTuple):
    """What a question with answers asks of the words besides: ``match`` lets through, ``ignore`` vetoes."""

    match: Node | None
    ignore: Node | None


class Assessor:
    """Questions, compiled. A value: the same item always gives the same verdicts.

    ``known`` is what the claim reader knows; without it only watch rules are answered.
    """

    def __init__(
        self, questions: Iterable[Question], seeds: Seeds, vocabulary: Vocabulary, known: Known | None = None
    ) -> None:
        self.questions = tuple(questions)
        self.matcher = Matcher([one for one in self.questions if one.watches], seeds, vocabulary)
        self.claims = ClaimJudge(self.questions, known) if known is not None else None
        self._order = {one.id: number for number, one in enumerate(self.questions)}
        self._gates = {one.id: self._gate(one) for one in self.questions if not one.watches and _has_gate(one)}

    def verdicts(self, item: Item) -> tuple[Verdict, ...]:
        """Return what the item says about each question it says anything about, in the order of the questions."""
        if self.claims is None:
            return self.matcher.verdicts(item)
        claimed = self.claims.verdicts(item)
        let_through = self._let_through(item, claimed) if self._gates else claimed
        return tuple(sorted((*self.matcher.verdicts(item), *let_through), key=lambda one: self._order[one.question]))

    def _gate(self, question: Question) -> _Gate:
        compiled = self.matcher.compiled
        return _Gate(
            match=compiled(question.match) if question.match else None,
            ignore=compiled(question.ignore) if question.ignore else None,
        )

    def _let_through(self, item: Item, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        for question, said in groupby(verdicts, key=lambda verdict: verdict.question):
            if self._passes(question, item):
                yield from said

    def _passes(self, question: str, item: Item) -> bool:
        gate = self._gates.get(question)
        if gate is None:
            return True
        found = self.matcher.find(item)
        vetoed = gate.ignore is not None and gate.ignore.holds(found)
        return not vetoed and (gate.match is None or gate.match.holds(found))


def _has_gate(question: Question) -> bool:
    return question.match is not None or question.ignore is not None
