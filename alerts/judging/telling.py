"""What an alert carries of a piece of evidence: the words, who says them and when."""

from __future__ import annotations

from datetime import timedelta

from alerts.model.change import Quote
from alerts.model.verdict import Evidence

LATE = timedelta(hours=2)
"""News first seen this long after its publication is marked late."""

OLD = timedelta(days=3)
"""A text published this long before it was first seen is back-filled, or its date never changes: it is no news."""

QUOTED = 20
"""An alert quotes this many texts and counts the others."""


def quote_of(one: Evidence, copies: int = 0) -> Quote:
    """Return the text behind an alert as its reader may check it."""
    item = one.item
    return Quote(
        item=item.id,
        source=item.source.title,
        kind=item.source.kind,
        title=item.title,
        sentence=one.verdict.because[0] if one.verdict.because else item.title,
        link=item.link,
        lang=item.lang,
        published=item.published,
        seen=one.at,
        words=one.verdict.words,
        copies=copies,
    )


def is_late(one: Evidence) -> bool:
    """Whether nobody looked when it was published; a later version of an item keeps the first one's date."""
    return one.item.version == 1 and _delay(one) > LATE


def is_old(one: Evidence) -> bool:
    """Whether a text is no news, though it is new to us."""
    return one.item.version == 1 and _delay(one) > OLD


def _delay(one: Evidence) -> timedelta:
    """How long after its publication a text was first seen; one with a date alone counts from the end of that day."""
    published = one.item.published
    if published is None:
        return timedelta()
    is_date = (published.hour, published.minute, published.second) == (0, 0, 0)
    return one.at - published - timedelta(days=1 if is_date else 0)
