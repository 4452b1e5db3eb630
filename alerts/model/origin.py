"""Origins: whom a text is from in truth, whoever carries it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.model.states import FeedKind, Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The independent source behind a text: texts of one ``id`` are one source, however many carry them.

    ``id`` is an owner family (as in the list of feeds); ``why`` says in words how it was found. ``kind`` and
    ``reliability`` are of the origin, never better than what the carrier lends it. ``speaks_for`` is the actor whose
    own page this is, None for everybody else.
    """

    id: str
    why: str
    kind: FeedKind
    reliability: Reliability
    speaks_for: str | None = None
