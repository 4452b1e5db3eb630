"""An address becomes a whole body, or one error: one conditional GET, vetted, bounded in time, size and hops.

``vet | ask | follow | read | compare``
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from alerts.feeds.decode import Decoder, TooLargeError, UndecodableError
from alerts.feeds.fault import answered, failed
from alerts.feeds.guard import Guard, networks
from alerts.model.errors import FeedFault
from alerts.model.feed import Feed, Fetched, Validators

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from yarl import URL

    from alerts.feeds.dial import VettedResolver

HOPS = 5
PIECE = 64 * 1024
"""Most bytes taken off the wire at a time."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
BODIES = frozenset({200, 203})
NOTHING_NEW = 304
VALIDATOR_LIMIT = 1024

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class Own:
    """What one feed is asked with beside what all are: secrets, so they go to its own origin alone."""

    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchConfig:
    """How feeds are asked.

    ``deadline`` is seconds for one fetch in all, redirects and a dripping body included; ``cap`` bytes of a body,
    unpacked; ``ratio`` how far a body over 1 MB may unpack; ``private`` networks allowed although private; ``own``
    what single feeds are asked with, by id.
    """

    version: str
    contact: str | None = None
    private: tuple[str, ...] = ()
    deadline: float = 20.0
    cap: int = 10 * 1024 * 1024
    ratio: int = 100
    connections: int = 128
    own: Mapping[str, Own] = field(default_factory=dict)

    @property
    def user_agent(self) -> str:
        """Who asks, and whom a publisher may write to."""
        contact = " ".join((self.contact or "").split())
        return f"alerts/{self.version} (+{contact})" if contact else f"alerts/{self.version}"


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where a redirect leads."""

    url: URL
    is_permanent: bool


class Fetcher:
    """Fetches feeds over one pool of connections, at most ``config.connections`` at a time.

    Belongs to the event loop of its first call; ``close`` it there. Time spent waiting for a place is not part of
    the deadline. ``look_up`` replaces the system's resolver. Raises ValueError when a network cannot be read.
    """

    def __init__(
        self,
        config: FetchConfig,
        now: Callable[[], datetime],
        *,
        look_up: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self._config, self._now, self._look_up = config, now, look_up
        self._guard = Guard(networks(config.private))
        self._places = asyncio.Semaphore(config.connections)
        self._session: ClientSession | None = None
        self._resolver: VettedResolver | None = None

    async def __call__(self, feed: Feed, validators: Validators) -> Fetched:
        """Ask a feed whether there is something new; raises only FeedError.

        The body is None when the server says so (304) or sends what it sent before (equal hash). The validators are
        the response's: store them once its items are.
        """
        import aiohttp

        from alerts.feeds.dial import why_unreached

        async with self._places:
            try:
                async with asyncio.timeout(self._config.deadline):
                    return await self._follow(feed, validators)
            except TimeoutError as error:
                what = f"did not finish within {self._config.deadline:g} s; it is asked again, nothing to do"
                raise failed(feed, FeedFault.TIMEOUT, what) from error
            except (aiohttp.ClientError, OSError) as error:
                raise failed(feed, *why_unreached(error)) from error

    async def close(self) -> None:
        """Close every connection; the fetcher may be called again."""
        if self._session is not None and self._resolver is not None:
            await self._session.close()
            await self._resolver.close()
        self._session = self._resolver = None

    async def _follow(self, feed: Feed, validators: Validators) -> Fetched:
        """Go where the redirects lead, each hop vetted; the login is for the feed's own origin alone."""
        conditions = _conditions(validators)
        url, login = _address(feed)
        mine = self._config.own.get(feed.id, Own())
        own, seen, for_good = url.origin(), {url}, True
        while True:
            self._vet(feed, url)
            at_home = url.origin() == own
            request = Own({**conditions, **login, **mine.headers}, mine.proxy) if at_home else Own(conditions)
            answer = await self._ask(feed, url, request, validators)
            if isinstance(answer, Fetched):
                return replace(answer, moved=answer.url if for_good and len(seen) > 1 else None)
            url, for_good = answer.url, for_good and answer.is_permanent
            if url in seen or len(seen) > HOPS:
                what = "redirects in a circle" if url in seen else f"redirects more than {HOPS} times"
                raise failed(feed, FeedFault.REDIRECT, f"{what}; check its address in a browser")
            seen.add(url)

    def _vet(self, feed: Feed, url: URL) -> None:
        why = self._guard.refuses(url.scheme, url.raw_host or "", url.port or 0)
        if why is not None:
            raise failed(feed, FeedFault.BLOCKED, f"is not fetched: {why}")

    async def _ask(self, feed: Feed, url: URL, asked: Own, known: Validators) -> Fetched | _Hop:
        """Make one request: what it brought, or where to go on."""
        get = self._open().get(url, headers=asked.headers, proxy=asked.proxy, allow_redirects=False)
        async with get as response:
            if response.status in REDIRECTS:
                target = _next(feed, url, response.headers.get("Location", ""))
                return _Hop(target, response.status in PERMANENT)
            fetched = Fetched(
                status=response.status,
                url=str(url),
                headers=_headers(response),
                body=None,
                validators=_validators(response),
            )
            if response.status == NOTHING_NEW and _conditions(known):
                return replace(fetched, validators=_newer(known, fetched.validators))
            if response.status not in BODIES:
                raise answered(feed, response.status, fetched.headers, now=self._now())
            coding = fetched.headers.get("content-encoding", "")
            return _compared(fetched, await self._read(feed, response, coding), known)

    async def _read(self, feed: Feed, response: ClientResponse, coding: str) -> bytes:
        try:
            decoder = Decoder(coding, cap=self._config.cap, ratio=self._config.ratio)
            async for piece in response.content.iter_chunked(PIECE):
                decoder.feed(piece)
            body = decoder.finish()
        except TooLargeError as error:
            what = f"{error}; check that its address is a feed's"
            raise failed(feed, FeedFault.TOO_LARGE, what) from error
        except UndecodableError as error:
            raise failed(feed, FeedFault.ENCODING, f"cannot be unpacked: {error}; tell its publisher") from error
        if not body:
            raise failed(feed, FeedFault.EMPTY, "answered with an empty body; check its address in a browser")
        return body

    def _open(self) -> ClientSession:
        if self._session is None:
            from alerts.feeds.dial import VettedResolver, look_up, open_session

            asked = {
                "User-Agent": self._config.user_agent,
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip, deflate, br, zstd",
            }
            self._resolver = VettedResolver(self._guard, self._look_up or look_up)
            self._session = open_session(self._resolver, asked)
        return self._session


def _address(feed: Feed) -> tuple[URL, dict[str, str]]:
    """Return where a feed lives and its login as a header, apart: an address shown never carries it."""
    from yarl import URL

    try:
        url = URL(feed.url)
        if not url.absolute or not url.scheme:
            raise ValueError
        plain = url.with_user(None).with_fragment(None) if url.raw_host else url
    except ValueError as error:
        what = "is not fetched: its address is not a web address"
        raise failed(feed, FeedFault.BLOCKED, f"{what}; write https://host/path") from error
    if url.user is None:
        return plain, {}
    pair = b64encode(f"{url.user}:{url.password or ''}".encode()).decode()
    return plain, {"Authorization": f"Basic {pair}"}


def _next(feed: Feed, url: URL, location: str) -> URL:
    """Return where a redirect leads; a login in it is dropped, no server tells us what to sign in with."""
    from yarl import URL

    try:
        target = url.join(URL(location)) if location else None
        if target is not None and target.raw_host:
            target = target.with_user(None).with_fragment(None)
    except ValueError:
        target = None
    if target is None:
        what = "redirects to no readable address; check its address in a browser"
        raise failed(feed, FeedFault.REDIRECT, what)
    return target


def _conditions(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in asked.items() if value}


def _headers(response: ClientResponse) -> dict[str, str]:
    """Return the headers as text that can be stored; of one sent twice the first counts."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        headers.setdefault(name.lower(), value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return headers


def _validators(response: ClientResponse) -> Validators:
    """Take the validators as they are, opaque; one that cannot be sent back byte by byte is none."""

    def kept(name: str) -> str | None:
        value = response.headers.get(name, "")
        return value if value.isprintable() and 0 < len(value) <= VALIDATOR_LIMIT else None

    return Validators(etag=kept("ETag"), last_modified=kept("Last-Modified"))


def _newer(known: Validators, sent: Validators) -> Validators:
    """Return the validators after a 304: it may bring new ones (RFC 9111 §4.3.4)."""
    return replace(known, etag=sent.etag or known.etag, last_modified=sent.last_modified or known.last_modified)


def _compared(fetched: Fetched, body: bytes, known: Validators) -> Fetched:
    """Attach the body, or None when it is the one we know, validator or not."""
    digest = blake2b(body, digest_size=16).hexdigest()
    validators = replace(fetched.validators, body_hash=digest)
    return replace(fetched, body=None if digest == known.body_hash else body, validators=validators)
