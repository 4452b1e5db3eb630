"""Redirects are followed a few hops, each judged like a first address, and carry nothing that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from alerts.feeds.fetch import Own
from alerts.model.errors import FeedFault
from alerts.model.feed import Validators
from feedserver import FeedServer, feed, redirect, reply, status
from fetching import BODY, ask, fails


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer({"/feed.xml": feed(BODY, etag='"1"')}) as running:
        yield running


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_says_where_it_led(server: FeedServer, code: int) -> None:
    server.routes["/old"] = redirect("/feed.xml", code=code)
    fetched = ask(server.url("/old"))
    assert (fetched.url, fetched.body) == (server.url("/feed.xml"), BODY)


def test_validators_go_to_where_the_redirect_leads(server: FeedServer) -> None:
    server.routes["/old"] = redirect("/feed.xml")
    assert ask(server.url("/old"), Validators(etag='"1"')).status == 304


@pytest.mark.parametrize(
    "location",
    ["feed.xml", "./feed.xml", "../feed.xml", "/feed.xml#top", "//{host}/feed.xml", "http://u:p@{host}/feed.xml"],
)
def test_a_location_may_be_relative_and_its_login_is_dropped(server: FeedServer, location: str) -> None:
    server.routes["/old"] = redirect(location.format(host=f"127.0.0.1:{server.port}"))
    fetched = ask(server.url("/old"))
    assert fetched.url == server.url("/feed.xml")
    assert "authorization" not in server.requests[-1].headers


def test_five_hops_are_followed_and_a_sixth_is_not(server: FeedServer) -> None:
    server.routes |= {f"/{hop}": redirect(f"/{hop + 1}") for hop in range(5)} | {"/5": reply(BODY)}
    assert ask(server.url("/0")).body == BODY
    server.routes["/start"] = redirect("/0")
    assert "more than 5 times" in str(fails(server.url("/start"), FeedFault.REDIRECT))


def test_a_redirect_to_itself_is_a_circle_after_one_request(server: FeedServer) -> None:
    server.routes["/old"] = redirect("/old")
    assert "in a circle" in str(fails(server.url("/old"), FeedFault.REDIRECT))
    assert len(server.requests) == 1


def test_a_wider_circle_is_seen_too(server: FeedServer) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": redirect("/a")}
    assert "in a circle" in str(fails(server.url("/a"), FeedFault.REDIRECT))


@pytest.mark.parametrize("location", ["http://[::1", "http://h:99999/", "http://exa\udcffmple/"])
def test_a_redirect_to_no_readable_address_is_an_error(server: FeedServer, location: str) -> None:
    server.routes["/old"] = redirect(location)
    assert "no readable address" in str(fails(server.url("/old"), FeedFault.REDIRECT))


def test_a_redirect_without_a_location_is_an_error(server: FeedServer) -> None:
    server.routes["/old"] = status(301)
    fails(server.url("/old"), FeedFault.REDIRECT)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://10.0.0.1/feed.xml",
        "http://[fd00::1]/",
        "http://0x7f000001/",
        "http://public.example/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/feed.xml",
        "gopher://127.0.0.1:70/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "http://127.0.0.1:25/",
    ],
)
def test_every_hop_is_judged_like_a_first_address(server: FeedServer, location: str) -> None:
    server.routes["/old"] = redirect(location)
    fails(server.url("/old"), FeedFault.BLOCKED, look_up=lambda _: ["192.168.1.1"])
    assert len(server.requests) == 1


def test_a_login_stays_with_its_own_origin(server: FeedServer) -> None:
    with FeedServer({"/feed.xml": reply(BODY)}) as other:
        server.routes |= {"/away": redirect(other.url()), "/old": redirect("/feed.xml")}
        ask(server.url("/away", host="desk:secret@127.0.0.1"))
        ask(server.url("/old", host="desk:secret@127.0.0.1"))
    assert "authorization" not in other.requests[0].headers
    assert [("authorization" in request.headers) for request in server.requests] == [True, True, True]


@pytest.mark.parametrize(
    ("codes", "is_permanent"),
    [((301,), True), ((308,), True), ((301, 308), True), ((302,), False), ((301, 302), False)],
)
def test_only_where_every_hop_is_for_good_the_feed_has_moved(
    server: FeedServer, codes: tuple[int, ...], is_permanent: bool
) -> None:
    for hop, code in enumerate(codes):
        server.routes[f"/{hop}"] = redirect(f"/{hop + 1}" if hop + 1 < len(codes) else "/feed.xml", code=code)
    moved = server.url("/feed.xml") if is_permanent else None
    assert ask(server.url("/0")).moved == moved
    assert ask(server.url("/0"), Validators(etag='"1"')).moved == moved
    assert ask(server.url("/feed.xml")).moved is None


OWN = {"x": Own({"X-Key": "canary", "User-Agent": "Reader/1", "Authorization": "Basic Y2FuYXJ5"})}


def test_what_a_feed_is_asked_with_of_its_own_goes_to_its_own_origin_alone(server: FeedServer) -> None:
    with FeedServer({"/feed.xml": reply(BODY)}) as other:
        server.routes |= {"/here": redirect("/feed.xml"), "/away": redirect(other.url())}
        ask(server.url("/here"), own=OWN)
        assert {"canary"} == {request.headers["x-key"] for request in server.requests}
        assert server.requests[-1].headers["user-agent"] == "Reader/1"
        ask(server.url("/away"), own=OWN)
        [asked] = other.requests
        assert "canary" not in str(asked.headers)
        assert "authorization" not in asked.headers
        assert asked.headers["user-agent"].startswith("alerts/")
    ask(server.url(), own={"other": OWN["x"]})
    assert "x-key" not in server.requests[-1].headers


def test_a_feed_may_be_asked_through_a_proxy_and_only_that_feed(server: FeedServer) -> None:
    with FeedServer({"*": reply(b"<rss>by proxy</rss>")}) as proxy:
        own = {"x": Own(proxy=proxy.url("", host="me:canary@127.0.0.1"))}
        assert ask(server.url(), own=own).body == b"<rss>by proxy</rss>"
        assert len(proxy.requests) == 1
        assert ask(server.url()).body == BODY
        assert len(proxy.requests) == 1


def test_a_proxy_that_is_not_there_is_one_line_without_its_password(server: FeedServer) -> None:
    own = {"x": Own(proxy="http://me:canary@127.0.0.1:1")}
    assert "canary" not in str(fails(server.url(), FeedFault.UNREACHABLE, own=own))
