"""claim | fetch | parse | keep new | match | commit

One feed is polled. Nothing is held while the network works; then one transaction takes items, versions, evidence,
the feed's validators and its next time together, so validators can never be ahead of items.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.engine.evidence import evidence_of
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.engine.windows import wanted_pause
from alerts.feeds.identity import Named, name_items
from alerts.feeds.pace import Pace, after_failure, after_success
from alerts.model.errors import FeedError
from alerts.model.feed import FeedLease, FeedState, Fetched, ParsedFeed
from alerts.model.item import Item, Source
from alerts.model.ledger import NewItem, Poll

if TYPE_CHECKING:
    from alerts.store.store import Store

LEASE = 90.0
"""Seconds a feed is ours; above the fetcher's and the parser's deadlines together."""

log = logging.getLogger(__name__)


async def poll(store: Store, outside: Outside, in_force: InForce, feed_id: str) -> bool:
    """Poll one feed; return whether there is new evidence to judge.

    False as well where somebody else holds the feed, or took it over while we were fetching.
    """
    clock = outside.clock
    lease = await asyncio.to_thread(store.claim_feed, feed_id, now=clock.now(), steady=clock.steady(), lease=LEASE)
    if lease is None:
        return False
    try:
        fetched = await outside.fetch(lease.state.feed, lease.state.validators)
        parsed = await _parse(outside, fetched)
        fresh = await _keep_new(store, lease.state, parsed, now=clock.now())
        found = _found(lease, fetched, parsed, _pace_well(lease, fetched, outside, in_force), now=clock.now())
        found = await _judged(store, found, fresh, lease.state, in_force)
    except FeedError as error:
        found = _failed(lease, error, outside)
    stored = await asyncio.to_thread(store.record_poll, found)
    return stored and bool(found.evidence)


async def _parse(outside: Outside, fetched: Fetched) -> ParsedFeed | None:
    """Return the items of a new body; None where the server says that nothing is new."""
    if fetched.body is None:
        return None
    return await outside.parse(fetched.body, fetched.headers, fetched.url)


async def _keep_new(store: Store, state: FeedState, parsed: ParsedFeed | None, *, now: datetime) -> tuple[NewItem, ...]:
    """Return the texts of a body that the store does not hold: new items, and new versions of known ones."""
    named = name_items(state.feed.id, parsed) if parsed is not None else ()
    if not named:
        return ()
    known = await asyncio.to_thread(store.known_items, state.feed.id, [one.key for one in named])
    fresh = []
    for one in named:
        before = known.get(one.key)
        if before is None or before.text_hash != one.text_hash:
            version = 1 if before is None else before.version + 1
            fresh.append(_new_item(state, one, version, now=now))
    return tuple(fresh)


def _new_item(state: FeedState, named: Named, version: int, *, now: datetime) -> NewItem:
    feed, parsed = state.feed, named.parsed
    item = Item(
        id=named.id,
        source=Source.of(feed),
        title=named.title,
        summary=parsed.summary,
        link=parsed.link,
        author=parsed.author,
        lang=parsed.lang or feed.lang,
        published=parsed.published or parsed.updated,
        seen=now,
        version=version,
    )
    return NewItem(key=named.key, text_hash=named.text_hash, item=item)


async def _judged(store: Store, found: Poll, fresh: tuple[NewItem, ...], state: FeedState, in_force: InForce) -> Poll:
    """Add the items, and what they say; an edit also says what it takes back."""
    edited = [new.item.id for new in fresh if new.item.version > 1]
    before = await asyncio.to_thread(store.questions_of, edited) if edited else {}
    primed = state.health.primed_at is not None
    evidence = [
        one
        for new in fresh
        for one in evidence_of(in_force, new.item, before=before.get(new.item.id, ()), primed=primed)
    ]
    return replace(found, items=fresh, evidence=tuple(evidence))


def _found(lease: FeedLease, fetched: Fetched, parsed: ParsedFeed | None, pace: Pace, *, now: datetime) -> Poll:
    """A poll that went well. A salvaged body keeps the old validators: what it lost must be asked for again."""
    whole = parsed is None or not parsed.salvaged
    return replace(_polled(lease, pace, now), validators=fetched.validators if whole else None)


def _failed(lease: FeedLease, error: FeedError, outside: Outside) -> Poll:
    pace = after_failure(lease.state, error, u=outside.random.random())
    news = logging.INFO if lease.state.health.failures else logging.WARNING  # a feed that stays dead is no news
    log.log(news, "%s; next try in %.0f s (%s)", error, pace.seconds, pace.why)
    return replace(_polled(lease, pace, outside.clock.now()), fault=error.fault, error=str(error))


def _polled(lease: FeedLease, pace: Pace, now: datetime) -> Poll:
    return Poll(
        feed=lease.state.feed.id,
        fence=lease.fence,
        at=now,
        next_at=now + timedelta(seconds=pace.seconds),
        interval=pace.seconds,
    )


def _pace_well(lease: FeedLease, fetched: Fetched, outside: Outside, in_force: InForce) -> Pace:
    wanted = wanted_pause(in_force, lease.state.feed, outside.clock.now())
    return after_success(lease.state, fetched.headers, u=outside.random.random(), wanted=wanted)
