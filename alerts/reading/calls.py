"""What a clause tells of a call it is set in: *… in a phone call* took place, *on the phone with* goes on."""

from __future__ import annotations

from alerts.model.claim import Context, Factuality
from alerts.reading.factuality import Reading, read_cues
from alerts.reading.parsed import Parsed
from alerts.reading.subjects import leading
from alerts.reading.things import Mention

_SETTING = frozenset(("by", "over", "on", "via", "au", "par", "am", "по", "телефоном"))


def told_in_call(parsed: Parsed, place: int) -> tuple[str, int, Reading, str] | None:
    """Return event, place of the preposition, reading and thing where a clause is set in a call; else None."""
    mention = parsed.thing_at(place)
    if mention is None or mention.kind != "call" or mention.first != place:
        return None
    setting = _setting(parsed, place)
    if setting is None or _has_speech(parsed, place):
        return None
    reading = _took_place(parsed, mention, read_cues(parsed, place, place, None))
    for at in range(parsed.clause(place).start, setting):
        span = parsed.spans[at]
        if span.hints("planned") or (span.says("to") and at and parsed.entity(at - 1) and not _is_told(parsed, at - 2)):
            reading.context = Context.PLANNED if reading.context is Context.CURRENT else reading.context
            reading.note(at, f"{span.text}: planned")
    return ("begin" if _on_the_line(parsed, place) else "hold"), setting, reading, mention.thing


def told_for_a_day(parsed: Parsed, place: int) -> bool:
    """Whether a clause names a call and a day and nothing else: *Ann-Bob call on Tuesday*."""
    mention = parsed.thing_at(place)
    clause = parsed.clause(place)
    if mention is None or mention.kind != "call" or mention.first != place or mention.is_opaque:
        return False
    rest = [parsed.spans[at] for at in range(clause.start, clause.end) if not mention.first <= at <= mention.last]
    return any(span.says("day") for span in rest) and all(
        span.says("day") or span.entry.entity or (span.entry.words & _SMALL and not span.entry.cues) for span in rest
    )


_SMALL = frozenset(("preposition", "linker", "determiner", "conjunction", "adverb"))


def _is_told(parsed: Parsed, at: int) -> bool:
    """Whether the name before *to* is whom somebody told or asked: *he told Ann to stop*."""
    return at >= parsed.clause(at + 2).start and bool(parsed.spans[at].entry.cues & {"say", "ask"})


def _took_place(parsed: Parsed, mention: Mention, reading: Reading) -> Reading:
    """Return the reading of the call itself: what one party fails at, or asks, in a call does not undo the call."""
    lead = leading(parsed, parsed.owner[mention.first])
    harmless = (": ask", "negation of another word") if lead and set(lead.entities) & set(
        parsed.known.beings[mention.thing].parties
    ) else ("negation of another word",)  # fmt: skip
    if all(why.endswith(harmless) for why in reading.why):
        reading.factuality = Factuality.ASSERTED
    return reading


def _has_speech(parsed: Parsed, place: int) -> bool:
    """Whether a verb of speaking goes before: *are speaking by phone* says more than *by phone*."""
    return any(
        way.event == "speak-by-phone" and (" " in span.text or span.text.endswith("ing"))
        for span in parsed.spans[parsed.clause(place).start : place]
        for way in span.entry.ways
    )


def _setting(parsed: Parsed, place: int) -> int | None:
    """Return the preposition that sets the clause in the call, None when none does."""
    start = parsed.clause(place).start
    if place > start and parsed.spans[place].text.split(" ", 1)[0] in _SETTING:
        return place
    for at in range(place - 1, max(start - 1, place - 6), -1):
        span = parsed.spans[at]
        if span.says("preposition") and not span.joined:
            return at if span.says("setting") else None
    return None


def _on_the_line(parsed: Parsed, place: int) -> bool:
    """Whether the clause says nothing but that they are on the phone: *Ann (is) on the phone with Bob*."""
    if not parsed.spans[place].text.startswith("on the "):
        return False
    start = parsed.clause(place).start
    lead = parsed.spans[start:place]
    said = max((at for at, span in enumerate(lead) if span.entry.cue_forms), default=-1)
    rest = range(start + said + 1, place)
    if said >= 0 and not any(parsed.spans[at].text in {"is", "are"} for at in rest):
        return False  # told him on the phone
    return bool(rest) and all(
        parsed.entity(at) or parsed.spans[at].entry.words & {"adverb", "conjunction", "role_nouns", "pronoun"}
        or parsed.spans[at].text in {"is", "are"} or parsed.spans[at].says("that")
        for at in rest
    ) and not any(span.text in {"was", "were"} for span in lead)  # fmt: skip
