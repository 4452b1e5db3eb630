"""Items: published texts, and the sources they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.model.feed import Feed, FeedKind, Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who carries an item: the feed's id and title, its owner (unit of independence), kind and reliability."""

    id: str
    title: str
    owner: str
    kind: FeedKind = FeedKind.OUTLET
    reliability: Reliability = Reliability.C
    speaks_for: str | None = None
    carries: tuple[str, ...] = ()

    @classmethod
    def of(cls, feed: Feed) -> Source:
        """Return a feed as the source of its items."""
        return cls(
            id=feed.id,
            title=feed.title,
            owner=feed.owner,
            kind=feed.kind,
            reliability=feed.reliability,
            speaks_for=feed.speaks_for,
            carries=feed.carries,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One published text in one version.

    ``version`` counts from 1: the same id with new words is a version, not an item.
    ``seen`` is when we (or the archive) first saw this version, ``published`` what the feed claims; both UTC.
    """

    id: str
    source: Source
    title: str
    summary: str | None = None
    link: str | None = None
    author: str | None = None
    lang: str | None = None
    published: datetime | None = None
    seen: datetime | None = None
    version: int = 1
