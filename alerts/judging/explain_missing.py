"""Where no claim was read: which of actor, event and thing the text names, and the word to teach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from alerts.judging.claims import stands_for
from alerts.judging.explain_claims import events_of
from alerts.judging.explain_gates import Held, any_of, ok, some_of, stopped
from alerts.judging.explain_passages import Passage, Seen
from alerts.model.claim import ClaimSelector
from alerts.model.question import Question
from alerts.reading.tagging import Span

_ENDINGS = (
    *("s", "ed", "ing"),
    *("ет", "ит", "ют", "ут", "ят", "ат", "ал", "ял", "ил", "ел", "ул", "ла", "ло", "ли", "ся", "сь", "ть"),
    *("є", "їть", "в"),
)
"""How many verbs end in headlines: English, Russian, Ukrainian."""

_LONGEST = 4
"""Words of a phrase that is proposed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What was found of an answer in the sentence that has most of it; ``word`` is one to teach, if any is unknown."""

    held: tuple[Held, ...]
    word: str | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in a sentence an answer's actor, event and thing stand."""

    passage: Passage
    actor: int | None
    event: int | None
    thing: tuple[int, int] | None

    @property
    def found(self) -> int:
        return sum(one is not None for one in (self.actor, self.event, self.thing))


def missing(question: Question, seen: Seen) -> Missing | None:
    """Return what the text lacks for the answer it names most of; None for a text without words."""
    ranked = [
        ((-spot.found, number), selector, spot)
        for number, answer in enumerate(question.answers)
        for selector in answer.claims
        for spot in (_spot(selector, passage, seen) for passage in seen.passages)
    ]
    if not ranked:
        return None
    _, selector, spot = min(ranked, key=lambda one: one[0])
    asked = events_of(question)
    word = _unknown(selector, spot, asked)
    return Missing(tuple(_held(selector, spot, seen, (word, asked))), word, asked)


def _spot(selector: ClaimSelector, passage: Passage, seen: Seen) -> _Spot:
    parsed = passage.parsed
    places = range(len(parsed.spans))
    actors = [at for at in places if stands_for([parsed.entity(at)], selector.actors, seen.known, seen.day)]
    things = [(one.first, one.last) for one in parsed.things if one.thing in selector.objects and not one.is_opaque]
    events = [at for at in places if any(way.event in selector.events for way in parsed.spans[at].entry.ways)]
    near = min(product(actors, things), key=lambda pair: abs(pair[0] - pair[1][0]), default=None)
    actor, thing = near or (next(iter(actors), None), next(iter(things), None))
    if thing is not None:
        events = [at for at in events if parsed.owner[at] == parsed.owner[thing[0]]]
    return _Spot(passage, actor, next(iter(events), None), thing)


def _held(selector: ClaimSelector, spot: _Spot, seen: Seen, what: tuple[str | None, tuple[str, ...]]) -> Iterator[Held]:
    things, events = any_of(selector.objects), some_of(what[1])
    if selector.actors:
        yield _actor(selector, spot, seen)
    yield stopped("event", _event(selector, spot, what), f"it said {events}")
    if selector.objects and spot.thing is not None:
        yield ok("object", f'"{spot.passage.words(*spot.thing)}" → {things}')
    elif selector.objects:
        yield stopped("object", _thing(selector, seen), f"it were about {things}")


def _actor(selector: ClaimSelector, spot: _Spot, seen: Seen) -> Held:
    """Say who stands for the actor, else who is named in the sentence, else that nobody is."""
    parsed, wanted = spot.passage.parsed, any_of(selector.actors)
    named = range(len(parsed.spans)) if spot.actor is None else (spot.actor,)
    at, who = next(((at, who) for at in named if (who := parsed.entity(at)) is not None), (0, None))
    said = f'"{spot.passage.words(at, at)}" → {who}'
    if who is not None and spot.actor is not None:
        target = next(one for one in selector.actors if seen.known.speaks_for(who, one, seen.day))
        return ok("actor", said if who == target else f"{said}, for {target}")
    nobody = f"nobody who is or speaks for {wanted}"
    return stopped("actor", f"{said}, {nobody}" if who is not None else f"{nobody} is named", f"{wanted} did it")


def _event(selector: ClaimSelector, spot: _Spot, what: tuple[str | None, tuple[str, ...]]) -> str:
    word, asked = what
    sides = [any_of(selector.actors)] if spot.actor is not None else []
    sides += [any_of(selector.objects)] if spot.thing is not None else []
    where = f" between {' and '.join(sides)}" if len(sides) > 1 else f" of {sides[0]}" if sides else ""
    if spot.event is not None:
        said = spot.passage.words(spot.event, spot.event)
        return f'"{said}" can say {any_of(selector.events)}, but no event is read{where or " here"}'
    return (
        f'no event is read{where}; unknown word: "{word}"' if word else f"no word for {some_of(asked)} is read{where}"
    )


def _thing(selector: ClaimSelector, seen: Seen) -> str:
    wanted = any_of(selector.objects)
    for passage in seen.passages:
        for one in passage.parsed.things:
            what = f'"{passage.words(one.first, one.last)}"'
            if one.thing in selector.objects and one.is_opaque:
                return f"{what} only says what the word behind it is about"
            if one.thing not in selector.objects:
                return f"{what} is {one.thing}, not {wanted}"
    return f"no {wanted} is named"


# --- the word to teach


def _unknown(selector: ClaimSelector, spot: _Spot, events: tuple[str, ...]) -> str | None:
    """Return the word that stands where the event should, if the reader knows nothing of it."""
    if spot.event is not None or spot.thing is None or (selector.actors and spot.actor is None):
        return None
    spans = spot.passage.parsed.spans
    first, last = sorted((spot.thing, (spot.actor, spot.actor) if spot.actor is not None else spot.thing))
    between = range(first[1] + 1, last[0])
    behind = range(last[1] + 1, len(spans))
    near = [at for at in between if _is_unknown(spans[at], events)]
    at = next((at for at in near if _is_like_a_verb(spans[at])), near[0] if near[:1] == [first[1] + 1] else None)
    if at is None:
        at = next((at for at in behind if _is_unknown(spans[at], events) and _is_like_a_verb(spans[at])), None)
        return spans[at].text if at is not None else None
    return _phrase(spans, at, last[0])


def _phrase(spans: list[Span], at: int, end: int) -> str:
    """Return the word with the particle that ties it to the thing: *slams the door on*."""
    ties = [one for one in range(at + 1, min(end, at + _LONGEST)) if spans[one].says("preposition")]
    last = ties[-1] if ties else at
    inner = spans[at + 1 : last + 1]
    if any(one.entry.entity or one.entry.adjective or one.entry.carries or "," in one.before for one in inner):
        last = at
    return " ".join(one.text for one in spans[at : last + 1])


def _is_unknown(span: Span, events: tuple[str, ...]) -> bool:
    entry = span.entry
    names = entry.entity or entry.adjective or entry.weak or entry.things or entry.modifies or entry.unnamed
    known = names or entry.kinds or entry.acts or entry.words or entry.cues or entry.carries
    return not known and not any(way.event in events for way in entry.ways) and span.text.isalpha()


def _is_like_a_verb(span: Span) -> bool:
    return span.text.endswith(_ENDINGS) and not span.text.endswith("ss")
