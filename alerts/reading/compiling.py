"""Word lists and seeds become one table of phrases: all inflection is spent here, none while an item is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alerts.model.seed import Seed, Seeds
from alerts.reading import conjugate, slavic, western
from alerts.reading.english import english_forms
from alerts.reading.entries import ANY_FORM, CONDITIONAL, SMALL_I
from alerts.reading.normalise import normalise
from alerts.reading.phrases import expand

Lexicon = Mapping[str, Mapping[str, Any]]
"""One language's files: file stem → what it holds."""

EVENT_FILES = ("agree", "happenings", "harm", "pressure", "events")
_POS = {
    "verbs": "v", "nouns": "n", "predicates": "p", "evaluative": "x", "happens": "i", "reverse": "r",
    "predicates_of_thing": "T", "results": "R", "takes": "v", "attains": "A", "obtained": "O",
    "predicates_final": "P",
}  # fmt: skip
_ACTING = frozenset(
    ("person", "body", "office", "state", "country", "city", "region", "place", "war", "party", "group", "alliance",
     "organisation", "ministry", "agency", "company", "army", "government")
)  # fmt: skip
_ALL_CASES = "ngdail"
_SLAVIC = frozenset(("ru", "uk"))


class Table:
    """Phrases on the way to the vocabulary: normalised words → marks."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[str, None]] = defaultdict(dict)
        self.settled: frozenset[str] = frozenset()
        self.future: frozenset[str] = frozenset()
        """Written-out verb forms that tell what is to come."""

    def settle(self) -> None:
        """Let no later language say more about the words that are there: *will* is English before it is German."""
        self.settled = frozenset(self.marks)

    def add(self, phrase: str, mark: str) -> None:
        """Add one mark to a phrase as written; a phrase without words is ignored."""
        key = " ".join(normalise(phrase).words)
        if key == "i" and key in self.settled:
            key = SMALL_I
        if key and key not in self.settled:
            self.marks[key][mark] = None
            if "," in phrase:
                self.marks[key]["B"] = None

    def frozen(self) -> dict[str, str]:
        """Return normalised phrase → its marks as one string."""
        return {key: " ".join(marks) for key, marks in self.marks.items()}


def compile_table(lexicons: Mapping[str, Lexicon], seeds: Seeds, taught: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the table of all languages; ``taught`` are an author's words, event → verbs of the first language."""
    table = Table()
    for lang, lexicon in sorted(lexicons.items(), key=lambda one: one[0] != "en"):
        table.future = frozenset((lexicon.get("grammar") or {}).get("future", ()))
        _events(table, lang, lexicon)
        _cues(table, lang, lexicon.get("cues", {}))
        _grammar(table, lang, lexicon)
        _kinds(table, lang, lexicon.get("kinds", {}))
        if lang == "en":
            table.settle()
    table.settled = frozenset()
    for event, phrases in taught.items():
        _taught(table, event, phrases)
    for seed in seeds:
        _seed(table, seed)
        for name in seed.excludes:
            if name not in seeds:
                table.add(name, f"f:not-{seed.id}")
    return table.frozen()


def _events(table: Table, lang: str, lexicon: Lexicon) -> None:
    for name in EVENT_FILES:
        for event, ways in (lexicon.get(name) or {}).items():
            for key, patterns in ways.items():
                _way(table, lang, (event, key, ways), patterns)


def _way(table: Table, lang: str, what: tuple[str, str, Mapping[str, Any]], patterns: Any) -> None:
    event, key, ways = what
    head = str(ways.get("head", ""))
    if key in {"head", "plover"}:
        return
    if key == "conditional":
        _verbs(table, lang, f"v:{event}", patterns, kind=CONDITIONAL)
        return
    if key.endswith("_verbs"):
        _verbs(table, lang, f"k:{event}", patterns, kind=key.removesuffix("_verbs"))
    elif key in {"verbs", "happens", "reverse", "takes", "attains"}:
        mark = f"{'k' if head else _POS[key]}:{'take' if key == 'takes' else event}"
        _verbs(table, lang, mark, patterns, kind=head)
    else:
        for phrase in _phrases(patterns):
            for surface in _noun_surfaces(phrase, lang, key):
                table.add(surface, f"{_POS[key]}:{event}")


def _phrases(patterns: Iterable[Any]) -> list[str]:
    return [phrase for pattern in patterns for phrase in expand(str(pattern))]


def _noun_surfaces(phrase: str, lang: str, key: str) -> Iterable[str]:
    return slavic.noun_forms(phrase, lang) if lang in _SLAVIC and key in {"nouns", "results"} else (phrase,)


def _verbs(table: Table, lang: str, mark: str, patterns: Iterable[str], *, kind: str = "") -> None:
    for pattern in patterns:
        for phrase in expand(pattern):
            first, *rest = phrase.split()
            for surface, forms in _verb_forms(first, lang).items():
                is_future = forms == ANY_FORM and not table.future.isdisjoint((first, *rest))
                _verb(table, (mark, kind), [surface, *rest], "f" if is_future else forms)


def _verb(table: Table, mark: tuple[str, str], words: list[str], forms: str) -> None:
    name, kind = mark
    if "_" in words:
        cut = words.index("_")
        event = name.split(":", 1)[1]
        table.add(" ".join(words[:cut]), f"g:{event}:{forms}:{_folded(words[cut + 1])}:{kind}".rstrip(":"))
        return
    table.add(" ".join(words), f"{name}:{forms}::{kind}".rstrip(":"))


def _taught(table: Table, event: str, phrases: Iterable[str]) -> None:
    """An author writes a verb as headlines have it (*slams the door on*), in any form; every other form counts too."""
    for phrase in _phrases(phrases):
        first, *rest = phrase.split()
        forms = (
            slavic.verb_forms(first, "ru") if not first.isascii() else dict.fromkeys(english_forms(first.lower()), "")
        )
        for surface, letters in forms.items():
            _verb(table, (f"v:{event}", ""), [surface, *rest], letters or _letters(surface))


def _letters(surface: str) -> str:
    if surface.endswith("ing"):
        return "g"
    if surface.endswith("ed"):
        return "dn"
    return "s" if surface.endswith("s") else "bdn"


def _folded(word: str) -> str:
    """Return a word as texts are compared."""
    return " ".join(normalise(word).words)


def _verb_forms(word: str, lang: str) -> Mapping[str, str]:
    if lang == "en":
        return conjugate.verb_forms(word)
    return slavic.verb_forms(word, lang) if lang in _SLAVIC else {word: ANY_FORM}


def _cues(table: Table, lang: str, cues: Mapping[str, Mapping[str, list[str]]]) -> None:
    for cue, ways in cues.items():
        for phrase in _phrases((*ways.get("words", ()), *ways.get("nouns", ()))):
            table.add(phrase, f"c:{cue}")
        for phrase in _phrases(ways.get("verbs", ())):
            first, *rest = [word for word in phrase.split() if word != "_"]
            for surface, forms in _verb_forms(first, lang).items():
                table.add(" ".join([surface, *rest]), f"c:{cue}:{forms}")


def _grammar(table: Table, lang: str, lexicon: Lexicon) -> None:
    for name, words in (lexicon.get("grammar") or {}).items():
        for word in words:
            table.add(str(word), f"f:{name}")
    speech = lexicon.get("speech") or {}
    for word in speech.get("unnamed", ()):
        table.add(word, "u:")
    for key in ("role_nouns", "other_nouns", "labels", "according"):
        for word in speech.get(key, ()):
            table.add(word, f"f:{key}")


def _kinds(table: Table, lang: str, kinds: Mapping[str, Mapping[str, list[str]]]) -> None:
    for kind, words in kinds.items():
        for phrase in _phrases(words.get("nouns", ())):
            for surface in slavic.noun_forms(phrase, lang) if lang in _SLAVIC else (phrase,):
                table.add(surface, f"h:{kind}")
        for phrase in _phrases(words.get("acts", ())):
            _act(table, lang, kind, phrase.split())
        for mark, listed in ((f"o:{kind}", words.get("opaque")), (f"l:{kind}", words.get("carriers"))):
            for surface in (form for word in listed or () for form in _plain_forms(word, lang)):
                table.add(surface, mark)


def _plain_forms(word: str, lang: str) -> Iterable[str]:
    if lang in _SLAVIC:
        return slavic.noun_forms(word, lang)
    return (word, conjugate.plural(word)) if lang == "en" and " " not in word else (word,)


def _act(table: Table, lang: str, kind: str, words: list[str]) -> None:
    inflected = 1 if words[0] in {"not", "не"} else 0
    for surface, forms in _verb_forms(words[inflected], lang).items():
        whole = [*words[:inflected], surface, *words[inflected + 1 :]]
        if "_" in whole:
            cut = whole.index("_")
            for last in slavic.noun_forms(whole[cut + 1], lang) if lang in _SLAVIC else (whole[cut + 1],):
                table.add(" ".join(whole[:cut]), f"a:{kind}:{forms}:{_folded(last)}")
        else:
            table.add(" ".join(whole), f"a:{kind}:{forms}:")


def _seed(table: Table, seed: Seed) -> None:
    if seed.owner:  # who tells the news: a speaker, like a newspaper's name, and nobody of the story
        for surface, _, _ in _surfaces(seed.names):
            table.add(surface, "u:")
        return
    is_thing = not _acts(seed)
    for surface, cases, name in _surfaces(seed.names):
        table.add(surface, f"t:{seed.id}" if is_thing else f"e:{seed.id}:{cases}")
        if name.isupper() and len(name) <= 3 and name.isascii():
            table.add(surface, "U")
    for surface, cases, _ in _surfaces(seed.weak):
        table.add(surface, f"m:{seed.id}" if is_thing else f"w:{seed.id}:{cases}")
    for lang, names in seed.adjectives.items():
        for surface in (form for name in names for form in _adjective_forms(name, lang)):
            table.add(surface, f"j:{seed.id}")


def _surfaces(names: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str, str]]:
    for lang, listed in names.items():
        for name in listed:
            yield from ((surface, cases, name) for surface, cases in _name_forms(name, lang).items())


def _adjective_forms(name: str, lang: str) -> Iterable[str]:
    if lang in _SLAVIC:
        return slavic.noun_forms(name, lang)
    ends = {"de": ("", "e", "er", "en", "es", "em"), "fr": ("", "s"), "pl": ("",), "en": ("",)}
    return [name + end for end in ends.get(lang, ("",))]


def _acts(seed: Seed) -> bool:
    return seed.kind in _ACTING or bool(seed.roles or seed.adjectives)


def _name_forms(name: str, lang: str) -> Mapping[str, str]:
    if lang in _SLAVIC:
        return slavic.noun_forms(name, lang)
    return western.name_forms(name, lang) if lang in {"de", "pl"} else {name: _ALL_CASES}
