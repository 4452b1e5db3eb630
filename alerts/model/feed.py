"""Feeds: the sources we poll, and what a body of theirs holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from alerts.model.states import FeedKind as FeedKind
from alerts.model.states import Reliability as Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source as authored (OPML) or added by the operator.

    ``owner`` is the unit of independence; ``speaks_for`` the actor whose own page this is (kind *official*);
    ``carries`` the agencies it republishes; ``pace`` the shortest polite interval in seconds;
    ``checked`` the day it was last seen alive by whoever authored the list, None = never.
    """

    id: str
    url: str
    title: str
    owner: str
    kind: FeedKind = FeedKind.OUTLET
    reliability: Reliability = Reliability.C
    lang: str | None = None
    category: str = ""
    speaks_for: str | None = None
    carries: tuple[str, ...] = ()
    pace: int | None = None
    checked: str | None = None

    @property
    def host(self) -> str | None:
        """The public host at which this feed waits for its turn; None for one of the operator's own network."""
        try:
            host = (urlsplit(self.url).hostname or "").removeprefix("www.").rstrip(".")
        except ValueError:
            return None
        return None if _is_inside(host) else host


_INSIDE = (".home.arpa", ".internal", ".lan", ".local", ".localhost")


def _is_inside(host: str) -> bool:
    """Whether the host is one that only a private network knows."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What lets a server answer *nothing new* (RFC 9110 §13), opaque, and the hash of the last body."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How polling a feed goes. ``failures`` counts in a row; ``interval`` is in seconds."""

    next_at: datetime
    interval: float
    primed_at: datetime | None = None
    polled_at: datetime | None = None
    ok_at: datetime | None = None
    failures: int = 0
    fault: str | None = None
    error: str | None = None
    items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What polling taught about a feed.

    ``window`` is how many items its last whole body had; ``rate`` how many new ones came an hour when it was busy,
    fading; ``new_at`` when the last new one was seen and ``rhythm`` the usual seconds between two such polls.
    ``lags`` are seconds from an item's date to its first sight, one a poll, the newest last; ``offset`` seconds to
    add to its dates; ``old`` the dates (POSIX) of items in a row that were old at first sight, and ``untimed`` says
    that its dates mean nothing. ``liar`` says that its server answered 304 to a changed body. ``moved_to`` is where
    a permanent redirect has led since ``moved_since``, ``address`` where it is fetched from after that is settled.
    ``gap_at`` is when items were last found to have rolled over unseen; ``remarks`` are lines for the operator, by
    what they are about.
    """

    window: int = 0
    rate: float = 0.0
    new_at: datetime | None = None
    rhythm: float = 0.0
    lags: tuple[float, ...] = ()
    offset: float = 0.0
    old: tuple[float, ...] = ()
    untimed: bool = False
    liar: bool = False
    moved_to: str | None = None
    moved_since: datetime | None = None
    address: str | None = None
    gap_at: datetime | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with its validators, health, and what was learnt and read of it, as the store holds it."""

    feed: Feed
    validators: Validators
    health: FeedHealth
    learnt: Learnt = Learnt()
    remembered: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLease:
    """The right to poll a feed until ``until``; a write under an older ``fence`` is refused."""

    state: FeedState
    fence: int
    until: datetime


class FeedFormat(StrEnum):
    """The dialect a body was written in."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """One item as its feed wrote it: plain text, absolute link, aware UTC times; unknown is None."""

    id: str | None = None
    link: str | None = None
    title: str | None = None
    summary: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    author: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A whole body, items in document order.

    ``salvaged`` says that the document was broken and only what could be saved is here: such a body never
    advances validators. ``notes`` are remarks for the operator (which encoding won, which date was unreadable).
    """

    title: str | None
    lang: str | None
    kind: FeedFormat
    items: tuple[ParsedItem, ...]
    salvaged: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a body: the items of ``feed``, and how many more were ``left_out`` because they stand in it
    just as at an earlier reading. ``remembered`` is for the next one, opaque; empty where nothing may be left out.
    """

    feed: ParsedFeed
    remembered: bytes = b""
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered: ``body`` is decoded and whole, or None when nothing changed (304).

    ``headers`` have lower-case names; ``url`` is where the body came from after redirects, ``moved`` the same where
    every one of them was permanent (301, 308).
    """

    status: int
    url: str
    headers: dict[str, str]
    body: bytes | None
    validators: Validators
    moved: str | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that nothing is new."""
        return self.body is None
