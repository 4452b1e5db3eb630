"""Deliveries: what was told to whom, and what could not be."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts.cli.options import Json
from alerts.cli.show import emit, say, table, utc
from alerts.model.states import DeliveryState

app = typer.Typer(no_args_is_help=True, help="See what was told to whom; send again.")


@app.command("list")
def show(
    state: Annotated[DeliveryState | None, typer.Option("--state", help="Only in this state.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 50,
    json: Json = False,
) -> None:
    """Show deliveries, newest first; addresses are names, never secrets.

    Example: [bold]alerts deliveries list --state dead[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        found = store.deliveries(state, limit=limit)
    if json:
        emit(found)
        return
    columns = ("id", "state", "alert", "to", "tries", "made", "what came back")
    table(
        columns,
        [(one.id, one.state, one.alert.id, one.address, one.attempts, utc(one.created_at), one.error) for one in found],
    )
    if not found:
        say("No delivery fits.")


@app.command()
def resend(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Ids as `deliveries list` shows them.")],
) -> None:
    """Send deliveries again; each says that it may be a repeat.

    The running daemon, or the next alerts run, sends them.

    Example: [bold]alerts deliveries resend 17 18[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    now = SystemClock().now()
    with open_store(read_settings()) as store:
        for one in ids:
            store.resend(one, now=now)
            say(f"delivery {one} is pending again")
