"""read a line | tell the time | read claims | judge | print a change

A file of items is judged as if each came in at its own time, however many there are: nothing is kept but the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from alerts.engine.evidence import evidence_of
from alerts.engine.inforce import InForce
from alerts.engine.playback import Happened, Playback
from alerts.engine.timing import Line, timed
from alerts.engine.versions import SPOKEN, Recent, Versions
from alerts.model.item import Item
from alerts.model.ledger import NewEvidence
from alerts.model.verdict import Evidence

AT_ONCE = 1000
"""So many pieces of evidence of one moment are judged together."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no item, and why."""

    number: int
    problem: str


class Replay:
    """Judges items as they come, each at the moment it is given; a text that is known again is a version, or nothing.

    The same item in other words goes by the rules for edits. Evidence of one moment is judged when the moment is over:
    ``close`` at the end of the file.
    """

    def __init__(self, in_force: InForce) -> None:
        self.playback = Playback(in_force)
        self._in_force = in_force
        self._versions = Versions()
        self._numbers = count(1)
        self._written: Recent[str] = Recent(SPOKEN)
        self._at: datetime | None = None
        self._moment: list[Evidence] = []

    def take(self, item: Item, at: datetime, *, primed: bool = True) -> Iterator[Happened]:
        """Judge one item; yield what happened before its moment.

        ``primed`` is False for the first body of a feed, which only fills the state.
        """
        if self._at is None or at > self._at or len(self._moment) >= AT_ONCE:
            yield from self.until(at)
        self._moment += self._evidence(item, at, primed=primed)

    def until(self, at: datetime) -> Iterator[Happened]:
        """Let the time go by."""
        yield from self.close()
        self._at = at
        yield from self.playback.until(at)

    def close(self) -> Iterator[Happened]:
        """Judge what has come in so far."""
        moment, self._moment = self._moment, []
        if moment:
            yield from self.playback.take(moment, moment[0].at)

    def _evidence(self, item: Item, at: datetime, *, primed: bool) -> Iterator[Evidence]:
        known = self._versions.take(replace(item, seen=at), at)
        if known is None:
            return
        text, before = known
        found = evidence_of(self._in_force, text, before=before, primed=primed)
        if found:
            self._versions.spoke(text, item, at, {one.verdict.question for one in found})
        for one in found:
            number = next(self._numbers)
            if text.id != item.id:
                self._written[number] = item.id
            yield _seen(one, text, number=number, at=at)

    def id_of(self, one: Evidence) -> str:
        """Return the id that a text has in the file: under a new address, an article has another than it began with."""
        return self._written.get(one.id) or one.item.id


def _seen(one: NewEvidence, item: Item, *, number: int, at: datetime) -> Evidence:
    return Evidence(
        id=number,
        item=item,
        verdict=one.verdict,
        rule_hash=one.rule_hash,
        copy_key=one.copy_key,
        at=at,
        silence=one.silence,
        origin=one.origin,
        sketch=one.sketch,
    )


def replayed(
    lines: Iterable[Line], in_force: InForce, *, seen: Callable[[int, datetime], None] = lambda _number, _at: None
) -> Iterator[dict[str, Any] | BadLine]:
    """Yield a line for each change that the items of a file bring, in the order of time, and each line that is none.

    ``seen`` is called for every line with its number and the clock.
    """
    replay = Replay(in_force)
    for number, at, item in timed(lines):
        seen(number, at)
        if isinstance(item, str):
            yield BadLine(number, item)
        else:
            yield from (change_line(one, replay) for one in replay.take(item, at))
    yield from (change_line(one, replay) for one in replay.close())


def change_line(happened: Happened, replay: Replay) -> dict[str, Any]:
    """Return the line that ``alerts replay`` prints for a change."""
    change = happened.change
    return {
        "id": f"{change.question}-{change.seq}",
        "at": change.at,
        "question": change.question,
        "occasion": change.occasion,
        "from": change.from_answer,
        "to": change.to_answer,
        "standing": change.standing,
        "reason": change.reason,
        "severity": happened.severity,
        "told": change.told,
        "evidence": [replay.id_of(one) for one in happened.texts],
        "independent_sources": happened.independent_sources,
    }
