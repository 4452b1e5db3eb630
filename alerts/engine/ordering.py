"""The lines of a file are put in the order of time, however long the file is: only their places are remembered."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from alerts.engine.rehearse import Sources, read_numbered
from alerts.engine.timing import time_of


def in_order(lines: Iterable[bytes], sources: Sources) -> Iterator[tuple[int, bytes]]:
    """Yield the lines by their time, with the numbers they have in the file; equal times stay as they stand.

    A line without a time, or that cannot be read, stays behind the line before it. The lines are kept in a temporary
    file meanwhile; a few bytes a line stay in memory.
    """
    with TemporaryFile() as kept:
        times, places = _measured(lines, sources, kept)
        for number in sorted(range(len(times)), key=times.__getitem__):
            kept.seek(places[number])
            yield number + 1, kept.readline()


def _measured(lines: Iterable[bytes], sources: Sources, kept: BinaryIO) -> tuple[array[float], array[int]]:
    times, places = array("d"), array("q")
    at = float("-inf")
    place = 0
    for line in lines:
        at = _seconds(line, sources, at)
        times.append(at)
        places.append(place)
        place += kept.write(line)
    kept.flush()
    return times, places


def _seconds(line: bytes, sources: Sources, before: float) -> float:
    for _, item in read_numbered([(1, line)], sources):
        moment: datetime | None = None if isinstance(item, str) else time_of(item)
        return before if moment is None else moment.timestamp()
    return before
