"""How long an item takes through the house: body served to request at the sink, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from alerts.settings import Settings
from alerts.wiring.house import House, build
from fakes import HandClock, item, rss
from feedserver import FeedServer, Request, Responder, Wire, feed, reply

ITEMS = 60
RULE = "question: The dam in the news\nmatch: dam\n"


def _timed(responder: Responder, moments: list[float]) -> Responder:
    async def respond(request: Request, wire: Wire) -> None:
        await responder(request, wire)
        moments.append(time.perf_counter())

    return respond


def _settings(folder: Path, server: FeedServer) -> Settings:
    (folder / "rules/story").mkdir(parents=True)
    (folder / "rules/story/dam.yaml").write_text(RULE, "utf-8")
    (folder / "seeds/entities").mkdir(parents=True)
    outline = f'<outline type="rss" text="Wire" xmlUrl="{server.url("/feed.xml")}"/>'
    (folder / "seeds/feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>', "utf-8")
    return Settings(
        home=folder / "home",
        rules=folder / "rules",
        seeds=folder / "seeds",
        fetch={"private": "127.0.0.0/8"},  # type: ignore[arg-type]
        channels={"default": server.url("/sink").replace("http", "json", 1)},  # type: ignore[dict-item]
    )


async def _one_by_one(house: House, clock: HandClock, server: FeedServer) -> list[float]:
    served: list[float] = []
    await house.dispatch.work_off()
    for n in range(ITEMS):
        body = rss(item(f"Dam news number {n}"))
        server.routes["/feed.xml"] = _timed(feed(body, etag=f'"{n}"'), served)
        clock.go(minutes=20)
        await house.dispatch.work_off()
    return served[-ITEMS:]


def main() -> None:
    """Print median and 99th percentile, in milliseconds of wall time."""
    arrived: list[float] = []
    clock = HandClock(datetime(2025, 3, 18, 12, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder, FeedServer({"/feed.xml": feed(rss(), etag='"-"')}) as server:
        server.routes["/sink"] = _timed(reply(), arrived)

        async def run() -> list[float]:
            async with build(_settings(Path(folder), server), clock=clock, seed=1) as house:
                return await _one_by_one(house, clock, server)

        served = asyncio.run(run())
    spans = sorted((there - left) * 1000 for left, there in zip(served, arrived, strict=True))
    p99 = spans[int(len(spans) * 0.99)]
    print(f"body served → request answered at the sink, {ITEMS} items one by one: ", end="")
    print(f"p50 {statistics.median(spans):.0f} ms, p99 {p99:.0f} ms, max {spans[-1]:.0f} ms")
