"""Deliveries: what was told to whom, and what could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Json
from alerts.cli.show import emit, say, table, utc
from alerts.model.states import DeliveryState

if TYPE_CHECKING:
    from alerts.model.delivery import Delivery

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
    columns = ("id", "state", "loud", "alert", "to", "tries", "made", "sent", "what came back")
    table(
        columns,
        [
            (
                one.id,
                _state(one),
                one.severity,
                one.alert.id,
                one.address,
                one.attempts,
                one.created_at,
                one.sent_at,
                one.error,
            )
            for one in found
        ],
    )
    if not found:
        say("No delivery fits.")


def _state(one: Delivery) -> str:
    """Return the state, and what is particular about it."""
    if one.hold is not None and one.sent_at is None:
        return f"{one.state}, held ({one.hold}) until {utc(one.next_at)}"
    if one.escalates and one.state is DeliveryState.PENDING:
        return f"{one.state}, if nobody acknowledges by {utc(one.next_at)}"
    return f"{one.state} with {one.lead}" if one.lead is not None else str(one.state)


@app.command("show")
def show_one(
    delivery_id: Annotated[int, typer.Argument(metavar="ID", help="An id as `deliveries list` shows it.")],
    json: Json = False,
) -> None:
    """Show one delivery: its alert, and every send that was begun with what came back.

    Example: [bold]alerts deliveries show 17[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        one, attempts = store.delivery(delivery_id), store.attempts(delivery_id)
    if json:
        emit({"delivery": one, "attempts": attempts})
        return
    about = [
        ("alert", one.alert.id), ("says", one.alert.says), ("to", one.address), ("state", _state(one)),
        ("may repeat", "yes" if one.may_repeat else "no"), ("message", one.message_ref), ("sent", one.sent_at),
    ]  # fmt: skip
    table(("", ""), about)
    table(("try", "began", "ended", "how", "why"), [(a.n, a.began_at, a.ended_at, a.ended, a.why) for a in attempts])


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
