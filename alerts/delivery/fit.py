"""Fit: of the lines a message could have, as many as its service takes, the least important left out first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.model.delivery import Line


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a body. ``rank`` 0 stays; where room is short the highest goes first, the last of equals.

    ``is_entry`` marks a line of a list, whose missing entries are counted.
    """

    rank: int
    line: Line
    is_entry: bool = False


def fitted(
    lines: Sequence[Ranked], listed: int, more: Callable[[int], Line], size: Callable[[Sequence[Line]], int], room: int
) -> tuple[Line, ...] | None:
    """Return as many lines as fit the room, None where not even those that must stay do.

    ``listed`` is how many entries the list has in all; ``more`` says how many of them are not shown.
    """
    kept = list(lines)
    while size(body := _with_count(kept, listed, more)) > room:
        last = max(range(len(kept)), key=lambda n: (kept[n].rank, n), default=None)
        if last is None or kept[last].rank == 0:
            return None
        del kept[last]
    return tuple(body)


def _with_count(lines: Sequence[Ranked], listed: int, more: Callable[[int], Line]) -> list[Line]:
    body = [one.line for one in lines]
    entries = [n for n, one in enumerate(lines) if one.is_entry]
    left = listed - len(entries)
    if entries and left:
        body.insert(entries[-1] + 1, more(left))
    return body
