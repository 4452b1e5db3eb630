"""What came of an item over time: where questions stand, what was judged in which round, the desk's rulings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, delete, select, tuple_, update

from alerts.model.case import Case
from alerts.model.change import Change
from alerts.model.feed import Feed, FeedKind, Reliability
from alerts.model.item import Item
from alerts.model.ledger import JudgedRound, NewEvidence, NewItem
from alerts.model.verdict import Evidence
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import hold, insert_new
from alerts.store.feeds import unlisted
from alerts.store.packing import pack

PAGE = 500
"""Rows read at once; between two pages a writer gets its turn."""

DESK = Feed(
    id="desk", url="desk:", title="The desk", owner="desk", kind=FeedKind.OFFICIAL, reliability=Reliability.A, pace=None
)
"""Under whose name rulings are kept; it is never on the list of feeds, so nobody polls it."""

FROM_DESK = t.items.c.feed_id == DESK.id
ROUND = (t.evidence.c.applied, t.evidence.c.judged_at, t.evidence.c.at, t.evidence.c.id)
"""The order in which evidence was judged."""


class History(Keeper):
    """What was, and how it came about."""

    def cases(self) -> list[Case]:
        """Return where each question stands that was ever judged, by its id."""
        with self._database.read() as connection:
            return [rows.case(row) for row in connection.execute(select(t.cases).order_by(t.cases.c.question))]

    def changes_of(self, question: str) -> list[Change]:
        """Return all changes of a question, in the order of their numbers."""
        wanted = select(t.changes).where(t.changes.c.question == question).order_by(t.changes.c.seq)
        with self._database.read() as connection:
            return [rows.change(row) for row in connection.execute(wanted)]

    def rounds(self, question: str) -> Iterator[JudgedRound]:
        """Yield the evidence of a question as it was judged: round by round, in the order within the round."""
        judged = select(*ROUND).where(t.evidence.c.question == question, t.evidence.c.applied.is_not(None))
        with self._database.read() as connection:
            order = connection.execute(judged.order_by(*ROUND)).all()
        for _, listed in groupby(order, key=lambda row: row.applied):
            found = list(listed)
            texts = {one.id: one for one in self._evidence([row.id for row in found])}
            yield JudgedRound(
                evidence=tuple(texts[row.id] for row in found),
                judged={row.id: row.judged_at or row.at for row in found},
            )

    def _evidence(self, ids: Sequence[int]) -> Iterator[Evidence]:
        for start in range(0, len(ids), PAGE):
            wanted = rows.EVIDENCE.where(t.evidence.c.id.in_(ids[start : start + PAGE]))
            with self._database.read() as connection:
                yield from map(rows.evidence, connection.execute(wanted).all())

    def put_right(self, case: Case, changes: Sequence[Change], *, instead_of: Case) -> bool:
        """Replace the state and the changes of a question in one commit; nobody is told.

        False, with nothing written, when the question does not stand at ``instead_of`` any more.
        """
        with self._database.write() as connection:
            hold(connection, f"case {case.question}")
            kept = connection.scalar(select(t.cases.c.state).where(t.cases.c.question == case.question))
            if kept != pack(instead_of):
                return False
            state = {"state": pack(case), "seq": case.seq, "wake_at": case.wake_at}
            connection.execute(update(t.cases).where(t.cases.c.question == case.question).values(state))
            _replace_changes(connection, case.question, changes)
        return True

    def texts(self, *, since: datetime) -> Iterator[tuple[Item, bool]]:
        """Yield every text first seen since a time, in the order it was seen, edits included, the desk's not.

        With each goes whether its feed was known by then: the first body of a feed is no news.
        """
        order = (t.versions.c.seen_at, t.versions.c.item_id, t.versions.c.n)
        wanted = rows.TEXTS.add_columns(t.feeds.c.primed_at).where(~FROM_DESK).order_by(*order).limit(PAGE)
        after = wanted.where(t.versions.c.seen_at >= since)
        while True:
            with self._database.read() as connection:
                found = connection.execute(after).all()
            for row in found:
                yield rows.item(row), row.primed_at is None or row.primed_at < row.seen_at
            if len(found) < PAGE:
                return
            last = found[-1]
            place = tuple_(*order) > tuple_(last.seen_at, last.item_id, last.version)
            after = wanted.where(t.versions.c.seen_at >= last.seen_at, place)

    def rulings(self, question: str) -> list[Evidence]:
        """Return what the desk ruled on a question, the newest first."""
        wanted = rows.EVIDENCE.where(FROM_DESK, t.evidence.c.question == question).order_by(t.evidence.c.id.desc())
        with self._database.read() as connection:
            return [rows.evidence(row) for row in connection.execute(wanted)]

    def record_ruling(self, new: NewItem, ruling: NewEvidence, *, at: datetime) -> None:
        """Keep a ruling of the desk, or that one is taken back, in one commit; it is judged like any evidence."""
        with self._database.write() as connection:
            insert_new(connection, t.feeds, [unlisted(DESK, at)])
            if new.item.version == 1:
                insert_new(connection, t.items, [rows.item_row(DESK.id, new, at)])
            else:
                edited = update(t.items).where(t.items.c.id == new.item.id)
                connection.execute(edited.values(version=new.item.version))
            insert_new(connection, t.versions, [rows.version_row(new, at)])
            insert_new(connection, t.evidence, [rows.evidence_row(ruling, at)])


def _replace_changes(connection: Connection, question: str, changes: Sequence[Change]) -> None:
    """Write the changes over those of the same numbers; alerts stay with theirs, what is too many goes."""
    mine = t.changes.c.question == question
    known = {row.seq: row.id for row in connection.execute(select(t.changes.c.seq, t.changes.c.id).where(mine))}
    for change in changes:
        row = rows.change_row(change)
        if change.seq in known:
            connection.execute(update(t.changes).where(t.changes.c.id == known.pop(change.seq)).values(row))
        else:
            connection.execute(t.changes.insert(), row)
    gone = list(known.values())
    connection.execute(update(t.alerts).where(t.alerts.c.change_id.in_(gone)).values(change_id=None))
    connection.execute(delete(t.changes).where(t.changes.c.id.in_(gone)))
