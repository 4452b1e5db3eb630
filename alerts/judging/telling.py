"""What an alert carries of a piece of evidence: the words, who says them and when."""

from __future__ import annotations

from datetime import timedelta

from alerts.model.change import Quote
from alerts.model.verdict import Evidence

LATE = timedelta(hours=2)
"""News first seen this long after its publication is marked late."""

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
    published = one.item.published
    return one.item.version == 1 and published is not None and one.at - published > LATE
