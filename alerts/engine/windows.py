"""which windows are open? | feeds that matter | sooner

While an answer is expected, the feeds that matter are polled as often as the rule asks. What is already due, fails, or
has been told to wait by its server is left as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.engine.inforce import InForce
from alerts.judging.windows import matters, next_window, poll_every
from alerts.model.case import Case
from alerts.model.feed import Feed, FeedState
from alerts.model.question import Expect, Question

if TYPE_CHECKING:
    from alerts.store.store import Store

DEAD_AFTER = timedelta(hours=1)
"""A feed that has not answered well for so long tells us nothing, unless its usual pause is longer."""


def wanted_pause(in_force: InForce, feed: Feed, now: datetime) -> float | None:
    """Return the longest pause in seconds that an open window allows a feed, None where none is open."""
    return poll_every(in_force.questions.values(), feed, now)


async def hasten(store: Store, in_force: InForce, opened: set[str], *, now: datetime) -> None:
    """Bring the feeds that matter to a window forward when it opens.

    ``opened`` are the windows seen to, by name; those that open now are added.
    """
    for question in in_force.questions.values():
        for one in question.expect:
            name = f"{question.id} {one.start.isoformat()}"
            if name in opened or one.poll_every is None or not one.start <= now < one.deadline:
                continue
            opened.add(name)
            states = await asyncio.to_thread(store.feeds)
            ids = [state.feed.id for state in states if matters(question, state.feed) and not state.health.failures]
            await asyncio.to_thread(store.hasten, ids, by=now + one.poll_every)


def health_of(question: Question, states: list[FeedState], now: datetime) -> tuple[int, int]:
    """Return how many of the feeds that matter to a question answer well, of how many."""
    listed = [state for state in states if matters(question, state.feed)]
    return sum(_is_alive(state, now) for state in listed), len(listed)


def _is_alive(state: FeedState, now: datetime) -> bool:
    health = state.health
    patience = max(DEAD_AFTER, timedelta(seconds=3 * health.interval))
    return health.ok_at is not None and now - health.ok_at <= patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a question waits for, and whether it could see it: ``alive`` of ``listed`` feeds that matter answer well.

    ``window`` is the expected one that is open or comes next, None where there is none.
    """

    question: str
    alive: int
    listed: int
    window: Expect | None = None

    @property
    def blind(self) -> bool:
        """Whether the feeds that matter are dead: what stands may be old."""
        return is_blind(self.alive, self.listed)


def outlook(store: Store, questions: Iterable[Question], now: datetime) -> list[Outlook]:
    """Return what each question waits for and how its feeds are, in the order of the questions."""
    asked = [(one, store.case_for(one.id) if one.expect else Case(question=one.id)) for one in questions]
    return outlooks(store.feeds(), asked, now)


def outlooks(states: list[FeedState], asked: Iterable[tuple[Question, Case]], now: datetime) -> list[Outlook]:
    """Return the same of feeds and cases that are known already."""
    found, health = [], dict[frozenset[str], tuple[int, int]]()
    for question, case in asked:
        wanted = frozenset(question.feeds) or frozenset({question.story})
        if wanted not in health:
            health[wanted] = health_of(question, states, now)
        alive, listed = health[wanted]
        window = next_window(question, case, now) if question.expect else None
        found.append(Outlook(question=question.id, alive=alive, listed=listed, window=window))
    return found


def is_blind(alive: int, listed: int) -> bool:
    """Whether a question cannot see: there are feeds that matter to it, and fewer than one in five answers."""
    return listed > 0 and alive * 5 < listed


def in_words(alive: int, listed: int) -> str:
    """Return the health of feeds as people read it."""
    if not listed:
        return "no feed that matters is polled"
    return f"{alive} of {listed} feeds that matter answer"
