"""fetch | parse | say

Each feed is asked once and nothing is stored: who is alive, who is dead, and why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from alerts.engine.ports import Outside
from alerts.model.errors import FeedError
from alerts.model.feed import Feed, FeedFormat, Validators

AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a feed answered: its items and the newest time among them, or the error in one line."""

    feed: str
    url: str
    status: int | None = None
    kind: FeedFormat | None = None
    items: int = 0
    newest: datetime | None = None
    salvaged: bool = False
    notes: tuple[str, ...] = ()
    error: str | None = None
    offset: float | None = None
    """Seconds by which the server's clock is ahead of ours, where it said what time it is."""


async def survey(
    feeds: Sequence[Feed], outside: Outside, *, progress: Callable[[int, int], None] | None = None
) -> tuple[Seen, ...]:
    """Ask every feed once, some at a time; one entry a feed, in the order given."""
    places = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def ask(feed: Feed) -> Seen:
        nonlocal done
        async with places:
            seen = await _ask(feed, outside)
        done += 1
        if progress is not None:
            progress(done, len(feeds))
        return seen

    return tuple(await asyncio.gather(*(ask(feed) for feed in feeds)))


async def _ask(feed: Feed, outside: Outside) -> Seen:
    try:
        fetched = await outside.fetch(feed, Validators())
        parsed = (await outside.read(fetched.body or b"", fetched.headers, fetched.url)).feed
    except FeedError as error:
        return Seen(feed=feed.id, url=feed.url, status=error.status, error=str(error))
    times = [time for item in parsed.items if (time := item.published or item.updated)]
    return Seen(
        feed=feed.id,
        url=fetched.url,
        status=fetched.status,
        kind=parsed.kind,
        items=len(parsed.items),
        newest=max(times, default=None),
        salvaged=parsed.salvaged,
        notes=parsed.notes,
        offset=_offset(fetched.headers, outside.clock.now()),
    )


def _offset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how far the server is ahead; ``Age`` says how long an answer lay in a cache since its date was written."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        age = float(headers.get("age", "0"))
    except ValueError:
        return None
    return None if date.tzinfo is None else (date - now).total_seconds() + age
