"""The doctor: what is wrong on this machine, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts.cli.options import Json
from alerts.cli.show import emit, out, say

SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Leave out what needs the network.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send a message marked as a test to every address.")] = False,
    json: Json = False,
) -> None:
    """Try everything an alert needs on its way; say what is wrong and how to mend it. Nothing is changed.

    Settings, folders, database, leftovers, rules, channels, feeds, clock, disk, port.
    Exit 0: nothing keeps alerts from arriving; 1: something does.

    Example: [bold]alerts doctor --send[/bold]
    """
    from alerts.engine.diagnosis import Grade
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.doctor import examine

    if offline and send:
        raise typer.BadParameter("--send needs the network; leave one of the two out")
    found = []
    for one in examine(offline=offline, send=send):
        found.append(one)
        if not json:
            sign, colour = SIGNS[one.grade]
            out().print(
                f"{sign} {one.check:<10} {one.text}", style=None if one.grade is Grade.OK else colour, markup=False
            )
            if one.fix:
                out().print(f"  {'':<10} → {one.fix}", markup=False)
    failed, doubtful = (sum(one.grade is grade for one in found) for grade in (Grade.FAIL, Grade.WARN))
    if json:
        emit({"at": SystemClock().now(), "ok": not failed, "failures": failed, "warnings": doubtful, "findings": found})
    else:
        say(f"{len(found)} looked at: {failed} to mend, {doubtful} to watch.")
    raise typer.Exit(1 if failed else 0)
