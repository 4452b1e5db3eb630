"""Many feeds of one public host, over real HTTP and a resolver of the test: one request at a time, and peace."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from alerts.engine.dispatch import Dispatch
from alerts.feeds.fetch import Fetcher
from alerts.model.feed import Feed
from feedserver import FeedServer, Request, Wire, reply, status
from fetching import fetcher
from newsroom import Newsroom

BODY = b"<rss version='2.0'><channel><title>t</title></channel></rss>"


@dataclass
class Traffic:
    """What a server of several names saw: how many requests at once, and when each came on the story's clock."""

    room: Newsroom
    at_once: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[datetime]] = field(default_factory=dict)
    code: int = 200
    retry_after: str = ""

    async def __call__(self, request: Request, wire: Wire) -> None:
        host = request.headers["host"].partition(":")[0]
        self.at_once[host] += 1
        self.most[host] = max(self.most[host], self.at_once[host])
        self.times.setdefault(host, []).append(self.room.clock.now())
        await wire.pause(0.002)
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        await (reply(BODY) if self.code == 200 else status(self.code, headers=headers))(request, wire)
        self.at_once[host] -= 1


@pytest.fixture
def server(room: Newsroom) -> Iterator[FeedServer]:
    with FeedServer({"*": Traffic(room)}) as running:
        yield running


def traffic(server: FeedServer) -> Traffic:
    found = server.routes["*"]
    assert isinstance(found, Traffic)
    return found


def add(room: Newsroom, server: FeedServer, host: str, count: int) -> None:
    now = room.clock.now()
    for n in range(count):
        url = server.url(f"/{n}.xml", host=host)
        room.store.add_feed(Feed(id=f"{host}-{n:03}", url=url, title="F", owner=host), now=now)


async def seconds(room: Newsroom, fetch: Fetcher, count: int) -> None:
    """Let the story's clock go so many seconds, a tick each."""
    dispatch = Dispatch(room.store, replace(room.outside, fetch=fetch), room.dispatch.in_force)
    for _ in range(count):
        await dispatch.work_off()
        room.clock.go(seconds=1)


def play(room: Newsroom, count: int) -> None:
    async def run() -> None:
        fetch = fetcher(lambda _: ["127.0.0.1"])
        try:
            await seconds(room, fetch, count)
        finally:
            await fetch.close()

    asyncio.run(run())


def test_each_host_is_asked_one_thing_at_a_time_and_none_waits_for_another(room: Newsroom, server: FeedServer) -> None:
    for feed in ("wire", "daily"):
        room.store.remove_feed(feed)
    add(room, server, "crowd.example", 30)
    add(room, server, "small.example", 2)
    add(room, server, "127.0.0.1", 10)
    play(room, 35)
    seen = traffic(server)
    assert seen.most["crowd.example"] == seen.most["small.example"] == 1
    assert len({request.path for request in server.requests if "crowd" in request.headers["host"]}) == 30
    for host in ("crowd.example", "small.example"):
        times = seen.times[host]
        assert all(after - before >= timedelta(seconds=1) for before, after in itertools.pairwise(times))
    began = seen.times["crowd.example"][0]
    assert seen.times["small.example"][1] - began <= timedelta(seconds=2)
    assert set(seen.times["127.0.0.1"]) == {began}, "a host of one's own network has no gate"


@pytest.mark.parametrize(("retry_after", "rest"), [("", 60), ("5", 60), ("120", 120), ("soon", 60), ("317100", 86400)])
def test_a_hundred_feeds_of_a_host_that_says_429_leave_it_in_peace(
    room: Newsroom, server: FeedServer, retry_after: str, rest: float
) -> None:
    add(room, server, "strict.example", 100)
    seen = traffic(server)
    seen.code, seen.retry_after = 429, retry_after
    play(room, 50)
    assert len(seen.times["strict.example"]) == 1
    room.clock.go(seconds=rest - 50)
    seen.code, seen.retry_after = 200, ""
    play(room, 40)
    times = seen.times["strict.example"]
    assert 5 <= len(times) <= 40
    assert len(set(times)) == len(times), "never all at once"
    assert seen.most["strict.example"] == 1


def test_a_host_that_says_503_in_one_feed_is_asked_for_its_others(room: Newsroom, server: FeedServer) -> None:
    add(room, server, "shaky.example", 10)
    traffic(server).code = 503
    play(room, 15)
    assert len(traffic(server).times["shaky.example"]) == 10
