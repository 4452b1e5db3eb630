"""Who says it: before a colon, before the verb, in the tail; someone unnamed; or the text itself."""

from __future__ import annotations

from alerts.model.claim import UNNAMED
from alerts.reading.clauses import Clause, Link
from alerts.reading.entries import NOTHING
from alerts.reading.parsed import Parsed
from alerts.reading.subjects import chain_start, subject_of
from alerts.reading.tagging import Span

MOST_NAME = 5
"""Words of the longest name with its title that may stand alone before a colon."""

_TITLES = frozenset(("role_nouns", "other_nouns", "determiner", "number_words"))
_PLACES = frozenset(("place", "city", "region", "country"))
_NO_NAME = frozenset(("labels", "market", "attack"))


def attribute(parsed: Parsed) -> None:
    """Set the sentence's own speaker (colon, tail), its label, and whether the speaker denies it."""
    if not parsed.cuts:
        return
    _colon(parsed)
    if len(parsed.cuts) > 1 or parsed.spans:
        _tail(parsed, parsed.cuts[-1])
    for clause in parsed.cuts:
        for place in range(clause.start, clause.end):
            if parsed.spans[place].says("according"):
                _according(parsed, place, clause)


def _colon(parsed: Parsed) -> None:
    if len(parsed.cuts) < 2 or parsed.cuts[1].link is not Link.COLON:
        first = parsed.spans[0] if parsed.spans else None
        if first is not None and first.hints("opinion") and len(parsed.cuts) > 1:
            parsed.label = first.text
        return
    head = parsed.cuts[0]
    spans = parsed.spans[head.start : head.end]
    if any(span.hints("opinion") for span in spans):
        parsed.label = next(span.text for span in spans if span.hints("opinion"))
        return
    who = None if _is_topic(parsed, spans) else _name_alone(parsed, head) or _stranger(parsed, head)
    if who is not None:
        parsed.speaker = (who,)


def _is_topic(parsed: Parsed, spans: list[Span]) -> bool:
    """Whether a country's name only says what the news is about: *Ruritania latest:*."""
    if not any(span.says("labels") for span in spans):
        return False
    named = [span.entry.entity for span in spans if span.entry.entity]
    return bool(named) and all(parsed.known.beings[one].kind in _PLACES for one in named)


def _stranger(parsed: Parsed, clause: Clause) -> str | None:
    """Return UNNAMED for a clause that is nothing but an unknown name: whoever that is, it is not the text."""
    if clause.end - clause.start > MOST_NAME:
        return None
    unknown = False
    for place in range(clause.start, clause.end):
        span = parsed.spans[place]
        entry = span.entry
        if entry is NOTHING or (span.says("outlet_words") and not span.says("labels")):
            if span.possessive or (entry is NOTHING and not span.capital):
                return None
            unknown = True
        elif entry.words & _NO_NAME or not (entry.words & _TITLES or entry.unnamed or parsed.names_somebody(place)):
            return None
    last = parsed.entity(clause.end - 1)
    is_place = last is not None and parsed.known.beings[last].kind in _PLACES - {"country"}
    return UNNAMED if unknown and not is_place else None


def _name_alone(parsed: Parsed, clause: Clause) -> str | None:
    """Return the speaker when a clause is nothing but a name (with role words or a verb of saying)."""
    named: str | None = None
    for place in range(clause.start, clause.end):
        span = parsed.spans[place]
        who = parsed.entity(place)
        if who is not None and not _is_mute(parsed, who):
            named = who
        elif span.entry.unnamed:
            named = named or UNNAMED
        elif not (
            span.entry.words & {"role_nouns", "determiner", "labels", "adverb", "preposition"}
            or span.hints("say")
            or who
        ):
            return UNNAMED if named and span.says("other_nouns") else None
    return named


def _is_mute(parsed: Parsed, who: str) -> bool:
    """Whether the name is of a place in whose name nobody speaks: a dateline."""
    being = parsed.known.beings[who]
    return being.kind == "place" or (being.kind == "city" and not being.speaks_for)


def _tail(parsed: Parsed, clause: Clause) -> None:
    if clause.link in {Link.DASH, Link.COLON} and len(parsed.cuts) > 1 and clause.end - clause.start <= 6:
        is_outlet = any(parsed.spans[at].says("outlet_words") for at in range(clause.start, clause.end))
        who = _name_alone(parsed, clause) or (None if is_outlet else _stranger(parsed, clause))
        if who is not None:
            parsed.speaker = (who,)
        if who is not None or is_outlet:
            return
    verb = _saying_verb(parsed, clause)
    if verb is None:
        return
    if clause is parsed.cuts[0] and verb + 1 < clause.end:
        return
    who = _sayer(parsed, clause, verb)
    if who is not None:
        parsed.speaker = (who,)
        parsed.speaker_denies = parsed.spans[verb].hints("deny")
        if parsed.spans[verb].hints("believe") and not parsed.spans[verb].hints("say"):
            parsed.label = parsed.spans[verb].text


def _saying_verb(parsed: Parsed, clause: Clause) -> int | None:
    """Return the verb of a tail (*, Ann says*, *says the palace*): a verb of saying with nothing said after it."""
    if clause.link not in {Link.COMMA, Link.DASH, Link.MAIN, Link.AND} or len(parsed.cuts) == 1:
        return None
    for at in range(clause.start, clause.end):
        span = parsed.spans[at]
        if (span.hints("say") or span.hints("deny") or span.hints("believe")) and span.entry.cue_forms:
            if span.text.endswith((" to", " that")):
                return None
            rest = range(at + 1, clause.end)
            quiet = all(not parsed.spans[i].entry.ways and not parsed.thing_at(i) for i in rest)
            return at if quiet and clause.end - clause.start <= 9 else None
        if span.entry.ways or parsed.thing_at(at):
            return None
    return None


def _house(parsed: Parsed, start: int, end: int) -> str | None:
    """Return the body in whose house it was said: *in the palace they said*."""
    for at in range(start + 1, end):
        who = parsed.entity(at)
        if who is not None and parsed.spans[at - 1].says("house"):
            return who
    return None


def _sayer(parsed: Parsed, clause: Clause, verb: int) -> str | None:
    for place in range(verb - 1, clause.start - 1, -1):
        who = parsed.entity(place)
        if who is not None:
            if _is_theirs(parsed, place, verb):
                return UNNAMED
            return who
    if verb == clause.start:
        for place in range(verb + 1, clause.end):
            who = parsed.entity(place)
            if who is not None:
                return UNNAMED if _is_theirs(parsed, place, clause.end) else who
    before = parsed.spans[clause.start : verb]
    if any(span.says("both_sides") for span in before):
        return None
    if any(span.says("spokesman") for span in before) or (len(before) == 1 and before[0].says("boss")):
        return next((who for at in range(clause.start) if (who := parsed.entity(at))), UNNAMED)
    if any(span.says("pronoun") for span in before):
        lead = subject_of(parsed, parsed.cuts[0].end - 1) if len(parsed.cuts) > 1 else None
        return lead.entities[0] if lead and lead.entities else None
    return UNNAMED


def _is_theirs(parsed: Parsed, place: int, end: int) -> bool:
    """Whether the name is only the owner of who speaks: *palace watchers say*."""
    return place + 1 < end and parsed.spans[place + 1].says("other_nouns") and not parsed.stands_for(place + 1)


def _according(parsed: Parsed, place: int, clause: Clause) -> None:
    for at in range(place + 1, clause.end):
        who = parsed.entity(at)
        if who is not None:
            parsed.speaker = (who,)
            return
        if parsed.spans[at].entry.unnamed:
            parsed.speaker = (UNNAMED,)
            return
    parsed.speaker = parsed.speaker or (UNNAMED,)


def speakers_before(parsed: Parsed, start: int, end: int) -> list[tuple[str, int]]:
    """Return who says what follows, from verbs of saying between two spans of a clause; outermost first."""
    found: list[tuple[str, int]] = []
    for at in range(start, end):
        span = parsed.spans[at]
        if not (span.entry.cues & {"say", "deny", "believe", "accuse"} and span.entry.cue_forms):
            continue
        if at > start and parsed.spans[at - 1].says("determiner"):
            continue
        subject = subject_of(parsed, chain_start(parsed, at))
        if subject is None:
            found.append((_house(parsed, start, at) or UNNAMED, at))
        elif subject.entities:
            found.append((subject.entities[0], at))
        elif subject.is_pronoun and parsed.speaker:
            found.append((parsed.speaker[0], at))
        else:
            found.append((UNNAMED, at))
    return found
