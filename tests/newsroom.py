"""A newsroom on hand time: a real database, real rules, and an outside that does what the test says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from random import Random

from alerts.engine.dispatch import Dispatch
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.weigh import Wires
from alerts.model.delivery import Address
from alerts.model.feed import Feed
from alerts.model.seed import Seeds
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules
from alerts.store.store import Store
from fakes import FakeFetch, FakeSend, HandClock, read_here, rss

RULE = """\
question: The dam in the news
match: dam
notify: desk
"""


class Newsroom:
    """Feeds ``wire`` and ``daily``, one rule about a dam, one channel ``desk`` with one address."""

    def __init__(self, store: Store, at: datetime) -> None:
        self.store, self.clock = store, HandClock(at)
        self.fetch, self.send = FakeFetch(), FakeSend()
        self.outside = Outside(clock=self.clock, fetch=self.fetch, read=read_here, send=self.send, random=Random(1))
        self.channels = {"desk": (Address(id="desk/1", channel="desk", url="json://sink"),)}
        feeds = [
            Feed(id=one, url=f"https://{one}.example/rss", title=one.title(), owner=one, pace=60)
            for one in ("wire", "daily")
        ]
        store.put_feeds(feeds, now=at)
        self.rules(RULE)

    def rules(self, text: str) -> None:
        """Put one rule file into force; its id is ``dam``."""
        questions, problems = read_rules({"rules/story/dam.yaml": text}, Seeds())
        assert not [problem for problem in problems if problem.is_error]
        activated = self.store.activate([(one.id, one.hash, text) for one in questions], now=self.clock.now())
        in_force = InForce(
            questions={one.id: one for one in questions},
            assessor=Assessor(questions, Seeds(), compile_vocabulary(words_of(questions, Seeds()))),
            wires=Wires([state.feed for state in self.store.feeds()], Seeds()),
            activated=activated,
            channels=self.channels,
        )
        self.dispatch = Dispatch(self.store, self.outside, in_force)

    def ask(self, **texts: str) -> None:
        """Put questions in force that claims answer, by id; they read the shipped seeds."""
        from courtroom import in_force

        asked = in_force(**texts)
        rules = [(one.id, one.hash, texts[one.id.replace("-", "_")]) for one in asked.questions.values()]
        activated = self.store.activate(rules, now=self.clock.now())
        wires = Wires([state.feed for state in self.store.feeds()], Seeds())
        put = replace(asked, activated=activated, channels=self.channels, wires=wires)
        self.dispatch = Dispatch(self.store, self.outside, put)

    def publish(self, feed: str, *items: str) -> None:
        """Let a feed hold these items from now on."""
        self.fetch.bodies[feed] = rss(*items)

    def work(self, **span: float) -> list[str]:
        """Let time go by, work off what is due, and return the messages sent meanwhile."""
        before = len(self.send.sent)
        self.clock.go(**span)
        asyncio.run(self._work_off())
        return self.send.titles[before:]

    async def _work_off(self) -> None:
        await Dispatch(self.store, self.outside, self.dispatch.in_force).work_off()
