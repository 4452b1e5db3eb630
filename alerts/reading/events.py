"""Every way a sentence says an event is tried at its word: verb, act, happening, noun, predicate, state, result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from alerts.model.claim import UNNAMED, Context, Factuality
from alerts.reading.amounts import amount_near
from alerts.reading.calls import told_for_a_day, told_in_call
from alerts.reading.entries import ANY_FORM, CONDITIONAL, Way
from alerts.reading.factuality import Reading, moves_a_market, read_cues
from alerts.reading.final import final_predicate, verb_final
from alerts.reading.frames import (
    GAP,
    HARM,
    Frame,
    Settled,
    agrees,
    copied,
    is_close,
    is_noun,
    particle_of,
    settle,
    verb_frame,
    without,
)
from alerts.reading.incorporated import thing_in_verb
from alerts.reading.nominal import is_absent, is_headline, nominal, obtained
from alerts.reading.objects import objects_after, recipient_after
from alerts.reading.parsed import Parsed
from alerts.reading.shifts import is_foretold, promised, really
from alerts.reading.speakers import speakers_before
from alerts.reading.states import at_thing, happens, negated_things, result, reverse, state, verdict_on_thing
from alerts.reading.subjects import Subject, chain_start, subject_of
from alerts.reading.things import Mention
from alerts.reading.told import Told, told
from alerts.reading.topics import terms_after, topic_of

_ATTACKS = (
    "strike", "attack", "shelling", "bombardment", "assault", "raid", "drone", "удар", "атак", "обстр", "angriff",
    "beschuss", "frappe", "attaque", "atak", "ostrza",
)  # fmt: skip
_WHOLE = frozenset(("all", "its", "his", "their", "the", "any"))
_HARD = frozenset(("hit", "stung", "rattled"))
_CAUSE = frozenset(("on", "after", "following", "as", "amid"))
_HAPPENINGS = frozenset(("hit", "lose", "restore", "restart", "shut-down"))
_FRESH = frozenset(("fresh", "new", "latest", "additional", "tougher", "further"))
_GIVEN = frozenset(("transfer", "cede", "recognise"))


def events_of(parsed: Parsed) -> Iterator[Told]:
    """Return the events of a sentence in the order of their words."""
    found_all = [found for found in _every(parsed) if found.event not in HARM or _in_war(parsed)]
    calls = {m.thing: None for m in parsed.things if m.kind == "call"}
    calls |= {f.object: None for f in found_all if f.object and parsed.known.beings[f.object].parties}
    for found in found_all:
        found.during = tuple(calls)
        if found.event == "agree" and not found.actors and not found.speakers:
            found.actors = _callers(parsed, dict(found.places)["event"])
        yield found


def _callers(parsed: Parsed, event: int) -> tuple[str, ...]:
    """Return between whom something was agreed that nobody is named for: those of the call it was agreed in."""
    clause = parsed.clause(event)
    calls = (m for m in parsed.things if m.kind == "call" and event < m.first < clause.end)
    call = next((m for m in calls if parsed.spans[m.first - 1].says("setting")), None)
    return parsed.known.beings[call.thing].parties if call else ()


def _in_war(parsed: Parsed) -> bool:
    """Whether the sentence tells of an attack or a war; other deaths are other news."""
    spans = parsed.spans
    if any(span.says("accident") for span in spans):
        return any(span.text.startswith(_ATTACKS) for span in spans)
    return any(span.says("attack") or span.text.startswith(_ATTACKS) for span in spans) or any(
        span.entry.entity and any(way.event == "hit" for way in after.entry.ways) for span, after in pairwise(spans)
    )


def _every(parsed: Parsed) -> Iterator[Told]:
    spans = parsed.spans
    for place, span in enumerate(spans):
        entry = span.entry
        if not (entry.ways or entry.acts or entry.kinds or entry.things):
            continue
        is_compound = span.joined or (place + 1 < len(spans) and spans[place + 1].joined and bool(entry.ways))
        if not is_compound or entry.acts or entry.kinds:
            yield from _at(parsed, place)
    yield from negated_things(parsed)


def _at(parsed: Parsed, place: int) -> Iterator[Told]:
    entry = parsed.spans[place].entry
    frames: dict[str, Frame | None] = {}
    known: dict[str, Settled] = {}
    for way in entry.ways:
        if way.needs and particle_of(parsed, place, way.needs) is None:
            continue
        if way.pos in "vgk":
            if way.needs not in frames:
                final = verb_final(parsed, place) if way.forms == ANY_FORM else None
                frames[way.needs] = final or verb_frame(parsed, place, way)
            frame = frames[way.needs]
            if frame is not None:
                yield from _from_verb(parsed, way, frame, known)
        else:
            yield from _READERS[way.pos](parsed, place, way)
    if entry.acts:
        yield from _act(parsed, place)
    call = told_in_call(parsed, place)
    if call is not None:
        event, setting, reading, thing = call
        yield Told(
            event, reading, object=thing, speakers=parsed.speaker, places=(("event", setting), ("object", place))
        )
    elif told_for_a_day(parsed, place):
        reading = read_cues(parsed, place, place, None)
        yield told(parsed, "schedule", place, Settled(reading, parsed.speaker), (parsed.thing_at(place), None, None))
    yield from _moving_market(parsed, place)


def _from_verb(parsed: Parsed, way: Way, frame: Frame, known: dict[str, Settled]) -> Iterator[Told]:
    if way.event in HARM and frame.place and parsed.spans[frame.place - 1].says("that"):
        return  # the strike that killed them is not told, it is spoken of
    whole = _with_objects(parsed, way, frame)
    if whole is None:
        return
    settled, event = _settled(parsed, way, (frame, whole), known), way.event
    recipient = recipient_after(parsed, frame.place + 1) if event in _GIVEN else None
    if frame.is_passive and not settled.actors and settled.reading.factuality is Factuality.DENIED and event in _GIVEN:
        settled = replace(settled, actors=settled.speakers[-1:])  # cannot be handed over, they say
    if event == "take":
        recipient = next(iter(settled.actors), None)
    if way.kind == CONDITIONAL:
        _make_conditional(parsed, frame.place, settled.reading)
    for thing in whole.objects or (None,):
        if thing is not None and (
            is_foretold(parsed, event, thing, settled)
            or (thing.kind == "sanctions" and _is_own_target(parsed, settled.actors, thing.thing))
        ):
            continue
        meant = really(parsed, event, whole, (thing, settled.reading))
        stands = without(settled) if thing is not None and is_absent(parsed, thing.first) else settled
        yield told(parsed, meant, frame.place, stands, (thing, frame.subject, recipient))


def _settled(parsed: Parsed, way: Way, frames: tuple[Frame, Frame], known: dict[str, Settled]) -> Settled:
    """Return what the cues say; a word of many events is asked once, and each event may change its own copy."""
    frame, whole = frames
    if whole is not frame:
        return settle(parsed, whole)
    if way.needs not in known:
        known[way.needs] = settle(parsed, frame)
    return copied(known[way.needs])


def _with_objects(parsed: Parsed, way: Way, frame: Frame) -> Frame | None:
    """Return the frame with what its verb is about, wherever that stands; None where the verb lacks what it needs."""
    if way.kind and way.kind != CONDITIONAL:
        held = _held_within(parsed, way.kind, frame)
        return replace(frame, objects=(held,)) if held is not None else None
    if frame.objects:
        return frame
    thing: Mention | None = None
    if way.event == "hit":
        thing = at_thing(parsed, frame.place)
    elif way.kind == CONDITIONAL:
        thing = topic_of(parsed, frame.place)
    elif way.event in {"agree", "reject"}:
        thing = terms_after(parsed, frame.place)
    return replace(frame, objects=(thing,)) if thing is not None else frame


def _make_conditional(parsed: Parsed, place: int, reading: Reading) -> None:
    if (reading.factuality, reading.context) == (Factuality.ASSERTED, Context.CURRENT):
        reading.context = Context.CONDITIONAL
        reading.note(place, f"{parsed.spans[place].text}: terms")


def _mover(parsed: Parsed, place: int) -> int | None:
    """Return who reacts to a *new* thing (its verb), or the thing itself where it moved a market; None for neither."""
    clause, fresh = parsed.clause(place), False
    market = moves_a_market(parsed)
    if any("sanctions" in parsed.spans[at].entry.opaque for at in range(place + 1, clause.end)):
        return None
    for at in range(place - 1, max(clause.start - 1, place - 7), -1):
        span = parsed.spans[at]
        fresh = fresh or span.text in _FRESH or (market and bool(span.entry.entity) and not span.entry.modifies)
        if span.text in _CAUSE and market:
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


def _act(parsed: Parsed, place: int) -> Iterator[Told]:
    """The verb is the thing: *halts strikes*, *refuses to stop fighting*; whoever does it agrees to it."""
    mention = parsed.thing_at(place)
    if mention is None or not mention.is_act or mention.first != place or mention.is_opaque:
        return
    way = Way("agree", "v", "".join(forms for _, forms, _ in parsed.spans[place].entry.acts))
    if is_noun(parsed, place, way):
        return
    chain = chain_start(parsed, place)
    if mention.kind == "truce" and chain == place and mention.last > place + 1 and not _is_whole(parsed, mention):
        return  # stopped two attacks: that is no truce
    subject = subject_of(parsed, chain)
    if subject is not None and agrees(parsed, (place, chain), way, subject):
        settled = settle(parsed, Frame(place, chain, subject, (mention,)))
        if is_close(parsed, subject, chain):
            promised(parsed, place, settled.reading)
        yield told(parsed, "agree", place, settled, (mention, subject, None))


def _is_whole(parsed: Parsed, mention: Mention) -> bool:
    """Whether only *all*, *its* or a modifier of the thing stands within the act."""
    within = parsed.spans[mention.first + 1 : mention.last]
    return all(mention.thing in span.entry.modifies or span.text in _WHOLE for span in within)


def _attains(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*Yields a truce*, *fails to produce a breakthrough*, *wins no ceasefire*: a result that came, or did not."""
    frame = verb_frame(parsed, place, way)
    if frame is None:
        return
    call = next((m for m in parsed.things if m.kind == "call" and m.last < place), None)
    parties = parsed.known.beings[call.thing].parties if call else ()
    settled = replace(settle(parsed, frame), actors=parties)
    for thing in frame.objects:
        if thing.kind != "call" and not is_absent(parsed, thing.first):
            yield told(parsed, way.event, place, settled, (thing, None, None))
    if (
        all(thing.kind == "call" for thing in frame.objects)
        and settled.reading.factuality is Factuality.DENIED
        and _result_after(parsed, place)
    ):
        yield told(parsed, way.event, place, settled)


def _result_after(parsed: Parsed, place: int) -> bool:
    end = min(place + GAP, parsed.clause(place).end)
    return any(way.pos == "R" for at in range(place + 1, end) for way in parsed.spans[at].entry.ways)


def _moving_market(parsed: Parsed, place: int) -> Iterator[Told]:
    """*Oil jumps on fresh sanctions*, *welcomes new sanctions*: the cause of a market's move or a welcome is news."""
    mention = parsed.thing_at(place)
    if mention is None or mention.kind != "sanctions" or mention.head != place or mention.is_opaque:
        return
    mover = _mover(parsed, place)
    if mover is not None:
        reading = read_cues(parsed, mover, chain_start(parsed, mover) if mover < place else place, None)
        yield told(parsed, "impose", place, Settled(reading, parsed.speaker), (mention, None, None))


def _noun(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """The act as a noun counts when it is announced, confirmed, given; a toll when it has a number."""
    if way.event in HARM:
        if amount_near(parsed, place) is not None:
            reading = read_cues(parsed, place, place, None)
            yield told(parsed, way.event, place, Settled(reading, parsed.speaker))
        return
    if way.event == "decide" and _is_missing(parsed, place):
        yield from _undecided(parsed, place)
        return
    said = nominal(parsed, place)
    if said is None:
        if way.event in _HAPPENINGS and is_headline(parsed, place):
            settled = Settled(read_cues(parsed, place, place, None), parsed.speaker)
            yield from (told(parsed, way.event, place, settled, (m, None, None)) for m in objects_after(parsed, place))
        return
    settled = Settled(said.reading, said.speakers, said.actors)
    for thing in objects_after(parsed, place) or (None,):
        yield replace(told(parsed, way.event, place, settled, (thing, said.subject, None)), reading=said.reading)


def _final_predicate(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """A predicate at the end of its clause, what it is about before it: *zu einer Waffenruhe bereit*."""
    frame = verb_final(parsed, place) or final_predicate(parsed, place)
    if frame is not None and frame.objects:
        yield told(parsed, way.event, place, settle(parsed, frame), (frame.objects[0], frame.subject, None))


def _obtained(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*The truce gets the palace's approval*: who gives it agrees."""
    got = obtained(parsed, place)
    if got is not None:
        thing, giver, reading = got
        yield told(parsed, way.event, place, Settled(reading, parsed.speaker, (giver,)), (thing, None, None))


def _is_missing(parsed: Parsed, place: int) -> bool:
    after = parsed.spans[place + 1 : min(place + 5, parsed.clause(place).end)]
    return is_absent(parsed, place) or any(span.says("no") and not span.text.isascii() for span in after)


def _undecided(parsed: Parsed, place: int) -> Iterator[Told]:
    """*No decision on the truce yet, the palace says*: who says so has not decided."""
    reading = read_cues(parsed, place, place, None)
    reading.factuality = Factuality.DENIED
    inner = [who for who, _ in speakers_before(parsed, parsed.clause(place).start, place)]
    speakers = (*parsed.speaker, *inner)
    for thing in objects_after(parsed, place):
        yield told(parsed, "decide", place, Settled(reading, speakers, speakers[-1:]), (thing, None, None))


def _predicate(parsed: Parsed, place: int, way: Way) -> Iterator[Told]:
    """*Ruritania (is) against a truce*."""
    chain = chain_start(parsed, place)
    subject = subject_of(parsed, chain)
    if subject is None and parsed.speaker and chain == parsed.clause(place).start and UNNAMED not in parsed.speaker:
        subject = Subject(parsed.speaker[:1], chain)  # the minister: no to a truce
    if subject is not None and is_close(parsed, subject, chain):
        frame = Frame(place, chain, subject, tuple(objects_after(parsed, place)))
        for thing in frame.objects:
            parties = parsed.known.beings[thing.thing].parties
            if parties and not set(parties) & set(subject.entities):
                continue  # what others feel about a call says nothing of it
            yield told(parsed, way.event, place, settle(parsed, frame), (thing, subject, None))


_READERS: dict[str, Callable[[Parsed, int, Way], Iterator[Told]]] = {
    "i": happens,
    "r": reverse,
    "n": _noun,
    "p": _predicate,
    "x": verdict_on_thing,
    "T": state,
    "R": result,
    "A": _attains,
    "O": _obtained,
    "P": _final_predicate,
}
