"""Feeds: the list, its health, and moving it in and out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Json, Seeds
from alerts.cli.show import emit, out, say, since, table
from alerts.model.errors import AuthoringError, ConfigError
from alerts.model.states import FeedKind, Reliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerts.engine.survey import Seen
    from alerts.model.feed import FeedState

app = typer.Typer(no_args_is_help=True, help="List, add, test, import and export feeds.")


@app.command("list")
def show(
    category: Annotated[str | None, typer.Option("--category", help="Only this category.")] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last poll failed.")] = False,
    noted: Annotated[bool, typer.Option("--noted", help="Only those with a remark: gaps, clocks, silence.")] = False,
    json: Json = False,
) -> None:
    """Show the feeds, how polling them goes, and what it taught: gaps, lying servers, wrong clocks, silence, moves.

    Example: [bold]alerts feeds list --failing[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        states = store.feeds(category=category)
    found = [s for s in states if (s.health.fault or not failing) and (s.learnt.remarks or not noted)]
    if json:
        emit([asdict(s, dict_factory=_shown) for s in found])
        return
    now = SystemClock().now()
    rows = [
        (
            s.feed.id,
            s.feed.kind,
            s.feed.reliability,
            s.feed.lang,
            since(s.health.ok_at, now),
            s.health.items,
            "\n".join([_state(s), *s.learnt.remarks]),
        )
        for s in found
    ]
    table(("id", "kind", "rel.", "lang", "answered", "items", "state"), rows)
    say(f"{len(found)} feeds.")


def _state(state: FeedState) -> str:
    return state.health.error or ("not polled yet" if state.health.polled_at is None else "ok")


def _shown(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return what another program may rely on: what a reading remembers is ours alone."""
    return {name: value for name, value in pairs if name != "remembered"}


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address of the feed.")],
    name: Annotated[str | None, typer.Option("--id", help="Its name here; default: from the host.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="As people know it.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who is behind it: the unit of independence.")] = None,
    kind: Annotated[FeedKind, typer.Option("--kind")] = FeedKind.OUTLET,
    reliability: Annotated[Reliability, typer.Option("--reliability", help="Admiralty grade, A to F.")] = Reliability.C,
    lang: Annotated[str | None, typer.Option("--lang", help="e.g. en, ru, uk")] = None,
    category: Annotated[str, typer.Option("--category", help="e.g. my-story/agencies")] = "",
) -> None:
    """Add a feed; the daemon polls it at its next tick.

    Its first body is stored, not told, unless younger than 30 minutes.

    Example: [bold]alerts feeds add https://example.org/rss.xml --title "Example Daily" --lang en[/bold]
    """
    from alerts.feeds.opml import feed_from_url
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    feed = feed_from_url(
        url, id=name, title=title, owner=owner, kind=kind, reliability=reliability, lang=lang, category=category
    )
    with open_store(read_settings()) as store:
        store.add_feed(feed, now=SystemClock().now())
    say(f"feed '{feed.id}' is added; see what it answers: alerts feeds test {feed.id}")


@app.command()
def remove(feed: Annotated[str, typer.Argument(metavar="ID", help="Id as `feeds list` shows it.")]) -> None:
    """Stop polling a feed; its items stay.

    Example: [bold]alerts feeds remove example-org[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        store.remove_feed(feed)
    say(f"feed '{feed}' is removed; its items stay")


@app.command()
def test(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Feeds to ask; default: all.")] = None,
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Ask each feed once and sort the dead from the living, on one screen; nothing is stored.

    Exit 0: all answered; 1: some did not.

    Example: [bold]alerts feeds test[/bold]
    """
    import asyncio

    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import survey_feeds

    settings = read_settings(**({"seeds": seeds} if seeds else {}))
    seen = asyncio.run(survey_feeds(settings, ids or (), progress=None if json else _progress))
    if json:
        emit(seen)
    else:
        _sorted(seen, now=SystemClock().now())
    raise typer.Exit(0 if all(one.error is None for one in seen) else 1)


def _progress(done: int, of: int) -> None:
    if done == of or done % 10 == 0:
        say(f"{done} of {of} feeds asked")


def _sorted(seen: Sequence[Seen], *, now: datetime) -> None:
    alive = [one for one in seen if one.error is None]
    dead = [one for one in seen if one.error is not None]
    rows = [
        (one.feed, one.kind, one.items, since(one.newest, now), "salvaged" if one.salvaged else "") for one in alive
    ]
    if alive:
        table(("alive", "kind", "items", "newest", ""), rows)
    for one in dead:
        out().print(f"dead  {one.error}", markup=False)
    say(f"{len(alive)} alive, {len(dead)} dead.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds from any reader.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added, add nothing.")] = False,
) -> None:
    """Add the feeds of an OPML file; those that are there already are kept as they are.

    Example: [bold]alerts feeds import subscriptions.opml --dry-run[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.authored import read_opml_file
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    feeds, problems = read_opml_file(file)
    for problem in problems:
        say(str(problem))
    if any(problem.is_error for problem in problems):
        raise AuthoringError([problem for problem in problems if problem.is_error])
    with open_store(read_settings()) as store:
        there = {state.feed.url for state in store.feeds()}
        new = [feed for feed in feeds if feed.url not in there]
        for feed in new:
            if not dry_run:
                store.add_feed(feed, now=SystemClock().now())
    verb = "would be added" if dry_run else "added"
    say(f"{len(new)} feeds {verb}, {len(feeds) - len(new)} were there already")


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.opml]", help="Default: standard output.")] = None,
) -> None:
    """Write the feeds as OPML that any reader understands.

    Example: [bold]alerts feeds export feeds.opml[/bold]
    """
    from alerts.feeds.opml import write_opml
    from alerts.settings import read_settings
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        text = write_opml([state.feed for state in store.feeds()], title="alerts")
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from None
    say(f"written to {file}")
