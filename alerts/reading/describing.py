"""A participle before its noun only describes it: who cancels a planned call has planned none."""

from __future__ import annotations

from alerts.reading.entries import NOTHING
from alerts.reading.tagging import Span

_REACH = 6
_BEFORE = frozenset(("determiner", "preposition"))


def hush(spans: list[Span]) -> None:
    """Take from every describing participle what it would say as a verb; the spans stay where they are."""
    for place, span in enumerate(spans):
        if span.says("attributive") and _stands_free(spans, place) and _before_noun(spans, place):
            span.entry = NOTHING


def _stands_free(spans: list[Span], place: int) -> bool:
    """Whether no subject stands before the participle: the text begins with it, or a verb or *the* goes before."""
    at = place - 1
    while at >= 0 and spans[at].says("adverb"):
        at -= 1
    if at < 0 or spans[at].possessive:
        return True
    entry = spans[at].entry
    if entry.entity or entry.weak or entry.words & {"be", "have", "to", "pronoun", "conjunction"}:
        return False
    return bool(entry.words & _BEFORE or entry.cue_forms) or any(way.pos in "vgki" for way in entry.ways)


def _before_noun(spans: list[Span], place: int) -> bool:
    """Whether the noun phrase that goes on from here ends in a word of a kind: *planned Ann-Bob phone call*."""
    for at in range(place + 1, min(place + _REACH, len(spans))):
        span, entry = spans[at], spans[at].entry
        if span.before not in {" ", "-", "–", "'", " '"}:
            return False
        if entry.kinds or entry.things:
            return True
        if entry.words - {"adverb", "number_words", "small_numbers"} or entry.cues:
            return False
    return False
