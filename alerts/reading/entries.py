"""What the vocabulary knows about one phrase, as a value; the table keeps it as a short string until it is met.

A string holds marks separated by blanks: ``e:ann:ngdail`` name of an entity with its cases, ``j:ruritania`` its
adjective, ``w:ann`` weak name, ``t:energy-pause`` name of a thing, ``m:energy-pause`` modifier that picks it,
``h:truce`` word of a kind, ``a:truce:fighting`` act of a kind with the word that must follow, ``v:agree:sd`` verb
of an event with its forms, ``g:transfer:b:over`` verb whose particle follows after a gap, ``n:`` noun, ``p:``
predicate, ``x:`` evaluative, ``i:`` happens, ``r:`` verb that turns object and subject, ``k:impose:sd:sanctions``
verb that has the thing in it, ``c:hope:sd`` cue (with forms when a verb), ``f:determiner`` function word,
``o:truce`` opaque after that kind, ``l:truce`` carrier of that kind, ``A:`` verb that brings a result about,
``P:`` predicate that ends its clause, ``O:`` consent that a thing gets (*gets the palace's approval*),
``u:`` unnamed speaker, ``U`` written in capitals, ``B`` a comma stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Way:
    """One way a phrase may say an event: part of speech, form letters, the particle that must follow."""

    event: str
    pos: str
    forms: str = ""
    needs: str = ""
    kind: str = ""


@dataclass(slots=True)
class Entry:
    """Everything one phrase may be."""

    entity: str | None = None
    cases: str = ""
    adjective: str | None = None
    weak: str | None = None
    things: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    acts: tuple[tuple[str, str, str], ...] = ()
    ways: tuple[Way, ...] = ()
    cues: frozenset[str] = frozenset()
    cue_forms: str = ""
    words: frozenset[str] = frozenset()
    opaque: frozenset[str] = frozenset()
    carries: frozenset[str] = frozenset()
    unnamed: bool = False
    capitals: bool = False
    loose: bool = False
    is_finite: bool = False
    is_thing: bool = False
    marks: list[str] = field(default_factory=list)


NOTHING = Entry()
SMALL_I = "i·"
"""The word *i* in small letters: *and* where English does not write it so."""
ANY_FORM = "bsdn"
"""The forms of a verb in a language whose verbs are written out form by form."""
CONDITIONAL = "terms"
"""The kind of a verb that agrees under conditions: *sets conditions for*, *ties … to*."""


def parse_entry(text: str, phrase: str = "") -> Entry:
    """Return the entry that a string of marks stands for."""
    entry = Entry()
    for mark in text.split(" "):
        _add(entry, mark.split(":"))
    entry.is_finite = _is_finite(entry) or phrase in _MODALS
    entry.is_thing = bool(entry.kinds or entry.things or entry.acts) or any(
        way.kind not in {"", CONDITIONAL} or way.event in {"kill", "injure"} for way in entry.ways
    )
    return entry


def _is_finite(entry: Entry) -> bool:
    if entry.words & {"be", "have", "do"}:
        return True
    if entry.cue_forms and not _NOMINAL_FORMS.issuperset(entry.cue_forms):
        return True
    ways = [way for way in entry.ways if way.pos in "vigkr" and not (way.needs and way.kind == CONDITIONAL)]
    return any(not _NOMINAL_FORMS.issuperset(way.forms) for way in ways)


_NOMINAL_FORMS = frozenset("bgn")
_MODALS = frozenset(
    ("will", "won t", "may", "might", "could", "should", "must", "can", "would", "cannot", "to", "not to")
)


def _add(entry: Entry, mark: list[str]) -> None:
    kind, rest = mark[0], mark[1:]
    if kind in _WAYS:
        entry.ways += (Way(rest[0], kind, *rest[1:]),)
    elif kind in _SETS:
        name = _SETS[kind]
        setattr(entry, name, getattr(entry, name) | {rest[0]})
        if kind == "c" and len(rest) > 1:
            entry.cue_forms += rest[1]
    elif kind in _LISTS:
        name = _LISTS[kind]
        setattr(entry, name, (*getattr(entry, name), rest[0] if kind != "a" else (rest[0], rest[1], rest[2])))
    else:
        _add_name(entry, kind, rest)


def _add_name(entry: Entry, kind: str, rest: list[str]) -> None:
    if kind == "e":
        entry.entity, entry.cases = rest[0], entry.cases + rest[1]
    elif kind == "j":
        entry.adjective = rest[0]
    elif kind == "w":
        entry.weak, entry.cases = rest[0], entry.cases + rest[1]
    elif kind == "u":
        entry.unnamed = True
    elif kind == "U":
        entry.capitals = True
    elif kind == "B":
        entry.loose = True


_WAYS = frozenset("vgnpxirkTRAOP")
_SETS = {"c": "cues", "f": "words", "o": "opaque", "l": "carries"}
_LISTS = {"t": "things", "m": "modifies", "h": "kinds", "a": "acts"}
