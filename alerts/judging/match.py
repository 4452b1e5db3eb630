"""An item is put to every rule at once: only rules whose rarest needed words it holds are looked at.

The rules stand under the patterns of one group each, the one that fewest other rules ask for; an item's own words
lead to the few rules that may match, and only those are checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from alerts.judging.found import Found, Place
from alerts.judging.patterns import Patterns
from alerts.judging.plan import Node, Plan, compiled, plan
from alerts.model.expression import Expression, Or
from alerts.model.item import Item
from alerts.model.question import MATCHED, Question
from alerts.model.seed import Seeds
from alerts.model.verdict import Verdict, VerdictKind, Word
from alerts.reading.vocabulary import Vocabulary

MATCHER_VERSION = 1
"""Stored with every verdict; raise it when the same rule and text may give another one."""


WORDS = 20
"""Places shown of a rule that asks where its words stand."""


class Matcher:
    """Rules and seeds, compiled. A value: the same item always gives the same verdicts, in the order of the rules.

    ValueError for a rule that nothing must be there for; the loader refuses such a file.
    """

    def __init__(self, questions: Iterable[Question], seeds: Seeds, vocabulary: Vocabulary) -> None:
        self.questions = tuple(question for question in questions if question.match is not None)
        self._seeds = seeds
        self._patterns = Patterns(vocabulary)
        self._plans = [self._plan(question) for question in self.questions]
        self._rules_of = self._indexed()

    def verdicts(self, item: Item) -> tuple[Verdict, ...]:
        """Return what the item says about each question it says anything about."""
        found = Found(item, self._patterns)
        told: dict[int, _Told] = {}
        return tuple(self._verdict(number, found, told) for number in self._matching(found))

    def matching(self, item: Item) -> tuple[Question, ...]:
        """Return the questions the item matches, without the words: half the price of ``verdicts``."""
        return tuple(self.questions[number] for number in self._matching(Found(item, self._patterns)))

    def find(self, item: Item) -> Found:
        """Return what the item holds of the patterns of all rules."""
        return Found(item, self._patterns)

    def compiled(self, tree: Expression) -> Node:
        """Return a part of a rule's expression, ready to be put to what was found."""
        return compiled(tree, self._patterns, self._seeds)

    def _plan(self, question: Question) -> Plan:
        ignore = self.compiled(question.ignore) if question.ignore else None
        return plan(self.compiled(question.match or Or(())), ignore)

    def _indexed(self) -> dict[int, tuple[int, ...]]:
        """Pattern → the rules that stand under it."""
        asked = Counter(number for one in self._plans for group in one.groups for number in group)
        rules: dict[int, list[int]] = {}
        for number, one in enumerate(self._plans):
            if not one.groups:
                raise ValueError(f"rule '{self.questions[number].id}' asks for nothing that must be there")
            rarest = min(one.groups, key=lambda group: sum(asked[pattern] for pattern in group))
            for pattern in rarest:
                rules.setdefault(pattern, []).append(number)
        return {pattern: tuple(numbers) for pattern, numbers in rules.items()}

    def _matching(self, found: Found) -> list[int]:
        rules_of, plans, hits = self._rules_of, self._plans, found.hits
        if rules_of.keys().isdisjoint(hits):
            return []
        candidates: set[int] = set().union(*filter(None, map(rules_of.get, hits)))
        return sorted(number for number in candidates if plans[number].holds(found))

    def _verdict(self, number: int, found: Found, told: dict[int, _Told]) -> Verdict:
        words, because = _told(self._plans[number], found, told)
        return Verdict(
            question=self.questions[number].id,
            answer=MATCHED,
            kind=VerdictKind.ASSERTED,
            because=because,
            words=words,
        )


_Told = tuple[int, int, Word, str]
"""Where a pattern first stands (first word, end below 0, so that the longer sorts first), that word, its sentence."""


def _told(one: Plan, found: Found, told: dict[int, _Told]) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """The words that made a rule match, in order, none within another, and their sentences."""
    if one.tests:
        entries = [_entry(place, found) for place in one.match.places(found)[:WORDS]]
    else:
        entries = [
            told.get(number) or _first(number, found, told) for group in one.groups for number in group & found.hits
        ]
    if len(entries) == 1:
        return (entries[0][2],), (entries[0][3],)
    entries = _outer(entries)
    return tuple([entry[2] for entry in entries]), tuple(dict.fromkeys([entry[3] for entry in entries]))


def _outer(entries: list[_Told]) -> list[_Told]:
    entries.sort()
    kept, reached = [], 0
    for entry in entries:
        if -entry[1] > reached:
            kept.append(entry)
            reached = -entry[1]
    return kept


def _entry(place: Place, found: Found) -> _Told:
    return place[0], -place[1], found.word(place), found.sentence(place)


def _first(number: int, found: Found, told: dict[int, _Told]) -> _Told:
    entry = told[number] = _entry(found.first[number], found)
    return entry
