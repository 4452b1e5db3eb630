"""The demo's story as the page shows it: played through the real engine and a real database, without the network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

from alerts.demo.publish import document
from alerts.demo.script import read_story
from alerts.engine.dispatch import Dispatch
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.model.delivery import Address
from alerts.store.store import Store
from alerts.web.listen import Listen
from alerts.web.site import Site
from alerts.wiring.authored import in_force_of, make_assessor, read_authored
from fakes import FakeFetch, FakeSend, HandClock, read_here

ROOT = Path(__file__).resolve().parents[1]
KEY = b"k" * 32
DAY = 86400
"""Seconds between two polls of a feed that publishes nothing; where something is published, it is looked at at once."""

CHANNELS = {"default": (Address(id="default/1", channel="default", url="json://sink"),)}


class Exhibit:
    """A house in which the whole story has happened; its clock stands where the story ended."""

    def __init__(self, database: Path) -> None:
        self.story = read_story(ROOT / "seeds" / "demo" / "ukraine-ceasefire.yaml")
        self.clock = HandClock(self.story.start)
        self.store = Store.open(str(database))
        self.fetch, self.send = FakeFetch(), FakeSend()
        self.in_force = self._rules()
        self.outside = Outside(clock=self.clock, fetch=self.fetch, read=read_here, send=self.send, random=Random(1))
        self._dispatch = Dispatch(self.store, self.outside, self.in_force)

    def _rules(self) -> InForce:
        story = self.story
        feeds = [
            replace(one.as_feed(f"https://{one.id}.example/feed", category=story.id), pace=DAY)
            for one in story.outlets.values()
        ]
        self.store.put_feeds(feeds, now=story.start)
        authored = read_authored(ROOT / "rules" / story.id, ROOT / "seeds")
        read = in_force_of(authored, make_assessor(authored), ROOT / "seeds")
        rules = [(one.id, one.hash, authored.texts[one.id]) for one in authored.questions]
        activated = self.store.activate(rules, now=story.start)
        return InForce(
            questions=read.questions,
            assessor=read.assessor,
            wires=read.wires,
            activated=activated,
            channels=CHANNELS,
        )

    def play(self) -> None:
        """Let the whole story happen."""
        asyncio.run(self._play())

    async def _play(self) -> None:
        await self._go_to(self.story.start)
        while (coming := self.story.after(self.clock.now())) is not None:
            await self._go_to(coming)

    async def _go_to(self, at: datetime) -> None:
        fresh = {one.outlet for one in self.story.between(self.clock.now(), at)} or self.story.outlets.keys()
        self.clock.go(seconds=(at - self.clock.now()).total_seconds())
        for name in fresh:
            self.fetch.bodies[name] = document(self.story.outlets[name], self.story.standing(name, at), at)
        self.store.hasten(sorted(fresh), by=at)
        await self._dispatch.work_off()

    def site(self, **other: object) -> Site:
        """Return a site over it."""
        fields: dict[str, object] = {
            "store": self.store,
            "clock": self.clock,
            "key": KEY,
            "listen": Listen("127.0.0.1", 0),
            "in_force": lambda: self.in_force,
        }
        return Site(**(fields | other))  # type: ignore[arg-type]


@contextmanager
def exhibited(folder: Path) -> Iterator[Exhibit]:
    """Play the story into a folder; yields the house it left behind."""
    exhibit = Exhibit(folder / "alerts.db")
    try:
        exhibit.play()
        yield exhibit
    finally:
        exhibit.store.close()
