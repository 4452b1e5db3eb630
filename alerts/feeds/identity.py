"""A parsed item is given the name it keeps: the same text under a new guid is no new item, new words are a version.

An item is known by several names at once — its guid, its link, and its exact words with their date — because
publishers change each of them. A name counts only where it tells items apart: one that two texts of a body share
names neither. Two texts are one item only if all names they both could have agree, or one name and the headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from alerts.model.feed import ParsedFeed, ParsedItem
from alerts.model.ledger import KnownItem

TITLE_CUT = 200
"""An item without a title is called by the first characters of its summary."""

_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_\w+|at_\w+|fbclid|[gy]clid|token|cmp|xtor)", re.IGNORECASE)
_COUNTER = re.compile(r"\s*[(\[]\d{1,6}(?: comments?)?[)\]]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A parsed item with the names it is known by, and the hash of its words.

    ``key`` is the name it would be kept under, ``names`` digests of guid and link, ``words`` one of words and date.
    """

    key: str
    title: str
    text_hash: str
    names: frozenset[str]
    words: str
    parsed: ParsedItem

    @property
    def aliases(self) -> tuple[str, ...]:
        """All names under which it may be known already."""
        return (*sorted(self.names), self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A text of a body and the item it is: ``before`` is that item as it is kept, None = a new one.

    ``by_words`` says that none of its names was known, only its words with their date.
    """

    id: str
    key: str
    named: Named
    before: KnownItem | None
    by_words: bool = False

    @property
    def is_new_text(self) -> bool:
        """Whether these words are not the item's latest."""
        return self.before is None or self.before.text_hash != self.named.text_hash


def strong_names(item: ParsedItem) -> tuple[str, ...]:
    """Return the digests of an item's guid and link, each once, without what publishers change in them at a whim."""
    return tuple(_digests((item.id, item.link)))


def canonical(name: str) -> str:
    """Return a guid or link without scheme, ``www.`` and tracking; of an address that ends in an article's number,
    host and number alone.
    """
    if not _ADDRESS.match(name):
        return name
    try:
        parts = urlsplit(name)
        host = (parts.hostname or "").removeprefix("www.")
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    except ValueError:
        return name
    article = None if kept or parts.fragment else article_of(name)
    if article is not None:
        return f"{host}#{article}"
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(kept))}#{parts.fragment}"


def name_items(parsed: ParsedFeed) -> tuple[Named, ...]:
    """Return the items of a body with their names, in document order, each text once; those without text are left out.

    A name that two different texts of the body share is none: an id that is not unique must not swallow a text.
    """
    written = [one for item in parsed.items if (one := _written(item))]
    users: dict[str, set[str]] = {}
    for one in written:
        for name in one.names:
            users.setdefault(name, set()).add(one.text_hash)
    shared = frozenset(name for name, texts in users.items() if len(texts) > 1)
    named: dict[tuple[frozenset[str], str], Named] = {}
    for one in written:
        found = _named(one, shared)
        named.setdefault((found.names, found.words), found)
    return tuple(named.values())


@dataclass(frozen=True, slots=True)
class _Written:
    """An item with its title, the hash of its words, and its names as digests with what they are digests of."""

    item: ParsedItem
    title: str
    text_hash: str
    names: Mapping[str, str]


def _written(item: ParsedItem) -> _Written | None:
    title = item.title or (item.summary or "")[:TITLE_CUT].strip()
    if not title:
        return None
    text_hash = _digest(_COUNTER.sub("", item.title or ""), item.summary or "")
    return _Written(item, title, text_hash, _digests((item.id, item.link)))


def _named(one: _Written, shared: frozenset[str]) -> Named:
    date = one.item.published.isoformat() if one.item.published else ""
    usable = [name for digest, name in one.names.items() if digest not in shared]
    return Named(
        key=usable[0] if usable else one.text_hash + date,
        title=one.title,
        text_hash=one.text_hash,
        names=frozenset(one.names.keys() - shared),
        words=_digest(one.text_hash, date)[:16],
        parsed=one.item,
    )


def recognise(feed_id: str, named: Sequence[Named], known: Mapping[str, KnownItem]) -> Iterator[Recognised]:
    """Say of each text of a body which item it is; ``known`` are the items kept under any of the aliases.

    Two different texts of a body are never one item: the second is a new one.
    """
    taken: dict[str, str] = {}
    for one in named:
        before = _known_as(one, known)
        if before is not None and taken.setdefault(before.id, one.text_hash) == one.text_hash:
            by_words = not any(name in known for name in one.names)
            yield Recognised(id=before.id, key=before.key, named=one, before=before, by_words=by_words)
            continue
        clash = before is not None or any(name in known for name in one.names)
        key = f"{one.key}\n{one.parsed.link or ''}\n{one.words}" if clash else one.key
        yield Recognised(id=_digest(feed_id, key)[:16], key=key, named=one, before=None)


def _known_as(one: Named, known: Mapping[str, KnownItem]) -> KnownItem | None:
    for name in sorted(one.names):
        item = known.get(name)
        if item is not None and _is_same(one, item, known):
            return item
    by_words = known.get(one.words)
    if by_words is not None and by_words.text_hash == one.text_hash and (one.parsed.published or not one.names):
        return by_words
    return None


def _is_same(one: Named, item: KnownItem, known: Mapping[str, KnownItem]) -> bool:
    """Whether a text that shares a name with an item is that item: all their names, or the headline, agree."""
    if one.title == item.title or all(known.get(name) == item for name in one.names):
        return True
    theirs = _digests((item.key.partition("\n")[0], item.link))
    return set(theirs) <= one.names


def _digests(names: Iterable[str | None]) -> dict[str, str]:
    """Return each name once, by its digest."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if name:
            found.setdefault(_digest(canonical(name))[:16], name)
    return found


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
