"""Russian and Ukrainian words get their forms here, at compile time, from the dictionaries of pymorphy3."""

from __future__ import annotations

from functools import cache
from typing import Any

_CASES = {"nomn": "n", "gent": "g", "datv": "d", "accs": "a", "ablt": "i", "loct": "l"}
_NOMINAL = {"NOUN", "ADJF", "PRTF", "NPRO", "NUMR"}


@cache
def _analyser(lang: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=lang)


def _parse(word: str, lang: str, wanted: set[str]) -> Any | None:
    parses = _analyser(lang).parse(word)
    for parse in parses:
        if parse.tag.POS in wanted and parse.normal_form == word.lower():
            return parse
    return next((parse for parse in parses if parse.tag.POS in wanted), None)


def verb_forms(word: str, lang: str) -> dict[str, str]:
    """Return surface form → letters: b infinitive, d past, s present, f future, n passive participle, g gerund."""
    parse = next((one for one in _analyser(lang).parse(word) if "infn" in str(one.tag).lower()), None)
    if parse is None:
        return {word: "b"}
    forms: dict[str, str] = {}
    for item in parse.lexeme:
        letter = _verb_letter(item.tag)
        if letter and letter not in forms.get(item.word, ""):
            forms[item.word] = forms.get(item.word, "") + letter
    return forms


def _verb_letter(tag: Any) -> str:
    if "impr" in str(tag):
        return ""
    if "infn" in str(tag).lower():
        return "b"
    if "Impe" in str(tag):
        return "n"
    if tag.POS == "VERB":
        return {"past": "d", "pres": "s", "futr": "f"}.get(str(tag.tense), "d")
    if tag.POS == "PRTS" or (tag.POS == "PRTF" and "pssv" in str(tag)) or tag.POS == "ADJS":
        return "n"
    return "g" if tag.POS == "GRND" else ""


def noun_forms(phrase: str, lang: str) -> dict[str, str]:
    """Return surface form → case letters (n g d a i l) of a name; the words after its head stay as they are."""
    words = phrase.split()
    head = _head(words, lang)
    forms: dict[str, str] = {}
    for number in ("sing", "plur"):
        for case, letter in _CASES.items():
            surface = _in_case(words, head, (case, number), lang)
            if surface and letter and letter not in forms.get(surface, ""):
                forms[surface] = forms.get(surface, "") + letter
    lowered = phrase.lower()
    if lowered not in forms:
        forms[lowered] = "n"
    return forms


def _head(words: list[str], lang: str) -> int:
    """Return how many leading words change together: adjectives, the first noun, and a name after a name."""
    names = 0
    for place, word in enumerate(words):
        parse = _parse(word, lang, _NOMINAL)
        if parse is None:
            return place
        if parse.tag.POS in {"NOUN", "NPRO"}:
            named = any(mark in parse.tag for mark in ("Name", "Surn", "Patr"))
            if not named and names:
                return place
            names += 1
            if not named or place + 1 >= len(words):
                return place + 1
    return len(words)


def _in_case(words: list[str], head: int, wanted: tuple[str, str], lang: str) -> str | None:
    case, number = wanted
    out = []
    for place, word in enumerate(words):
        if place >= head:
            out.append(word.lower())
            continue
        form = _one(word, lang, case, number)
        if form is None:
            return None
        out.append(form)
    return " ".join(out)


def _one(word: str, lang: str, case: str, number: str) -> str | None:
    parse = _parse(word, lang, _NOMINAL)
    if parse is None or "Fixd" in parse.tag:
        return word.lower()
    own = "plur" if "Pltm" in parse.tag or (parse.tag.number == "plur" and parse.tag.POS == "NOUN") else "sing"
    if parse.tag.POS == "NOUN" and number != own and (word[:1].isupper() or own == "plur"):
        return None
    wanted = {case, number}
    if parse.tag.POS in {"ADJF", "PRTF"} and number == "sing" and parse.tag.gender:
        wanted |= {str(parse.tag.gender)}
    form = parse.inflect(wanted) or parse.inflect({case})
    return str(form.word) if form else None
