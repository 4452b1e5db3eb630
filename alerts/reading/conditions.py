"""What makes an agreement conditional: *if*, *only if*, *but … conditions*, *in principle*, *demands guarantees*."""

from __future__ import annotations

from alerts.reading.clauses import Clause, Link
from alerts.reading.entries import CONDITIONAL
from alerts.reading.parsed import Parsed


def conditions_after(parsed: Parsed, event: int) -> tuple[int, str] | None:
    """Return the words that make an agreement conditional, with their place; None when nothing does."""
    number = parsed.owner[event]
    for later in range(number, len(parsed.cuts)):
        clause = parsed.cuts[later]
        for at in range(clause.start, clause.end):
            why = _own(parsed, clause, at) if later == number else _later(parsed, later - number, clause, at)
            if why is not None:
                return at, why
    return None


def _own(parsed: Parsed, clause: Clause, at: int) -> str | None:
    span = parsed.spans[at]
    return f"{span.text}: terms" if span.hints("terms") else None


def _later(parsed: Parsed, distance: int, clause: Clause, at: int) -> str | None:
    """Say how a word of a later clause bears on the agreement."""
    span = parsed.spans[at]
    if clause.link is Link.CONDITION and at == clause.start:
        return f"{span.text}: condition"
    if span.hints("terms"):
        return f"{span.text}: terms"
    sets_terms = any(way.kind == CONDITIONAL for way in span.entry.ways)
    if clause.link is Link.CONTRAST and (span.hints("reservation") or sets_terms):
        return f"but … {span.text}: terms"
    if (
        distance == 1
        and clause.link in {Link.COMMA, Link.AND}
        and span.says("strings")
        and _goes_on(parsed, clause, at)
    ):
        return f"{span.text}: terms"
    return None


def _goes_on(parsed: Parsed, clause: Clause, at: int) -> bool:
    """Whether a clause without a subject of its own says or demands what follows: *backs it, demands guarantees*."""
    first = parsed.spans[clause.start + (parsed.spans[clause.start].says("conjunction"))]
    if first.entry.entity or first.says("pronoun"):
        return False
    return any(
        span.hints("say") or span.hints("ask") or any(way.event == "demand" for way in span.entry.ways)
        for span in parsed.spans[clause.start : at + 1]
    )
