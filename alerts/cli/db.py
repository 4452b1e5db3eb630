"""The database: look whether it is sound, copy it away, bring it up to date, move it, prune it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from alerts.cli.options import Json
from alerts.cli.show import emit, say, table

app = typer.Typer(no_args_is_help=True, help="Check, back up, upgrade, move and prune the database.")


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A copy to check instead of the database.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Do not compare indexes with tables.")] = False,
    json: Json = False,
) -> None:
    """Read the whole database, or a copy of it, and say whether it is sound; nothing is changed.

    Exit 0: sound and of this release, or older; 1: not.

    Example: [bold]alerts db check backups/alerts-20250318-120000.db[/bold]
    """
    from alerts.model.upkeep import Fit
    from alerts.settings import read_settings
    from alerts.wiring.databases import advice, check

    found = check(read_settings(), whole=not quick, file=file)
    if json:
        emit(found)
    else:
        say(advice(found))
    raise typer.Exit(0 if found.fit in {Fit.READY, Fit.OLDER, Fit.EMPTY} else 1)


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; default: a dated file in <home>/backups.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Then keep only so many dated copies there.")
    ] = None,
    json: Json = False,
) -> None:
    """Copy the database while the daemon runs; the copy is read from end to end before it counts.

    A PostgreSQL database is copied into a SQLite file too, as it is at one moment.

    Example: [bold]alerts db backup --keep 14[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.databases import back_up

    done = back_up(read_settings(), now=SystemClock().now(), file=file, keep=keep)
    if json:
        emit(
            {
                "path": str(done.path),
                "size": done.size,
                "schema": done.schema,
                "removed": [str(p) for p in done.removed],
            }
        )
        return
    say(f"{done.path}: {done.size / 1e6:.1f} MB, schema {done.schema}, read from end to end and sound")
    for path in done.removed:
        say(f"removed {path}")


@app.command()
def upgrade(json: Json = False) -> None:
    """Bring the database to the schema of this release; a SQLite file is copied first.

    The daemon does the same when it starts. Stop the workers of a PostgreSQL database before.

    Example: [bold]alerts db upgrade[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.databases import upgrade

    done = upgrade(read_settings())
    if json:
        emit({"before": done.before, "after": done.after, "copy": str(done.copy) if done.copy else None})
    elif done.before == done.after:
        say(f"schema {done.after}: nothing to do")
    else:
        say(
            f"schema {done.before or 'none'} → {done.after}"
            + (f"; the copy of before: {done.copy}" if done.copy else "")
        )


@app.command()
def copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="SQLAlchemy URL of an empty database.")],
    json: Json = False,
) -> None:
    """Move house: copy every row into another, empty database, and compare counts and checksums.

    The daemon must be stopped. Nothing is copied by halves. A password belongs into ~/.pgpass or PGPASSWORD, not here.

    Example: [bold]alerts db copy --to postgresql+psycopg://alerts@localhost/alerts[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.databases import copy_to

    copied = copy_to(read_settings(), to)
    if json:
        emit(copied)
        return
    table(("table", "rows", "checksum, both sides"), [(one.table, one.rows, one.checksum) for one in copied])
    say("Copied and compared. Next: put the new URL into ALERTS_DATABASE_URL, then: alerts doctor && alerts run")


@app.command()
def prune(
    keep: Annotated[int, typer.Option("--keep-days", min=30, help="Younger items keep every word.")] = 365,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Let go of the summaries of old items that no question ever looked at.

    Headlines stay, and everything a question looked at: a standing answer can always be explained.
    The daemon does it daily where ALERTS_KEEP_DAYS is set. The file does not shrink; its room is used again.

    Example: [bold]alerts db prune --keep-days 365 --dry-run[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.databases import prune

    done = prune(read_settings(), now=SystemClock().now(), keep=timedelta(days=keep), dry_run=dry_run)
    if json:
        emit(done)
        return
    verb = "would go" if dry_run else "are gone"
    say(f"{done.summaries} summaries and {done.versions} superseded versions from before {done.until:%Y-%m-%d} {verb}")
