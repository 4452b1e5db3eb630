"""ask | read | recognise | judge | commit

One claimed feed is polled. Nothing is held while the network works; then one transaction takes items, versions,
evidence, the feed's validators and its next time together, so validators can never be ahead of items.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.engine.evidence import evidence_of
from alerts.engine.inforce import InForce
from alerts.engine.ledger import Ledger
from alerts.engine.ports import Outside
from alerts.engine.windows import wanted_pause
from alerts.feeds.health import Body, learn, news
from alerts.feeds.identity import Recognised, name_items, recognise
from alerts.feeds.lateness import is_backfill, true_time
from alerts.feeds.moving import lost, moved
from alerts.feeds.pace import Pace, after_failure, after_success, host_rests
from alerts.model.errors import FeedError
from alerts.model.feed import Feed, FeedLease, FeedState, Fetched, Learnt, Reading, Validators
from alerts.model.item import Item, Source
from alerts.model.ledger import NewEvidence, NewItem, Poll
from alerts.model.verdict import Silence

if TYPE_CHECKING:
    from alerts.store.store import Store

NOTHING_NEW = 304

LEASE = 90.0
"""Seconds a feed is ours; above the fetcher's and the parser's deadlines together."""

UNASKED = 1 / 50
"""Share of polls made without conditions: a server that wrongly answers 304 is found out by them."""

FLAPS = 2
FLAPPING = timedelta(days=1)
"""A text that has stood in an item so many times within a day is not taken as new once more."""

log = logging.getLogger(__name__)


async def claim(store: Store, outside: Outside, ids: list[str]) -> list[FeedLease]:
    """Take the right to poll these feeds, as far as it is their turn, in one commit."""
    now, steady = outside.clock.now(), outside.clock.steady()
    return await asyncio.to_thread(store.claim_feeds, ids, now=now, steady=steady, lease=LEASE)


async def poll(store: Store, outside: Outside, in_force: InForce, lease: FeedLease, ledger: Ledger) -> bool:
    """Poll one claimed feed; return whether there is new evidence to judge.

    False as well where somebody else took the feed over while we were fetching.
    """
    state = lease.state
    try:
        fetched, unasked = await _ask(outside, state)
        reading = await _read(outside, state, fetched)
        texts = await _recognised(store, state, reading)
        lies = state.learnt.liar or (unasked and any(texts.new) and await _denies(outside, state))
        ceiling = wanted_pause(in_force, state.feed, outside.clock.now())
        found = _found(lease, _Found(fetched, reading, texts, lies), outside, ceiling)
        found = await _judged(store, found, state, in_force)
    except FeedError as error:
        found = _failed(lease, error, outside)
    return await ledger.record(found) and bool(found.evidence)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The items of a body, and among them those whose words go to and fro."""

    all: tuple[Recognised, ...] = ()
    flapping: frozenset[str] = frozenset()

    @property
    def new(self) -> Iterable[Recognised]:
        return (one for one in self.all if one.is_new_text and one.id not in self.flapping)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a poll that went well brought; ``reading`` None = nothing new, ``lies`` = the server had denied it."""

    fetched: Fetched
    reading: Reading | None
    texts: _Texts
    lies: bool

    @property
    def is_whole(self) -> bool:
        """Whether all of the body was read and kept, so that it need not be asked for again."""
        return self.reading is None or not (self.reading.feed.salvaged or self.texts.flapping)


async def _ask(outside: Outside, state: FeedState) -> tuple[Fetched, bool]:
    """Ask a feed what is new; now and then without conditions, which is the second value."""
    known = state.validators
    has_conditions = known.etag is not None or known.last_modified is not None
    unasked = has_conditions and outside.random.random() < UNASKED
    return await outside.fetch(_where(state), Validators(body_hash=known.body_hash) if unasked else known), unasked


async def _denies(outside: Outside, state: FeedState) -> bool:
    """Whether a server that has something new says that nothing is."""
    with suppress(FeedError):
        return (await outside.fetch(_where(state), state.validators)).status == NOTHING_NEW
    return False


def _where(state: FeedState) -> Feed:
    """Return the feed at the address it is fetched from."""
    return state.feed if state.learnt.address is None else replace(state.feed, url=state.learnt.address)


async def _read(outside: Outside, state: FeedState, fetched: Fetched) -> Reading | None:
    """Return the new items of a body; None where the server says that nothing is new."""
    if fetched.body is None:
        return None
    return await outside.read(fetched.body, fetched.headers, fetched.url, state.remembered)


async def _recognised(store: Store, state: FeedState, reading: Reading | None) -> _Texts:
    """Say of each text of a body which item it is, and which of them only goes to and fro."""
    named = name_items(reading.feed) if reading is not None else ()
    if not named:
        return _Texts()
    feed_id = state.feed.id
    aliases = {alias for one in named for alias in one.aliases}
    known = await asyncio.to_thread(store.known_items, feed_id, aliases)
    texts = tuple(recognise(feed_id, named, known))
    back = [one for one in texts if one.before is not None and one.before.version > FLAPS and one.is_new_text]
    since = (state.health.polled_at or state.health.next_at) - FLAPPING
    said = {one.id: await asyncio.to_thread(store.texts_since, one.id, since) for one in back}
    return _Texts(texts, frozenset(one.id for one in back if said[one.id].count(one.named.text_hash) >= FLAPS))


def _new_item(state: FeedState, learnt: Learnt, one: Recognised, *, now: datetime) -> NewItem:
    feed, parsed = state.feed, one.named.parsed
    item = Item(
        id=one.id,
        source=Source.of(feed),
        title=one.named.title,
        summary=parsed.summary,
        link=parsed.link,
        author=parsed.author,
        lang=parsed.lang or feed.lang,
        published=true_time(learnt, parsed.published or parsed.updated, now),
        seen=now,
        version=1 if one.before is None else one.before.version + 1,
    )
    return NewItem(key=one.key, text_hash=one.named.text_hash, item=item, aliases=one.named.aliases)


async def _judged(store: Store, found: Poll, state: FeedState, in_force: InForce) -> Poll:
    """Add what the items say; an edit also says what it takes back, and old news that turns up late is not told."""
    edited = [new.item.id for new in found.items if new.item.version > 1]
    before = await asyncio.to_thread(store.questions_of, edited) if edited else {}
    primed = state.health.primed_at is not None
    evidence: list[NewEvidence] = []
    for new in found.items:
        said = evidence_of(in_force, new.item, before=before.get(new.item.id, ()), primed=primed)
        is_old = new.item.version == 1 and is_backfill(state.learnt, new.item.published, state.health.ok_at)
        evidence += [replace(one, silence=one.silence or Silence.BASELINE) for one in said] if is_old else said
    return replace(found, evidence=tuple(evidence))


def _found(lease: FeedLease, found: _Found, outside: Outside, ceiling: float | None) -> Poll:
    """A poll that went well. A salvaged body keeps the old validators: what it lost must be asked for again."""
    state, now, reading = lease.state, outside.clock.now(), found.reading
    learnt = _learnt(state, found, now)
    paced = replace(state, learnt=learnt)
    pace = after_success(paced, found.fetched.headers, u=outside.random.random(), ceiling=ceiling, now=now)
    for line in news(state.learnt, learnt):
        log.warning("feed '%s' %s", state.feed.id, line)
    sent = replace(found.fetched.validators, etag=None, last_modified=None) if found.lies else found.fetched.validators
    return replace(
        _polled(lease, pace, now),
        items=tuple(_new_item(state, learnt, one, now=now) for one in found.texts.new),
        renamed=tuple(_renamed(found.texts.all)),
        validators=sent if found.is_whole else None,
        remembered=state.remembered if reading is None else reading.remembered,
        learnt=None if learnt == state.learnt else learnt,
    )


def _learnt(state: FeedState, found: _Found, now: datetime) -> Learnt:
    """What a broken body holds teaches nothing: half a window would look like a gap."""
    body, reading, texts = None, found.reading, found.texts.all
    if reading is not None and not reading.feed.salvaged:
        dates = [one.named.parsed.published or one.named.parsed.updated for one in texts if one.before is None]
        known = reading.left_out + len(texts) - len(dates)
        body = Body(window=reading.left_out + len(texts), known=known, dates=dates)
    is_known = body is not None and body.known > 0
    learnt = moved(state.learnt, state.feed.url, found.fetched.moved, now, is_known=is_known)
    return learn(replace(state, learnt=replace(learnt, liar=found.lies)), body, now=now, every=state.health.interval)


def _renamed(texts: Iterable[Recognised]) -> Iterable[tuple[str, str]]:
    """Return the new names of items that were found by their words; not those that change with every answer."""
    for one in texts:
        if one.before is not None and one.by_words and "?" not in f"{one.named.parsed.id}{one.named.parsed.link}":
            yield from ((name, one.id) for name in one.named.names)


def _failed(lease: FeedLease, error: FeedError, outside: Outside) -> Poll:
    state, failures = lease.state, lease.state.health.failures
    pace = after_failure(state, error, u=outside.random.random())
    level = logging.INFO if failures else logging.WARNING  # a feed that stays dead is no news
    log.log(level, "%s; next try in %.0f s (%s)", error, pace.seconds, pace.why)
    learnt = lost(state.learnt, failures + 1)
    return replace(
        _polled(lease, pace, outside.clock.now()),
        fault=error.fault,
        error=str(error),
        learnt=None if learnt == state.learnt else learnt,
        host_rests=host_rests(error),
    )


def _polled(lease: FeedLease, pace: Pace, now: datetime) -> Poll:
    return Poll(
        feed=lease.state.feed.id,
        fence=lease.fence,
        at=now,
        next_at=now + timedelta(seconds=pace.seconds),
        interval=pace.seconds,
    )
