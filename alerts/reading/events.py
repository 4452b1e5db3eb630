"""Every way a sentence says an event is tried at its word: verb, act, happening, noun, predicate, state, result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from alerts.model.claim import Context, Factuality
from alerts.reading.amounts import amount_near
from alerts.reading.calls import told_in_call
from alerts.reading.clauses import is_finite
from alerts.reading.entries import Way
from alerts.reading.factuality import Reading, moves_a_market, read_cues
from alerts.reading.frames import (
    GAP,
    HARM,
    Frame,
    Settled,
    agrees,
    is_close,
    is_noun,
    is_under_way,
    particle_of,
    settle,
    verb_frame,
    with_condition,
)
from alerts.reading.incorporated import thing_in_verb
from alerts.reading.nominal import is_absent, nominal
from alerts.reading.objects import objects_after, recipient_after, thing_before
from alerts.reading.parsed import Parsed
from alerts.reading.speakers import speakers_before
from alerts.reading.subjects import Subject, chain_start, subject_of
from alerts.reading.things import Mention

_ATTACKS = ("strike", "attack", "shelling", "bombardment", "assault", "raid", "drone", "удар", "атак", "обстр")
_WHOLE = frozenset(("all", "its", "his", "their", "the", "any"))
_HARD = frozenset(("hit", "stung", "rattled"))
_CAUSE = frozenset(("on", "after", "following", "as", "amid"))
_FRESH = frozenset(("fresh", "new", "latest", "additional", "tougher", "further"))
_GIVEN = frozenset(("transfer", "cede", "recognise"))
_SOFT = (": hope", ": ask", ": believe", ": possible", ": probable", ": undo", ": question", ": no report")


@dataclass(slots=True)
class Found:
    """One event of a sentence, with the places of the words that say it."""

    event: str
    reading: Reading
    actors: tuple[str, ...] = ()
    object: str | None = None
    recipient: str | None = None
    speakers: tuple[str, ...] = ()
    during: tuple[str, ...] = ()
    amount: int | None = None
    places: tuple[tuple[str, int], ...] = ()


def events_of(parsed: Parsed) -> Iterator[Found]:
    """Return the events of a sentence in the order of their words."""
    found_all = [found for found in _every(parsed) if found.event not in HARM or _in_war(parsed)]
    calls = {m.thing: None for m in parsed.things if m.kind == "call"}
    calls |= {f.object: None for f in found_all if f.object and parsed.known.beings[f.object].parties}
    for found in found_all:
        found.during = tuple(calls)
        yield found


def _in_war(parsed: Parsed) -> bool:
    """Whether the sentence tells of an attack or a war; other deaths are other news."""
    return any(span.says("attack") or span.text.startswith(_ATTACKS) for span in parsed.spans)


def _every(parsed: Parsed) -> Iterator[Found]:
    spans = parsed.spans
    for place, span in enumerate(spans):
        entry = span.entry
        if not (entry.ways or entry.acts or entry.kinds or entry.things):
            continue
        is_compound = span.joined or (place + 1 < len(spans) and spans[place + 1].joined and bool(entry.ways))
        if not is_compound or entry.acts or entry.kinds:
            yield from _at(parsed, place)
    yield from _negated_things(parsed)


def _at(parsed: Parsed, place: int) -> Iterator[Found]:
    entry = parsed.spans[place].entry
    frames: dict[str, Frame | None] = {}
    for way in entry.ways:
        if way.needs and particle_of(parsed, place, way.needs) is None:
            continue
        if way.pos in "vgk":
            if way.needs not in frames:
                frames[way.needs] = verb_frame(parsed, place, way)
            frame = frames[way.needs]
            if frame is not None:
                yield from _from_verb(parsed, way, frame)
        else:
            yield from _READERS[way.pos](parsed, place, way)
    if entry.acts:
        yield from _act(parsed, place)
    told = told_in_call(parsed, place)
    if told is not None:
        event, setting, reading, thing = told
        yield Found(
            event, reading, object=thing, speakers=parsed.speaker, places=(("event", setting), ("object", place))
        )
    yield from _moving_market(parsed, place)


def _from_verb(parsed: Parsed, way: Way, frame: Frame) -> Iterator[Found]:
    if way.kind:
        held = _held_within(parsed, way.kind, frame)
        if held is None:
            return
        frame = replace(frame, objects=(held,))
    settled, event = settle(parsed, frame), way.event
    if event == "speak-by-phone" and is_under_way(parsed, frame):
        event = _now_or_then(parsed, frame, settled)
    recipient = recipient_after(parsed, frame.place + 1) if event in {"transfer", "cede"} else None
    if frame.is_passive and not settled.actors and settled.reading.factuality is Factuality.DENIED and event in _GIVEN:
        settled = replace(settled, actors=settled.speakers[-1:])  # cannot be handed over, they say
    if event == "take":
        event, recipient = "transfer", next(iter(settled.actors), None)
    for thing in frame.objects or (None,):
        if thing is None or thing.kind != "sanctions" or not _is_own_target(parsed, settled.actors, thing.thing):
            yield _found(parsed, event, frame.place, settled, (thing, frame.subject, recipient))


def _now_or_then(parsed: Parsed, frame: Frame, settled: Settled) -> str:
    """*are speaking* goes on now; with a day (*are speaking on Monday*) it is still to come."""
    clause = parsed.clause(frame.place)
    days = [at for at in range(frame.place + 1, clause.end) if parsed.spans[at].says("day")]
    if not days:
        return "begin"
    settled.reading.context = Context.PLANNED
    settled.reading.note(days[0], f"{parsed.spans[days[0]].text}: a day to come")
    return "speak-by-phone"


def _mover(parsed: Parsed, place: int) -> int | None:
    """Return who reacts to a *new* thing (its verb), or the thing itself where it moved a market; None for neither."""
    clause, fresh = parsed.clause(place), False
    if any("sanctions" in parsed.spans[at].entry.opaque for at in range(place + 1, clause.end)):
        return None
    for at in range(place - 1, max(clause.start - 1, place - 7), -1):
        span = parsed.spans[at]
        fresh = fresh or span.text in _FRESH
        if span.text in _CAUSE and moves_a_market(parsed):
            return place if fresh else None
        if span.says("reacts"):
            return at if fresh and (span.text not in _HARD or parsed.spans[at + 1].says("by")) else None
        known = span.entry.entity or span.entry.adjective or span.entry.modifies
        if not (known or span.text in _FRESH or span.entry.words & {"determiner", "number_words", "by"}):
            return None
    return None


def _is_own_target(parsed: Parsed, actors: tuple[str, ...], thing: str) -> bool:
    """Whether the actor's own name is what picked the thing: *Ruritania imposes sanctions* is not on Ruritania."""
    named = {span.entry.entity for span in parsed.spans if thing in span.entry.modifies and span.entry.entity}
    return any(parsed.known.speaks_for(actor, one) for actor in actors for one in named)


def _held_within(parsed: Parsed, kind: str, frame: Frame) -> Mention | None:
    """Return the thing that the verb itself has in it: *phones*, *sanctions*."""
    if frame.subject is None or not is_close(parsed, frame.subject, frame.chain):
        return None
    thing = thing_in_verb(parsed, kind, frame.place, settle(parsed, frame).actors)
    return Mention(thing, kind, frame.place, frame.place, frame.place) if thing else None


def _found(
    parsed: Parsed,
    event: str,
    place: int,
    settled: Settled,
    ends: tuple[Mention | None, Subject | None, str | None] = (None, None, None),
) -> Found:
    thing, subject, recipient = ends
    reading = with_condition(parsed, event, place, settled.reading)
    places = [("event", place)]
    if subject is not None:
        places.append(("actor", subject.place))
    if thing is not None:
        places.append(("object", thing.head))
    places.extend(("cue", cue) for cue in reading.cues)
    return Found(
        event,
        reading,
        settled.actors,
        thing.thing if thing else None,
        recipient,
        settled.speakers,
        amount=amount_near(parsed, place) if event in HARM else None,
        places=tuple(places),
    )


def _act(parsed: Parsed, place: int) -> Iterator[Found]:
    """The verb is the thing: *halts strikes*, *refuses to stop fighting*; whoever does it agrees to it."""
    mention = parsed.thing_at(place)
    if mention is None or not mention.is_act or mention.first != place or mention.is_opaque:
        return
    way = Way("agree", "v", "".join(forms for _, forms, _ in parsed.spans[place].entry.acts))
    if is_noun(parsed, place, way):
        return
    chain = chain_start(parsed, place)
    if chain == place and mention.last > place + 1 and not _is_whole(parsed, mention):
        return  # stopped two attacks: that is no truce
    subject = subject_of(parsed, chain)
    if subject is not None and agrees(parsed, (place, chain), way, subject):
        settled = settle(parsed, Frame(place, chain, subject, (mention,)))
        yield _found(parsed, "agree", place, settled, (mention, subject, None))


def _is_whole(parsed: Parsed, mention: Mention) -> bool:
    """Whether only *all*, *its* or a modifier of the thing stands within the act."""
    within = parsed.spans[mention.first + 1 : mention.last]
    return all(mention.thing in span.entry.modifies or span.text in _WHOLE for span in within)


def _attains(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """*Yields a truce*, *fails to produce a breakthrough*, *wins no ceasefire*: a result that came, or did not."""
    frame = verb_frame(parsed, place, way)
    if frame is None:
        return
    settled = replace(settle(parsed, frame), actors=())
    for thing in frame.objects:
        if not is_absent(parsed, thing.first):
            yield _found(parsed, way.event, place, settled, (thing, None, None))
    if not frame.objects and settled.reading.factuality is Factuality.DENIED and _result_after(parsed, place):
        yield _found(parsed, way.event, place, settled)


def _result_after(parsed: Parsed, place: int) -> bool:
    end = min(place + GAP, parsed.clause(place).end)
    return any(way.pos == "R" for at in range(place + 1, end) for way in parsed.spans[at].entry.ways)


def _moving_market(parsed: Parsed, place: int) -> Iterator[Found]:
    """*Oil jumps on fresh sanctions*, *welcomes new sanctions*: the cause of a market's move or a welcome is news."""
    mention = parsed.thing_at(place)
    if mention is None or mention.kind != "sanctions" or mention.head != place or mention.is_opaque:
        return
    mover = _mover(parsed, place)
    if mover is not None:
        reading = read_cues(parsed, mover, chain_start(parsed, mover) if mover < place else place, None)
        yield _found(parsed, "impose", place, Settled(reading, parsed.speaker), (mention, None, None))


def _happens(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """The thing is the subject: *the call ended*, *power returned*."""
    if is_noun(parsed, place, way):
        return
    chain = chain_start(parsed, place)
    thing = thing_before(parsed, chain) or _after_its_verb(parsed, place)
    if thing is not None or way.event in HARM:
        objects = (thing,) if thing else ()
        frame = Frame(place, chain, None, objects, is_passive=True, is_future=set(way.forms) == {"f"})
        yield _found(parsed, way.event, place, settle(parsed, frame), (thing, None, None))


def _after_its_verb(parsed: Parsed, place: int) -> Mention | None:
    """Return the thing that follows its own verb, where word order is free (not in English)."""
    if parsed.spans[place].text.isascii():
        return None
    return next(iter(objects_after(parsed, place)), None)


def _reverse(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """The verb is done to the thing, and the event is the thing's: *power line cut*, *shelling cut the line*."""
    frame = verb_frame(parsed, place, replace(way, pos="v"))
    if frame is not None:
        settled = replace(settle(parsed, frame), actors=())
        for thing in frame.objects:
            yield _found(parsed, way.event, place, settled, (thing, None, None))


def _noun(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """The act as a noun counts when it is announced, confirmed, given; a toll when it has a number."""
    if way.event in HARM:
        if amount_near(parsed, place) is not None:
            reading = read_cues(parsed, place, place, None)
            yield _found(parsed, way.event, place, Settled(reading, parsed.speaker))
        return
    said = nominal(parsed, place)
    if said is None:
        return
    settled = Settled(said.reading, said.speakers, said.actors)
    for thing in objects_after(parsed, place) or (None,):
        yield replace(_found(parsed, way.event, place, settled, (thing, said.subject, None)), reading=said.reading)


def _predicate(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """*Ruritania (is) against a truce*."""
    chain = chain_start(parsed, place)
    subject = subject_of(parsed, chain)
    if subject is not None and is_close(parsed, subject, chain):
        frame = Frame(place, chain, subject, tuple(objects_after(parsed, place)))
        for thing in frame.objects:
            parties = parsed.known.beings[thing.thing].parties
            if parties and not set(parties) & set(subject.entities):
                continue  # what others feel about a call says nothing of it
            yield _found(parsed, way.event, place, settle(parsed, frame), (thing, subject, None))


def _verdict_on_thing(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """*Truce is unacceptable, says the minister*: the speaker rejects it."""
    chain = chain_start(parsed, place)
    thing = thing_before(parsed, chain) or _after_its_verb(parsed, place)
    if thing is None or any(_breaks(parsed, at) for at in range(thing.last + 1, chain)):
        return
    settled = settle(parsed, Frame(place, chain, None, (thing,), is_passive=True))
    settled = replace(settled, actors=settled.speakers[-1:])
    yield _found(parsed, way.event, place, settled, (thing, None, None))


def _breaks(parsed: Parsed, at: int) -> bool:
    span = parsed.spans[at]
    return is_finite(span) and not (span.says("be") or span.says("to") or span.entry.cues)


def _state(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """*The call is over*, *power is back*: a word that says the thing's state."""
    chain = chain_start(parsed, place)
    thing = thing_before(parsed, chain) or _after_its_verb(parsed, place)
    if thing is None or chain - thing.last > GAP:
        return
    if all(parsed.spans[at].entry.words or parsed.entity(at) for at in range(thing.last + 1, chain)):
        settled = settle(parsed, Frame(place, chain, None, (thing,), is_passive=True))
        yield _found(parsed, way.event, place, settled, (thing, None, None))


def _result(parsed: Parsed, place: int, way: Way) -> Iterator[Found]:
    """*No deal*, *without a breakthrough*: a result that did not come."""
    if parsed.thing_at(place) is None and is_absent(parsed, place):
        reading = _absent(read_cues(parsed, place, place, None))
        yield Found(way.event, reading, speakers=parsed.speaker, places=(("event", place),))


def _negated_things(parsed: Parsed) -> Iterator[Found]:
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
        found = _found(parsed, "agree", thing.head, settled, (thing, None, None))
        found.places = (("event", max(thing.first - 1, 0)), ("object", thing.head))
        yield found


def _has_call(parsed: Parsed) -> bool:
    return any(thing.kind == "call" for thing in parsed.things)


def _absent(reading: Reading) -> Reading:
    """Return the reading of what is said not to be: denied, unless it is hoped, asked or feared not to be."""
    if not any(why.endswith(_SOFT) for why in reading.why):
        reading.factuality = Factuality.DENIED
    return reading


_READERS: dict[str, Callable[[Parsed, int, Way], Iterator[Found]]] = {
    "i": _happens,
    "r": _reverse,
    "n": _noun,
    "p": _predicate,
    "x": _verdict_on_thing,
    "T": _state,
    "R": _result,
    "A": _attains,
}
