"""An item is put to every question in force: watch rules look at its words, questions at the claims read in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from alerts.judging.claims import ClaimJudge
from alerts.judging.found import Found
from alerts.judging.match import Matcher
from alerts.judging.plan import Node
from alerts.model.item import Item
from alerts.model.question import Question
from alerts.model.seed import Seeds
from alerts.model.verdict import Verdict
from alerts.reading.known import Known
from alerts.reading.vocabulary import Vocabulary


class _Gate(NamedTuple):
    """What a question asks of the words besides: ``match`` lets through, ``ignore`` and ``exceptions`` veto.

    Of an exception the day is kept until which it holds, None = for good.
    """

    match: Node | None
    ignore: Node | None
    exceptions: tuple[tuple[Node, date | None], ...] = ()

    def passes(self, found: Found, day: date | None) -> bool:
        """Whether a text of that day may count."""
        if self.ignore is not None and self.ignore.holds(found):
            return False
        if any(_is_in_force(until, day) and node.holds(found) for node, until in self.exceptions):
            return False
        return self.match is None or self.match.holds(found)


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
        self._gates = {one.id: self._gate(one) for one in self.questions if _has_gate(one)}

    def verdicts(self, item: Item) -> tuple[Verdict, ...]:
        """Return what the item says about each question it says anything about, in the order of the questions."""
        if self.claims is None:
            return self.matcher.verdicts(item)
        found = (*self.matcher.verdicts(item), *self.claims.verdicts(item))
        let_through = self._let_through(item, found) if self._gates else found
        return tuple(sorted(let_through, key=lambda one: self._order[one.question]))

    def verdicts_of_edit(self, item: Item, before: Collection[str]) -> tuple[Verdict, ...]:
        """Return the verdicts of a new version of an item whose earlier ones spoke of the questions ``before``.

        A question that it is still about and no longer answers gets an *unclear*: the text takes something back.
        Where it moved on to another topic, silence stays silence.
        """
        found = self.verdicts(item)
        answered = {verdict.question for verdict in found}
        silent = [one for one in self.questions if one.id in before and one.id not in answered]
        if self.claims is None or not silent:
            return found
        taken_back = (self.claims.still_about(one, item) for one in silent)
        return tuple(sorted((*found, *filter(None, taken_back)), key=lambda one: self._order[one.question]))

    def _gate(self, question: Question) -> _Gate:
        compiled = self.matcher.compiled
        own = not question.watches
        return _Gate(
            match=compiled(question.match) if question.match and own else None,
            ignore=compiled(question.ignore) if question.ignore and own else None,
            exceptions=tuple((compiled(one.match), one.until) for one in question.exceptions),
        )

    def _let_through(self, item: Item, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        for question, said in groupby(verdicts, key=lambda verdict: verdict.question):
            gate = self._gates.get(question)
            if gate is None or gate.passes(self.matcher.find(item), _day_of(item)):
                yield from said


def _has_gate(question: Question) -> bool:
    """Whether a question asks more than its reader answers; a watch rule's own words are its matcher's matter."""
    asks = question.match is not None or question.ignore is not None
    return bool(question.exceptions) or (asks and not question.watches)


def _day_of(item: Item) -> date | None:
    at = item.published or item.seen
    return at.date() if at is not None else None


def _is_in_force(until: date | None, day: date | None) -> bool:
    return until is None or day is None or day <= until
