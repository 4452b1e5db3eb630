"""What people do about alerts rests here: acknowledgements, silences, and the word that one was wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from alerts.model.acts import Acknowledgement, Complaint, DeskSilence
from alerts.model.change import Alert
from alerts.model.errors import NotFoundError
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper


class Acts(Keeper):
    """Who took care of what, and what is silenced on whose word."""

    def alert(self, alert_id: str) -> Alert:
        """Return an alert in its latest revision; NotFoundError when there is none."""
        latest = select(t.alerts.c.body).where(t.alerts.c.id == alert_id).order_by(t.alerts.c.revision.desc()).limit(1)
        with self._database.read() as connection:
            body = connection.scalar(latest)
        if body is None:
            raise NotFoundError(f"no alert '{alert_id}'; list them: alerts deliveries list")
        return rows.alert(body, alert_id)

    def acknowledge(self, alert_id: str, *, by: str, at: datetime, note: str | None = None) -> Acknowledgement:
        """Keep that somebody takes care of an alert; NotFoundError when there is none."""
        alert = self.alert(alert_id)
        row = {"alert_id": alert.id, "thread": alert.thread, "author": by, "note": note, "at": at}
        with self._database.write() as connection:
            connection.execute(t.acks.insert(), row)
        return Acknowledgement(alert=alert.id, thread=alert.thread, by=by, at=at, note=note)

    def acknowledgements(self, *, limit: int = 50) -> list[Acknowledgement]:
        """Return acknowledgements, the newest first."""
        wanted = select(t.acks).order_by(t.acks.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [rows.acknowledgement(row) for row in connection.execute(wanted)]

    def silence(self, made: DeskSilence) -> int:
        """Keep a silence; return its id."""
        with self._database.write() as connection:
            insert = t.silences.insert().returning(t.silences.c.id)
            return int(connection.execute(insert, rows.silence_row(made)).scalar_one())

    def silences(self, *, since: datetime) -> list[DeskSilence]:
        """Return the silences that held at ``since`` or later, the longest first; ended ones among them."""
        wanted = (
            select(t.silences)
            .where(t.silences.c.until > since)
            .order_by(t.silences.c.until.desc(), t.silences.c.id.desc())
        )
        with self._database.read() as connection:
            return [rows.silence(row) for row in connection.execute(wanted)]

    def end_silence(self, silence_id: int, *, by: str, at: datetime) -> None:
        """End a silence before its time; NotFoundError when there is none of that id that still holds."""
        one = update(t.silences).where(t.silences.c.id == silence_id, t.silences.c.ended_at.is_(None))
        with self._database.write() as connection:
            if not connection.execute(one.where(t.silences.c.until > at).values(ended_at=at, ended_by=by)).rowcount:
                raise NotFoundError(f"no silence {silence_id} holds; list them: alerts silence list")

    def complain(self, made: Complaint) -> None:
        """Keep a reader's word that an alert was wrong."""
        row = {
            "alert_id": made.alert,
            "question": made.question,
            "item": made.item,
            "label": made.label.value,
            "author": made.by,
            "line": made.line,
            "note": made.note,
            "at": made.at,
        }
        with self._database.write() as connection:
            connection.execute(t.labels.insert(), row)

    def complaints(self, question: str | None = None, *, limit: int = 100) -> list[Complaint]:
        """Return what readers called wrong, the newest first; of one question if given."""
        wanted = select(t.labels).order_by(t.labels.c.at.desc(), t.labels.c.id.desc()).limit(limit)
        if question is not None:
            wanted = wanted.where(t.labels.c.question == question)
        with self._database.read() as connection:
            return [rows.complaint(row) for row in connection.execute(wanted)]
