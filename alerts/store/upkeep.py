"""What is kept of items over the years is watched and pruned: what is owed too long, and which words may go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, case, delete, exists, func, or_, select, tuple_, update

from alerts.model.delivery import DeliveryState
from alerts.model.upkeep import Audit, Forgotten
from alerts.store import tables as t
from alerts.store.cases import WAITING
from alerts.store.connect import Keeper
from alerts.store.feeds import ACTIVE
from alerts.store.tables import OPEN_STATES, spelt
from alerts.store.times import as_utc

LATE = timedelta(minutes=1)
"""A feed whose turn passed this long ago is late."""

LATELY = timedelta(days=1)
"""So long a message that was given up is news; then everybody who watches has been told."""

PAGE = 1000
"""Items pruned in one commit; between two the daemon gets its turn."""

FORGOTTEN_UNTIL = "forgotten until"
"""Name under which is remembered how far retention has come, so that no run looks at the same items again."""


class Upkeep(Keeper):
    """What an operator wants to know, and to let go."""

    def audit(self, now: datetime, steady: datetime, *, questions: Collection[str] | None = None) -> Audit:
        """Return what is owed, judged or polled too late, at one moment.

        ``questions`` are those in force: what a rule that is gone left unjudged is nobody's fault; None = all.
        """
        d, feeds = t.deliveries.c, t.feeds.c
        waiting = WAITING if questions is None else WAITING & t.evidence.c.question.in_(questions)
        late = ACTIVE & (feeds.next_at < now - LATE) & or_(feeds.lease_until.is_(None), feeds.lease_until <= steady)
        dead = d.state == DeliveryState.DEAD.value
        lapsed = (d.state == DeliveryState.SENDING.value) & (d.lease_until <= steady)
        # What was never tried is owed since its turn came; what was tried, since it was made.
        since = case((d.attempts == 0, d.next_at), else_=d.created_at)
        first = select(t.items.c.seen_at).order_by(t.items.c.seen_at, t.items.c.id).limit(1)
        with self._database.read() as connection:
            waits, waiting_since = _oldest(connection, t.evidence.c.at, waiting)
            owed, owed_since = _oldest(connection, since, _owed(now))
            late_feeds, late_since = _oldest(connection, feeds.next_at, late)
            return Audit(
                at=now,
                waiting=waits,
                waiting_since=waiting_since,
                owed=owed,
                owed_since=owed_since,
                dead=_oldest(connection, d.created_at, dead)[0],
                dead_lately=_oldest(connection, d.created_at, dead & (d.created_at >= now - LATELY))[0],
                lapsed=_oldest(connection, d.created_at, lapsed)[0],
                late_feeds=late_feeds,
                late_since=late_since,
                first_item_at=connection.scalar(first),
            )

    def forget(self, before: datetime, *, dry_run: bool = False) -> Forgotten:
        """Take the summaries and the superseded versions of items first seen ``before``; return what went.

        What any question has looked at keeps every word: all evidence, judged or not, all changes, alerts and
        receipts stay, so a standing answer can always be explained. Headline, key and hash of every item stay too,
        because a feed may still list an old item, and it must not be taken for a new one. Many short commits; a run
        that is killed goes on where it was.
        """
        before = as_utc(before)
        last = self._forgotten_until()
        summaries = versions = 0
        at: tuple[datetime, str] | None = None
        while True:
            page, page_summaries, page_versions = self._forget_page(last, before, after=at, dry_run=dry_run)
            summaries, versions = summaries + page_summaries, versions + page_versions
            if page is None:
                break
            at = page
        if not dry_run:
            self._reached(before)
        return Forgotten(summaries=summaries, versions=versions, until=before)

    def _forget_page(
        self, last: datetime | None, before: datetime, *, after: tuple[datetime, str] | None, dry_run: bool
    ) -> tuple[tuple[datetime, str] | None, int, int]:
        with self._database.read() as connection:
            rows = connection.execute(_seen(last, before, after)).all()
            ids = [row.id for row in rows]
            old, long = (connection.execute(one).all() for one in (_superseded(ids), _summaries(ids)))
        if ids and not dry_run and (old or long):
            self._take(ids)
        end = (rows[-1].seen_at, rows[-1].id) if len(rows) == PAGE else None
        return end, len(long), len(old)

    def _take(self, ids: list[str]) -> None:
        v = t.versions
        with self._database.write() as connection:
            old = [tuple(row) for row in connection.execute(_superseded(ids))]
            if old:
                connection.execute(delete(v).where(tuple_(v.c.item_id, v.c.n).in_(old)))
            mine = v.c.item_id.in_(ids) & v.c.summary.is_not(None)
            connection.execute(update(v).where(mine, _unread()).values(summary=None))

    def _forgotten_until(self) -> datetime | None:
        with self._database.read() as connection:
            kept = connection.scalar(select(t.meta.c.value).where(t.meta.c.key == FORGOTTEN_UNTIL))
        return None if kept is None else datetime.fromisoformat(kept)

    def _reached(self, until: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(delete(t.meta).where(t.meta.c.key == FORGOTTEN_UNTIL))
            connection.execute(t.meta.insert(), {"key": FORGOTTEN_UNTIL, "value": until.isoformat()})


def _oldest(
    connection: Connection, time: ColumnElement[datetime], *where: ColumnElement[bool]
) -> tuple[int, datetime | None]:
    """Return how many rows fit, and the time of the oldest."""
    found = connection.execute(select(func.count(), func.min(time)).where(*where)).one()
    return found[0], found[1]


def _owed(now: datetime) -> ColumnElement[bool]:
    """Its time has come, and it has no receipt: not what is held for its reader's sake, nor what escalates later."""
    d = t.deliveries.c
    held = d.hold.is_not(None) & (d.next_at > now)
    escalates_later = d.escalates & (d.attempts == 0) & (d.next_at > now)
    return d.state.in_([spelt(state) for state in OPEN_STATES]) & ~held & ~escalates_later


def _unread() -> ColumnElement[bool]:
    """No question ever found anything in this version."""
    e, v = t.evidence, t.versions
    return ~exists().where(e.c.item_id == v.c.item_id, e.c.version == v.c.n)


def _seen(last: datetime | None, before: datetime, after: tuple[datetime, str] | None) -> Select[tuple[datetime, str]]:
    seen, id_ = t.items.c.seen_at, t.items.c.id
    wanted = select(seen, id_).where(seen < before).order_by(seen, id_).limit(PAGE)
    if last is not None:
        wanted = wanted.where(seen >= last)
    if after is not None:
        wanted = wanted.where(seen >= after[0], or_(seen > after[0], id_ > after[1]))
    return wanted


def _superseded(ids: list[str]) -> Select[tuple[str, int]]:
    """Versions that a later one replaced."""
    v, i = t.versions, t.items
    older = v.join(i, (i.c.id == v.c.item_id) & (v.c.n < i.c.version))
    return select(v.c.item_id, v.c.n).select_from(older).where(i.c.id.in_(ids), _unread())


def _summaries(ids: list[str]) -> Select[tuple[str, int]]:
    """Latest versions that still have more than their headline."""
    v, i = t.versions, t.items
    latest = v.join(i, (i.c.id == v.c.item_id) & (v.c.n == i.c.version))
    return select(v.c.item_id, v.c.n).select_from(latest).where(i.c.id.in_(ids), v.c.summary.is_not(None), _unread())
