"""publish | poll | match | judge | deliver | show

A story is played through the real house: its feeds are polled, its alerts are sent, and the clock jumps ahead to the
next thing that happens whenever nothing is left to do.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pydantic_settings import SettingsConfigDict

from alerts.delivery.routes import DEFAULT
from alerts.demo.clock import DemoClock
from alerts.demo.contrast import contrast
from alerts.demo.feeds import open_newsstand
from alerts.demo.loopback import HOST
from alerts.demo.screen import Screen
from alerts.demo.script import read_story
from alerts.demo.sink import open_sink
from alerts.feeds.opml import write_opml
from alerts.settings import Settings
from alerts.wiring.authored import CHECKOUT, SHIPPED, read_authored
from alerts.wiring.clock import SystemClock
from alerts.wiring.house import build

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
    from rich.console import Console

    from alerts.demo.sink import Received
    from alerts.demo.story import Story
    from alerts.engine.dispatch import Dispatch
    from alerts.model.feed import Feed
    from alerts.wiring.house import House


class DemoSettings(Settings):
    """Settings that hear nobody but the demo: an operator's channels are never told a story."""

    model_config = SettingsConfigDict(env_file=None, toml_file=None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given as an argument counts."""
        return (init_settings,)


Serve = Callable[["Dispatch", asyncio.Event], Coroutine[Any, Any, None]]
"""Keeps a dispatch ticking until the event is set: the daemon's own way."""


async def play(
    console: Console, serve: Serve, *, story: Path | None = None, rules: Path | None = None, pause: float = 0.0
) -> None:
    """Play a story and show on ``console`` what comes of it; ``serve`` is the daemon that polls.

    ``story`` and ``rules`` are a file and a folder, the shipped ones unless named. ``pause`` is how many seconds a
    viewer is given after a message. Needs no network but loopback, touches nothing outside a temporary folder.
    AuthoringError or ConfigError says in a line what is wrong with the story or its rules.
    """
    told = read_story(story or _shipped_story())
    steady = SystemClock().steady
    clock = DemoClock(told.start, steady)
    screen = Screen(console)
    began = steady()

    async def show(received: Received) -> None:
        screen.message(received, clock.now())
        await asyncio.sleep(pause)

    async with AsyncExitStack() as opened:
        home = Path(opened.enter_context(TemporaryDirectory(prefix="alerts-demo-")))
        stand = await opened.enter_async_context(open_newsstand(told, clock))
        sink = await opened.enter_async_context(open_sink(show))
        seeds = _seeds(home / "seeds", told, stand.feeds)
        settings = _settings(home, seeds, rules or _shipped("rules") / told.id, sink.url)
        authored = read_authored(settings.rules, settings.seeds)
        screen.intro(told, authored.questions)
        house = await opened.enter_async_context(build(settings, clock=clock, seed=0))
        async with _served(house.dispatch, serve):
            await _tell(told, clock, house, screen)
    sums = contrast(told, house.dispatch.in_force.assessor.matcher, sent=len(sink.messages))
    screen.ending(sums, (steady() - began).total_seconds())


@asynccontextmanager
async def _served(dispatch: Dispatch, serve: Serve) -> AsyncIterator[None]:
    """Let the daemon tick while entered."""
    stop = asyncio.Event()
    daemon = asyncio.create_task(serve(dispatch, stop))
    try:
        yield
    finally:
        stop.set()
        await daemon


async def _tell(story: Story, clock: DemoClock, house: House, screen: Screen) -> None:
    """Let the story happen: what is due is worked off, then the clock goes where something is due next."""
    await house.dispatch.work_off()
    while (coming := _coming(story, clock.now(), house)) is not None:
        for one in story.between(clock.now(), coming):
            screen.publication(one, story.outlets[one.outlet].title)
        clock.jump_to(coming)
        await house.dispatch.work_off()


def _coming(story: Story, now: datetime, house: House) -> datetime | None:
    """Return when the next text is published, or a rule that holds texts back wants to tell them; None at the end."""
    wakes = (house.store.case_for(question).wake_at for question in house.dispatch.in_force.questions)
    return min((at for at in (story.after(now), *wakes) if at is not None and at > now), default=None)


def _seeds(folder: Path, story: Story, feeds: Sequence[Feed]) -> Path:
    """Copy the shipped seeds to ``folder``, the story's feeds in place of the real ones."""
    shutil.copytree(_shipped("seeds"), folder)
    (folder / "feeds.opml").write_text(write_opml(feeds, story.title), "utf-8")
    return folder


def _settings(home: Path, seeds: Path, rules: Path, channel: str) -> DemoSettings:
    """Return settings for a house of its own: one channel for everybody, and no machine but this one."""
    own: dict[str, Any] = {
        "home": home / "data",
        "rules": rules,
        "seeds": seeds,
        "channels": {DEFAULT: channel},
        "fetch": {"private": HOST},
    }
    return DemoSettings(**own)


def _shipped_story() -> Path:
    return min((_shipped("seeds") / "demo").glob("*.yaml"))


def _shipped(name: str) -> Path:
    """Return the folder as it came with the package, whatever stands in the working folder."""
    return next(place / name for place in (SHIPPED, CHECKOUT) if (place / name).is_dir())
