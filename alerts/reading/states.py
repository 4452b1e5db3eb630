"""The thing is what the sentence is about: it ended, it is over, it is unacceptable, it did not come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from alerts.model.claim import Factuality
from alerts.reading.clauses import is_finite
from alerts.reading.entries import ANY_FORM, Way
from alerts.reading.factuality import Reading, read_cues
from alerts.reading.frames import GAP, HARM, Frame, Settled, is_noun, settle, verb_frame
from alerts.reading.nominal import is_absent
from alerts.reading.objects import objects_after, thing_before
from alerts.reading.parsed import Parsed
from alerts.reading.speakers import speakers_before
from alerts.reading.subjects import chain_start
from alerts.reading.things import Mention
from alerts.reading.told import Told, told

_SOFT = (": hope", ": ask", ": believe", ": possible", ": probable", ": undo", ": question", ": no report")


def happens(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """The thing is the subject: *the call ended*, *power returned*."""
    if is_noun(parsed, place, way):
        return
    is_participle = way.forms == "g" or (way.forms == "dn" and " " not in parsed.spans[place].text)
    if way.event == "impose" and is_participle and not parsed.spans[place - 1].says("be"):
        return  # sanctions targeting it, people targeted by them
    chain = chain_start(parsed, place)
    thing = thing_before(parsed, chain) or _after_its_verb(parsed, place, way)
    if thing is not None or way.event in HARM:
        objects = (thing,) if thing else ()
        frame = Frame(place, chain, None, objects, is_passive=True, is_future=set(way.forms) == {"f"})
        yield told(parsed, way.event, place, settle(parsed, frame), (thing, None, None))


def _after_its_verb(parsed: Parsed, place: int, way: Way) -> Mention | None:
    """Return the thing that follows its own verb, where word order is free (not in English)."""
    if parsed.spans[place].text.isascii() and way.forms != ANY_FORM:
        return None
    return next(iter(objects_after(parsed, place)), None)


def at_thing(parsed: Parsed, place: int) -> Mention | None:
    """Return the thing at whose place it is: *tower on fire at the plant*."""
    end = min(parsed.clause(place).end, place + 4)
    at = next((at for at in range(place + 1, end) if parsed.spans[at].text in {"at", "in", "near", "on"}), None)
    if at is None or any(is_finite(parsed.spans[i]) for i in range(place + 1, at)):
        return None
    return next((m for m in parsed.things if at < m.first <= at + 4 and m.kind == "plant" and not m.is_opaque), None)


def reverse(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """The verb is done to the thing, and the event is the thing's: *power line cut*, *shelling cut the line*."""
    frame = verb_frame(parsed, place, replace(way, pos="v"))
    if frame is not None:
        settled = replace(settle(parsed, frame), actors=())
        for thing in frame.objects:
            yield told(parsed, way.event, place, settled, (thing, None, None))


def verdict_on_thing(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*Truce is unacceptable, says the minister*: the speaker rejects it."""
    chain = chain_start(parsed, place)
    thing = thing_before(parsed, chain) or _after_its_verb(parsed, place, way)
    if thing is None or any(_breaks(parsed, at) for at in range(thing.last + 1, chain)):
        return
    settled = settle(parsed, Frame(place, chain, None, (thing,), is_passive=True))
    settled = replace(settled, actors=settled.speakers[-1:])
    yield told(parsed, way.event, place, settled, (thing, None, None))


def _breaks(parsed: Parsed, at: int) -> bool:
    span = parsed.spans[at]
    return is_finite(span) and not (span.says("be") or span.says("to") or span.entry.cues)


def state(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*The call is over*, *power is back*: a word that says the thing's state."""
    if _leads_on(parsed, place):
        return
    chain = chain_start(parsed, place)
    within = parsed.thing_at(place)
    thing = within or thing_before(parsed, chain) or _after_its_verb(parsed, place, way) or at_thing(parsed, place)
    if thing is None or chain - thing.last > GAP:
        return
    if thing.first >= place or all(_is_passed(parsed, at) for at in range(thing.last + 1, chain)):
        settled = settle(parsed, Frame(place, chain, None, (thing,), is_passive=True))
        yield told(parsed, way.event, place, settled, (thing, None, None))


def _is_passed(parsed: Parsed, at: int) -> bool:
    return bool(parsed.spans[at].entry.words) or parsed.entity(at) is not None or parsed.thing_at(at) is not None


def _leads_on(parsed: Parsed, place: int) -> bool:
    """Whether a word of state is a preposition here: *a call over the war* is not over."""
    at = place + 1
    if at >= parsed.clause(place).end:
        return False
    if parsed.spans[at].says("by"):
        return True  # hit by …: the verb tells it
    if not parsed.spans[place].says("preposition"):
        return False
    return "," not in parsed.spans[at].before and not parsed.spans[at].says("adverb")


def result(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*No deal*, *without a breakthrough*: a result that did not come."""
    if parsed.thing_at(place) is None and is_absent(parsed, place):
        reading = _absent(read_cues(parsed, place, place, None))
        yield Told(way.event, reading, speakers=parsed.speaker, places=(("event", place),))


def negated_things(parsed: Parsed) -> Iterator[Told]:
    """*No ceasefire*, *without a truce*: the thing itself is denied."""
    for thing in parsed.things:
        if thing.kind == "call" or thing.is_opaque or not is_absent(parsed, thing.first):
            continue
        end = parsed.clause(thing.last).end
        if any(parsed.spans[at].says("not_refusal") for at in range(thing.last + 1, end)) and not _has_call(parsed):
            continue  # no truce yet: that is no refusal
        reading = _absent(read_cues(parsed, thing.head, thing.head, None))
        inner = speakers_before(parsed, parsed.clause(thing.first).start, thing.first)
        settled = Settled(reading, (*parsed.speaker, *(who for who, _ in inner)))
        settled = replace(settled, actors=settled.speakers[-1:])
        found = told(parsed, "agree", thing.head, settled, (thing, None, None))
        found.places = (("event", max(thing.first - 1, 0)), ("object", thing.head))
        yield found


def _has_call(parsed: Parsed) -> bool:
    return any(thing.kind == "call" for thing in parsed.things)


def _absent(reading: Reading) -> Reading:
    """Return the reading of what is said not to be: denied, unless it is hoped, asked or feared not to be."""
    if not any(why.endswith(_SOFT) for why in reading.why):
        reading.factuality = Factuality.DENIED
    return reading
