"""An item's text becomes words: case, accents, invisible letters and look-alikes gone, offsets into the source kept.

A *word* is a run of letters and digits; what stands between two words is a *gap*. So ``U.S.-brokered`` is three words
(``u``, ``s``, ``brokered``) in one *token*, and ``town's`` two. Gaps keep the punctuation in one spelling:

- quotation marks ``"`` (double) and ``'`` (single, apostrophe);
- ``-`` hyphen and minus, ``–`` en dash (joins: *north–south*), ``—`` em dash (separates).

Russian ё is е; й, ї and ў stay letters of their own; the Ukrainian apostrophe (*перемир'я*) is a letter, ``ʼ``,
whichever sign stands for it, while the Latin one parts words. Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Text", "Token", "fold", "normalise"]

_SPLIT = re.compile(r"([^\W_]+)").split

_OWN_LETTERS = frozenset("йїў")
# Written as letter + combining mark, these are one letter all the same.
_DECOMPOSED = re.compile("[иИуУ]\u0306|[іІ]\u0308|.", re.DOTALL)
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
# Without a canonical decomposition, yet written without the stroke or mark by everybody in a hurry.
_SPELLED = {
    **dict(zip("łøđħŧı", "lodhti", strict=True)),
    **dict.fromkeys("“”„‟«»‹›〝〞″「」『』", '"'),
    **dict.fromkeys("‘’‚‛′`´ʼʹʻ＇", "'"),
    **dict.fromkeys("‐‑−﹣－", "-"),
    **dict.fromkeys("‒–", "–"),
    **dict.fromkeys("—―⸺", "—"),
}
_TABLE_LIMIT = 20_000  # letters worth remembering; a hostile feed must not fill the memory with rare ones


class _Letters(dict[str, str]):
    """What each source letter becomes (none, one or several letters), worked out at first sight."""

    def __missing__(self, unit: str) -> str:
        folded = _fold_unit(unit)
        if len(self) < _TABLE_LIMIT:
            self[unit] = folded
        return folded


def _fold_unit(unit: str) -> str:
    if unit in _SPELLED:
        return _SPELLED[unit]
    if unicodedata.category(unit[0]) == "Cf":  # zero-width, bidi, soft hyphen, tags
        return ""
    composed = unicodedata.normalize("NFKC", unit).casefold()
    if composed in _OWN_LETTERS:
        return composed
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", composed)).casefold()
    folded = "".join(_SPELLED.get(letter, letter) for letter in unicodedata.normalize("NFKC", bare))
    return _IDEOGRAPH.sub("\\g<0>\u200b", folded)  # no spaces in that script: each sign is a word


_APOSTROPHE = re.compile("'(?=[\u0400-\u052f])(?<=[\u0400-\u052f]')")

_LETTERS = _Letters()
_letter = _LETTERS.__getitem__

# --- look-alikes --------------------------------------------------------------------------------
# Only within a word that mixes scripts: a genuine Cyrillic or Greek word is never touched.

_CYRILLIC = "АВЕЅІЈКМНОРСТХУҮԚԜаеѕіјкорсхуһԁԛԝӏѵ"
_CYRILLIC_AS_LATIN = "ABESIJKMHOPCTXYYQWaesijkopcxyhdqwlv"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυχ"
_GREEK_AS_LATIN = "ABEZHIKMNOPTYXayikvopux"
_TO_LATIN = dict(zip(_CYRILLIC + _GREEK, _CYRILLIC_AS_LATIN + _GREEK_AS_LATIN, strict=True))
_TO_CYRILLIC = dict(zip(reversed(_CYRILLIC_AS_LATIN), reversed(_CYRILLIC), strict=True))

_LATIN_RANGE = "A-Za-z\u00aa\u00ba\u00c0-\u024f"
_OTHER_RANGE = "\u0370-\u052f"
_INSIDE = "0-9\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufeff"
_MIXED = re.compile(f"[{_LATIN_RANGE}][{_INSIDE}]*[{_OTHER_RANGE}]|[{_OTHER_RANGE}][{_INSIDE}]*[{_LATIN_RANGE}]")
_RUN = re.compile(f"[{_LATIN_RANGE}{_OTHER_RANGE}{_INSIDE}]+")
_LATIN_LETTER = re.compile(f"[{_LATIN_RANGE}]")
_OTHER_LETTER = re.compile(f"[{_OTHER_RANGE}]")


def _one_script(run: re.Match[str]) -> str:
    """Spell a mixed run in the script all of it can pass for; the majority's where both would do."""
    word = run[0]
    latin, other = _LATIN_LETTER.findall(word), _OTHER_LETTER.findall(word)
    if not (latin and other):
        return word
    as_latin = all(letter in _TO_LATIN for letter in other)
    as_cyrillic = all(letter in _TO_CYRILLIC for letter in latin)
    if as_latin and not (as_cyrillic and len(other) > len(latin)):
        return "".join(_TO_LATIN.get(letter, letter) for letter in word)
    if as_cyrillic:
        return "".join(_TO_CYRILLIC.get(letter, letter) for letter in word)
    return word


def _unmixed(source: str) -> str:
    """Look-alikes replaced letter by letter, so that offsets hold."""
    return _RUN.sub(_one_script, source) if _MIXED.search(source) else source


def _units(source: str) -> list[str] | str:
    if "\u0306" in source or "\u0308" in source:
        return _DECOMPOSED.findall(source)
    return source


def _pieces(source: str) -> list[str]:
    """What each unit of a text that is not ASCII becomes."""
    return list(map(_letter, _units(_unmixed(source))))


def _joined(pieces: list[str]) -> str:
    folded = "".join(pieces)
    return _APOSTROPHE.sub("ʼ", folded) if "'" in folded else folded


# --- the text -----------------------------------------------------------------------------------

# What joins two words into one token when it stands between them alone.
_GLUE = frozenset(("-", "–", "'", ".", ",", "/", ":", "&", "@", ".-", ".'"))


class Token(NamedTuple):
    """Words written together: ``text`` as folded, its parts ``words[first:end]``, its source ``source[start:stop]``."""

    text: str
    first: int
    end: int
    start: int
    stop: int


class Text:
    """A normalised text; a value, although offsets are worked out only when asked for.

    ``words[i]`` stands between ``gaps[i]`` and ``gaps[i + 1]``; together they are ``folded``.
    """

    __slots__ = ("_ordinals", "_pieces", "_spans", "folded", "gaps", "source", "words")

    def __init__(self, source: str) -> None:
        self.source = source
        self._pieces = None if source.isascii() else _pieces(source)
        self.folded = source.lower() if self._pieces is None else _joined(self._pieces)
        parts = _SPLIT(self.folded)
        self.words = tuple(parts[1::2])
        self.gaps = tuple(parts[::2])
        self._spans: tuple[tuple[int, int], ...] | None = None
        self._ordinals: tuple[int, ...] | None = None

    def __repr__(self) -> str:
        return f"Text({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Per word, its start and end in ``source``."""
        if self._spans is None:
            self._spans = self._locate()
        return self._spans

    @property
    def ordinals(self) -> tuple[int, ...]:
        """Per word, the number of its token, as a reader counts words: ``30-day``, ``U.S.``, ``town's`` are one."""
        if self._ordinals is None:
            count, ordinals = -1, []
            for gap in self.gaps[:-1]:
                count += gap not in _GLUE or count < 0
                ordinals.append(count)
            self._ordinals = tuple(ordinals)
        return self._ordinals

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words, compounds in one piece: ``us-brokered`` with its parts ``words[first:end]``."""
        ordinals = self.ordinals
        firsts = [i for i in range(len(ordinals)) if i == 0 or ordinals[i] != ordinals[i - 1]]
        return tuple(self._token(first, end) for first, end in pairwise([*firsts, len(ordinals)]))

    def surface(self, first: int, end: int | None = None) -> str:
        """The source of words ``first``..``end`` (end excluded; one word without it), as it was written."""
        spans = self.spans
        return self.source[spans[first][0] : spans[first if end is None else end - 1][1]]

    def _token(self, first: int, end: int) -> Token:
        text = self.words[first]
        for i in range(first + 1, end):
            text += self.gaps[i] + self.words[i]
        return Token(text, first, end, self.spans[first][0], self.spans[end - 1][1])

    def _locate(self) -> tuple[tuple[int, int], ...]:
        starts, stops = self._origins()
        spans, at = [], 0
        for gap, word in zip(self.gaps, self.words, strict=False):
            at += len(gap)
            last = at + len(word) - 1
            spans.append((starts[at], stops[last]))
            at = last + 1
        return tuple(spans)

    def _origins(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where in the source each folded letter starts and stops."""
        if self._pieces is None:
            return range(len(self.source)), range(1, len(self.source) + 1)
        if len(self._pieces) == len(self.source) and set(map(len, self._pieces)) <= {1}:
            return range(len(self.source)), range(1, len(self.source) + 1)
        return _origins(_units(_unmixed(self.source)), self._pieces)


def _origins(units: Sequence[str], pieces: list[str]) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    stops: list[int] = []
    at = done = 0  # in the source; in units
    for i in [i for i, piece in enumerate(pieces) if len(piece) != 1 or len(units[i]) != 1]:
        _plain(starts, stops, at, i - done)
        at += i - done
        after = at + len(units[i])
        starts += [at] * len(pieces[i])
        stops += [after] * len(pieces[i])
        if not pieces[i] and stops and unicodedata.category(units[i]) == "Mn":
            stops[-1] = after  # an accent that was dropped goes with its letter
        at, done = after, i + 1
    _plain(starts, stops, at, len(units) - done)
    return starts, stops


def _plain(starts: list[int], stops: list[int], at: int, count: int) -> None:
    """Extend both by a stretch in which each letter became one letter."""
    starts.extend(range(at, at + count))
    stops.extend(range(at + 1, at + count + 1))


def normalise(text: str) -> Text:
    """Return the words of ``text`` with their gaps; offsets of every word into ``text`` stay at hand."""
    return Text(text)


def fold(text: str) -> str:
    """Return ``text`` in the spelling that words are compared in (``Text.folded``), punctuation kept."""
    return text.lower() if text.isascii() else _joined(_pieces(text))
