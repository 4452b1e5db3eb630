"""Real feed bodies over real HTTP through the real house: every body becomes items or one clear error."""

from __future__ import annotations

import asyncio
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import pytest

from alerts.feeds.opml import write_opml
from alerts.model.feed import Feed
from alerts.settings import Settings
from alerts.wiring.house import build
from fakes import HandClock
from feedserver import FeedServer, feed


def _serve(bodies: list[Path], server: FeedServer) -> list[Feed]:
    for path in bodies:
        body = path.read_bytes()
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        server.routes[f"/{path.name}"] = feed(body, etag=etag, headers={"Content-Type": "application/xml"})
    return [
        Feed(id=f"feed-{n}", url=server.url(f"/{path.name}"), title=path.name, owner=path.name, pace=60)
        for n, path in enumerate(bodies)
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "rules" / "story").mkdir(parents=True)
    (tmp_path / "rules" / "story" / "dam.yaml").write_text("question: q\nmatch: dam\n", "utf-8")
    (tmp_path / "seeds" / "entities").mkdir(parents=True)
    return Settings(
        home=tmp_path / "home",
        rules=tmp_path / "rules",
        seeds=tmp_path / "seeds",
        fetch={"private": "127.0.0.0/8"},  # type: ignore[arg-type]
    )


def test_every_real_body_becomes_items_or_one_clear_error(data: Path, settings: Settings, noon: datetime) -> None:
    bodies = sorted((data / "feeds_real").iterdir())
    clock = HandClock(noon)

    async def two_rounds(server: FeedServer) -> None:
        async with build(settings, clock=clock, seed=1) as house:
            await house.dispatch.work_off()
            first = {state.feed.id: state for state in house.store.feeds()}
            for state in first.values():
                assert (state.health.fault is None) == (state.health.ok_at is not None)
                assert state.health.fault is None or "\n" not in (state.health.error or "")
            well = [state for state in first.values() if state.health.fault is None]
            assert len(well) > len(bodies) * 0.8
            asked, items = len(server.requests), house.store.counts().items
            clock.go(minutes=3)
            await house.dispatch.work_off()
            again = server.requests[asked:]
            assert len(again) >= len(well)
            known = {f"/{state.feed.title}" for state in well if state.validators.etag}
            asked_for = ["if-none-match" in one.headers for one in again if one.path in known]
            assert sum(asked_for) > 0.8 * len(asked_for)  # one in fifty is asked without, to find out a lying 304
            assert house.store.counts().items == items

    with FeedServer() as server:
        feeds = _serve(bodies, server)
        assert settings.seeds is not None
        (settings.seeds / "feeds.opml").write_text(write_opml(feeds, "real"), "utf-8")
        asyncio.run(two_rounds(server))
