"""Copies of one text are told apart from new texts: forty mastheads, one wire story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from alerts.model.case import Text
from alerts.model.item import Item
from alerts.model.verdict import Evidence
from alerts.reading.normalise import normalise

WINDOW = timedelta(hours=72)
"""How long a text is remembered, so that its copies stay silent."""

MOST = 2000
"""So many texts of a question are remembered."""


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


def remembered(texts: Sequence[Text], at: datetime) -> tuple[Text, ...]:
    """Return the texts still remembered at a time: those of ``WINDOW``, and of a flood the newest."""
    return tuple(one for one in texts[-MOST:] if at - one.at < WINDOW)


def copy_of(texts: Iterable[Text], one: Evidence, label: str) -> Text | None:
    """Return the remembered text that this one is a copy of and that said the same, None where it is new."""
    return next((text for text in texts if text.label == label and text.key == one.copy_key), None)
