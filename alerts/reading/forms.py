"""A word of a rule or seed becomes every form it may have in a text; all morphology is spent here, before any item.

English by rules; Russian and Ukrainian by the paradigms of pymorphy3, which guesses those of unknown words; German,
French and Polish by a few endings; any other language exactly. A word in CAPITALS is an abbreviation and stays whole.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from alerts.reading.english import english_forms
from alerts.reading.normalise import normalise

__all__ = ["word_forms"]

_CYRILLIC = re.compile("[\u0400-\u052f]")
_UKRAINIAN = re.compile("[іїєґʼ]")
_RUSSIAN = re.compile("[ыэъё]")
_ENDINGS = {
    "de": ("s", "es", "e", "en", "n", "er", "em", "ern"),
    "fr": ("s", "x", "e", "es"),
    "pl": ("a", "u", "y", "i", "e", "ie", "em", "om", "ow", "owi", "ami", "ach", "iem"),
}
_LIKELY = 0.1
"""Readings of a Russian word rarer than this are left out: *стали* is of *стать*, hardly ever of *сталь*."""


@cache
def word_forms(word: str, lang: str = "") -> frozenset[str]:
    """Return the folded forms of one word, its own among them; ``lang`` is a code, empty where nobody said.

    Without a language a Latin word is taken for English, a Cyrillic one for Russian or Ukrainian by its letters, else
    for whichever knows it. What is not one word (a hyphen, two words) has no forms but itself.
    """
    text = normalise(word)
    if len(text.words) != 1:
        return frozenset((text.folded,))
    folded = text.words[0]
    if any(map(str.isdigit, folded)) or len(folded) < 2:
        return frozenset((folded,))
    if len(word) > 1 and word.isupper():
        return frozenset((folded, folded + "s") if folded.isascii() and len(folded) > 2 else (folded,))
    if _CYRILLIC.search(folded):
        return frozenset((folded, *_slavic(folded, lang)))
    if lang in _ENDINGS:
        return frozenset(_with_endings(folded, _ENDINGS[lang], drop_vowel=lang == "pl"))
    return frozenset(english_forms(folded) if lang in {"", "en"} and folded.isascii() else (folded,))


def _with_endings(word: str, endings: tuple[str, ...], *, drop_vowel: bool) -> set[str]:
    if len(word) < 4:
        return {word}
    stem = word[:-1] if drop_vowel and word[-1] in "aeoy" else word
    return {word, *(stem + ending for ending in endings)}


# --- Russian, Ukrainian -------------------------------------------------------------------------


@cache
def _analyzer(lang: str) -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang=lang)


def _slavic(folded: str, lang: str) -> set[str]:
    if lang in {"ru", "uk"}:
        langs = [lang]
    elif _UKRAINIAN.search(folded) or _RUSSIAN.search(folded):
        langs = ["uk" if _UKRAINIAN.search(folded) else "ru"]
    else:
        langs = ["ru", "uk"]
    asked = folded.replace("ʼ", "'")
    readings = [reading for one in langs for reading in _readings(asked, one)]
    known = [reading for reading in readings if reading.is_known]
    return {
        text.words[0]
        for reading in _chosen(known or readings, asked)
        for form in reading.lexeme
        if len((text := normalise(form.word)).words) == 1
    }


def _readings(word: str, lang: str) -> list[Any]:
    """The readings of a word, the rare ones left out."""
    readings = _analyzer(lang).parse(word)
    best = max((reading.score for reading in readings), default=0)
    return [reading for reading in readings if reading.score >= best * _LIKELY]


def _chosen(readings: list[Any], word: str) -> list[Any]:
    """An author writes a word as a dictionary does: where that is a reading, it is the only one."""
    plain = [reading for reading in readings if reading.normal_form.replace("ё", "е") == word]
    return plain or readings
