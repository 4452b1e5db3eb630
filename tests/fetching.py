"""What every test of fetching needs: a feed at an address, and one question asked of it over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.feeds.fetch import FetchConfig, Fetcher
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Feed, Fetched, Validators

NOW = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
NOTHING = Validators()
BODY = b"<rss><channel><item><title>Talks go on</title></item></channel></rss>"


def feed_at(url: str, feed_id: str = "x") -> Feed:
    """Return a feed at an address."""
    return Feed(id=feed_id, url=url, title="X", owner="x")


def fetcher(look_up: Callable[[str], Iterable[str]] | None = None, **config: Any) -> Fetcher:
    """Return a fetcher that may go to loopback, with a short deadline unless told otherwise."""
    settings: dict[str, Any] = {"version": "1.2", "private": ("127.0.0.0/8",), "deadline": 5.0, **config}
    return Fetcher(FetchConfig(**settings), lambda: NOW, look_up=look_up)


def ask(url: str, known: Validators = NOTHING, **config: Any) -> Fetched:
    """Ask one feed once."""
    return ask_all([(url, known)], **config)[0]


def ask_all(questions: Iterable[tuple[str, Validators]], **config: Any) -> list[Fetched]:
    """Ask one after the other over one fetcher."""

    async def run() -> list[Fetched]:
        fetch = fetcher(**config)
        try:
            return [await fetch(feed_at(url), known) for url, known in questions]
        finally:
            await fetch.close()

    return asyncio.run(run())


def fails(url: str, fault: FeedFault, **config: Any) -> FeedError:
    """Ask one feed once and expect a fault; the message is one line that names the feed."""
    with pytest.raises(FeedError) as caught:
        ask(url, **config)
    assert caught.value.fault is fault, caught.value
    assert str(caught.value).startswith("feed 'x' ")
    assert "\n" not in str(caught.value)
    return caught.value
