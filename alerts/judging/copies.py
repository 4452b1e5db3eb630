"""Copies of one text are told apart from new texts: forty mastheads, one wire story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from alerts.model.item import Item
from alerts.model.verdict import Evidence
from alerts.reading.normalise import normalise

WINDOW = timedelta(hours=72)
"""How long a text is remembered, so that its copies stay silent."""


def copy_key(item: Item) -> str:
    """Return a key that is equal for texts with the same words in title and summary, else different.

    Case, accents, punctuation, spacing and look-alike letters make no difference; a word more or less does, and so
    does a question mark: to hold two texts for one is to lose the second, so only what reads the same is a copy.
    """
    read = "\n".join(_read(text) for text in (item.title, item.summary or ""))
    return blake2b(read.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _read(text: str) -> str:
    asked = " ?" if "?" in text else ""
    return " ".join(normalise(text).words) + asked


def remembered(told: dict[str, datetime], evidence: Sequence[Evidence]) -> dict[str, datetime]:
    """Return the texts still remembered after this evidence: those seen within ``WINDOW`` of its newest."""
    newest = max((one.at for one in evidence), default=None)
    return told if newest is None else {key: at for key, at in told.items() if newest - at < WINDOW}
