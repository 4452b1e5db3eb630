"""Why an item matches a rule, or why not: every gate in words, the nearest miss, and what would change it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from alerts.judging.found import READ, Found, Place
from alerts.judging.match import Matcher
from alerts.judging.plan import Close
from alerts.model.expression import And, Expression, Near, Not, Or
from alerts.model.item import Item
from alerts.model.question import Question, Status
from alerts.model.verdict import Verdict
from alerts.rulebook.expression import write

SHOWN = 4
"""Words quoted of one gate, and alternatives of a long one."""

LONGEST = 60
"""Letters of an expression shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One thing a rule asks of a text: whether it was passed, and what was seen."""

    name: str
    passed: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one rule makes of one item. ``change`` is what would turn the outcome, ``test`` the line to paste."""

    question: str
    title: str
    verdicts: tuple[Verdict, ...]
    gates: tuple[Gate, ...]
    change: str
    test: str

    def lines(self) -> list[str]:
        """Return the explanation as text, a gate a line."""
        outcome = "; ".join(verdict.label for verdict in self.verdicts) or "silent"
        gates = [f"  {gate.name:<8}{'ok' if gate.passed else 'stopped':<9}{gate.says}" for gate in self.gates]
        return [f'{self.question}: {outcome}: "{self.title}"', *gates, f"  {self.change}", f"  Test it: {self.test}"]


def explain(matcher: Matcher, question: Question, item: Item) -> Explanation:
    """Say what ``question``, one of the matcher's, makes of ``item``, and by which words."""
    found = matcher.find(item)
    verdicts = tuple(verdict for verdict in matcher.verdicts(item) if verdict.question == question.id)
    gates = _Gates(matcher, found)
    match = gates.match(question.match) if question.match else []
    return Explanation(
        question=question.id,
        title=item.title,
        verdicts=verdicts,
        gates=(*_read(item), *_status(question), *match, *gates.ignore(question.ignore)),
        change=_change(gates, question, matched=bool(verdicts)),
        test=_test_line(item, verdicts),
    )


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a text is from what was asked: ``cost`` in things that lack, what was ``seen``, what it ``needs``."""

    cost: float
    seen: str
    needs: str


class _Gates:
    """The parts of a rule, held one by one against what was found."""

    def __init__(self, matcher: Matcher, found: Found) -> None:
        self._matcher = matcher
        self._found = found

    def holds(self, tree: Expression) -> bool:
        return self._matcher.compiled(tree).holds(self._found)

    def match(self, tree: Expression) -> list[Gate]:
        """One gate for each part that has to hold."""
        parts = tree.parts if isinstance(tree, And) else (tree,)
        return [Gate(name="match", passed=self.holds(part), says=self._says(part)) for part in parts]

    def ignore(self, tree: Expression | None) -> list[Gate]:
        """The veto, if the rule has one."""
        if tree is None:
            return []
        if not self.holds(tree):
            return [Gate(name="ignore", passed=True, says=_none(tree))]
        return [Gate(name="ignore", passed=False, says=f"{self.quoted(tree)} vetoes it")]

    def quoted(self, tree: Expression) -> str:
        """The words that make ``tree`` hold, with where they stand."""
        words = [self._found.word(place) for place in self._matcher.compiled(tree).places(self._found)]
        shown = dict.fromkeys(f'"{word.text}" in the {word.field}' for word in words)
        more = [f"{len(shown) - SHOWN} more"] if len(shown) > SHOWN else []
        return ", ".join([*list(shown)[:SHOWN], *more]) or _none(tree)

    def _says(self, tree: Expression) -> str:
        if not self.holds(tree):
            return self.miss(tree).seen
        return self.quoted(tree) if not isinstance(tree, Not) else _none(tree.part)

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


def _read(item: Item) -> list[Gate]:
    longest = max(len(item.title), len(item.summary or ""))
    if longest <= READ:
        return []
    return [Gate(name="read", passed=True, says=f"the first {READ:,} letters of {longest:,}")]


def _status(question: Question) -> list[Gate]:
    if question.status is Status.STABLE:
        return []
    told = {
        Status.EXPERIMENTAL: "experimental: not stored, not pushed",
        Status.TEST: "test: stored and shown, never pushed",
        Status.DEPRECATED: "deprecated: switched off",
    }
    return [Gate(name="status", passed=True, says=told[question.status])]


def _change(gates: _Gates, question: Question, *, matched: bool) -> str:
    if question.match is None:
        return "The rule has no match."
    if matched:
        return "To leave such texts alone, add a word of theirs to 'ignore'."
    vetoed = question.ignore is not None and gates.holds(question.ignore)
    veto = f"without {gates.quoted(question.ignore)}" if question.ignore is not None and vetoed else ""
    if gates.holds(question.match):
        return f"It would match {veto}."
    return f"It would match with {gates.miss(question.match).needs}{f', {veto}' if veto else ''}."


def _test_line(item: Item, verdicts: tuple[Verdict, ...]) -> str:
    expected = "; ".join(verdict.label for verdict in verdicts) or "-"
    lang = f"[{item.lang}] " if item.lang else ""
    summary = f" || {_line(item.summary)}" if item.summary else ""
    return f"{lang}{expected} | {_line(item.title)}{summary}"


def _line(text: str) -> str:
    return " ".join(text.split())
