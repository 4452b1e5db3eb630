"""One event of a sentence as a value, with the places of the words that say it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.reading.amounts import amount_near
from alerts.reading.factuality import Reading
from alerts.reading.frames import HARM, Settled, with_condition
from alerts.reading.parsed import Parsed
from alerts.reading.subjects import Subject
from alerts.reading.things import Mention


@dataclass(slots=True)
class Told:
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


def told(
    parsed: Parsed,
    event: str,
    place: int,
    settled: Settled,
    ends: tuple[Mention | None, Subject | None, str | None] = (None, None, None),
) -> Told:
    thing, subject, recipient = ends
    reading = with_condition(parsed, event, place, settled.reading)
    places = [("event", place)]
    if subject is not None:
        places.append(("actor", subject.place))
    if thing is not None:
        places.append(("object", thing.head))
    places.extend(("cue", cue) for cue in reading.cues)
    return Told(
        event,
        reading,
        settled.actors,
        thing.thing if thing else None,
        recipient,
        settled.speakers,
        amount=amount_near(parsed, place) if event in HARM else None,
        places=tuple(places),
    )
