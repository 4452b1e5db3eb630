"""The words a rule asks for are held against a text: each part of ``match`` and ``ignore``, and the nearest miss."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from alerts.judging.explain_gates import SHOWN, Held, line, ok, stopped
from alerts.judging.found import Found, Place
from alerts.judging.match import Matcher
from alerts.judging.plan import Close
from alerts.model.expression import And, Expression, Near, Not, Or
from alerts.model.question import Question
from alerts.rulebook.expression import write

LONGEST = 60
"""Letters of an expression shown."""


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a text is from what was asked: ``cost`` in things that lack, what was ``seen``, what it ``needs``."""

    cost: float
    seen: str
    needs: str


class WordGates:
    """The parts of a rule, held one by one against what was found."""

    def __init__(self, matcher: Matcher, found: Found) -> None:
        self._matcher = matcher
        self._found = found

    def holds(self, tree: Expression) -> bool:
        return self._matcher.compiled(tree).holds(self._found)

    def held(self, question: Question) -> list[Held]:
        """One gate for each part of ``match`` that has to hold, and the veto."""
        match, ignore = question.match, question.ignore
        parts = match.parts if isinstance(match, And) else (match,) if match is not None else ()
        return [*(self._part(part) for part in parts), *([self._veto(ignore)] if ignore is not None else [])]

    def _part(self, tree: Expression) -> Held:
        if self.holds(tree):
            return ok("match", _none(tree.part) if isinstance(tree, Not) else self.quoted(tree))
        miss = self.miss(tree)
        return stopped("match", miss.seen, f"it held {miss.needs}")

    def _veto(self, tree: Expression) -> Held:
        if not self.holds(tree):
            return ok("ignore", _none(tree))
        quoted = self.quoted(tree)
        return stopped("ignore", f"{quoted} vetoes it", f"it did not hold {quoted}")

    def quoted(self, tree: Expression) -> str:
        """The words that make ``tree`` hold, with where they stand."""
        words = [self._found.word(place) for place in self._matcher.compiled(tree).places(self._found)]
        shown = dict.fromkeys(f'"{line(word.text)}" in the {word.field}' for word in words)
        more = [f"{len(shown) - SHOWN} more"] if len(shown) > SHOWN else []
        return ", ".join([*list(shown)[:SHOWN], *more]) or _none(tree)

    # --- the nearest miss

    def miss(self, tree: Expression) -> Miss:
        """What keeps ``tree`` from holding, by its nearest way to hold."""
        match tree:
            case Or(parts):
                nearest = min((self.miss(part) for part in parts), key=lambda miss: miss.cost)
                return nearest if nearest.cost < 1 else Miss(1, _none(tree), _one(tree))
            case And(parts):
                misses = [self.miss(part) for part in parts if not self.holds(part)]
                seen, needs = ("; ".join(miss.seen for miss in misses), " and ".join(miss.needs for miss in misses))
                return Miss(sum(miss.cost for miss in misses) / len(parts), seen, needs)
            case Near():
                return self._apart(tree)
            case Not(part):
                return Miss(0.8, f"{self.quoted(part)}, which must not be there", _none(part))
        return Miss(1, _none(tree), _one(tree))

    def _apart(self, tree: Near) -> Miss:
        within = f"within {tree.gap} words of"
        match [side for side in (tree.left, tree.right) if self.holds(side)]:
            case []:
                return Miss(1, f"{_none(tree.left)}; {_none(tree.right)}", _cut(write(tree)))
            case [side]:
                there, other = self.quoted(side), tree.right if side is tree.left else tree.left
                return Miss(0.9, f"{there}, but {_none(other)}", f"{_one(other)} {within} {there}")
        there = f"{self.quoted(tree.left)} and {self.quoted(tree.right)}"
        return Miss(0.5, f"{there}, {self._how_far(tree)}", f"at most {tree.gap} words between them in one sentence")

    def _how_far(self, tree: Near) -> str:
        """The words between the nearest two of both sides."""
        node = self._matcher.compiled(tree)
        assert isinstance(node, Close)
        left, right = node.left.places(self._found), node.right.places(self._found)
        pairs = [(a, b) if a < b else (b, a) for a in left for b in _around(a, right)]
        number = self._found.sentence_number
        near = [self._found.distance(a, b) for a, b in pairs if number(a[0]) == number(b[0]) and a[1] <= b[0]]
        return f"{min(near)} words between" if near else "not in one sentence"


def _named(tree: Expression) -> str:
    """The expression as an author would say it; of many alternatives, or a long one, the beginning."""
    if isinstance(tree, Or):
        more = f" and {len(tree.parts) - SHOWN} more" if len(tree.parts) > SHOWN else ""
        return ", ".join(_cut(write(part)) for part in tree.parts[:SHOWN]) + more
    return _cut(write(tree))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


def _one(tree: Expression) -> str:
    return f"one of {_named(tree)}" if isinstance(tree, Or) else _named(tree)


def _none(tree: Expression) -> str:
    return f"none of {_named(tree)}" if isinstance(tree, Or) else f"no {_named(tree)}"


def _around(place: Place, others: list[Place]) -> list[Place]:
    """The nearest of the others before and behind a place."""
    behind = bisect_right(others, place)
    return others[max(0, behind - 1) : behind + 1]


def word_change(gates: WordGates, question: Question) -> str:
    """Say what would turn the outcome of a watch rule."""
    if question.match is None:
        return "The rule has no match."
    vetoed = question.ignore is not None and gates.holds(question.ignore)
    veto = f"without {gates.quoted(question.ignore)}" if question.ignore is not None and vetoed else ""
    if not gates.holds(question.match):
        return f"It would match with {gates.miss(question.match).needs}{f', {veto}' if veto else ''}."
    return f"It would match {veto}." if veto else "To leave such texts alone, add a word of theirs to 'ignore'."
