"""The terms and names of all rules become numbered patterns, and an item's words the set of patterns found in them.

A pattern is one word in any of its forms, or several in a row. It is found by dictionary: form → words, first word →
phrases; so an item costs what its own words cost, however many rules there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.question import Question
from alerts.model.seed import Seed, Seeds
from alerts.reading.normalise import normalise
from alerts.reading.vocabulary import Spelling, Vocabulary

__all__ = ["Patterns", "excluded", "variants", "words_of"]

Row = tuple[int, ...]
"""The words of patterns that one word of a text may be."""

Phrase = tuple[int, tuple[int, ...]]
"""A phrase by its number, and its words from the third on."""

Following = dict[int, list[Phrase]]
"""Second word → the phrases that go on so."""

_NO_BRIDGE = frozenset(",;:()[]|—•!?\n")


class Patterns:
    """Every pattern of a set of rules, by number; equal patterns have one number."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._slots: dict[tuple[frozenset[str], bool], int] = {}
        self._phrases: dict[tuple[int, ...], int] = {}
        self._count = 0
        self.words: dict[str, Row] = {}
        """Form → the pattern words it is a form of."""
        self.stems: dict[int, dict[str, Row]] = {}
        """Length → beginning → the pattern words that end in ``*`` after it."""
        self.following: dict[int, Following] = {}
        """First word of a phrase → how it goes on."""

    def add(self, words: Sequence[str], lang: str = "", *, prefix: bool = False) -> frozenset[int]:
        """Return the numbers of a term: its words in a row, and hyphenated ones written together."""
        found = set()
        for pieces in variants(words):
            last = len(pieces) - 1
            slots = [self._slot(piece, lang, prefix=prefix and i == last) for i, piece in enumerate(pieces)]
            found.add(self._phrase(tuple(slots)) if len(slots) > 1 else slots[0])
        return frozenset(found)

    def _slot(self, word: str, lang: str, *, prefix: bool) -> int:
        forms = frozenset(normalise(word).words) if prefix else self._vocabulary.forms(word, lang)
        if (known := self._slots.get((forms, prefix))) is not None:
            return known
        number = self._slots[forms, prefix] = self._number()
        for form in forms:
            rows = self.stems.setdefault(len(form), {}) if prefix else self.words
            rows[form] = (*rows.get(form, ()), number)
        return number

    def _phrase(self, slots: tuple[int, ...]) -> int:
        if (known := self._phrases.get(slots)) is not None:
            return known
        number = self._phrases[slots] = self._number()
        self.following.setdefault(slots[0], {}).setdefault(slots[1], []).append((number, slots[2:]))
        return number

    def _number(self) -> int:
        self._count += 1
        return self._count


def bridges(gap: str) -> bool:
    """Whether a phrase may go on over what stands between two words."""
    return gap == " " or (_NO_BRIDGE.isdisjoint(gap) and " – " not in gap and " - " not in gap)


# --- what authors wrote -------------------------------------------------------------------------


def variants(words: Iterable[str]) -> list[list[str]]:
    """Return the ways to write a term, each as its pieces in the author's letters.

    ``cease-fire`` is *cease fire* and *ceasefire*; ``Ruritania's`` is *Ruritania*.
    """
    apart: list[str] = []
    together: list[str] = []
    for text in map(normalise, words):
        surfaces = [text.surface(i) for i in range(len(text.words))]
        if len(surfaces) > 1 and text.words[-1] == "s" and text.gaps[-2] == "'":
            surfaces.pop()
        apart += surfaces
        is_compound = len(surfaces) > 1 and all(gap == "-" for gap in text.gaps[1 : len(surfaces)])
        together += ["".join(surfaces)] if is_compound else surfaces
    return [apart] if together == apart else [apart, together]


def words_of(questions: Iterable[Question], seeds: Seeds) -> frozenset[Spelling]:
    """Return every word the questions look for, names included: what a vocabulary is compiled from."""
    trees = [tree for question in questions for tree in (question.match, question.ignore)]
    leaves = {leaf for tree in trees for leaf in _leaves(tree)}
    terms = {(piece, "") for leaf in leaves if isinstance(leaf, Term) for way in variants(leaf.words) for piece in way}
    names = (_names(seeds[leaf.seed], seeds) for leaf in leaves if isinstance(leaf, Names))
    return frozenset(terms.union(*names))


def _names(seed: Seed, seeds: Seeds) -> set[Spelling]:
    written = [(name, lang) for names in (seed.names, seed.weak) for lang, all_of in names.items() for name in all_of]
    written += excluded(seed, seeds)
    return {(piece, lang) for name, lang in written for variant in variants([name]) for piece in variant}


def excluded(seed: Seed, seeds: Seeds) -> list[tuple[str, str]]:
    """Return the names, with language, within which a name of ``seed`` is not this seed."""
    found = []
    for name in seed.excludes:
        others: Mapping[str, Iterable[str]] = seeds[name].names if name in seeds else {"": (name,)}
        found += [(other, lang) for lang, names in others.items() for other in names]
    return found


def _leaves(tree: Expression | None) -> Iterator[Term | Names]:
    match tree:
        case Term() | Names():
            yield tree
        case Near(left, right):
            yield from _leaves(left)
            yield from _leaves(right)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
