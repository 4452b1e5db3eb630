"""Start: the demo, the folders, the daemon."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Rules, Seeds
from alerts.cli.show import out, say
from alerts.model.errors import ConfigError
from alerts.model.states import DeliveryState

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from alerts.model.ledger import StoreCounts
    from alerts.settings import Settings
    from alerts.wiring.house import House

SAID_EVERY = 2.0
"""Seconds between two lines of progress."""


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="Do not pause between messages.")] = False,
) -> None:
    """Play the shipped story through the real pipeline: no account, no internet.

    A dozen feeds on this machine change over three days of March 2025; the daemon polls them and
    each alert is shown as its recipient would see it. Ends with what to type next.

    Example: [bold]alerts demo[/bold]
    """
    import asyncio

    from alerts import daemon
    from alerts.demo.play import play

    asyncio.run(play(out(), daemon.serve, pause=0.0 if fast or not sys.stdout.isatty() else 0.4))


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to copy to.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, write nothing.")] = False,
) -> None:
    """Copy rules, seeds and commented settings out, so that they can be edited.

    What is there already is kept, unless --force is given.

    Example: [bold]alerts init newsroom[/bold]
    """
    from alerts.wiring.authored import copy_out

    copied = copy_out(folder, force=force, dry_run=dry_run)
    for path, what in copied:
        say(f"{what:<12} {path}")
    say(f"Next: put a channel into {folder / '.env'}, then: alerts check && alerts run")


def run(
    once: Annotated[bool, typer.Option("--once", help="Poll what is due, tell what is to be told, leave.")] = False,
    rules: Rules = None,
    seeds: Seeds = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done.")] = False,
) -> None:
    """Start the daemon: poll feeds, match items, tell people.

    Settings come from the environment, .env, alerts.toml or systemd credentials; SIGTERM and Ctrl-C
    let what is under way finish first.

    Example: [bold]ALERTS_CHANNELS__DEFAULT=tgram://TOKEN/CHAT alerts run[/bold]
    """
    import asyncio

    from alerts.settings import read_settings
    from alerts.wiring.house import build
    from alerts.wiring.logs import speak

    settings = read_settings(**{key: value for key, value in (("rules", rules), ("seeds", seeds)) if value})
    speak(verbose=verbose, form=settings.log)
    house = build(settings)
    before = house.store.counts()
    channels = house.dispatch.in_force.channels
    addresses = sum(len(listed) for listed in channels.values())
    say(
        f"{len(house.dispatch.in_force.questions)} rules, {before.feeds} feeds, {addresses} addresses in "
        f"{len(channels)} channels; everything kept in {settings.home}."
    )
    asyncio.run(_work(house, settings, once=once))
    say(_sum(settings, before) if once else "Stopped; what was under way has its receipt.")


def worker(
    bundles: Annotated[int, typer.Option("--bundles", min=1, max=32, help="Bundles of feeds polled at once.")] = 4,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done.")] = False,
) -> None:
    """Start one worker of several that share a PostgreSQL database; for when one machine no longer does.

    Start as many as there are cores, on as many machines as you like; each has the same settings, rules and seeds.
    One that dies is made up for by the others within two minutes. Needs: pip install 'alerts[scale]'

    Example: [bold]ALERTS_DATABASE_URL=postgresql+psycopg://alerts@db/alerts alerts worker[/bold]
    """
    import asyncio

    from alerts.settings import read_settings
    from alerts.wiring.logs import speak
    from alerts.worker import work

    settings = read_settings()
    speak(verbose=verbose, form=settings.log)
    asyncio.run(work(settings, bundles=bundles))


async def _work(house: House, settings: Settings, *, once: bool) -> None:
    """Run the daemon and the page; where it is to end by itself, say now and then how far it is, without a page."""
    import asyncio
    from contextlib import AsyncExitStack

    from alerts import daemon

    async with AsyncExitStack() as opened:
        if not once:
            await _open_page(house, settings, opened)
        work = asyncio.create_task(daemon.run(house, once=once))
        while not (await asyncio.wait({work}, timeout=SAID_EVERY if once else None))[0]:
            say(f"  {house.dispatch.under_way} movements under way …")
        await work


async def _open_page(house: House, settings: Settings, opened: AsyncExitStack) -> None:
    """Serve the page beside the daemon. A port that is taken costs the page, never an alert."""
    from alerts.web.app import make_app
    from alerts.web.serve import served, site_for

    site = site_for(settings, house.store, house.outside.clock, house.dispatch)
    if site is None:
        return
    try:
        where = await opened.enter_async_context(served(make_app(site), site.listen))
    except ConfigError as error:
        say(f"! {error}. Alerts go out all the same.")
    else:
        say(f"The page is at http://{where}/")


def serve(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done.")] = False) -> None:
    """Serve the page alone, over the database of a daemon that runs elsewhere or not at all.

    Listens on this machine only; ALERTS_WEB__LISTEN names another address, and then a token is needed.

    Example: [bold]alerts serve[/bold]
    """
    import asyncio

    from alerts.settings import read_settings
    from alerts.web.serve import serve_alone
    from alerts.wiring.house import open_store
    from alerts.wiring.logs import speak

    settings = read_settings()
    speak(verbose=verbose, form=settings.log)
    with open_store(settings) as store:
        asyncio.run(serve_alone(settings, store, say))


def _sum(settings: Settings, before: StoreCounts) -> str:
    from alerts.wiring.house import open_store

    with open_store(settings) as store:
        after = store.counts()
    sent = [counts.deliveries.get(DeliveryState.SENT, 0) for counts in (before, after)]
    return (
        f"{after.ok_feeds} of {after.feeds} feeds answered well, {after.versions - before.versions} new texts, "
        f"{sent[1] - sent[0]} messages sent. See: alerts status"
    )
