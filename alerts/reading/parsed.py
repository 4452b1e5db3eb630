"""One sentence, taken apart: spans, clauses, things; what the readers of subjects, objects and cues look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from alerts.reading.clauses import Clause, clauses, is_finite
from alerts.reading.describing import hush
from alerts.reading.known import Known
from alerts.reading.tagging import Span
from alerts.reading.things import Mention, Scope, mentions


@dataclass(slots=True)
class Parsed:
    """A sentence taken apart. ``owner[i]`` is the place of the clause that span ``i`` is in."""

    spans: list[Span]
    cuts: list[Clause]
    owner: list[int]
    things: list[Mention]
    known: Known
    is_question: bool = False
    speaker: tuple[str, ...] = ()
    speaker_denies: bool = False
    label: str | None = None
    subjects: dict[int, list[int]] = field(default_factory=dict)

    def clause(self, place: int) -> Clause:
        """Return the clause that span is in."""
        return self.cuts[self.owner[place]]

    def entity(self, place: int) -> str | None:
        """Return who the span names, as a noun: a name, a weak name, or an adjective before a word for their people."""
        span = self.spans[place]
        entry = span.entry
        if place and self.spans[place - 1].says("former") and not (entry.entity and entry.weak):
            return None  # pro-government, ex-minister, the former envoy
        if entry.entity is not None:
            return entry.entity if self.known.beings[entry.entity].kind != "war" else None
        if entry.adjective is not None and self.stands_for(place + 1):
            return entry.adjective
        if entry.weak is not None and place and (owner := self._other_owner(place - 1, entry.weak)) is not None:
            return owner
        return entry.weak

    def _other_owner(self, place: int, weak: str) -> str | None:
        """Return whose it is where a weak name belongs to somebody else: *Ruritania's foreign minister*."""
        span = self.spans[place]
        owner = (span.entry.entity if span.possessive else None) or span.entry.adjective
        if owner is None or owner == weak or self.known.beings[owner].kind == "war":
            return None
        return None if self.known.speaks_for(weak, owner) else owner

    def stands_for(self, place: int) -> bool:
        """Whether the word after a name is one of its people speaking (*president*, *delegation*)."""
        return place < len(self.spans) and self.spans[place].says("role_nouns")

    def names_somebody(self, place: int) -> bool:
        """Whether the span is a name or its adjective, of somebody who can speak."""
        entry = self.spans[place].entry
        return bool(entry.adjective or entry.weak) or self.entity(place) is not None

    def thing_at(self, place: int) -> Mention | None:
        """Return the thing whose words hold that span."""
        for mention in self.things:
            if mention.first <= place <= mention.last:
                return mention
        return None


def parse(spans: list[Span], scope: Scope, known: Known) -> Parsed:
    """Return a sentence's spans with their clauses and things."""
    hush(spans)
    cuts = clauses(spans)
    owner = [number for number, cut in enumerate(cuts) for _ in range(cut.start, cut.end)]
    return Parsed(spans, cuts, owner, mentions(spans, cuts, scope, known), known)


__all__ = ["Parsed", "is_finite", "parse"]
