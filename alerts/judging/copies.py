"""Copies of one text are told apart from new texts: forty mastheads, one wire story."""

from __future__ import annotations

from hashlib import blake2b

from alerts.model.item import Item
from alerts.reading.normalise import normalise


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
