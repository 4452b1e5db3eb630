"""A loopback HTTP/1.1 server that does what a script says: feeds with 304, statuses, drips, resets, bombs, lies.

Real sockets in a thread of its own, so that plain and async tests, other processes and the demo can all ask it::

    with FeedServer({"/feed.xml": feed(b"<rss/>", etag='"1"')}) as server:
        ...  # server.url("/feed.xml"), server.requests, server.routes["/feed.xml"] = status(404)

A responder is ``async (request, wire) -> None``. It also serves as a sink: POST bodies stand in ``requests``.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

HEAD_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Gone(Exception):  # noqa: N818 — nobody's mistake: the client left, or the server closes
    """The other end is no longer there."""


class Wire:
    """One connection, as a responder sees it."""

    def __init__(self, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        self._writer, self._closing = writer, closing

    async def send(self, data: bytes) -> None:
        """Send bytes as they are, waiting for the client to take them."""
        self._writer.write(data)
        try:
            await self._writer.drain()
        except ConnectionError as error:
            raise Gone from error

    async def pause(self, seconds: float | None = None) -> None:
        """Let time pass, for ever without ``seconds``; ends at once when the server closes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        if self._closing.is_set() or self._writer.is_closing():
            raise Gone

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        raw: socket.socket = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def close(self) -> None:
        """Close the connection after what was sent."""
        self._writer.close()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be sent."""
        return self._writer.is_closing()


Responder = Callable[[Request, Wire], Awaitable[None]]


class FeedServer:
    """Serves ``routes`` (path → responder, ``*`` for all others, else 404) on a free loopback port until left.

    ``routes`` may be changed while it runs; ``requests`` and ``connections`` record what came.
    """

    def __init__(self, routes: Mapping[str, Responder] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Responder] = dict(routes or {})
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._came = threading.Condition()
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None

    def url(self, path: str = "/feed.xml", *, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def seen(self, path: str) -> list[Request]:
        """Return the requests for a path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def wait_for(self, count: int, *, timeout: float = 5.0) -> bool:
        """Wait until ``count`` requests have come in all; return whether they did."""
        with self._came:
            return self._came.wait_for(lambda: len(self.requests) >= count, timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._closing is not None
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=HEAD_LIMIT, ssl=self._tls, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._closing.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._closing is not None
        self.connections += 1
        wire = Wire(writer, self._closing)
        try:
            while not wire.is_closed:
                request = await _read(reader)
                with self._came:
                    self.requests.append(request)
                    self._came.notify_all()
                responder = self.routes.get(request.path) or self.routes.get("*") or status(404)
                await responder(request, wire)
        except (Gone, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            wire.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    return Request(method, parts.path, parts.query, headers, body)


# --- responders -------------------------------------------------------------------------------


class End(Enum):
    """What happens to a connection after raw bytes."""

    CLOSE = auto()
    RESET = auto()
    HANG = auto()


def reply(body: bytes = b"", *, code: int = 200, headers: Mapping[str, str] | None = None) -> Responder:
    """Answer with a whole, honest response."""
    sent = _head(code, {"Content-Length": str(len(body)), **(headers or {})}) + body

    async def respond(_: Request, wire: Wire) -> None:
        await wire.send(sent)

    return respond


def status(code: int, *, headers: Mapping[str, str] | None = None) -> Responder:
    """Answer with a status and no body."""
    return reply(code=code, headers=headers)


def feed(
    body: bytes,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Responder:
    """Answer with a feed, and with 304 to whoever names its validators (If-None-Match goes first)."""
    validators = {name: value for name, value in (("ETag", etag), ("Last-Modified", last_modified)) if value}
    whole = reply(body, headers={"Content-Type": "application/rss+xml", **validators, **(headers or {})})
    same = reply(code=304, headers={**validators, **(headers or {})})

    async def respond(request: Request, wire: Wire) -> None:
        asked = request.headers
        known = asked["if-none-match"] == etag if "if-none-match" in asked else None
        if known is None:
            known = last_modified is not None and asked.get("if-modified-since") == last_modified
        await (same if known else whole)(request, wire)

    return respond


def redirect(to: str, *, code: int = 302) -> Responder:
    """Send the client elsewhere; ``to`` goes into Location as it is."""
    return reply(code=code, headers={"Location": to})


def drip(body: bytes, *, every: float) -> Responder:
    """Send an honest head, then one byte of the body each ``every`` seconds."""
    head = _head(200, {"Content-Length": str(len(body))})

    async def respond(_: Request, wire: Wire) -> None:
        await wire.send(head)
        for byte in body:
            await wire.send(bytes((byte,)))
            await wire.pause(every)

    return respond


def raw(data: bytes, *, end: End = End.CLOSE) -> Responder:
    """Send bytes as they are, true or not, then close, reset or hang."""

    async def respond(_: Request, wire: Wire) -> None:
        await wire.send(data)
        if end is End.HANG:
            await wire.pause()
        elif end is End.RESET:
            wire.reset()
        else:
            wire.close()

    return respond


def hang() -> Responder:
    """Take the request and never answer."""
    return raw(b"", end=End.HANG)


def stream(pieces: Callable[[], Iterable[bytes]], *, headers: Mapping[str, str] | None = None) -> Responder:
    """Send a chunked body of any length; ``pieces`` is called anew for each request."""
    head = _head(200, {"Transfer-Encoding": "chunked", **(headers or {})})

    async def respond(_: Request, wire: Wire) -> None:
        await wire.send(head)
        for piece in pieces():
            if piece:
                await wire.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        await wire.send(b"0\r\n\r\n")

    return respond


def gzip_bomb(size: int) -> Responder:
    """Send ``size`` zero bytes, gzipped to about a thousandth."""

    def pieces() -> Iterator[bytes]:
        packer, zeros = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1024 * 1024)
        for _ in range(size // len(zeros)):
            yield packer.compress(zeros)
        yield packer.flush()

    return stream(pieces, headers={"Content-Encoding": "gzip"})


def in_turn(*responders: Responder) -> Responder:
    """Answer each request with the next responder; the last one stays."""
    left = list(responders)

    async def respond(request: Request, wire: Wire) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, wire)

    return respond


def _head(code: int, headers: Mapping[str, str]) -> bytes:
    phrase = HTTPStatus(code).phrase if code in {one.value for one in HTTPStatus} else ""
    lines = [f"HTTP/1.1 {code} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")
