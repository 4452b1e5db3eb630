"""Store, network, parser, sender and rules become a house that is ready to tick."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, Self

from alerts import __version__
from alerts.model.errors import ConfigError, StoreError
from alerts.wiring.authored import read_feeds
from alerts.wiring.clock import SystemClock
from alerts.wiring.reload import STATE, Reload

if TYPE_CHECKING:
    from pathlib import Path

    from alerts.delivery.senders import Senders
    from alerts.engine.dispatch import Dispatch
    from alerts.engine.ports import Clock, Outside
    from alerts.engine.survey import Seen
    from alerts.feeds.fetch import FetchConfig, Own
    from alerts.model.delivery import Address
    from alerts.model.ledger import Applied
    from alerts.settings import Asking, Settings
    from alerts.store.store import Store
    from alerts.wiring.authored import Authored
    from alerts.wiring.errands import Errand

LOCK = "daemon.lock"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """A store, the outside world and the dispatch between them; an async context that closes what was opened."""

    store: Store
    outside: Outside
    dispatch: Dispatch
    opened: AsyncExitStack
    reload: Reload
    settings: Settings

    def errands(self) -> Sequence[Errand]:
        """Return what there is to do beside the movements."""
        from alerts.wiring.errands import errands

        return tuple(errands(self, self.settings))

    async def __aenter__(self) -> Self:
        return self

    async def look(self) -> None:
        """Look whether rules or seeds changed, and put what is good in force."""
        await self.reload.look(self.dispatch, self.outside.clock.now)

    async def __aexit__(self, *_: object) -> None:
        """Let what is under way finish, then close network, parser and database."""
        await self.dispatch.drain()
        await self.opened.aclose()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    seed: int | None = None,
    ring: Callable[[], Awaitable[object]] | None = None,
) -> House:
    """Put a house together that is ready to tick; ConfigError or StoreError says in a line why it cannot be.

    ``clock`` replaces the system's, ``seed`` makes jitter repeatable. A house that is one of many on a shared database
    has ``ring``, which tells them all that there is something to do.
    """
    from alerts.engine.dispatch import Dispatch

    channels = _channels(settings)
    opened = AsyncExitStack()
    if ring is None:
        opened.enter_context(_lock(settings))
    store = opened.enter_context(open_store(settings))
    clock = clock or SystemClock(store.server_time())
    _furnish(store, settings, now=clock.now())
    outside = _outside(settings, clock, Random(seed), opened)
    senders = senders_for([one for listed in channels.values() for one in listed], clock.now)
    opened.push_async_callback(senders.close)
    outside = replace(outside, send=senders)
    reload = Reload(store, settings, channels)
    dispatch = Dispatch(store, outside, reload.first(now=clock.now()), ring=ring)
    return House(store, outside, dispatch, opened, reload, settings)


def judge_at_once(settings: Settings, store: Store, authored: Authored, question: str) -> Applied | None:
    """Judge what is new of one question, where no daemon does; its messages wait in the outbox for the next one."""
    from alerts.engine.apply import apply_now
    from alerts.wiring.authored import in_force_of, make_assessor

    in_force = in_force_of(authored, make_assessor(authored), settings.seeds)
    in_force = replace(in_force, channels=_channels(settings), routes=authored.routes)
    return apply_now(store, in_force, question, SystemClock().now())


def _channels(settings: Settings) -> dict[str, tuple[Address, ...]]:
    """Return the addresses of each channel; a URL that no service understands is refused before the first alert."""
    from alerts.delivery.addresses import check_url, stated_room
    from alerts.delivery.routes import addresses

    channels = addresses(settings.channel_addresses())
    wrong = [
        f"channel '{name}', address {number}: {reason}"
        for name, listed in channels.items()
        for number, address in enumerate(listed, start=1)
        if (reason := check_url(address.url)) is not None
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))
    return {name: tuple(replace(one, room=stated_room(one.url)) for one in listed) for name, listed in channels.items()}


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """Open the database of the settings, brought up to date; StoreError says in a line why it cannot be."""
    from alerts.store.store import Store

    if settings.database_url is None:
        _make_home(settings.home)
    store = Store.open(settings.store_url)
    try:
        yield store
    finally:
        store.close()


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{home} cannot be made: {error.strerror}. Set ALERTS_HOME to a folder you may write"
        ) from None


@contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Hold the home folder for one daemon; the lock ends with the process, however it ends."""
    _make_home(settings.home)
    with (settings.home / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            pid = file.read().strip() or "?"
            raise StoreError(f"a daemon (process {pid}) already runs on {settings.home}. Stop it first") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_running(settings: Settings) -> bool:
    """Whether a daemon holds the home folder now."""
    path = settings.home / LOCK
    if not path.is_file():
        return False
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def rules_state(settings: Settings) -> dict[str, Any]:
    """Return how many rules the last daemon had in force, and a line for each file it refused."""
    try:
        state = json.loads((settings.home / STATE).read_text("utf-8"))
        return {"in_force": int(state["in_force"]), "refused": [str(line) for line in state["refused"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"in_force": 0, "refused": []}  # no daemon ran yet


def _furnish(store: Store, settings: Settings, *, now: datetime) -> None:
    """Free what a killed daemon left under way, and bring the feed list up to date.

    In a shared database what is under way may be somebody else's: there leases lapse by themselves.
    """
    if not settings.is_shared and (left := store.recover(now)):
        log.warning(
            "%d deliveries were under way when the last daemon ended; their repeats say that they may be one", left
        )
    feeds, problems = read_feeds(settings.seeds)
    for problem in problems:
        log.log(logging.ERROR if problem.is_error else logging.WARNING, "%s", problem)
    store.put_feeds(feeds, now=now)


def _outside(settings: Settings, clock: Clock, random: Random, opened: AsyncExitStack) -> Outside:
    from alerts.delivery.send import AppriseSender
    from alerts.engine.ports import Outside
    from alerts.feeds.child import ParserPool
    from alerts.feeds.fetch import Fetcher

    fetch = Fetcher(_fetch_config(settings), clock.now)
    opened.push_async_callback(fetch.close)
    pool = ParserPool()
    opened.push_async_callback(pool.close)
    return Outside(clock=clock, fetch=fetch, read=pool.read, send=AppriseSender(), random=random)


def senders_for(addresses: Sequence[Address], now: Callable[[], datetime]) -> Senders:
    """Return the ways out to these addresses; where Apprise is one of them, its worker starts at once."""
    from alerts.delivery.native.parts import parts_of
    from alerts.delivery.send import AppriseSender
    from alerts.delivery.senders import Senders

    parts = {one.id: found for one in addresses if (found := parts_of(one.url)) is not None}
    apprise = AppriseSender()
    if any(one.id not in parts for one in addresses):
        apprise.warm()
    return Senders(parts, now=now, apprise=apprise)


def _fetch_config(settings: Settings) -> FetchConfig:
    from alerts.feeds.fetch import FetchConfig

    contact = settings.fetch.contact or (str(settings.public_url) if settings.public_url else None)
    own = {name: _own(asking) for name, asking in settings.fetch.feeds.items()}
    return FetchConfig(version=__version__, contact=contact, private=tuple(settings.fetch.private), own=own)


def _own(asking: Asking) -> Own:
    """Return what a feed is asked with, its secrets opened."""
    from alerts.feeds.fetch import Own

    headers = {name: value.get_secret_value() for name, value in asking.headers.items()}
    if asking.login is not None:
        headers["Authorization"] = f"Basic {b64encode(asking.login.get_secret_value().encode()).decode()}"
    return Own(headers, asking.proxy.get_secret_value() if asking.proxy else None)


async def survey_feeds(
    settings: Settings, ids: Sequence[str], *, progress: Callable[[int, int], None] | None = None
) -> tuple[Seen, ...]:
    """Ask the feeds of these ids once (all of them without ids); nothing is stored."""
    from alerts.engine.survey import survey

    with open_store(settings) as store:
        clock = SystemClock()
        store.put_feeds(read_feeds(settings.seeds)[0], now=clock.now())
        feeds = [store.feed(one).feed for one in ids] or [state.feed for state in store.feeds()]
    async with AsyncExitStack() as opened:
        outside = _outside(settings, clock, Random(), opened)
        return await survey(feeds, outside, progress=progress)
