"""The outside, played by hand: a clock, a network and a channel that do what the test says. The database is real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from xml.sax.saxutils import escape

from alerts.feeds.parse import read_new
from alerts.model.delivery import Address, Delivered, Message, Receipt
from alerts.model.errors import FeedError
from alerts.model.feed import Feed, Fetched, Reading, Validators


class HandClock:
    """A clock that goes when it is told to; ``steady`` goes along."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def steady(self) -> datetime:
        return self._at

    def go(self, **span: float) -> datetime:
        """Go forward by a ``timedelta`` given in its own words; return the new time."""
        self._at += timedelta(**span)
        return self._at


def item(title: str, *, guid: str = "", summary: str = "", at: datetime | None = None) -> str:
    """Write one RSS item."""
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    about = f"<description>{escape(summary)}</description>" if summary else ""
    name = escape(guid or title)
    return f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{name}</guid>{about}{date}</item>"


def rss(*items: str) -> bytes:
    """Write an RSS body of these items."""
    return f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>".encode()


class FakeFetch:
    """A network in which each feed answers what it was told to; an unchanged body is a 304.

    The ``liars`` answer 304 to every condition; ``moved`` says where permanent redirects lead.
    """

    def __init__(self) -> None:
        self.bodies: dict[str, bytes | FeedError] = {}
        self.asked: list[str] = []
        self.liars: set[str] = set()
        self.moved: dict[str, str] = {}
        self.urls: list[str] = []

    async def __call__(self, feed: Feed, validators: Validators) -> Fetched:
        self.asked.append(feed.id)
        self.urls.append(feed.url)
        body = self.bodies.get(feed.id, rss())
        if isinstance(body, FeedError):
            raise body
        etag = blake2b(body, digest_size=8).hexdigest()
        unchanged = validators.etag == etag or (validators.etag is not None and feed.id in self.liars)
        return Fetched(
            status=304 if unchanged else 200,
            url=feed.url,
            headers={"content-type": "application/rss+xml"},
            body=None if unchanged or validators.body_hash == etag else body,
            validators=validators if unchanged else Validators(etag=etag, body_hash=etag),
            moved=self.moved.get(feed.url),
        )


async def read_here(body: bytes, headers: Mapping[str, str], url: str, remembered: bytes = b"") -> Reading:
    """Read without a child process: the very parser, nearer."""
    return read_new(body, headers, url, remembered)


class FakeSend:
    """A channel that answers the receipts it was given, first come first; then it delivers."""

    def __init__(self) -> None:
        self.receipts: list[Receipt | Exception] = []
        self.sent: list[tuple[str, Message]] = []

    async def __call__(self, message: Message, address: Address) -> Receipt:
        self.sent.append((address.id, message))
        answer = self.receipts.pop(0) if self.receipts else Delivered()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def titles(self) -> list[str]:
        """What was sent, as one string a message."""
        return [f"{message.title}\n{message.body}" for _, message in self.sent]
