"""A rule's expression over patterns, ready to be put to items: what must be there, what must not, and the rest.

``Plan.groups`` are sets of patterns of which at least one must be found; for most rules they decide alone. Only what
needs places (NEAR, names that are not meant within longer names) or nests deeper is put as a question to the tree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.judging.found import Found, Place
from alerts.judging.patterns import Patterns, excluded
from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.seed import Seeds

Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several patterns is found: a term, names, or an OR of such."""

    patterns: Group

    def holds(self, found: Found) -> bool:
        return not self.patterns.isdisjoint(found.hits)

    def places(self, found: Found) -> list[Place]:
        """Where, in order."""
        return sorted({place for number in self.patterns & found.hits for place in found.places[number]})


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a seed is found, and not only within a longer name that is something else."""

    patterns: Group
    weak: Group
    others: Group

    def holds(self, found: Found) -> bool:
        if self.patterns.isdisjoint(found.hits):
            return False
        return self.others.isdisjoint(found.hits) or bool(self._places(self.patterns, found))

    def places(self, found: Found) -> list[Place]:
        """Where, in order; weak names as well where a full one stands."""
        full = self._places(self.patterns, found)
        return sorted({*full, *self._places(self.weak, found)}) if full else []

    def _places(self, patterns: Group, found: Found) -> list[Place]:
        covers = OneOf(self.others).places(found)
        ends: list[int] = []  # the farthest end of a cover that begins here or before
        for _, end in covers:
            ends.append(max(end, ends[-1]) if ends else end)
        kept = []
        for place in OneOf(patterns).places(found):
            before = bisect_left(covers, (place[0] + 1, 0))
            if not before or ends[before - 1] < place[1]:
                kept.append(place)
        return kept


@dataclass(frozen=True, slots=True)
class Close:
    """Both sides in one sentence, at most ``gap`` words between them."""

    left: Node
    right: Node
    gap: int

    def holds(self, found: Found) -> bool:
        return self.left.holds(found) and self.right.holds(found) and bool(self.places(found))

    def places(self, found: Found) -> list[Place]:
        """The first pair, in order."""
        left, right = self.left.places(found), self.right.places(found)
        pairs = (self._nearest(place, side, found) for one, side in ((left, right), (right, left)) for place in one)
        return list(min((pair for pair in pairs if pair), default=()))

    def _nearest(self, place: Place, others: list[Place], found: Found) -> tuple[Place, Place] | None:
        """The place and the next of the others behind it, if near enough; before it is the other side's turn."""
        i = bisect_left(others, (place[1], 0))
        if i == len(others) or found.sentence_number(place[0]) != found.sentence_number(others[i][0]):
            return None
        return (place, others[i]) if found.distance(place, others[i]) <= self.gap else None


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Node, ...]

    def holds(self, found: Found) -> bool:
        return all(part.holds(found) for part in self.parts)

    def places(self, found: Found) -> list[Place]:
        """Where the parts are."""
        return sorted({place for part in self.parts for place in part.places(found)})


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple[Node, ...]

    def holds(self, found: Found) -> bool:
        return any(part.holds(found) for part in self.parts)

    def places(self, found: Found) -> list[Place]:
        """Where those parts are that hold."""
        return sorted({place for part in self.parts if part.holds(found) for place in part.places(found)})


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: Node

    def holds(self, found: Found) -> bool:
        return not self.part.holds(found)

    def places(self, found: Found) -> list[Place]:
        """Nowhere: what is not there has no place."""
        return []


Node = OneOf | Named | Close | Every | Either | Without


def compiled(tree: Expression, patterns: Patterns, seeds: Seeds) -> Node:
    """Return the tree over numbered patterns."""
    match tree:
        case Term(words, prefix):
            return OneOf(patterns.add(words, prefix=prefix))
        case Names(seed):
            return _named(seed, patterns, seeds)
        case Near(left, right, gap):
            return Close(compiled(left, patterns, seeds), compiled(right, patterns, seeds), gap)
        case And(parts):
            return Every(tuple(compiled(part, patterns, seeds) for part in parts))
        case Or(parts):
            return _either([compiled(part, patterns, seeds) for part in parts])
        case Not(part):
            return Without(compiled(part, patterns, seeds))


def _named(seed_id: str, patterns: Patterns, seeds: Seeds) -> Node:
    seed = seeds[seed_id]

    def numbers(names: Iterable[tuple[str, str]]) -> Group:
        return frozenset(number for name, lang in names for number in patterns.add(name.split(), lang))

    full = numbers((name, lang) for lang, names in seed.names.items() for name in names)
    weak = numbers((name, lang) for lang, names in seed.weak.items() for name in names)
    others = numbers(excluded(seed, seeds)) - full
    return Named(full, weak, others) if weak or others else OneOf(full)


def _either(parts: list[Node]) -> Node:
    """Alternatives that are plain patterns are one set."""
    plain = [part for part in parts if isinstance(part, OneOf)]
    others = [part for part in parts if not isinstance(part, OneOf)]
    if not plain:
        return Either(tuple(others))
    together = OneOf(frozenset(number for part in plain for number in part.patterns))
    return Either((together, *others)) if others else together


@dataclass(frozen=True, slots=True)
class Plan:
    """How a rule is put to an item; ``match`` is its tree, for whoever asks where."""

    groups: tuple[Group, ...]
    never: Group
    tests: tuple[Node, ...]
    match: Node

    def holds(self, found: Found) -> bool:
        """Whether the rule matches the item."""
        hits = found.hits
        for group in self.groups:
            if group.isdisjoint(hits):
                return False
        if self.never and not self.never.isdisjoint(hits):
            return False
        return not self.tests or all(test.holds(found) for test in self.tests)


def plan(match: Node, ignore: Node | None) -> Plan:
    """Return the plan of a rule: the groups no match can do without, the patterns that forbid one, the rest."""
    never: set[int] = set()
    tests: list[Node] = []
    for part in match.parts if isinstance(match, Every) else (match,):
        if isinstance(part, Without) and isinstance(part.part, OneOf):
            never |= part.part.patterns
        elif not isinstance(part, OneOf):
            tests.append(part)
    for part in ignore.parts if isinstance(ignore, Either) else (ignore,) if ignore else ():
        if isinstance(part, OneOf):
            never |= part.patterns
        else:
            tests.append(Without(part))
    return Plan(tuple(needed(match)), frozenset(never), tuple(tests), match)


def needed(node: Node) -> list[Group]:
    """Return groups of patterns; where one of them has none in a text, the node cannot hold."""
    match node:
        case OneOf(patterns) | Named(patterns):
            return [patterns]
        case Close(left, right):
            return [*needed(left), *needed(right)]
        case Every(parts):
            return [group for part in parts for group in needed(part)]
        case Either(parts):
            groups = [min(needed(part), key=len, default=None) for part in parts]
            return [] if None in groups else [frozenset().union(*(group for group in groups if group))]
    return []
