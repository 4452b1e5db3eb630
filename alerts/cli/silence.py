"""Silences: what is not sent for a while, on whose word, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from alerts.cli.options import By, Json, who
from alerts.cli.show import emit, say, table, utc
from alerts.model.states import Loudness

LONGEST = timedelta(days=30)
"""A silence is for a while; what nobody ever wants is a matter of routes or rules."""

app = typer.Typer(no_args_is_help=True, help="Keep alerts from being sent for a while; see and end silences.")


@app.command("add")
def add(
    reason: Annotated[str, typer.Option("--reason", help="Why; whoever misses an alert reads it.")],
    span: Annotated[str, typer.Option("--for", metavar="SPAN", help="For how long: 90m, 8h, 7d; 30d at most.")] = "2h",
    question: Annotated[str | None, typer.Option("--question", help="Only of this rule; default: all.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Only to this channel or address; default: all.")] = None,
    up_to: Annotated[Loudness | None, typer.Option("--up-to", help="Only what is no louder; default: all.")] = None,
    by: By = None,
) -> None:
    """Silence alerts for a while. They are kept, marked as muted with your name and reason, and not sent later.

    Example: [bold]alerts silence add --question call-outcome --for 8h --reason "drill until the evening"[/bold]
    """
    from alerts.cli.show import duration
    from alerts.model.acts import DeskSilence
    from alerts.model.question import Severity
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    now = SystemClock().now()
    length = now - duration(span, now=now)
    if not timedelta() < length <= LONGEST:
        raise typer.BadParameter(f"'{span}' is no while; write 90m, 8h or 7d, at most {LONGEST.days}d")
    made = DeskSilence(
        by=who(by),
        reason=reason,
        at=now,
        until=now + length,
        question=question,
        address=to,
        up_to=None if up_to is None else Severity(up_to.value),
    )
    with open_store(read_settings()) as store:
        number = store.silence(made)
    say(f"silence {number} holds until {utc(made.until)}; end it with: alerts silence end {number}")


@app.command("list")
def show(
    past: Annotated[bool, typer.Option("--past", help="Those of the last 30 days as well.")] = False,
    json: Json = False,
) -> None:
    """Show the silences that hold.

    Example: [bold]alerts silence list[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    now = SystemClock().now()
    with open_store(read_settings()) as store:
        found = store.silences(since=now - LONGEST if past else now)
    found = [one for one in found if past or one.ended_at is None]
    if json:
        emit(found)
        return
    columns = ("id", "until", "of", "to", "up to", "by", "why")
    rows = [
        (
            one.id,
            one.ended_at or one.until,
            one.question or "all",
            one.address or "all",
            one.up_to or "all",
            one.by,
            one.reason,
        )
        for one in found
    ]
    table(columns, rows)
    if not found:
        say("Nothing is silenced.")


@app.command()
def end(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Ids as `silence list` shows them.")], by: By = None
) -> None:
    """End silences before their time; what comes from now on is sent again.

    Example: [bold]alerts silence end 3[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    now = SystemClock().now()
    with open_store(read_settings()) as store:
        for one in ids:
            store.end_silence(one, by=who(by), at=now)
            say(f"silence {one} is over")
