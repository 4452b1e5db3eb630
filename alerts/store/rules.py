"""Which rules an item is read by: their files as they were in force, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from alerts.store.connect import Keeper
from alerts.store.dialect import hold
from alerts.store.tables import rule_versions as t


class Rules(Keeper):
    """The rule files that were in force, so that the last good one survives a restart."""

    def activate(self, questions: Iterable[tuple[str, str, str]], *, now: datetime) -> dict[str, datetime]:
        """Put rules (question id, hash, text of the file) in force; return since when each hash is known.

        A hash is activated when it is first seen, and keeps that time when it comes back or only its text changed.
        """
        wanted = {id_: (hash_, text) for id_, hash_, text in questions}
        with self._database.write() as connection:
            hold(connection, "rules")
            known = {(row.question, row.hash): row for row in connection.execute(select(t))}
            for id_, (hash_, text) in wanted.items():
                row = known.get((id_, hash_))
                if row is None or not row.in_force or row.text != text:
                    _put_in_force(connection, id_, hash_, text=text, since=now if row is None else row.activated_at)
        return {
            id_: known[id_, hash_].activated_at if (id_, hash_) in known else now for id_, (hash_, _) in wanted.items()
        }

    def rule_text(self, question: str) -> str | None:
        """Return the file of a question as it was last in force, None when it never was."""
        with self._database.read() as connection:
            return connection.scalar(select(t.c.text).where(t.c.question == question, t.c.in_force))


def _put_in_force(connection: Connection, question: str, hash_: str, *, text: str, since: datetime) -> None:
    connection.execute(update(t).where(t.c.question == question, t.c.in_force).values(in_force=False))
    mine = update(t).where(t.c.question == question, t.c.hash == hash_).values(text=text, in_force=True)
    if not connection.execute(mine).rowcount:
        row = {"question": question, "hash": hash_, "text": text, "activated_at": since, "in_force": True}
        connection.execute(t.insert(), row)
