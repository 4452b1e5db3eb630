"""Some verbs have their thing in them: *phones*, *sanctions*; who stands around the verb says which thing."""

from __future__ import annotations

from alerts.reading.clauses import is_finite
from alerts.reading.entries import ANY_FORM
from alerts.reading.parsed import Parsed
from alerts.reading.tagging import Span

_REACH = 10
_ALONE = frozenset(("speak", "speaks", "spoke", "talk", "talks", "talked", "speaking", "talking"))
_WITHIN = frozenset(("of", "in", "over"))


def thing_in_verb(parsed: Parsed, kind: str, verb: int, actors: tuple[str, ...]) -> str | None:
    """Return the thing of that kind which the verb's subject and object make, None when they make none."""
    who = set(actors)
    if kind == "call":
        people, end = _people_after(parsed, verb)
        if parsed.spans[verb].says("long_for") and not _lasts(parsed, verb):
            return None
        clause = parsed.clause(verb)
        if not people and any(way.forms == ANY_FORM for way in parsed.spans[verb].entry.ways):
            people, end = _people_before(parsed, verb), verb + 1
        elif people and _describes(parsed, end):
            return None
        if not people and parsed.spans[verb].text in _ALONE and not _is_all(parsed, verb):
            return None
        if _may_meet(parsed.spans[verb]) and _meet_somewhere(parsed, verb, end):
            return None
        if _may_meet(parsed.spans[verb]) and any(
            parsed.spans[at].says("in_person") for at in range(clause.start, clause.end)
        ):
            return None
        return _between(parsed, kind, who | people)
    return _aimed_at(parsed, kind, verb)


def _is_all(parsed: Parsed, verb: int) -> bool:
    """Whether a bare *speak* or *talk* is all that they do: not *talk peace*, *speak volumes*."""
    if parsed.spans[verb].joined or parsed.spans[verb].text in {"talks", "speaks"}:
        return False
    at = verb + 1
    while at < parsed.clause(verb).end and parsed.spans[at].says("adverb"):
        at += 1
    if at >= parsed.clause(verb).end:
        return True
    return "," not in parsed.spans[at].before and bool(parsed.spans[at].entry.words & {"preposition", "as"})


def _between(parsed: Parsed, kind: str, people: set[str]) -> str | None:
    for thing in parsed.known.of_kind.get(kind, ()):
        if people and people == set(parsed.known.beings[thing].parties):
            return thing
    return None


def _may_meet(span: Span) -> bool:
    """Whether the verb alone does not say that it is by phone: *speak with*, *talk on Monday*."""
    return span.says("either_way") or (span.text.startswith(("speak", "spoke", "talk")) and "phone" not in span.text)


def _lasts(parsed: Parsed, verb: int) -> bool:
    """Whether they speak for hours, and nobody says where, so by phone."""
    end = parsed.clause(verb).end
    return any(parsed.spans[at].says("long") for at in range(verb + 1, min(verb + 6, end))) and not any(
        parsed.spans[at].says("in_person") or _is_somewhere(parsed, at) for at in range(verb + 1, end)
    )


def _meet_somewhere(parsed: Parsed, verb: int, end: int) -> bool:
    """Whether a place follows whom they speak with, or the day they speak on."""
    if parsed.spans[verb].says("either_way"):
        return _is_somewhere(parsed, end)
    return any(_is_somewhere(parsed, at) for at in range(verb + 1, parsed.clause(verb).end))


def _is_somewhere(parsed: Parsed, at: int) -> bool:
    """Whether they speak at a place, so in person: *speaks with him in a hangar*."""
    if at >= len(parsed.spans) or parsed.spans[at].text not in {"in", "at", "aboard", "inside"}:
        return False
    if at + 1 < len(parsed.spans) and parsed.spans[at + 1].text.isdigit():
        return False  # at 10 a.m.
    return not any(parsed.thing_at(place) for place in range(at + 1, min(at + 5, len(parsed.spans))))


def _describes(parsed: Parsed, at: int) -> bool:
    """Whether a description follows: *calls him crazy* is no phone call."""
    if at >= parsed.clause(at - 1).end:
        return False
    span = parsed.spans[at]
    if parsed.thing_at(at) is not None:
        return False  # by phone
    if '"' in span.before or "'" in span.before or "," in span.before:
        return "," not in span.before
    return (
        span.text in {"a", "an"}
        or span.says("in_person")
        or not (span.entry.words or span.entry.cues & {"background", "condition"} or span.text.isdigit())
    )


def _people_after(parsed: Parsed, verb: int) -> tuple[set[str], int]:
    """Return who stands right after the verb, and where they end."""
    people: set[str] = set()
    end = min(parsed.clause(verb).end, verb + _REACH)
    for at in range(verb + 1, end):
        span = parsed.spans[at]
        who = parsed.entity(at)
        if who is not None and not span.possessive:
            people.add(who)
        elif who is not None or is_finite(span) or "," in span.before or not _goes_on(span, bool(people)):
            return people, at
    return people, end


def _people_before(parsed: Parsed, verb: int) -> set[str]:
    """Return with whom they speak where the verb comes last: *will mit Ann sprechen*."""
    start = parsed.clause(verb).start
    places = (at for at in range(max(start + 1, verb - _REACH), verb) if parsed.spans[at - 1].says("linker"))
    return {who for at in places if (who := parsed.entity(at)) is not None}


def _goes_on(span: Span, has_people: bool) -> bool:
    """Whether a name may still follow: after *with*, *the*, *and*."""
    if has_people:
        return span.says("conjunction")
    return bool(span.entry.words & {"conjunction", "linker", "determiner", "adverb", "role_nouns"})


def _aimed_at(parsed: Parsed, kind: str, verb: int) -> str | None:
    things = parsed.known.of_kind.get(kind, ())
    for at in range(verb + 1, min(parsed.clause(verb).end, verb + _REACH)):
        span = parsed.spans[at]
        for thing in span.entry.modifies:
            if thing in things:
                return thing
        if (span.says("preposition") and span.text not in _WITHIN) or is_finite(span):
            return None
    return None
