"""A verb may have its thing elsewhere: alone before the colon, or as whose terms are taken."""

from __future__ import annotations

from alerts.reading.clauses import Link, is_finite
from alerts.reading.parsed import Parsed
from alerts.reading.things import Mention


def topic_of(parsed: Parsed, place: int) -> Mention | None:
    """Return the thing that stands alone before the colon: *Truce: the palace sets conditions*."""
    number = parsed.owner[place]
    if number != 1 or parsed.cuts[1].link is not Link.COLON or any(map(is_finite, parsed.spans[: parsed.cuts[0].end])):
        return None
    return next((m for m in parsed.things if m.last < parsed.cuts[0].end and not m.is_opaque), None)


def terms_after(parsed: Parsed, place: int) -> Mention | None:
    """Return the thing whose terms are taken or turned down: *accepts the truce terms*."""
    end = parsed.clause(place).end
    return next(
        (
            m
            for m in parsed.things
            if place < m.first <= place + 4 and m.last + 1 < end and parsed.spans[m.last + 1].text in {"terms", "text"}
        ),
        None,
    )
