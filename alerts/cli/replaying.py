"""Play what was judged: a file of items on its own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Rules, Seeds
from alerts.cli.show import emit, say, talk, utc

if TYPE_CHECKING:
    from collections.abc import Callable

SILENT_FOR = timedelta(seconds=1)
"""A command that takes longer says how far it is, and again after as long."""


def replay(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="Items, one JSON object a line; - is standard input.")
    ],
    sort: Annotated[bool, typer.Option("--sort", help="Put the items in the order of their times first.")] = False,
    rules: Rules = None,
    seeds: Seeds = None,
) -> None:
    """Judge the items of a file as if each came in at its own time: one JSON line a change.

    Items come in the order of the file, and the clock is the highest time so far: 'seen', else 'published'.
    Expected windows end at their own moments. Nothing is stored and nobody is told. A bad line is one
    message on standard error, the rest goes on, and the exit code is 1.

    Example: [bold]alerts replay items.jsonl | jq -c 'select(.told) | \\[.at, .question, .to, .reason]'[/bold]
    """
    from alerts.cli.authoring import open_lines
    from alerts.engine.ordering import in_order
    from alerts.engine.rehearse import read_numbered
    from alerts.engine.replay import BadLine, replayed
    from alerts.wiring.authored import in_force_of, make_assessor, read_authored, read_sources

    authored = read_authored(rules, seeds)
    for problem in authored.errors:
        say(str(problem))
    in_force = in_force_of(authored, make_assessor(authored), seeds)
    sources, bad = read_sources(seeds), 0
    with open_lines(file) as lines, progress() as seen:
        numbered = in_order(lines, sources) if sort else enumerate(lines, start=1)
        for one in replayed(read_numbered(numbered, sources), in_force, seen=seen):
            if isinstance(one, BadLine):
                bad += 1
                say(f"{file}:{one.number}: {one.problem}")
            else:
                emit(one)
    raise typer.Exit(1 if bad or authored.errors else 0)


@contextmanager
def progress() -> Iterator[Callable[[int, datetime], None]]:
    """Show how many items went by and where the clock stands, where it takes longer than a second."""
    from alerts.wiring.clock import SystemClock

    console, clock, count = talk(), SystemClock(), 0
    said = clock.steady()

    def seen(_number: int, at: datetime) -> None:
        nonlocal count, said
        count += 1
        if count % 256 == 0 and clock.steady() - said >= SILENT_FOR:
            said = clock.steady()
            console.print(f"  {count:,} items, {utc(at)}", end="\r" if console.is_terminal else "\n", markup=False)

    yield seen
