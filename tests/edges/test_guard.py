"""No spelling of an address leads anywhere but to the public internet and the networks the operator allowed."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from alerts.feeds.guard import PORTS_REFUSED, Guard, networks
from alerts.model.errors import FeedFault
from alerts.model.feed import Fetched
from feedserver import FeedServer, reply
from fetching import BODY, NOTHING, fails, feed_at, fetcher

INWARD = """
    127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 127.0.0.1. 0177.0.0.1 0177.0.0.01 00177.1 0x7f.0.0.1 0x7f.1
    0x7F000001 0x7f000001 2130706433 017700000001 0x7f.0x0.0x0.0x1 127.0x0.0.1 127.0.0.0x1 0x7f.0.1 127.000.000.001
    １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.① %31%32%37.0.0.1 127.0.0.1%2f 127.0.0.1%00.example.org 256.256.256.256
    0 0.0.0.0 0x0 00000000 0.0.0.1 1.2.3.4.5 1.2.3 999 0x 0xffffffff 4294967295 4294967296 10.0.0.1 10.255.255.255
    172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.1 192.168.65535 0xc0a80001 3232235521 169.254.169.254 169.254.0.1
    0xa9fea9fe 2852039166 0251.0376.0251.0376 100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.8
    192.0.0.9 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
    240.0.0.1 255.255.255.255 [::1] [::] [0:0:0:0:0:0:0:1] [0000::1] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1]
    [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::ffff:10.0.0.1] [::FFFF:169.254.169.254] [::ffff:0:10.0.0.1]
    [::10.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a00:1] [64:ff9b::169.254.169.254] [64:ff9b:1::1]
    [2002:7f00:1::] [2002:a00:1::1] [2002:c0a8:101::] [2002:808:808::] [2001:0:a00:1::] [2001:0:808:808::f5ff:fffe]
    [2001::1] [2001:10::1] [2001:20::1] [2001:db8::1] [3fff::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fe80::1]
    [fe80::1%25eth0] [fe80::1%25lo] [fec0::1] [ff02::1] [ff05::1:3] [100::1] [5f00::1] [4000::1] [::2] [1::1]
    [::1%25lo]
"""

OUTWARD = """
    8.8.8.8 1.1.1.1 93.184.216.34 172.15.255.255 172.32.0.1 192.167.255.255 169.253.0.1 100.63.255.255 100.128.0.1
    [2001:4860:4860::8888] [2606:4700::1111] [2a00:1450:4001:81b::200e] [::ffff:8.8.8.8] [64:ff9b::8.8.8.8]
"""

PLAIN = "feeds.example.org FEEDS.Example.org xn--e1afmkfd.xn--p1ai a a_b.example 1und1.de 3.example. 0x7f.example"
NAMES = "localhost LOCALHOST localhost. ip6-localhost intranet router.local 127.0.0.1.nip.example metadata.example"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer({"*": reply(BODY)}) as running:
        yield running


def test_the_table_is_long_enough() -> None:
    assert len(set(INWARD.split())) >= 100


@pytest.mark.parametrize("host", INWARD.split())
def test_no_spelling_of_an_inward_address_is_dialled_or_looked_up(server: FeedServer, host: str) -> None:
    asked: list[str] = []

    def look_up(name: str) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"]

    fails(f"http://{host}:{server.port}/", FeedFault.BLOCKED, private=(), look_up=look_up)
    assert (server.connections, asked) == (0, [])


@pytest.mark.parametrize("host", OUTWARD.split())
def test_public_addresses_pass(host: str) -> None:
    url = URL(f"https://{host}/")
    assert Guard().refuses(url.scheme, url.raw_host or "", url.port or 0) is None


@pytest.mark.parametrize("name", NAMES.split())
@pytest.mark.parametrize("leads_to", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1%lo", "fd00::1"])
def test_a_name_that_leads_inward_is_not_dialled(server: FeedServer, name: str, leads_to: str) -> None:
    error = fails(
        f"http://{name}:{server.port}/", FeedFault.BLOCKED, private=(), look_up=lambda _: [leads_to, leads_to]
    )
    assert server.connections == 0
    assert "ALERTS_FETCH__PRIVATE" in str(error)


def test_of_several_addresses_only_a_vetted_one_is_dialled(server: FeedServer) -> None:
    """One bad address among good ones is left out, so a resolver cannot slip it in."""

    async def run() -> Fetched:
        fetch = fetcher(private=("127.0.0.1/32",), look_up=lambda _: ["10.0.0.1", "127.0.0.3", "127.0.0.1"])
        try:
            return await fetch(feed_at(server.url(host="mixed.example")), NOTHING)
        finally:
            await fetch.close()

    assert asyncio.run(run()).body == BODY
    assert server.requests[0].headers["host"] == f"mixed.example:{server.port}"


def test_a_name_is_looked_up_once_a_dial_and_that_answer_is_the_one_dialled(server: FeedServer) -> None:
    """Rebinding: the first answer passes the guard, the second would lead elsewhere; nobody asks a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.3"]])
    asked: list[str] = []

    def look_up(name: str) -> list[str]:
        asked.append(name)
        return next(answers)

    async def run() -> tuple[Fetched, BaseException | Fetched]:
        first = fetcher(private=("127.0.0.1/32",), look_up=look_up)
        second = fetcher(private=("127.0.0.1/32",), look_up=look_up)
        feed = feed_at(server.url(host="rebinding.example"))
        try:
            fetched = await first(feed, NOTHING)
            asked_for_one = list(asked)
            (other,) = await asyncio.gather(second(feed, NOTHING), return_exceptions=True)
            assert asked_for_one == ["rebinding.example"]
            return fetched, other
        finally:
            await first.close()
            await second.close()

    fetched, other = asyncio.run(run())
    assert fetched.body == BODY
    assert "127.0.0.3 is loopback" in str(other)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("private", "host", "passes"),
    [
        (("10.0.0.0/8",), "10.1.2.3", True),
        (("10.0.0.0/8",), "[::ffff:10.1.2.3]", True),
        (("10.0.0.1",), "10.0.0.2", False),
        (("fd00::/8",), "[fd12::1]", True),
        (("::1",), "[::1]", True),
        (("::1",), "127.0.0.1", False),
        (("127.0.0.0/8",), "2130706433", False),
        (("0.0.0.0/0",), "[fd00::1]", False),
        ((" 192.168.1.7/24 ",), "192.168.1.200", True),
    ],
)
def test_networks_of_the_operator_pass_and_nothing_beside_them(
    private: tuple[str, ...], host: str, passes: bool
) -> None:
    url = URL(f"http://{host}:8080/")
    why = Guard(networks(private)).refuses(url.scheme, url.raw_host or "", url.port or 0)
    assert (why is None) is passes


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0"):
        networks(["10.0.0"])


@pytest.mark.parametrize(("port", "passes"), [(80, True), (443, True), (8080, True), (8443, True), (65535, True)])
def test_usual_ports_pass(port: int, passes: bool) -> None:
    assert (Guard().refuses("http", "feeds.example.org", port) is None) is passes


@pytest.mark.parametrize("port", [0, 22, 25, 53, 110, 143, 389, 465, 587, 2049, 6000, 6667, 10080])
def test_ports_of_other_protocols_are_refused_everywhere(port: int) -> None:
    assert port in PORTS_REFUSED
    assert "another protocol" in (Guard().refuses("http", "feeds.example.org", port) or "")
    assert Guard(networks(["127.0.0.0/8"])).refuses("http", "127.0.0.1", port)


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher", "data", "javascript", "feed", "unix", ""])
def test_only_http_and_https_are_fetched(scheme: str) -> None:
    assert "only http and https" in (Guard().refuses(scheme, "feeds.example.org", 80) or "")


@pytest.mark.parametrize(
    "host",
    [
        "feeds.example.org",
        "FEEDS.Example.org",
        "xn--e1afmkfd.xn--p1ai",
        "a",
        "a_b.example",
        "1und1.de",
        "3.example.",
        "0x7f.example",
    ],
)
def test_names_pass_until_they_are_looked_up(host: str) -> None:
    assert Guard().refuses("https", host, 443) is None


@given(st.ip_addresses(v=4))
def test_an_inner_address_is_judged_like_the_same_address_bare(inner: ipaddress.IPv4Address) -> None:
    guard = Guard(networks(["10.0.0.0/8"]))
    bare = guard.refuses_address(inner) is None
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        wrapped = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + int(inner))
        assert (guard.refuses_address(wrapped) is None) is bare


@given(st.ip_addresses())
def test_what_python_calls_not_global_never_passes(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert Guard().refuses_address(address) is not None
