"""Acts as nouns: announced ones count, presupposed ones do not; and results that did not come."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.model.claim import Factuality
from alerts.reading.clauses import Link, is_finite
from alerts.reading.factuality import Reading, read_cues
from alerts.reading.objects import thing_before
from alerts.reading.parsed import Parsed
from alerts.reading.speakers import speakers_before
from alerts.reading.subjects import Subject, chain_start, subject_of
from alerts.reading.things import Mention

_BACK = 6


@dataclass(frozen=True, slots=True)
class Nominal:
    """An act told as a noun: who acts, who announces it, and what its verb's cues say."""

    reading: Reading
    speakers: tuple[str, ...]
    actors: tuple[str, ...]
    subject: Subject


def nominal(parsed: Parsed, place: int) -> Nominal | None:
    """Return what a noun tells when a verb before it announces or gives it: *X confirms Y's refusal of …*."""
    giver, owner = _giver(parsed, place)
    if giver is None:
        return _accusation(parsed, place)
    chain = chain_start(parsed, giver)
    subject = subject_of(parsed, chain)
    if subject is None or not subject.entities:
        return None
    reading = read_cues(parsed, giver, chain, subject.place)
    if parsed.spans[giver].hints("deny"):
        reading.denied_report = True
    if is_absent(parsed, place):
        reading.factuality = Factuality.DENIED
    outer = speakers_before(parsed, parsed.clause(giver).start, subject.place)
    speakers = [*parsed.speaker, *(who for who, _ in outer)]
    if owner and owner not in subject.entities:
        speakers.append(subject.entities[0])
    return Nominal(reading, tuple(speakers), (owner,) if owner else subject.entities, subject)


def _accusation(parsed: Parsed, place: int) -> Nominal | None:
    """Return what somebody is accused of: *X accuses Y of an attack on …*; who accuses only says it."""
    start = parsed.clause(place).start
    of = next(
        (at for at in range(place - 1, max(start + 1, place - _BACK), -1) if parsed.spans[at].text in {"of", "for"}),
        None,
    )
    if of is None or (who := parsed.entity(of - 1)) is None:
        return None
    verb = next((at for at in range(of - 2, start, -1) if parsed.spans[at].hints("accuse")), None)
    if verb is None or not parsed.spans[verb].hints("say"):
        return None
    chain = chain_start(parsed, verb)
    accuser = subject_of(parsed, chain)
    if accuser is None or not accuser.entities:
        return None
    speakers = (*parsed.speaker, accuser.entities[0])
    return Nominal(read_cues(parsed, verb, chain, accuser.place), speakers, (who,), accuser)


def _giver(parsed: Parsed, place: int) -> tuple[int | None, str | None]:
    """Return the verb that announces the noun and the noun's own owner, if it has one."""
    start = parsed.clause(place).start
    owner: str | None = None
    for at in range(place - 1, max(start - 1, place - _BACK), -1):
        span = parsed.spans[at]
        entry = span.entry
        announces = any(way.event in {"announce", "propose", "agree"} and way.pos == "v" for way in entry.ways)
        if announces or span.says("light_verb") or (entry.cues & {"say", "deny"} and entry.cue_forms):
            return at, owner
        if entry.entity or entry.adjective:
            owner = owner or entry.entity or entry.adjective
        elif span.says("preposition") or span.says("to"):
            return None, None
    return None, None


def is_absent(parsed: Parsed, place: int) -> bool:
    """Whether *no* or *without* stands before a noun, at most adjectives between."""
    start = parsed.clause(place).start
    for at in range(place - 1, max(start - 1, place - 5), -1):
        span = parsed.spans[at]
        if span.says("no"):
            return True
        if "," in parsed.spans[at + 1].before or span.entry.entity or span.possessive or span.entry.ways:
            return False
        if span.says("preposition") or span.says("to") or span.entry.cue_forms:
            return False
    return False


def obtained(parsed: Parsed, place: int) -> tuple[Mention, str, Reading] | None:
    """Return what got somebody's consent, who gave it, and the reading: *truce wins the palace's backing*."""
    start = parsed.clause(place).start
    giver: str | None = None
    for at in range(place - 1, max(start - 1, place - _BACK), -1):
        span = parsed.spans[at]
        if span.says("receives"):
            thing = thing_before(parsed, chain_start(parsed, at))
            giver = giver or _from_whom(parsed, place)
            if thing is None or giver is None:
                return None
            return thing, giver, read_cues(parsed, at, chain_start(parsed, at), None)
        giver = giver or span.entry.entity or span.entry.adjective
        if not (span.entry.entity or span.entry.adjective or span.says("determiner") or span.says("adverb")):
            return None
    return None


def _from_whom(parsed: Parsed, place: int) -> str | None:
    """Return who stands after *from* or *of*: *wins backing from the palace*."""
    end = min(parsed.clause(place).end, place + 4)
    if place + 1 >= end or parsed.spans[place + 1].text not in {"from", "of"}:
        return None
    return next((who for at in range(place + 2, end) if (who := parsed.entity(at))), None)


def is_headline(parsed: Parsed, place: int) -> bool:
    """Whether the noun opens a headline that has no verb: *Fire at the plant after shelling*."""
    clause = parsed.clause(place)
    if clause.link not in {Link.MAIN, Link.COLON, Link.DASH, Link.COMMA}:
        return False
    spans = parsed.spans
    if any(is_finite(spans[at]) for at in range(clause.start, clause.end) if at != place):
        return False
    return all(
        parsed.spans[at].entry.adjective or spans[at].says("determiner") or spans[at].says("attack")
        or not (spans[at].entry.words or spans[at].entry.cues or spans[at].entry.entity or spans[at].entry.ways)
        for at in range(clause.start, place)
    ) and place - clause.start <= 3  # fmt: skip
