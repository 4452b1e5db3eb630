"""Dates of a feed are read; those that cannot be are remembered for the operator, a few of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from alerts.feeds.dates import read_date
from alerts.feeds.text import fold

_MOST_NOTES = 3


@dataclass(slots=True)
class Moments:
    """Reads the dates of one body; ``notes`` quote the first that were no dates, and count the rest."""

    unread: list[str] = field(default_factory=list)

    def read(self, *raw: object) -> datetime | None:
        """Return the first of the raw dates that can be read."""
        for text in raw:
            if isinstance(text, str) and text.strip():
                moment = read_date(text)
                if moment:
                    return moment
                self.unread.append(text)
        return None

    @property
    def notes(self) -> tuple[str, ...]:
        quoted = dict.fromkeys(f"date not understood: {fold(text)[:60]}" for text in self.unread)
        more = len(quoted) - _MOST_NOTES
        return (*list(quoted)[:_MOST_NOTES], *([f"{more} more dates not understood"] if more > 0 else []))
