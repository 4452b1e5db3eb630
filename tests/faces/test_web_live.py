"""The live stream: nothing twice, nothing missed, for one reader or two hundred, dropped or away for an hour."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from alerts.engine.ruling import DESK
from alerts.model.item import Item
from alerts.model.ledger import NewEvidence, NewItem
from alerts.model.verdict import Verdict, VerdictKind
from alerts.store.glances import Place
from alerts.store.store import Store
from alerts.web.app import make_app
from alerts.web.listen import Listen
from alerts.web.live import STREAMS, Live, place_of
from alerts.web.serve import served
from alerts.web.site import Site
from exhibit import KEY, Exhibit
from fakes import HandClock
from telling import NOW
from visitor import Visitor, visiting

PATIENCE = 30.0
QUICK = 0.01


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "alerts.db")) as opened:
        yield opened


def happen(store: Store, *titles: str) -> None:
    """Let texts be read that say something."""
    for title in titles:
        item = Item(id=f"item {title}", source=DESK, title=title)
        verdict = Verdict(question="truce", answer="accepted", kind=VerdictKind.ASSERTED, because=(title,))
        evidence = NewEvidence(item=item.id, version=1, verdict=verdict, rule_hash="h", copy_key=title)
        store.record_ruling(NewItem(key=item.id, text_hash=title, item=item), evidence, at=NOW)


@asynccontextmanager
async def listening(store: Store) -> AsyncIterator[int]:
    """Serve a site whose stream looks often; yields its port."""
    site = Site(store=store, clock=HandClock(NOW), key=KEY, listen=Listen("127.0.0.1", 0))
    app = make_app(site)
    app.state.live = Live(site, every=QUICK)
    async with served(app, site.listen) as where:
        yield where.port


class Reader:
    """A browser's EventSource: it knows the last event it saw and names it when it comes again."""

    def __init__(self, port: int, last: str = "") -> None:
        self.port, self.last = port, last
        self.seen: list[str] = []

    async def read(self, count: int) -> None:
        """Connect, read so many events, and drop the line."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        named = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        path = "/live/events?after=0-0"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{named}\r\n".encode())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._take(reader, len(self.seen) + count)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, until: int) -> None:
        while len(self.seen) < until:
            name, _, value = (await reader.readline()).decode().strip().partition(": ")
            if name == "id":
                self.last = value
            elif name == "data":
                self.seen.append(json.loads(value)["said"]["title"])


def test_a_reader_that_is_dropped_after_every_few_events_misses_nothing(store: Store) -> None:
    titles = [f"text {n}" for n in range(30)]

    async def story() -> list[str]:
        async with listening(store) as port:
            reader = Reader(port)
            happen(store, *titles[:7])
            await reader.read(3)
            await reader.read(4)
            waits = asyncio.create_task(reader.read(5))
            for one in titles[7:12]:
                await asyncio.to_thread(happen, store, one)
            await waits
            happen(store, *titles[12:])  # an hour away
            await reader.read(len(titles) - 12)
            return reader.seen

    assert asyncio.run(story()) == titles


def test_two_hundred_readers_see_the_same(store: Store) -> None:
    titles = [f"text {n}" for n in range(20)]

    async def story() -> list[Reader]:
        async with listening(store) as port:
            readers = [Reader(port) for _ in range(200)]
            happen(store, *titles[:5])
            halves = [asyncio.create_task(one.read(10)) for one in readers]
            for one in titles[5:15]:
                await asyncio.to_thread(happen, store, one)
            await asyncio.gather(*halves)
            rest = [asyncio.create_task(one.read(10)) for one in readers]
            await asyncio.to_thread(happen, store, *titles[15:])
            await asyncio.gather(*rest)
            return readers

    assert all(one.seen == titles for one in asyncio.run(story()))


def test_a_site_that_closes_lets_go_of_its_streams(store: Store) -> None:
    async def story() -> bytes:
        async with listening(store) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            await reader.readuntil(b"retry: 3000")
        async with asyncio.timeout(PATIENCE):
            rest = await reader.read()
        writer.close()
        return rest

    assert b"0\r\n\r\n" in asyncio.run(story())  # ended in good order, not cut


def test_too_many_streams_are_told_to_come_back(store: Store) -> None:
    site = Site(store=store, clock=HandClock(NOW), key=KEY, listen=Listen("127.0.0.1", 0))

    async def story() -> int:
        app = make_app(site)
        app.state.live.listeners = STREAMS
        async with served(app, site.listen) as where:
            return await asyncio.to_thread(lambda: Visitor(where.port).get("/live/events").status)

    assert asyncio.run(story()) == 503


def test_evidence_and_changes_come_once_each_in_pages(exhibit: Exhibit) -> None:
    store, place, seen = exhibit.store, Place(), list[object]()
    while listed := store.after(place, limit=7):
        place = listed[-1][0]
        seen += [one for _, one in listed]
    assert place == store.newest()
    assert len(seen) == place.evidence + place.change
    assert store.after(place) == []


@pytest.mark.parametrize("name", ["x", "1", "-", "1-x", "²-1", "1-2-3", ""])
def test_a_place_that_is_none_of_ours_is_none(name: str) -> None:
    assert place_of(name) is None


def test_a_place_beyond_all_is_one_where_nothing_comes(store: Store) -> None:
    place = place_of("9" * 60 + "-1")
    assert place is not None
    assert store.after(place) == []


def test_the_page_shows_what_came_last(exhibit: Exhibit) -> None:
    with visiting(exhibit.site()) as visitor:
        found = json.loads(visitor.get("/live.json").text)
        text = visitor.get("/live").text
    newest = exhibit.store.newest()
    assert found["place"] == f"{newest.evidence}-{newest.change}"
    assert f'data-place="{found["place"]}"' in text
    assert [one["at"] for one in found["events"]] == sorted((one["at"] for one in found["events"]), reverse=True)
