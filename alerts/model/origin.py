"""Origins: the independent source behind a text, whoever carries it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.model.item import Source
from alerts.model.states import FeedKind, Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who stands behind a text: the unit of independence, and what it is worth.

    ``id`` is an owner family; ``why`` says how it was found; ``speaks_for`` is the actor whose own word this is.
    """

    id: str
    why: str = ""
    kind: FeedKind = FeedKind.OUTLET
    reliability: Reliability = Reliability.C
    speaks_for: str | None = None

    @classmethod
    def of(cls, source: Source) -> Origin:
        """Return a source as the origin of its own texts."""
        return cls(
            id=source.owner,
            why=f"{source.title} carries it",
            kind=source.kind,
            reliability=source.reliability,
            speaks_for=source.speaks_for,
        )
