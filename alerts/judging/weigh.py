"""A text is weighed: whose word is it in truth? Forty outlets that carry one agency are one source.

Its owner's, where nothing says otherwise; the agency's, where the text credits one; the outlet's behind an aggregator.
An official page is the actor's own word. State media speak for nobody but themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from alerts.judging.credits import Credit, Credits
from alerts.judging.sketch import outlet_key
from alerts.model.feed import Feed, FeedKind, Reliability
from alerts.model.item import Item, Source
from alerts.model.origin import Origin
from alerts.model.seed import Seed, Seeds

_OWN_WORD = frozenset((FeedKind.OFFICIAL, FeedKind.SOCIAL))
_UNMOVED = frozenset((FeedKind.STATE, FeedKind.AGGREGATOR, FeedKind.SOCIAL))
_AGENCY_GRADE = Reliability.B
"""Of an agency that no feed grades."""


class Wires:
    """Who is known to tell the news: the sources by name and host, and the agencies with how they are credited.

    ``outlets`` are the names of outlets and agencies, as ``sketch_of`` takes them. An official page's name is none:
    *Headline - Palace* says who said it.
    """

    def __init__(self, feeds: Iterable[Feed | Source], seeds: Seeds) -> None:
        self._named: dict[str, Source] = {}
        self._hosts: dict[str, Source | None] = {}
        by_owner: dict[str, Source] = {}
        for feed in feeds:
            source = Source.of(feed) if isinstance(feed, Feed) else feed
            by_owner.setdefault(source.owner, source)
            self._know(source, feed.url if isinstance(feed, Feed) else "")
        spelled = {seed.id: tuple(_spellings(seed)) for seed in seeds if seed.owner}
        self._agencies = {seed.id: _agency(seed, by_owner) for seed in seeds if seed.owner}
        owners = {source.owner for source in self._agencies.values()}
        for source in by_owner.values():  # an agency that is polled and has no seed is credited by its title
            if source.kind is FeedKind.AGENCY and source.owner not in owners:
                self._agencies[source.id], spelled[source.id] = source, tuple(_titles(source))
        for agency, names in spelled.items():
            for name in names:
                self._named.setdefault(outlet_key(name), self._agencies[agency])
        self.credits = Credits(spelled)
        self.outlets = frozenset(self._named)

    def _know(self, source: Source, url: str) -> None:
        if source.kind not in _OWN_WORD:  # behind a title these are who said it, not who printed it
            for name in (source.id, *_titles(source)):
                self._named.setdefault(outlet_key(name), source)
        for host in _hosts(url):
            other = self._hosts.setdefault(host, source)
            if other is not None and other.owner != source.owner:  # a host of many owners names none
                self._hosts[host] = None

    def agency(self, seed_id: str) -> Source:
        """Return an agency as a source, by the id a credit names; KeyError for another id."""
        return self._agencies[seed_id]

    def called(self, name: str) -> Source | None:
        """Return the outlet or agency of that name, without case, accents and *the*."""
        key = outlet_key(name)
        return self._named.get(key) or self._named.get(key.removeprefix("the")) or self._named.get(f"the{key}")

    def at(self, link: str | None) -> Source | None:
        """Return the source whose host a link goes to; None when it is unknown or no address."""
        return next((found for host in _hosts(link or "") if (found := self._hosts.get(host))), None)


def origin_of(item: Item, wires: Wires) -> Origin:
    """Return the independent origin of a text, with the reason in words."""
    source = item.source
    if source.kind in _OWN_WORD:
        return _origin(source, f"own page of {source.speaks_for}" if _is_official(source) else f"{source.title} itself")
    why = f"{source.title} itself"
    if source.kind is FeedKind.AGGREGATOR and (carried := _carried(item, wires)) is not None:
        source, why = carried, f"{source.title} carries {carried.title}"
    credit = _credit(item, wires)
    if credit is None:
        return _origin(source, why)
    agency = wires.agency(credit.agency)
    if agency.owner == source.owner:
        return _origin(source, why)
    return Origin(
        id=agency.owner,
        why=f"{source.title} credits {agency.title}: “{credit.words}”",
        kind=source.kind if source.kind in _UNMOVED else agency.kind,
        reliability=max(source.reliability, agency.reliability),  # nobody grows reliable by quoting
    )


def _origin(source: Source, why: str) -> Origin:
    return Origin(
        id=source.owner,
        why=why,
        kind=source.kind,
        reliability=source.reliability,
        speaks_for=source.speaks_for if _is_official(source) else None,
    )


def _is_official(source: Source) -> bool:
    return source.kind is FeedKind.OFFICIAL and source.speaks_for is not None


def _credit(item: Item, wires: Wires) -> Credit | None:
    in_text = wires.credits.in_text(item.title, item.summary or "")
    return in_text or wires.credits.in_byline(item.author)


def _carried(item: Item, wires: Wires) -> Source | None:
    """Return what an aggregator carries: named behind the title or as the author, else by where the link goes.

    An official page is not spoken for so: whoever carries its words chose the title.
    """
    _, dash, tail = item.title[-80:].rpartition(" - ")
    for name in (tail if dash else "", item.author or ""):
        if name and (found := wires.called(name)) is not None:
            return found
    found = wires.at(item.link)
    return None if found is None or found.kind in _OWN_WORD or found.owner == item.source.owner else found


def _agency(seed: Seed, by_owner: dict[str, Source]) -> Source:
    owner = seed.owner or seed.id
    graded = by_owner.get(owner)
    return Source(
        id=seed.id,
        title=next(iter(_spellings(seed)), seed.id),
        owner=owner,
        kind=FeedKind.STATE if graded is not None and graded.kind is FeedKind.STATE else FeedKind.AGENCY,
        reliability=_AGENCY_GRADE if graded is None else graded.reliability,
    )


def _spellings(seed: Seed) -> Iterator[str]:
    return (name for names in seed.names.values() for name in names)


def _titles(source: Source) -> Iterator[str]:
    yield source.title
    for end in (":", " ("):  # Harbour News: World, Harbour News (English)
        if end in source.title:
            yield source.title.partition(end)[0]


def _hosts(url: str) -> Iterator[str]:
    """The host of an address and the one above it: *feeds.example.org*, *example.org*."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return
    if host:
        yield host
        above = host.partition(".")[2]
        if "." in above:
            yield above
