"""A feed is asked politely: conditionally, once, and only what is new comes back."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace

import brotli
import pytest
from backports import zstd

from alerts.model.errors import FeedFault
from alerts.model.feed import Validators
from feedserver import FeedServer, feed, raw, reply, status
from fetching import BODY, NOTHING, ask, ask_all, fails


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


def test_a_body_comes_whole_with_its_headers_and_validators(server: FeedServer) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag='"1"', last_modified="Tue, 18 Mar 2025 11:00:00 GMT")
    fetched = ask(server.url())
    assert (fetched.status, fetched.url, fetched.body) == (200, server.url(), BODY)
    assert fetched.headers["content-type"] == "application/rss+xml"
    assert fetched.validators.etag == '"1"'
    assert fetched.validators.last_modified == "Tue, 18 Mar 2025 11:00:00 GMT"
    assert not fetched.is_unchanged


def test_the_second_round_is_a_304_and_keeps_what_is_known(server: FeedServer) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag='"1"')
    first = ask(server.url())
    second = ask(server.url(), first.validators)
    assert (second.status, second.is_unchanged) == (304, True)
    assert second.validators == first.validators


@pytest.mark.parametrize(
    "etag", ['"1"', 'W/"1"', '"1-gzip"', "unquoted", '"a, b"', '"наука"', 'W/broken"', "*", '""', "0"]
)
def test_an_etag_is_sent_back_as_it_came(server: FeedServer, etag: str) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag=etag)
    ask_all([(server.url(), NOTHING), (server.url(), Validators(etag=etag))])
    sent = server.requests[1].headers["if-none-match"]
    assert sent.encode("latin-1").decode("utf-8") == etag


@pytest.mark.parametrize("date", ["Tue, 18 Mar 2025 11:00:00 GMT", "2025-03-18", "yesterday", "Вчера"])
def test_a_last_modified_is_sent_back_as_it_came(server: FeedServer, date: str) -> None:
    server.routes["/feed.xml"] = feed(BODY, last_modified=date)
    assert ask(server.url()).validators.last_modified == date
    ask(server.url(), Validators(last_modified=date))
    assert server.requests[1].headers["if-modified-since"].encode("latin-1").decode("utf-8") == date


@pytest.mark.parametrize("etag", ['"\udce9"', '"a\tb"', f'"{"x" * 2000}"'], ids=["latin-1", "tab", "long"])
def test_an_etag_that_cannot_be_sent_back_is_none(server: FeedServer, etag: str) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag=etag)
    fetched = ask(server.url())
    assert fetched.validators.etag is None
    assert "".join(fetched.headers.values()).encode("utf-8")


def test_a_304_may_bring_newer_validators(server: FeedServer) -> None:
    server.routes["/feed.xml"] = status(304, headers={"ETag": '"2"'})
    known = Validators(etag='"1"', last_modified="Mon", body_hash="abc")
    assert ask(server.url(), known).validators == replace(known, etag='"2"')


def test_a_304_nobody_asked_for_is_an_error(server: FeedServer) -> None:
    """A feed never read before must not count as unchanged, or its first items would be swallowed."""
    server.routes["/feed.xml"] = status(304)
    error = fails(server.url(), FeedFault.STATUS)
    assert error.status == 304


def test_the_same_body_without_validators_is_unchanged(server: FeedServer) -> None:
    server.routes["/feed.xml"] = reply(BODY)
    first = ask(server.url())
    again = ask(server.url(), first.validators)
    assert (again.status, again.is_unchanged) == (200, True)


def test_the_same_body_under_a_new_etag_is_unchanged_and_the_new_etag_kept(server: FeedServer) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag='"1"')
    known = ask(server.url()).validators
    server.routes["/feed.xml"] = feed(BODY, etag='"2"')
    again = ask(server.url(), known)
    assert again.is_unchanged
    assert again.validators == replace(known, etag='"2"')


def test_a_changed_body_comes_although_it_was_known_before(server: FeedServer) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag='"1"')
    known = ask(server.url()).validators
    server.routes["/feed.xml"] = feed(BODY + b" ", etag='"2"')
    assert ask(server.url(), known).body == BODY + b" "


def test_we_say_who_we_are_and_ask_for_feeds(server: FeedServer) -> None:
    server.routes["/feed.xml"] = reply(BODY)
    ask(server.url(), contact="desk@example.org")
    sent = server.requests[0].headers
    assert sent["user-agent"] == "alerts/1.2 (+desk@example.org)"
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
    assert sent["accept"].startswith("application/atom+xml, application/rss+xml")
    assert not {"cookie", "a-im", "referer", "authorization", "if-none-match", "if-modified-since"} & set(sent)


def test_cookies_are_never_sent_back(server: FeedServer) -> None:
    server.routes["/feed.xml"] = reply(BODY, headers={"Set-Cookie": "id=1; Path=/"})
    ask_all([(server.url(), NOTHING)] * 3)
    assert not any("cookie" in request.headers for request in server.requests)


def test_one_connection_serves_many_rounds(server: FeedServer) -> None:
    server.routes["/feed.xml"] = feed(BODY, etag='"1"')
    known = Validators(etag='"1"')
    ask_all([(server.url(), known)] * 5)
    assert server.connections == 1


def test_a_login_in_the_address_goes_to_the_server_and_nowhere_else(server: FeedServer) -> None:
    server.routes["/feed.xml"] = reply(BODY)
    fetched = ask(server.url(host="desk:secret@127.0.0.1"))
    assert server.requests[0].headers["authorization"] == "Basic ZGVzazpzZWNyZXQ="
    assert "secret" not in fetched.url
    server.routes["/feed.xml"] = status(401)
    assert "secret" not in str(fails(server.url(host="desk:secret@127.0.0.1"), FeedFault.STATUS))


RAW_DEFLATE = zlib.compress(BODY)[2:-4]


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (None, BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:20]) + gzip.compress(b"") + gzip.compress(BODY[20:])),
        ("gzip", gzip.compress(BODY) + b"\0" * 512),
        ("gzip", BODY),  # says gzip, is plain
        (None, gzip.compress(BODY)),  # says nothing, is gzip: news sitemaps end in .gz
        ("deflate", zlib.compress(BODY)),
        ("deflate", RAW_DEFLATE),
        ("deflate", BODY),
        ("utf-8", BODY),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd.compress(BODY)),
        ("zstd", zstd.compress(BODY[:20]) + zstd.compress(BODY[20:])),
        ("zstd", BODY),
        (None, zstd.compress(BODY)),
    ],
)
def test_packed_bodies_are_unpacked_whatever_their_header_says(
    server: FeedServer, coding: str | None, body: bytes
) -> None:
    server.routes["/feed.xml"] = reply(body, headers={"Content-Encoding": coding} if coding else {})
    assert ask(server.url()).body == BODY


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("sent", "date", "wait"),
    [
        ("120", None, 120),
        ("0", None, 0),
        ("317100", None, 86400),
        ("99999999999999999999", None, 86400),
        ("Tue, 18 Mar 2025 12:05:00 GMT", None, 300),
        ("Tue, 18 Mar 2025 12:05:00 GMT", "Tue, 18 Mar 2025 12:04:00 GMT", 60),
        ("Mon, 17 Mar 2025 12:00:00 GMT", None, 0),
        ("Fri, 18 Mar 2033 12:00:00 GMT", None, 86400),
    ],
)
def test_retry_after_is_read_in_both_forms(
    server: FeedServer, code: int, sent: str, date: str | None, wait: float
) -> None:
    headers = {"Retry-After": sent} | ({"Date": date} if date else {})
    server.routes["/feed.xml"] = status(code, headers=headers)
    error = fails(server.url(), FeedFault.THROTTLED)
    assert (error.status, error.retry_after) == (code, wait)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "47"}, 47),
        ({"X-RateLimit-Reset": "47.5", "X-RateLimit-Remaining": "0.0"}, 47.5),
        ({"RateLimit-Reset": "47"}, 47),
        ({"X-RateLimit-Reset": "1742299260"}, 60),
        ({"X-RateLimit-Reset": "47", "X-RateLimit-Remaining": "9"}, None),
        ({"X-RateLimit-Reset": "47", "Retry-After": "5"}, 5),
        ({"X-RateLimit-Reset": "soon"}, None),
    ],
)
def test_a_server_that_counts_requests_says_when_it_begins_anew(
    server: FeedServer, headers: dict[str, str], wait: float | None
) -> None:
    server.routes["/feed.xml"] = status(429, headers=headers)
    assert fails(server.url(), FeedFault.THROTTLED).retry_after == wait


@pytest.mark.parametrize("sent", ["soon", "-5", "1.5", "", "Tue, 99 Mar 2025 12:05:00 GMT"])
def test_a_retry_after_that_says_nothing_is_none(server: FeedServer, sent: str) -> None:
    server.routes["/feed.xml"] = status(429, headers={"Retry-After": sent})
    assert fails(server.url(), FeedFault.THROTTLED).retry_after is None


@pytest.mark.parametrize(
    ("code", "fault", "says"),
    [
        (204, FeedFault.STATUS, "answered 204 No Content"),
        (206, FeedFault.STATUS, "answered 206 Partial Content"),
        (226, FeedFault.STATUS, "a part that nobody asked for"),
        (300, FeedFault.STATUS, "answered 300 Multiple Choices"),
        (401, FeedFault.STATUS, "it wants a login"),
        (403, FeedFault.STATUS, "ALERTS_FETCH__CONTACT"),
        (404, FeedFault.STATUS, "answered 404 Not Found; check its address"),
        (404, FeedFault.STATUS, "alerts feeds remove x"),
        (410, FeedFault.GONE, "gone for good"),
        (418, FeedFault.STATUS, "answered 418"),
        (500, FeedFault.STATUS, "the trouble is on its side"),
        (503, FeedFault.STATUS, "answered 503 Service Unavailable"),
        (599, FeedFault.STATUS, "answered 599; "),
    ],
)
def test_a_status_without_a_feed_is_named_with_what_to_do(
    server: FeedServer, code: int, fault: FeedFault, says: str
) -> None:
    server.routes["/feed.xml"] = status(code)
    error = fails(server.url(), fault)
    assert error.status == code
    assert says in str(error)


def test_a_body_that_lasts_until_the_connection_closes_is_whole(server: FeedServer) -> None:
    server.routes["/feed.xml"] = raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + BODY)
    assert ask(server.url()).body == BODY
