"""A parsed item is given the name it keeps: the same guid with new words is a version, not an item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

from alerts.model.feed import ParsedFeed, ParsedItem

TITLE_CUT = 200
"""An item without a title is called by the first characters of its summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A parsed item with its ``id`` (16 hex digits, stable for a feed and ``key``) and the hash of its words."""

    id: str
    key: str
    title: str
    text_hash: str
    parsed: ParsedItem


def name_items(feed_id: str, parsed: ParsedFeed) -> tuple[Named, ...]:
    """Return the items of a body with their names, in document order; those without any text are left out.

    The key is the id as written, else the link, else the words. Where one body uses a key twice for different
    words, the second is an item of its own: an id that is not unique must not swallow a text.
    """
    named: dict[str, Named] = {}
    for item in parsed.items:
        one = _name(feed_id, item, named)
        if one is not None:
            named.setdefault(one.key, one)
    return tuple(named.values())


def _name(feed_id: str, item: ParsedItem, taken: Mapping[str, Named]) -> Named | None:
    title = item.title or (item.summary or "")[:TITLE_CUT].strip()
    if not title:
        return None
    text_hash = _digest(item.title or "", item.summary or "")
    key = item.id or item.link or text_hash
    if key in taken and taken[key].text_hash != text_hash:
        key = f"{key}\n{item.link or ''}\n{text_hash}"
    return Named(id=_digest(feed_id, key)[:16], key=key, title=title, text_hash=text_hash, parsed=item)


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


_ARTICLE = re.compile(
    r"(?:^|[-_./])(?P<id>[a-z]?\d{5,12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,40})"
    r"(?:_\d{1,2})?(?:\.[a-z]{3,5})?/?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")


def article_of(link: str) -> str | None:
    """Return the number or unique id that ends an article's address, None where it ends in words or a date.

    It stays when the words before it are changed: the same article under a new headline.
    """
    try:
        found = _ARTICLE.search(urlsplit(link).path)
    except ValueError:
        return None
    if found is None or _DATE.fullmatch(found["id"]):
        return None
    return found["id"].lower()
