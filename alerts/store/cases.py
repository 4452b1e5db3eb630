"""Evidence of an item moves a case: what was judged, what it changed and who is owed the alert, in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from alerts.model.case import Case, Outcome
from alerts.model.change import Alert
from alerts.model.ledger import Applied
from alerts.model.verdict import Evidence
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import hold, insert_new
from alerts.store.packing import pack

PAGE = 500
"""Ids asked for at once; databases take some thousand parameters."""

WAITING = t.evidence.c.applied.is_(None)


class Cases(Keeper):
    """The cases, and the evidence that moves them."""

    def pending_questions(self, now: datetime) -> list[str]:
        """Return the questions with evidence not judged yet, or whose case wants a tick by now."""
        waiting = select(t.evidence.c.question).where(WAITING).distinct()
        awake = select(t.cases.c.question).where(t.cases.c.wake_at <= now)
        with self._database.read() as connection:
            return sorted({*connection.scalars(waiting), *connection.scalars(awake)})

    def apply(self, question: str, judge: Callable[[Case, list[Evidence]], Applied], *, limit: int = 1000) -> Applied:
        """Judge a question in one commit, and return what was decided.

        ``judge`` gets the case (a fresh one the first time) and the oldest evidence not judged yet, at most
        ``limit``, none for a tick; nobody else moves the case meanwhile. It may read the store, but not write.
        When it raises, nothing is kept. StoreError when it tells a change or an alert twice.
        """
        with self._database.write() as connection:
            hold(connection, f"case {question}")
            row = connection.execute(select(t.cases).where(t.cases.c.question == question)).one_or_none()
            case, runs = (Case(question=question), 0) if row is None else (rows.case(row), row.runs)
            found = _waiting(connection, question, limit)
            applied = judge(case, found)
            if found or applied.outcome != Outcome(case=case):
                _keep_case(connection, applied.outcome.case, run=runs + 1, judged=found)
                _take(connection, found, applied.outcome, run=runs + 1)
                _tell(connection, applied)
        return applied

    def case_for(self, question: str) -> Case:
        """Return where a question stands; a fresh case when nothing was judged yet."""
        with self._database.read() as connection:
            row = connection.execute(select(t.cases).where(t.cases.c.question == question)).one_or_none()
        return Case(question=question) if row is None else rows.case(row)

    def evidence(self, ids: Sequence[int]) -> list[Evidence]:
        """Return evidence by id, in the order it was seen; ids that do not exist are left out."""
        found: list[Evidence] = []
        with self._database.read() as connection:
            for start in range(0, len(ids), PAGE):
                wanted = rows.EVIDENCE.where(t.evidence.c.id.in_(ids[start : start + PAGE]))
                found += map(rows.evidence, connection.execute(wanted))
        return sorted(found, key=lambda one: (one.at, one.id))

    def evidence_of(self, question: str, *, limit: int = 100) -> list[Evidence]:
        """Return the evidence of a question, judged or not, the newest first."""
        wanted = rows.EVIDENCE.where(t.evidence.c.question == question).order_by(t.evidence.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [rows.evidence(row) for row in connection.execute(wanted)]


def _waiting(connection: Connection, question: str, limit: int) -> list[Evidence]:
    wanted = rows.EVIDENCE.where(t.evidence.c.question == question, WAITING)
    oldest = wanted.order_by(t.evidence.c.at, t.evidence.c.id).limit(limit)
    return [rows.evidence(row) for row in connection.execute(oldest)]


def _keep_case(connection: Connection, case: Case, *, run: int, judged: Sequence[Evidence]) -> None:
    state = {"state": pack(case), "seq": case.seq, "runs": run, "wake_at": case.wake_at}
    if judged:
        state["rule_hash"] = judged[-1].rule_hash
    if run == 1:
        connection.execute(t.cases.insert(), {"question": case.question, **state})
    else:
        connection.execute(update(t.cases).where(t.cases.c.question == case.question).values(state))


TAKEN = (
    update(t.evidence)
    .where(t.evidence.c.id == bindparam("taken"))
    .values(applied=bindparam("run"), judged_at=bindparam("took_effect"))
)


def _take(connection: Connection, judged: Sequence[Evidence], outcome: Outcome, *, run: int) -> None:
    taken = [{"taken": one.id, "run": run, "took_effect": outcome.judged.get(one.id, one.at)} for one in judged]
    if taken:
        connection.execute(TAKEN, taken)


def _tell(connection: Connection, applied: Applied) -> None:
    """Write the changes, the alerts, and who is owed them."""
    written: dict[tuple[str | None, str], int] = {}
    for change in applied.outcome.changes:
        made = t.changes.insert().returning(t.changes.c.id)
        written[change.to_answer, change.reason] = connection.execute(made, rows.change_row(change)).scalar_one()
    alerts = {alert.id: alert for alert in applied.outcome.alerts}
    if alerts:
        connection.execute(t.alerts.insert(), [_alert_row(one, written) for one in alerts.values()])
    owed = [rows.delivery_row(alerts[one.alert_id], one) for one in applied.deliveries]
    insert_new(connection, t.deliveries, owed)


def _alert_row(alert: Alert, written: dict[tuple[str | None, str], int]) -> rows.Values:
    """Return the row of an alert; it tells the change of the same outcome with its answer and reason."""
    told = written.get((alert.answer, alert.reason))
    return {
        "id": alert.id,
        "revision": alert.revision,
        "change_id": told,
        "question": alert.question,
        "body": pack(alert),
    }
