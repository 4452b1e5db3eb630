"""What a body costs when nothing or little of it is new, against feedparser parsing all of it: CPU, in one run."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from hashlib import blake2b

import feedparser
from bench.feedwriter import item, rss

from alerts.feeds.parse import parse, read_new

ROUNDS = 15
HEADERS = {"content-type": "application/rss+xml; charset=utf-8"}
URL = "https://news.example/rss.xml"


def main() -> None:
    """Print CPU milliseconds a body, and how many times less than feedparser's default parse that is."""
    print(f"{'items':>5} {'kB':>5}  {'feedparser':>10} {'whole':>9} {'2 new':>13} {'0 new':>13} {'same hash':>13}")
    for count in (20, 30, 100, 500):
        _line(count)


def _line(count: int) -> None:
    items = [item(n, "news.example") for n in range(count + 2)]
    old, new = rss(items[:count]), rss([*items[count:], *items[: count - 2]], built=1)
    same = rss(items[:count], built=1)
    remembered = read_new(old, HEADERS, URL, b"").remembered
    assert read_new(same, HEADERS, URL, remembered).left_out == count
    assert read_new(new, HEADERS, URL, remembered).left_out == count - 2
    steps: tuple[Callable[[], object], ...] = (
        lambda: feedparser.parse(io.BytesIO(old), response_headers=HEADERS),
        lambda: parse(old, HEADERS, URL),
        lambda: read_new(new, HEADERS, URL, remembered),
        lambda: read_new(same, HEADERS, URL, remembered),
        lambda: blake2b(old, digest_size=16).digest(),
    )
    library, whole, *less = _interleaved(steps)
    shown = "".join(f" {cost:>6.2f} ({library / cost:>3.0f}×)" for cost in less)
    print(f"{count:>5} {len(old) / 1000:>5.0f}  {library:>10.1f} {whole:>9.1f}{shown}")


def _interleaved(steps: tuple[Callable[[], object], ...]) -> list[float]:
    costs: list[list[float]] = [[] for _ in steps]
    for _ in range(ROUNDS):
        for step, spent in zip(steps, costs, strict=True):
            begun = time.process_time()
            step()
            spent.append((time.process_time() - begun) * 1000)
    return [statistics.median(spent) for spent in costs]
