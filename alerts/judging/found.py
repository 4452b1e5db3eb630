"""What one item holds of the patterns: which were found, and, only when asked, where.

Title and summary are read as one row of words with a wall between them, so that no phrase or sentence spans both.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from functools import cached_property
from itertools import pairwise

from alerts.judging.patterns import Patterns, Phrase, Row, bridges
from alerts.model.item import Item
from alerts.model.verdict import Word
from alerts.reading.normalise import Text, normalise
from alerts.reading.sentences import sentences

READ = 20_000
"""Letters of a title, and of a summary, that are read; what comes after them is not."""

Place = tuple[int, int]
"""Words ``first``..``end`` (end excluded) of the item, counted over title, wall and summary."""


class Found:
    """The patterns in one item. ``hits`` is what matching needs; everything else is worked out when asked for."""

    def __init__(self, item: Item, patterns: Patterns) -> None:
        self.title = normalise(item.title[:READ])
        self.summary = normalise((item.summary or "")[:READ])
        self._wall = len(self.title.words)
        self._patterns = patterns
        words, gaps = self.title.words, self.title.gaps
        if self.summary.words:
            words, gaps = (*words, "", *self.summary.words), (*gaps, *self.summary.gaps)
        self._gaps = gaps  # before each word; the wall's is what ends the title
        self._rows: list[Row | None] = list(map(patterns.words.get, words))
        if patterns.stems:
            self._add_stems(words)
        self._joined = self._compounds(words) if "-" in gaps else {}
        self.hits: set[int] = set().union(*filter(None, self._rows), *(row for _, row in self._joined.values()))
        self._phrases = [] if patterns.following.keys().isdisjoint(self.hits) else self._find_phrases()
        self.hits.update(number for number, _ in self._phrases)

    def _add_stems(self, words: tuple[str, ...]) -> None:
        for i, word in enumerate(words):
            for length, stems in self._patterns.stems.items():
                if row := stems.get(word[:length]):
                    self._rows[i] = (*(self._rows[i] or ()), *row)

    def _compounds(self, words: tuple[str, ...]) -> dict[int, tuple[int, Row]]:
        """Hyphenated words as one: *cease-fire* is found as ``ceasefire``; first word → (end, pattern words)."""
        known = self._patterns.words
        joins = [i for i, gap in enumerate(self._gaps[:-1]) if gap == "-" and i and words[i - 1] and words[i]]
        return {i - 1: (i + 1, row) for i in joins if (row := known.get(words[i - 1] + words[i]))}

    # --- phrases

    def _find_phrases(self) -> list[tuple[int, Place]]:
        following, rows = self._patterns.following, self._rows
        begun = [
            (i, i + 2, phrase)
            for i, (row, after) in enumerate(pairwise(rows))
            if row and after
            for number in row
            if number in following
            for second in after
            if second in following[number]
            for phrase in following[number][second]
        ]
        if self._joined:
            begun += self._begun_at_compounds()
        found = [(phrase, first, self._follow(end, rest) if rest else end) for first, end, (phrase, rest) in begun]
        gaps = self._gaps
        return [
            (phrase, (first, end))
            for phrase, first, end in found
            if end and ((end == first + 2 and gaps[first + 1] == " ") or self._is_unbroken(first, end))
        ]

    def _begun_at_compounds(self) -> list[tuple[int, int, Phrase]]:
        """Where the first or second word of a phrase is a compound written in one."""
        following = self._patterns.following
        pairs = [(i, row, self._at(end)) for i, (end, row) in self._joined.items()]
        pairs += [(i - 1, before, [there]) for i, there in self._joined.items() if i and (before := self._rows[i - 1])]
        return [
            (first, end, phrase)
            for first, row, there in pairs
            for number in row
            if number in following
            for end, after in there
            for second in after
            for phrase in following[number].get(second, ())
        ]

    def _at(self, i: int) -> list[tuple[int, Row]]:
        """What may stand at word ``i``, with where it ends."""
        row = self._rows[i] if i < len(self._rows) else None
        there = [(i + 1, row)] if row else []
        return [*there, self._joined[i]] if i in self._joined else there

    def _follow(self, at: int, rest: tuple[int, ...]) -> int:
        """Where a phrase ends whose last words are ``rest``; 0 when they do not stand here."""
        if not rest:
            return at
        for end, row in self._at(at):
            if rest[0] in row and (last := self._follow(end, rest[1:])):
                return last
        return 0

    def _is_unbroken(self, first: int, end: int) -> bool:
        """Whether a phrase may go on over everything that stands between its words."""
        for i in range(first + 1, end):
            gap = self._gaps[i]
            if not bridges(gap) or ("." in gap and self.sentence_number(i) != self.sentence_number(i - 1)):
                return False
        return True

    # --- where, for whoever asks

    def _text(self, i: int) -> tuple[Text, int]:
        """The text that word ``i`` stands in, and its number there."""
        return (self.title, i) if i < self._wall else (self.summary, i - self._wall - 1)

    @cached_property
    def sentences(self) -> list[tuple[int, str]]:
        """Each sentence: its first word, and its text."""
        return [
            (base + one.first, text.source[one.start : one.stop])
            for base, text in ((0, self.title), (self._wall + 1, self.summary))
            for one in sentences(text)
        ]

    @cached_property
    def places(self) -> dict[int, list[Place]]:
        """Pattern → where it stands, in order of the words."""
        found: dict[int, list[Place]] = {}
        for i, row in enumerate(self._rows):
            for number in row or ():
                found.setdefault(number, []).append((i, i + 1))
        for i, (end, row) in self._joined.items():
            for number in row:
                insort(found.setdefault(number, []), (i, end))
        for number, place in self._phrases:
            found.setdefault(number, []).append(place)
        return found

    @cached_property
    def first(self) -> dict[int, Place]:
        """Pattern → where it stands first."""
        rows = self._rows
        found = {number: (i, i + 1) for i in range(len(rows) - 1, -1, -1) for number in rows[i] or ()}
        others = [(number, (i, end)) for i, (end, row) in self._joined.items() for number in row]
        for number, place in (*others, *self._phrases):
            found[number] = min(place, found.get(number, place))
        return found

    @cached_property
    def _begins(self) -> list[int]:
        return [first for first, _ in self.sentences]

    def sentence_number(self, i: int) -> int:
        """The number, from 0, of the sentence that word ``i`` stands in."""
        return bisect_right(self._begins, i) - 1

    def distance(self, before: Place, after: Place) -> int:
        """Words between two places of one sentence, as a reader counts them; below 0 within one compound."""
        text, last = self._text(before[1] - 1)
        _, first = self._text(after[0])
        return text.ordinals[first] - text.ordinals[last] - 1

    def word(self, place: Place, role: str = "match") -> Word:
        """The words at a place, as a reader sees them."""
        first, end = place
        text, field = self.title, "title"
        if first >= self._wall:
            text, field, first, end = self.summary, "summary", first - self._wall - 1, end - self._wall - 1
        start, stop = text.spans[first][0], text.spans[end - 1][1]
        return Word(text.source[start:stop], role, field, start, stop)

    def sentence(self, place: Place) -> str:
        """The sentence a place stands in."""
        return self.sentences[self.sentence_number(place[0])][1]
