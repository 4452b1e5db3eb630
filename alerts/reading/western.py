"""Polish and German names get their case endings here, at compile time: enough for a headline, no more."""

from __future__ import annotations

_POLISH_ADJECTIVE = {"i": "n", "iego": "ga", "iemu": "d", "im": "l"}
_POLISH_FEMININE = {"a": "n", "y": "g", "i": "gdl", "ę": "a", "ą": "l", "ie": "dl"}
_POLISH_HARD = {"": "n", "a": "ga", "owi": "d", "em": "l", "iem": "l", "u": "gl"}
_VOWELS = "aeiouyąęó"


def name_forms(name: str, lang: str) -> dict[str, str]:
    """Return surface form → case letters of a name; an abbreviation and a name of another language stay as they are.

    What Polish puts in the instrumental is marked locative: there it is whom one talks with, never who does it.
    """
    if lang == "pl":
        return _polish(name.split())
    if lang == "de" and not name.isupper() and name[-1:] not in {"s", "z", "x"}:
        return {name: "n", name + "s": "g"}
    return {name: "ngdail"}


def _polish(words: list[str]) -> dict[str, str]:
    forms: dict[str, str] = {"": "ngdail"}
    for word in words:
        forms = {
            f"{before} {after}".strip(): letters
            for before, kept in forms.items()
            for after, cases in _endings(word).items()
            if (letters := "".join(one for one in kept if one in cases))
        }
    return forms


def _endings(word: str) -> dict[str, str]:
    if word.isupper() or len(word) < 4:
        return {word: "ngdail"}
    if word.endswith(("ski", "cki")):
        return {word[:-1] + ending: cases for ending, cases in _POLISH_ADJECTIVE.items()}
    if word.endswith("a"):
        return {word[:-1] + ending: cases for ending, cases in _POLISH_FEMININE.items()}
    if word[-1] in _VOWELS:
        return {word: "ngdail"}
    return {word + ending: cases for ending, cases in _POLISH_HARD.items()}
