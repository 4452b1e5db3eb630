"""The words of a text fall into sentences; abbreviations, initials, numbers and trailing dots do not end one.

Decided at the gaps between words: ``.``, ``!``, ``?`` or ``…`` before a space, a line break before a capital, a bullet.
Dashes, colons, semicolons and ``|`` are inside a sentence: what they separate is for the reader of clauses to judge.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from alerts.reading.normalise import Text

__all__ = ["Sentence", "sentences"]


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# An abbreviation that the name it belongs to always follows.
_BEFORE_NAME = _words(
    "mr mrs ms dr prof gen lt col maj capt cmdr adm sgt sen rep gov pres st mt ft vs jr sr rev hon messrs mme mlle",
    "dipl hr fr bzw ca im ul ул им тов акад проф св см пп тыс млн млрд руб долл обл р напр вул м т",
)
_BEFORE_NUMBER = _words("no nos art vol fig ch nr pp стр рис ст п")
# One that may also end a sentence: only a word that likes to begin one says so.
_MAYBE_LAST = _words(
    "inc corp co ltd llc plc bros dept est approx etc al jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed",
    "thu fri sat sun am pm г гг",
)
_STARTERS = _words(
    "the a an it its he she they we i this that these those there in on at but and however for from after before when",
    "while if as both no not his her their our what who why how asked still then now later",
    "он она они мы я это этот эта но и в на как по так если когда між він вона вони ми це але та у як за якщо коли",
    "der die das er sie es ein eine le la les il elle un une",
)
_MONTHS_AFTER_DAY = _words("januar februar marz april mai juni juli august september oktober november dezember")
_COUNTED = _words("sanktionspaket paket eu-sanktionspaket pakiet")
_STOP = re.compile(r"[.!?…。]")
_END = re.compile(r"""^["')\]]*\s*[.!?…]+["')\]]*(?=\s)|。""")
_BREAK = re.compile(r"\n\s*\n|[•▪●■◆]")
_MARKS = re.compile(r"""["')\]”’»]*\s*[.!?…。]+["')\]”’»]*|["')\]”’»]+""")


class Sentence(NamedTuple):
    """``source[start:stop]`` is the sentence as written; its words are ``words[first:end]``, never none."""

    start: int
    stop: int
    first: int
    end: int


def sentences(text: Text) -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` in order; together they hold every word once. A text without words has none."""
    if not text.words:
        return ()
    gaps = text.gaps
    cuts = [0, *(i for i in range(1, len(text.words)) if gaps[i] != " " and _is_cut(text, i)), len(text.words)]
    return tuple(_sentence(text, first, end) for first, end in pairwise(cuts))


def _is_cut(text: Text, i: int) -> bool:
    """Whether a sentence ends between word ``i - 1`` and word ``i``."""
    gap = text.gaps[i]
    if _BREAK.search(gap):
        return True
    if not (_END.search(gap) if _STOP.search(gap) else "\n" in gap):
        return False
    if text.surface(i)[0].islower():
        return False
    return gap[0] != "." or gap.startswith("..") or not _is_abbreviation(text, i - 1)


def _is_abbreviation(text: Text, i: int) -> bool:
    """Whether the full stop after word ``i`` belongs to the word rather than to the sentence."""
    word, following = text.words[i], text.words[i + 1]
    if word.isdigit():
        return len(word) <= 2 and (following in _MONTHS_AFTER_DAY or following in _COUNTED)
    if word in _BEFORE_NUMBER:
        return following.isdigit()
    is_dotted = len(word) == 1 and text.gaps[i] == "." and i > 0  # U.S. The talks …
    if is_dotted or word in _MAYBE_LAST:
        return following not in _STARTERS
    return word in _BEFORE_NAME or (len(word) == 1 and text.surface(i).isupper())  # an initial


def _sentence(text: Text, first: int, end: int) -> Sentence:
    """The source of the words with the marks that belong to them, without the space around."""
    source, spans = text.source, text.spans
    start = 0 if first == 0 else _after_end(text, first)
    stop = len(source) if end == len(spans) else _after_end(text, end)
    while start < spans[first][0] and source[start].isspace():
        start += 1
    while stop > spans[end - 1][1] and source[stop - 1].isspace():
        stop -= 1
    return Sentence(start, stop, first, end)


def _after_end(text: Text, i: int) -> int:
    """Where, before word ``i``, the sentence before it stops: behind its last mark and what closes with it."""
    here = text.spans[i - 1][1]
    between = text.source[here : text.spans[i][0]]
    closing = _MARKS.match(between)
    return here + (closing.end() if closing else 0)
