"""Acknowledge: somebody takes care of an alert, so nobody else is woken for it."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts.cli.options import By, who
from alerts.cli.show import say


def ack(
    ids: Annotated[list[str], typer.Argument(metavar="ALERT...", help="Ids as messages show them: call-outcome-4.")],
    note: Annotated[str | None, typer.Option("--note", help="What you do about it.")] = None,
    by: By = None,
) -> None:
    """Say that you take care of an alert: it is not escalated. What changes next is told as ever.

    Example: [bold]alerts ack call-outcome-4 --note "calling the press office"[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    now = SystemClock().now()
    with open_store(read_settings()) as store:
        for one in ids:
            done = store.acknowledge(one, by=who(by), at=now, note=note)
            say(f"{done.alert} acknowledged by {done.by}")
