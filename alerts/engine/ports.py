"""What the movements need from outside, as protocols; wiring hands over the real ones, tests their fakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from alerts.model.delivery import Address, Message, Receipt
from alerts.model.feed import Feed, Fetched, Reading, Validators


class Clock(Protocol):
    """Two clocks, both aware UTC.

    ``now`` is the time of the story (a demo or a replay may set it); ``steady`` never jumps and serves leases.
    """

    def now(self) -> datetime: ...

    def steady(self) -> datetime: ...


class Fetch(Protocol):
    """One conditional GET under a total deadline; raises only FeedError."""

    def __call__(self, feed: Feed, validators: Validators) -> Awaitable[Fetched]: ...


class Read(Protocol):
    """A body to items, outside this process and killable; raises only FeedError.

    Items of an earlier reading that ``remembered`` may be left out where they stand there unchanged.
    """

    def __call__(
        self, body: bytes, headers: Mapping[str, str], url: str, remembered: bytes = b""
    ) -> Awaitable[Reading]: ...


class Send(Protocol):
    """One message to one address under a deadline; never raises, the receipt says what happened."""

    def __call__(self, message: Message, address: Address) -> Awaitable[Receipt]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The outside world as the movements see it."""

    clock: Clock
    fetch: Fetch
    read: Read
    send: Send
    random: Random
    ring: Callable[[], None] = lambda: None
