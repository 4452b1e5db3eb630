"""What is due is handed to the movements, so many at a time; nothing is remembered here that a crash could lose."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from alerts.engine.apply import apply
from alerts.engine.deliver import deliver
from alerts.engine.inforce import InForce
from alerts.engine.ledger import Ledger
from alerts.engine.poll import claim, poll
from alerts.engine.ports import Outside
from alerts.engine.reread import reread
from alerts.engine.sweep import Due, sweep
from alerts.engine.windows import hasten
from alerts.model.feed import FeedLease

if TYPE_CHECKING:
    from alerts.store.store import Store

POLLS = 128
"""Polls under way at once; the fetcher's deadline bounds how long a slow server holds a place."""

DELIVERIES = 64
"""Sends under way at once; an address never has more than one, so a hung one holds one place."""

PATIENCE = timedelta(seconds=30)
"""After a movement failed in a way nobody foresaw, its key rests this long."""

STEP = timedelta(seconds=30)
"""A clock that goes back by more was put back by somebody."""

log = logging.getLogger(__name__)

Key = tuple[str, str | int]


class Dispatch:
    """Runs the movements for whatever is due.

    ``tick()`` starts what is due and returns at once; ``work_off()`` goes on until nothing is due;
    ``drain()`` lets what is under way finish and starts nothing more. ``in_force`` may be swapped at any time.
    """

    def __init__(
        self, store: Store, outside: Outside, in_force: InForce, *, ring: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        """``ring`` is called when a movement left something to do; without it, whatever is due is started here."""
        self._put(in_force)
        self._ring = ring or self.tick
        self._store = store
        self._outside = outside
        self._running: set[Key] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting: dict[Key, datetime] = {}
        self._ledger = Ledger(store)
        self._more_feeds = False
        self._ahead: timedelta | None = None
        self._sweeping = asyncio.Lock()
        self._rung = False
        self._draining = False
        self.looked_at: datetime | None = None
        """When it last looked what is due (steady clock), None = not yet."""
        self.polls = True
        """Whether feeds are polled and stored items read again; judging and sending go on without."""

    @property
    def in_force(self) -> InForce:
        """What is in force; a reload sets another one."""
        return self._in_force

    @in_force.setter
    def in_force(self, in_force: InForce) -> None:
        self._put(in_force)

    def _put(self, in_force: InForce) -> None:
        self._in_force = in_force
        self._unwound = {one.id for one in in_force.questions.values() if one.expect or one.remind}
        self._opened: set[str] = set()
        self._unread = True

    @property
    def under_way(self) -> int:
        """How many movements are running."""
        return len(self._running)

    async def tick(self) -> int:
        """Start what is due; return how many movements were started. A ring during a tick makes that one repeat."""
        self._rung = True
        started = 0
        async with self._sweeping:
            while self._rung and not self._draining:
                self._rung = False
                started += await self._start_due()
        return started

    async def work_off(self) -> None:
        """Run movements until nothing is due and nothing is under way."""
        while await self.tick() or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self) -> None:
        """Start nothing more and wait until what is under way has left its receipt."""
        self._draining = True
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def due(self, *, feeds: int, deliveries: int) -> Due:
        """Return what is due now and ours to do, at most so many feeds and deliveries."""
        await hasten(self._store, self.in_force, self._opened, now=self._outside.clock.now())
        due = await sweep(self._store, self._outside.clock, feeds=feeds if self.polls else 0, deliveries=deliveries)
        self.looked_at = self._outside.clock.steady()
        asked = {one for one in {*due.questions, *self._unwound} if one in self.in_force.questions}
        self._unwound = set()
        return replace(due, questions=tuple(sorted(asked)))

    async def perform(self, due: Due) -> None:
        """Start these movements and wait for them; what is under way here, or rests after a failure, is left out."""
        before = set(self._tasks)
        await self._begin(due)
        started = self._tasks - before
        if started:
            await asyncio.wait(started)

    async def _start_due(self) -> int:
        await self._look_at_the_clock()
        free = POLLS - self._count("poll")
        due = await self.due(feeds=free, deliveries=DELIVERIES - self._count("deliver"))
        self._more_feeds = 0 < free == len(due.feeds)
        return await self._begin(due) + self.read_again()

    async def _look_at_the_clock(self) -> None:
        """Wake the feeds when the clock was put back, also while we were not running: their times lie far ahead."""
        clock = self._outside.clock
        ahead = clock.now() - clock.steady()
        if self._ahead is None or self._ahead - ahead > STEP:
            woken = await asyncio.to_thread(self._store.wake_feeds, clock.now())
            if woken:
                log.warning("the clock was put back: %d feeds are asked now, not at the times set before", woken)
        self._ahead = ahead

    async def _begin(self, due: Due) -> int:
        started = sum(self._start(("apply", one), partial(self._apply, one)) for one in due.questions)
        started += sum(self._start(("deliver", one), partial(self._deliver, one)) for one in due.deliveries)
        return started + await self._begin_polls(due.feeds)

    async def _begin_polls(self, feeds: tuple[str, ...]) -> int:
        """Claim these feeds in one commit, and poll those that are ours."""
        ids = [one for one in feeds if ("poll", one) not in self._running and not self._rests(("poll", one))]
        leases = await claim(self._store, self._outside, ids) if ids else []
        return sum(self._start(("poll", one.state.feed.id), partial(self._poll, one)) for one in leases)

    def read_again(self) -> bool:
        """Begin to read the stored items by rules that are new; return whether there was something to begin."""
        return self.polls and self._unread and self._start(("read again", "stored items"), self._reread)

    def _count(self, kind: str) -> int:
        return sum(key[0] == kind for key in self._running)

    def _start(self, key: Key, movement: Callable[[], Awaitable[bool]]) -> bool:
        if key in self._running or self._rests(key):
            return False
        self._running.add(key)
        task = asyncio.create_task(self._watch(key, movement), name=f"{key[0]} {key[1]}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _rests(self, key: Key) -> bool:
        until = self._resting.get(key)
        return until is not None and until > self._outside.clock.steady()

    async def _watch(self, key: Key, movement: Callable[[], Awaitable[bool]]) -> None:
        """Run one movement; what goes wrong in it stays in it."""
        ring = False
        try:
            ring = await movement()
            self._resting.pop(key, None)
        except Exception:
            self._resting[key] = self._outside.clock.steady() + PATIENCE
            log.exception("%s of '%s' failed; it is tried again in %.0f s", *key, PATIENCE.total_seconds())
        finally:
            self._running.discard(key)
        if ring:
            await self._ring()
        elif self._more_feeds and self._count("poll") <= POLLS // 2:
            await self.tick()

    async def _poll(self, lease: FeedLease) -> bool:
        return await poll(self._store, self._outside, self.in_force, lease, self._ledger)

    async def _reread(self) -> bool:
        in_force = self.in_force
        found = await reread(self._store, in_force, self._outside.clock.now(), lambda: self._draining)
        self._unread = in_force is not self.in_force
        return found

    async def _apply(self, question_id: str) -> bool:
        return await apply(self._store, self._outside, self.in_force, question_id)

    async def _deliver(self, delivery_id: int) -> bool:
        return await deliver(self._store, self._outside, self.in_force, delivery_id)
