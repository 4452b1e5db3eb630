"""Whatever a server does, one fetch ends in time with one clear line, and the others are unharmed."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Fetched
from feedserver import End, FeedServer, Request, Responder, Wire, drip, gzip_bomb, hang, raw, reply, stream
from fetching import BODY, NOTHING, ask, fails, feed_at, fetcher

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
MB = 1024 * 1024


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer({"/good.xml": reply(BODY)}) as running:
        yield running


def endless_headers() -> Responder:
    """Send header lines and never a blank one."""

    async def respond(_: Request, wire: Wire) -> None:
        await wire.send(HEAD)
        while True:
            await wire.send(b"X-More: and more\r\n" * 100)

    return respond


def cut(whole: bytes) -> bytes:
    """Return six tenths of a body under a head that promises all of it, with a fresh ETag."""
    return HEAD + b'ETag: "new"\r\nContent-Length: %d\r\n\r\n' % len(whole) + whole[: len(whole) * 6 // 10]


LATE = {
    "never answers": hang(),
    "drips": drip(BODY, every=0.05),
    "sends headers without a body": raw(HEAD + b"Content-Length: 100\r\n\r\n", end=End.HANG),
    "stops in the headers": raw(HEAD, end=End.HANG),
    "stops in the middle of a chunk": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc", end=End.HANG),
}


@pytest.mark.parametrize("responder", LATE.values(), ids=LATE)
def test_the_deadline_holds_in_all(server: FeedServer, responder: Responder) -> None:
    server.routes["/feed.xml"] = responder
    assert "within 0.3 s" in str(fails(server.url(), FeedFault.TIMEOUT, deadline=0.3))


BROKEN = {
    "reset in the body": raw(cut(BODY), end=End.RESET),
    "closed in the body": raw(cut(BODY)),
    "closed in a chunk": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc"),
    "closed without a word": raw(b""),
    "reset without a word": raw(b"", end=End.RESET),
    "not HTTP": raw(b"220 mail.example ESMTP\r\n"),
    "a header without a colon": raw(HEAD + b"what is this\r\n\r\n"),
    "endless headers": endless_headers(),
    "ten thousand headers": raw(HEAD + b"X-More: and more\r\n" * 10_000 + b"\r\n"),
    "a header of a megabyte": raw(HEAD + b"X-More: " + b"x" * MB + b"\r\n\r\n"),
    "a negative length": raw(HEAD + b"Content-Length: -1\r\n\r\n" + BODY),
    "two lengths": raw(HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + BODY),
    "a chunk of no size": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY),
}


@pytest.mark.parametrize("responder", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_no_answer(server: FeedServer, responder: Responder) -> None:
    """A body that is not whole never comes with validators: the lost tail would be a 304 for ever."""
    server.routes["/feed.xml"] = responder
    fails(server.url(), FeedFault.UNREACHABLE)


def test_a_length_that_is_too_short_does_not_spill_into_the_next_answer(server: FeedServer) -> None:
    server.routes["/feed.xml"] = raw(HEAD + b"Content-Length: 5\r\n\r\n" + BODY, end=End.HANG)

    async def run() -> Fetched:
        fetch = fetcher()
        try:
            with contextlib.suppress(FeedError):  # refused, or cut: it depends on where the packets end
                assert (await fetch(feed_at(server.url()), NOTHING)).body == BODY[:5]
            return await fetch(feed_at(server.url("/good.xml")), NOTHING)
        finally:
            await fetch.close()

    assert asyncio.run(run()).body == BODY


@pytest.mark.parametrize(("coding", "body"), [("", b""), ("gzip", b""), ("gzip", gzip.compress(b"")), ("deflate", b"")])
def test_a_200_without_a_body_is_empty(server: FeedServer, coding: str, body: bytes) -> None:
    server.routes["/feed.xml"] = reply(body, headers={"Content-Encoding": coding})
    fails(server.url(), FeedFault.EMPTY)


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "says gzip"])
def test_a_hundred_megabytes_are_refused_at_the_cap(server: FeedServer, headers: dict[str, str]) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += MB
            yield b"<item/> " * (MB // 8)

    server.routes["/feed.xml"] = stream(pieces, headers=headers)
    assert "longer than 1048576 bytes" in str(fails(server.url(), FeedFault.TOO_LARGE, cap=MB))
    assert sent < 20 * MB


def test_a_gzip_bomb_costs_no_more_memory_than_the_cap(server: FeedServer) -> None:
    server.routes["/feed.xml"] = gzip_bomb(1024 * MB)
    ask(server.url("/good.xml"))
    tracemalloc.start()
    fails(server.url(), FeedFault.TOO_LARGE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MB


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("br", brotli.compress(bytes(400 * MB))), ("zstd", zstd.compress(bytes(400 * MB)))],
    ids=["br", "zstd"],
)
def test_a_bomb_of_another_make_costs_no_more(server: FeedServer, coding: str, packed: bytes) -> None:
    assert len(packed) < 64 * 1024
    server.routes["/feed.xml"] = reply(packed, headers={"Content-Encoding": coding})
    ask(server.url("/good.xml"))
    tracemalloc.start()
    fails(server.url(), FeedFault.TOO_LARGE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MB


def test_a_bomb_below_the_ratio_stops_at_the_cap(server: FeedServer) -> None:
    server.routes["/feed.xml"] = gzip_bomb(64 * MB)
    assert "more than 2097152 bytes" in str(fails(server.url(), FeedFault.TOO_LARGE, cap=2 * MB, ratio=10**6))


def test_a_dense_but_short_body_is_no_bomb(server: FeedServer) -> None:
    body = b"<rss>" + b" " * 900_000 + b"</rss>"
    server.routes["/feed.xml"] = reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    assert ask(server.url()).body == body


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", BODY),
        ("br", brotli.compress(BODY)[:-3]),
        ("zstd", zstd.compress(BODY)[:-3]),
        ("zstd", zstd.compress(BODY)[:20] + b"!" * 20),
        ("compress", BODY),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        ("gzip", gzip.compress(BODY * 50)[:-40]),
        ("gzip", gzip.compress(BODY * 50)[:40] + b"\xff" * 400),
        ("deflate", b"\x0f" * 400),
    ],
)
def test_a_coding_that_is_unknown_damaged_or_cut_is_an_error(server: FeedServer, coding: str, body: bytes) -> None:
    server.routes["/feed.xml"] = reply(body, headers={"Content-Encoding": coding})
    fails(server.url(), FeedFault.ENCODING)


def test_a_host_that_is_not_found_is_named() -> None:
    def look_up(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = fails("https://feeds.example.org/rss", FeedFault.UNREACHABLE, look_up=look_up)
    assert "host 'feeds.example.org' is not found" in str(error)


def test_a_port_where_nobody_listens_is_named(unused_port: int) -> None:
    error = fails(f"http://127.0.0.1:{unused_port}/", FeedFault.UNREACHABLE)
    assert "no connection to '127.0.0.1' (Connection refused)" in str(error)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.tool("openssl")
def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*made, "-keyout", key, "-out", cert], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    with FeedServer({"/feed.xml": reply(BODY)}, tls=tls) as server:
        error = fails(server.url(), FeedFault.UNREACHABLE)
        assert "certificate of '127.0.0.1' does not hold (self-signed certificate)" in str(error)
        assert not server.requests


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "//host/feed.xml",
        "http://",
        "http:///feed.xml",
        "http://[::1/",
        "http://h:99999/",
        "http://a..b/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}/",
        "http://a b/",
    ],
)
def test_what_is_no_address_is_not_fetched(url: str) -> None:
    fails(url, FeedFault.BLOCKED)


@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{1,80}/.{0,20}"))
def test_no_address_is_too_odd_for_a_feed_error(url: str) -> None:
    def look_up(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FeedError):
        ask(url, look_up=look_up)


def test_fifty_hung_feeds_do_not_keep_a_good_one_waiting(server: FeedServer) -> None:
    server.routes["/hung.xml"] = hang()

    async def run() -> Fetched:
        fetch = fetcher(deadline=60)
        hung = [asyncio.create_task(fetch(feed_at(server.url("/hung.xml")), NOTHING)) for _ in range(50)]
        try:
            return await fetch(feed_at(server.url("/good.xml")), NOTHING)
        finally:
            for task in hung:
                task.cancel()
            await asyncio.gather(*hung, return_exceptions=True)
            await fetch.close()

    assert asyncio.run(run()).body == BODY


def test_waiting_for_a_place_does_not_count_against_the_deadline(server: FeedServer) -> None:
    server.routes["/hung.xml"] = hang()

    async def run() -> list[Fetched | BaseException]:
        fetch = fetcher(deadline=0.3, connections=1)
        urls = [server.url("/hung.xml")] * 2 + [server.url("/good.xml")]
        try:
            return await asyncio.gather(*(fetch(feed_at(url), NOTHING) for url in urls), return_exceptions=True)
        finally:
            await fetch.close()

    *late, good = asyncio.run(run())
    assert [error.fault for error in late if isinstance(error, FeedError)] == [FeedFault.TIMEOUT] * 2
    assert isinstance(good, Fetched)


def test_a_fetch_that_is_cancelled_leaves_the_fetcher_usable(server: FeedServer) -> None:
    server.routes["/hung.xml"] = hang()

    async def run() -> Fetched:
        fetch = fetcher(connections=1)
        hung = asyncio.create_task(fetch(feed_at(server.url("/hung.xml")), NOTHING))
        await asyncio.to_thread(server.wait_for, 1)
        hung.cancel()
        await asyncio.gather(hung, return_exceptions=True)
        try:
            return await fetch(feed_at(server.url("/good.xml")), NOTHING)
        finally:
            await fetch.close()

    assert asyncio.run(run()).body == BODY


def test_a_closed_fetcher_may_be_asked_again(server: FeedServer) -> None:
    async def run() -> list[Fetched]:
        fetch = fetcher()
        bodies = []
        for _ in range(2):
            bodies.append(await fetch(feed_at(server.url("/good.xml")), NOTHING))
            await fetch.close()
        return bodies

    assert [fetched.body for fetched in asyncio.run(run())] == [BODY, BODY]
