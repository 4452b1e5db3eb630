"""A verb at its clause's end has its thing before it: *hat der Waffenruhe zugestimmt*."""

from __future__ import annotations

from alerts.reading.frames import GAP, Frame
from alerts.reading.parsed import Parsed
from alerts.reading.subjects import Subject, chain_start, subject_of


def verb_final(parsed: Parsed, place: int) -> Frame | None:
    """Return the frame of a verb that hangs on an auxiliary before its object; None where there is none."""
    start = parsed.clause(place).start
    aux = next((at for at in range(place - 1, start - 1, -1) if _carries_verb(parsed, at)), None)
    if aux is None or aux == place - 1:
        return None
    objects = [m for m in parsed.things if aux < m.first and m.last < place and not m.is_opaque]
    subject = subject_of(parsed, aux)
    if subject is None and aux == start and parsed.speaker:
        subject = Subject((), aux, own_words=True)  # the minister: will not give up the land
    if subject is None or (objects and (objects[0].first - aux > GAP or place - objects[0].last > GAP)):
        return None
    return Frame(place, aux, subject, tuple(objects[:1]))


def _carries_verb(parsed: Parsed, at: int) -> bool:
    span = parsed.spans[at]
    return span.says("have") or bool(span.entry.cues & {"planned", "possible"} and not span.entry.cue_forms)


def final_predicate(parsed: Parsed, place: int) -> Frame | None:
    """Return the frame of a predicate at its clause's end: *(ist) zu einer Waffenruhe bereit*."""
    start = parsed.clause(place).start
    chain = next((at for at in range(place - 1, start - 1, -1) if parsed.spans[at].says("be")), None)
    chain = chain_start(parsed, place) if chain is None else chain
    subject = subject_of(parsed, chain)
    if subject is None:
        return None
    between = (m for m in parsed.things if subject.place < m.first and m.last < place and not m.is_opaque)
    return Frame(place, chain, subject, tuple(between)[:1])
