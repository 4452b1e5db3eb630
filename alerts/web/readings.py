"""What the reader made of a text, for eyes: its words with what each may be, and the claims found in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts.judging.explain_passages import seen
from alerts.web.quoting import shown

if TYPE_CHECKING:
    from alerts.model.claim import Claim
    from alerts.model.item import Item
    from alerts.reading.entries import Entry
    from alerts.reading.known import Known
    from alerts.reading.normalise import Text
    from alerts.reading.tagging import Span

WORDS = 120
"""Phrases shown of one text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A phrase as it stands, what it may be, and the role it would play (actor, object, event, cue)."""

    text: str
    means: str
    role: str


@dataclass(frozen=True, slots=True)
class Told:
    """A claim in words."""

    says: str
    factuality: str
    context: str
    speaker: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read."""

    tokens: tuple[Token, ...]
    claims: tuple[Told, ...]


def reading_of(item: Item, known: Known) -> Reading:
    """Return what the reader made of an item."""
    found = seen(item, known)
    tokens = [token for passage in found.passages for token in _tokens(passage.text, passage.parsed.spans)]
    return Reading(tuple(tokens[:WORDS]), tuple(map(_told, found.read.claims)))


def _tokens(text: Text, spans: Sequence[Span]) -> Iterator[Token]:
    for span in spans:
        means, role = _means(span.entry)
        yield Token(shown(text.surface(span.first, span.end), 80), means, role)


def _means(entry: Entry) -> tuple[str, str]:
    name = entry.entity or entry.adjective or entry.weak
    if name:
        return name, "actor"
    if entry.ways:
        return ", ".join(dict.fromkeys(way.event for way in entry.ways)), "event"
    if things := (*entry.things, *entry.kinds, *entry.modifies):
        return ", ".join(dict.fromkeys(things)), "object"
    if entry.cues:
        return ", ".join(sorted(entry.cues)), "cue"
    return "", ""


def _told(claim: Claim) -> Told:
    parts = [", ".join(claim.actors) or "somebody", claim.event, claim.object or "something"]
    if claim.recipient:
        parts.append(f"to {claim.recipient}")
    return Told(
        says=" · ".join(parts),
        factuality=claim.factuality.value,
        context=claim.context.value,
        speaker=" via ".join(claim.speakers) or "the text itself",
        why=tuple(shown(line, 200) for line in claim.why),
    )
