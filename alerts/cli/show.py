"""What is shown: data on standard output, talk on standard error, tables for people, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from alerts.model.jsonable import jsonable

if TYPE_CHECKING:
    from rich.console import Console


def out() -> Console:
    """Return the console for data; colour only on a terminal, and not where NO_COLOR is set."""
    from rich.console import Console

    return Console(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), highlight=False)


def talk() -> Console:
    """Return the console for talk and progress (standard error)."""
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False)


def say(text: str) -> None:
    """Say one line of talk, without markup."""
    talk().print(text, markup=False)


def emit(value: Any) -> None:
    """Print one JSON document on a line of its own."""
    sys.stdout.write(json.dumps(jsonable(value), ensure_ascii=False) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table; cells are plain text whatever stands in them."""
    from rich.table import Table
    from rich.text import Text

    shown = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for row in rows:
        shown.add_row(*(cell if isinstance(cell, Text) else Text(_cell(cell)) for cell in row))
    out().print(shown)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return utc(value) if isinstance(value, datetime) else str(value)


def utc(moment: datetime) -> str:
    """Write a time the way the whole command line does: UTC, to the second."""
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def since(moment: datetime | None, now: datetime) -> str:
    """Write how long ago something was: ``42 s ago``, ``3 min ago``, ``5 h ago``, ``2 d ago``; *never* for None."""
    return "never" if moment is None else f"{span((now - moment).total_seconds())} ago"


def span(seconds: float) -> str:
    """Write a span of seconds in its largest fitting unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def duration(text: str, *, now: datetime) -> datetime:
    """Read ``90m``, ``24h``, ``7d`` before ``now``, or an ISO 8601 time; ``typer.BadParameter`` for anything else."""
    import typer

    counted = re.fullmatch(r"(\d{1,6})\s*(s|m|h|d|w)", text.strip())
    if counted:
        unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[counted[2]]
        return now - timedelta(**{unit: int(counted[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is neither a span such as 24h nor a time such as 2025-03-18T13:00Z"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
