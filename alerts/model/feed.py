"""Feeds: the sources we poll, and what a body of theirs holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
class FeedState:
    """A feed with its validators and health, as the store holds it."""

    feed: Feed
    validators: Validators
    health: FeedHealth


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
class Fetched:
    """What a server answered: ``body`` is decoded and whole, or None when nothing changed (304).

    ``headers`` have lower-case names; ``url`` is where the body came from after redirects.
    """

    status: int
    url: str
    headers: dict[str, str]
    body: bytes | None
    validators: Validators

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that nothing is new."""
        return self.body is None
