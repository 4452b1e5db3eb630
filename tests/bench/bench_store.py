"""How much CPU and time the store takes: rows kept a CPU second, polls with nothing new, whose turn it is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from alerts.model.feed import Feed
from alerts.model.item import Item, Source
from alerts.model.ledger import NewItem, Poll
from alerts.store.store import Store
from postgres import serve

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
FEEDS = 10_000
ROWS = 6_000
SUMMARY = "The envoys said that talks on the plant would go on next week. " * 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step costs: milliseconds of CPU and of the wall clock."""

    cpu: float
    wall: float


def main() -> None:
    """Print a table of what each step costs, on SQLite and, where a server can be started, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", str(Path(folder) / "bench.db"))
    with serve(swift=False) as server:
        if server is not None:
            with server.database() as url:
                _measure("PostgreSQL: CPU is ours alone, not the server's", url)
            server.close()


def _measure(name: str, url: str) -> None:
    with Store.open(url) as store:
        print(f"\n{name}")
        feeds = [
            Feed(id=f"feed-{n}", url=f"https://{n}.example/rss", title=f"Feed {n}", owner=f"o{n}") for n in range(FEEDS)
        ]
        print(f"{'step':<44}{'CPU ms':>10}{'wall ms':>10}{'rows/CPU s':>12}")
        _line(f"put_feeds, {FEEDS} new", _cost(lambda _: store.put_feeds(feeds, now=NOON), 1), rows=FEEDS)
        _line(f"put_feeds, {FEEDS} unchanged", _cost(lambda _: store.put_feeds(feeds, now=NOON), 1), rows=FEEDS)
        _line(f"due_feeds, 64 of {FEEDS}", _cost(lambda _: store.due_feeds(NOON, NOON, 64), 20))
        for batch in (1, 30, 500):
            cost = _cost(partial(_record, store, batch), ROWS // batch)
            _line(f"record_poll, {batch} new items", cost, rows=batch)
        keys = [f"https://0.example/500-0/{n}" for n in range(500)]
        _line("known_items, 500 keys", _cost(lambda _: store.known_items("feed-0", keys), 20), rows=500)
        _line("claim_feed + record_poll, nothing new", _cost(lambda n: _nothing_new(store, f"feed-{n + 7000}"), 500))
        ids = [f"feed-{n}" for n in range(8000, 8064)]
        _line(
            "claim_feeds, 64 at once",
            _cost(lambda _: store.claim_feeds(ids, now=NOON, steady=NOON, lease=60), 1),
            rows=64,
        )
        _line("lapse, nothing lapsed", _cost(lambda _: store.lapse(NOON), 50))
        _line("pending_questions, none", _cost(lambda _: store.pending_questions(NOON), 50))
        _line("due_deliveries, none", _cost(lambda _: store.due_deliveries(NOON, NOON, 64), 50))


def _cost(step: Callable[[int], object], times: int) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    for n in range(times):
        step(n)
    return Cost((time.process_time() - cpu) * 1000 / times, (time.perf_counter() - wall) * 1000 / times)


def _line(name: str, cost: Cost, *, rows: int = 1) -> None:
    print(f"{name:<44}{cost.cpu:>10.2f}{cost.wall:>10.2f}{rows * 1000 / cost.cpu:>12,.0f}")


def _record(store: Store, batch: int, n: int) -> None:
    feed_id = f"feed-{n}"
    store.record_poll(_poll(feed_id, 0, tuple(_new(feed_id, f"{batch}-{n}", row) for row in range(batch))))


def _nothing_new(store: Store, feed_id: str) -> None:
    lease = store.claim_feed(feed_id, now=NOON, steady=NOON, lease=60)
    assert lease is not None
    assert store.record_poll(_poll(feed_id, lease.fence, ()))


def _poll(feed_id: str, fence: int, items: tuple[NewItem, ...]) -> Poll:
    later = NOON + timedelta(minutes=5)
    return Poll(feed=feed_id, fence=fence, at=NOON, next_at=later, interval=300, items=items)


def _new(feed_id: str, batch: str, row: int) -> NewItem:
    key = f"https://{feed_id.removeprefix('feed-')}.example/{batch}/{row}"
    source = Source(id=feed_id, title=feed_id, owner=feed_id)
    item = Item(
        id=f"{batch}-{feed_id}-{row}", source=source, title="Envoys met again", summary=SUMMARY, link=key, seen=NOON
    )
    return NewItem(key=key, text_hash=f"{row:024x}", item=item)


if __name__ == "__main__":
    main()
