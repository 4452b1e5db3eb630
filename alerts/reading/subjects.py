"""Who does it: from a verb leftwards to the name that is its subject, past auxiliaries, adverbs and asides."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.reading.clauses import Link, is_finite
from alerts.reading.parsed import Parsed
from alerts.reading.tagging import Span

_CHAIN_CUES = frozenset(("negate", "undo", "possible", "probable", "planned", "ask", "hope", "past", "deny"))
_MARK = '"'


@dataclass(frozen=True, slots=True)
class Subject:
    """``entities`` are ids (coordinated subjects give several); ``place`` is the first span; ``own_words`` is *we*."""

    entities: tuple[str, ...]
    place: int
    own_words: bool = False
    is_pronoun: bool = False
    inherited: bool = False


def chain_start(parsed: Parsed, verb: int) -> int:
    """Return where the verb's group begins: auxiliaries, negations, modals, *refuses to*, adverbs before it."""
    start = parsed.clause(verb).start
    at = verb
    while at - 1 >= start and _in_chain(parsed, at - 1, at, verb) and not _cuts(parsed.spans[at]):
        at -= 1
    return at


def _cuts(span: Span) -> bool:
    return "," in span.before or ":" in span.before or ";" in span.before


def _in_chain(parsed: Parsed, at: int, following: int, verb: int) -> bool:
    span = parsed.spans[at]
    entry = span.entry
    if entry.entity or span.possessive or entry.words & {"pronoun", "own_pronoun"}:
        return False
    if entry.words & {"adverb", "be", "have", "do", "to", "no"} and not (entry.cue_forms and "be" not in entry.words):
        return True
    if not entry.cues & _CHAIN_CUES:
        return False
    if span.text.endswith(" to") or span.text in {"to"} or not entry.cue_forms:
        return True
    next_span = parsed.spans[following]
    if next_span.hints("negate") and following + 1 < len(parsed.spans) and parsed.spans[following + 1].says("to"):
        return True  # vows never to
    return next_span.says("to") or _is_gerund(parsed, verb) or _is_bare(parsed, verb)


def _is_bare(parsed: Parsed, verb: int) -> bool:
    """Whether the verb is an infinitive that needs no *to* before it (*мог отменить*)."""
    entry = parsed.spans[verb].entry
    forms = {way.forms for way in entry.ways} | {forms for _, forms, _ in entry.acts}
    return bool(forms) and forms <= {"b", ""} and not parsed.spans[verb].text.isascii()


def _is_gerund(parsed: Parsed, verb: int) -> bool:
    return any("g" in way.forms for way in parsed.spans[verb].entry.ways) and parsed.spans[verb].text.endswith("ing")


def subject_of(parsed: Parsed, verb: int) -> Subject | None:
    """Return the subject of the verb whose group begins at ``verb``, own or inherited; None when there is none."""
    clause = parsed.clause(verb)
    own, blocked = _own(parsed, clause.start, verb)
    if own is not None:
        return own
    if blocked:
        return _house(parsed, clause.start, verb)
    first = parsed.spans[verb].entry
    is_group = bool(first.words & {"be", "have"} or first.cues & _CHAIN_CUES) and not first.cue_forms
    if verb == clause.start and clause.link is Link.COLON and parsed.speaker and is_group:
        return Subject((), verb, own_words=True)  # the minister: will not sign
    return _inherited(parsed, verb) or _house(parsed, clause.start, verb)


def _house(parsed: Parsed, start: int, verb: int) -> Subject | None:
    """Return the body in whose house they do it: *in the palace they refused* has no other subject."""
    if verb - start != 2 or not parsed.spans[start].says("house"):
        return None
    who = parsed.entity(start + 1)
    return Subject((who,), start + 1) if who is not None else None


def _own(parsed: Parsed, start: int, verb: int) -> tuple[Subject | None, bool]:
    at = verb - 1
    while at >= start:
        span = parsed.spans[at]
        who = parsed.entity(at)
        if who is not None:
            preposition = _preposition(parsed, at, start)
            if preposition is not None:
                at = preposition - 1
                continue
            if span.possessive and not _apposed(parsed, at, verb):
                at -= 1
                continue
            if not _can_be_subject(parsed, at):
                at -= 1
                continue
            if _gap_is_fine(parsed, at, verb):
                return _conjuncts(parsed, at, start), False
            return None, True
        if span.says("own_pronoun") and at < verb:
            return Subject((), at, own_words=True), False
        if span.says("pronoun") and _gap_is_fine(parsed, at, verb):
            return Subject((), at, is_pronoun=True), False
        if is_finite(span) and not _noun_like(parsed, at):
            return None, False
        at -= 1
    return None, any(parsed.spans[i].entry is not None and _is_content(parsed.spans[i]) for i in range(start, verb))


def _noun_like(parsed: Parsed, at: int) -> bool:
    before = parsed.spans[at - 1] if at else None
    return before is not None and (before.says("determiner") or before.possessive or before.says("preposition"))


def _is_content(span: Span) -> bool:
    entry = span.entry
    return not (entry.words or entry.cues)


def _can_be_subject(parsed: Parsed, at: int) -> bool:
    entry = parsed.spans[at].entry
    return not entry.cases or "n" in entry.cases or not entry.entity


def _apposed(parsed: Parsed, at: int, verb: int) -> bool:
    """Whether a possessive names people who speak for it up to the verb: *Ruritania's delegation rejects*."""
    return at + 1 < verb and all(
        parsed.spans[i].says("role_nouns") or parsed.spans[i].says("adverb") for i in range(at + 1, verb)
    )


def _preposition(parsed: Parsed, at: int, start: int) -> int | None:
    """Return the place of the preposition that governs the name, looking past its article and its conjuncts."""
    before = at - 1
    while before >= start:
        span = parsed.spans[before]
        if span.says("preposition") and not span.says("conjunction"):
            return None if span.joined else before
        if span.hints("background") and before == start and parsed.clause(at).link is Link.BACKGROUND:
            return None
        if span.hints("background") or span.says("by") or span.says("according"):
            return before
        if (
            span.says("determiner")
            or span.entry.adjective
            or span.says("role_nouns")
            or (span.entry.entity and parsed.spans[before + 1].says("conjunction"))
            or (span.says("conjunction") and before > start and parsed.spans[before - 1].entry.entity)
        ):
            before -= 1
            continue
        return None
    return None


def _gap_is_fine(parsed: Parsed, at: int, verb: int) -> bool:
    """Whether what stands between a name and its verb leaves it the subject."""
    if at + 1 >= verb:
        return True
    span = parsed.spans[at + 1]
    if "," in span.before or "(" in span.before or "—" in span.before:
        return not _is_content(parsed.spans[verb - 1]) or "," in parsed.spans[verb].before
    if span.says("other_nouns") and not span.says("role_nouns"):
        return False
    words = span.entry.words
    if (
        words & {"adverb", "preposition", "role_nouns", "be", "have"}
        or span.entry.entity
        or span.entry.cues & {"background", "terms"}
    ):
        return True
    return span.text.isdigit() or span.text.endswith("ly")


def _conjuncts(parsed: Parsed, at: int, start: int) -> Subject:
    found = [parsed.entity(at)]
    first = at
    while first - 1 >= start:
        before = parsed.spans[first - 1]
        if (
            before.says("conjunction")
            and first - 2 >= start
            and parsed.entity(first - 2)
            and not parsed.spans[first - 2].possessive
        ):
            first -= 2
        elif parsed.entity(first - 1) and ("," in parsed.spans[first].before or parsed.spans[first].joined):
            first -= 1
        else:
            break
        found.append(parsed.entity(first))
    return Subject(tuple(dict.fromkeys(who for who in found if who)), first)


def _inherited(parsed: Parsed, verb: int) -> Subject | None:
    """Return the subject that a clause without one of its own goes on with."""
    number = parsed.owner[verb]
    clause = parsed.cuts[number]
    if clause.link is Link.RELATIVE:
        return _antecedent(parsed, clause.start)
    if clause.link not in {Link.COMMA, Link.AND, Link.CONTRAST, Link.DASH} or number == 0:
        return None
    for earlier in range(number - 1, -1, -1):
        if parsed.cuts[earlier].link in {Link.RELATIVE, Link.BACKGROUND, Link.CONDITION, Link.ASIDE}:
            continue
        lead = leading(parsed, earlier)
        if lead is not None:
            return Subject(lead.entities, lead.place, lead.own_words, lead.is_pronoun, inherited=True)
        if parsed.cuts[earlier].link in {Link.MAIN, Link.COLON}:
            return None
    return None


def _antecedent(parsed: Parsed, start: int) -> Subject | None:
    place = start - 1
    who = parsed.entity(place) if place >= 0 else None
    return Subject((who,), place, inherited=True) if who else None


def leading(parsed: Parsed, number: int) -> Subject | None:
    """Return the subject of the last finite verb of a clause, else the name the clause begins with."""
    clause = parsed.cuts[number]
    for at in range(clause.end - 1, clause.start, -1):
        if is_finite(parsed.spans[at]) and not _noun_like(parsed, at):
            own, _ = _own(parsed, clause.start, chain_start(parsed, at))
            if own is not None:
                return own
    for at in range(clause.start, clause.end):
        who = parsed.entity(at)
        if at + 1 < clause.end and parsed.spans[at + 1].says("other_nouns") and not parsed.stands_for(at + 1):
            return None
        if who is not None and not parsed.spans[at].possessive and _preposition(parsed, at, clause.start) is None:
            return Subject((who,), at) if _can_be_subject(parsed, at) else None
        if _is_content(parsed.spans[at]) and not parsed.spans[at].text.isdigit():
            return None
    return None
