"""What a page looks at, often and in small reads: a writer waits for none of them for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from alerts.model.change import Alert, Change
from alerts.model.states import DeliveryState
from alerts.model.verdict import Evidence, VerdictKind
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper

PAGE = 200
"""Rows read at once."""

LOOKED_THROUGH = 20_000
"""So much evidence is looked through for what is rare: a page is no reason to read a million rows."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of evidence as a point in time: what it says, as a test line writes it."""

    at: datetime
    label: str


class Place(NamedTuple):
    """How far somebody has seen: the numbers of the last evidence and the last change."""

    evidence: int = 0
    change: int = 0


class Glances(Keeper):
    """The small reads."""

    def runs(self) -> dict[str, int]:
        """Return how often each question was judged: as long as the number stays, so does all that is known of it."""
        with self._database.read() as connection:
            return {row.question: row.runs for row in connection.execute(select(t.cases.c.question, t.cases.c.runs))}

    def marks(self, question: str, *, limit: int = PAGE) -> list[Mark]:
        """Return the latest evidence of a question as points in time, the newest first."""
        wanted = select(t.evidence.c.at, t.evidence.c.label).where(t.evidence.c.question == question)
        with self._database.read() as connection:
            found = connection.execute(wanted.order_by(t.evidence.c.id.desc()).limit(limit))
            return [Mark(row.at, row.label) for row in found]

    def alerts(self, question: str | None = None, *, limit: int = 50) -> list[Alert]:
        """Return what was told, each alert in its latest revision, the newest first; of one question if given."""
        found: dict[str, Alert] = {}
        before: int | None = None
        while len(found) < limit:
            listed, before = self._told(question, before)
            found |= {one.id: one for one in listed}
            if before is None:
                break
        return sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True)[:limit]

    def _told(self, question: str | None, before: int | None) -> tuple[list[Alert], int | None]:
        """Return the alerts of some changes older than the row ``before``, and the last of these rows, if it is one."""
        c = t.changes.c
        wanted = select(c.id, c.question, c.seq).order_by(c.id.desc()).limit(PAGE)
        if question is not None:
            wanted = wanted.where(c.question == question)
        if before is not None:
            wanted = wanted.where(c.id < before)
        with self._database.read() as connection:
            changes = connection.execute(wanted).all()
            ids = [f"{row.question}-{row.seq}" for row in changes]
            bodies = select(t.alerts.c.id, t.alerts.c.body).where(t.alerts.c.id.in_(ids))
            latest = {row.id: row.body for row in connection.execute(bodies.order_by(t.alerts.c.revision))}
        last = changes[-1].id if len(changes) == PAGE else None
        return [rows.alert(body, alert_id) for alert_id, body in latest.items()], last

    def owed(self) -> dict[DeliveryState, int]:
        """Return how many deliveries are in each state, without the states that none is in."""
        state = t.deliveries.c.state
        with self._database.read() as connection:
            found = connection.execute(select(state, func.count()).group_by(state).order_by(state)).all()
            return {DeliveryState(name): number for name, number in found}

    def newest(self) -> Place:
        """Return how far there is anything to see."""
        with self._database.read() as connection:
            evidence = connection.scalar(select(func.max(t.evidence.c.id)))
            return Place(evidence or 0, connection.scalar(select(func.max(t.changes.c.id))) or 0)

    def after(self, place: Place, *, limit: int = PAGE) -> list[tuple[Place, Evidence | Change]]:
        """Return what came after a place, evidence first, each with the place that is reached with it; at most so much.

        Whoever goes on from the last place misses nothing and sees nothing twice.
        """
        evidence = rows.EVIDENCE.where(t.evidence.c.id > place.evidence).order_by(t.evidence.c.id).limit(limit)
        changes = select(t.changes).where(t.changes.c.id > place.change).order_by(t.changes.c.id)
        found: list[tuple[Place, Evidence | Change]] = []
        with self._database.read() as connection:
            for row in connection.execute(evidence):
                place = Place(row.evidence_id, place.change)
                found.append((place, rows.evidence(row)))
            for row in connection.execute(changes.limit(max(0, limit - len(found)))):
                place = Place(place.evidence, row.id)
                found.append((place, rows.change(row)))
        return found

    def unclear(self, *, limit: int = PAGE) -> list[Evidence]:
        """Return the texts that name what a question is about and settle nothing, the newest first.

        Only the latest ``LOOKED_THROUGH`` pieces of evidence are looked through.
        """
        e = t.evidence.c
        with self._database.read() as connection:
            last = connection.scalar(select(func.max(e.id))) or 0
            wanted = rows.EVIDENCE.where(e.label == VerdictKind.UNCLEAR.value, e.id > last - LOOKED_THROUGH)
            return [rows.evidence(row) for row in connection.execute(wanted.order_by(e.id.desc()).limit(limit))]
