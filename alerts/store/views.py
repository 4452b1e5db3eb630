"""What people see of the items: the stored texts, what changed, how much there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from alerts.model.change import Change
from alerts.model.delivery import DeliveryState
from alerts.model.errors import NotFoundError
from alerts.model.item import Item
from alerts.model.ledger import StoreCounts
from alerts.store import dialect, rows
from alerts.store import tables as t
from alerts.store.cases import WAITING
from alerts.store.connect import Keeper
from alerts.store.feeds import ACTIVE, find_sources
from alerts.store.history import FROM_DESK

PAGE = 1000
"""Items read at once; between two pages a writer gets its turn."""


class Views(Keeper):
    """What faces may look at."""

    def items(
        self, *, grep: str | None = None, since: datetime | None = None, source: str | None = None, limit: int = 50
    ) -> list[Item]:
        """Return items in their latest version, the newest first.

        ``grep`` is a text that title or summary contains, without case in every alphabet; ``since`` compares with
        when the item was first seen; ``source`` is a feed's id, title, owner or host (NotFoundError if unknown).
        """
        wanted = rows.LATEST if since is None else rows.LATEST.where(t.items.c.seen_at >= since)
        if source is not None:
            with self._database.read() as connection:
                wanted = wanted.where(t.items.c.feed_id.in_(find_sources(connection, source)))
        found: list[Item] = []
        for item in self._newest_first(wanted, page=PAGE if grep else max(1, min(limit, PAGE))):
            if len(found) == limit:
                break
            if not grep or grep.casefold() in f"{item.title}\n{item.summary or ''}".casefold():
                found.append(item)
        return found

    def items_after(self, after: tuple[datetime, str], *, limit: int) -> list[tuple[datetime, Item]]:
        """Return items in their latest version with when they were first seen, the oldest first.

        ``after`` is that moment and the id of the last one known; ties go by id. Rulings of the desk are no items.
        """
        seen, (since, last) = t.items.c.seen_at, after
        later = or_(seen > since, and_(seen == since, t.items.c.id > last))
        wanted = rows.LATEST.add_columns(seen.label("first_seen")).where(seen >= since, later, ~FROM_DESK)
        with self._database.read() as connection:
            found = connection.execute(wanted.order_by(seen, t.items.c.id).limit(limit)).all()
        return [(row.first_seen, rows.item(row)) for row in found]

    def item(self, item_id: str) -> Item:
        """Return an item in its latest version; NotFoundError when there is none."""
        return self.versions(item_id)[-1]

    def versions(self, item_id: str) -> list[Item]:
        """Return an item in all its versions, the oldest first; NotFoundError when there is none."""
        wanted = rows.TEXTS.where(t.items.c.id == item_id).order_by(t.versions.c.n)
        with self._database.read() as connection:
            found = [rows.item(row) for row in connection.execute(wanted)]
        if not found:
            raise NotFoundError(f"no item '{item_id}'; list them: alerts items")
        return found

    def changes(self, question: str | None = None, *, since: datetime | None = None, limit: int = 100) -> list[Change]:
        """Return how answers moved, the newest first; of one question if given."""
        wanted = select(t.changes).order_by(t.changes.c.at.desc(), t.changes.c.id.desc()).limit(limit)
        if question is not None:
            wanted = wanted.where(t.changes.c.question == question)
        if since is not None:
            wanted = wanted.where(t.changes.c.at >= since)
        with self._database.read() as connection:
            return [rows.change(row) for row in connection.execute(wanted)]

    def counts(self) -> StoreCounts:
        """Return how much there is of everything, at one moment."""
        well = ACTIVE & t.feeds.c.ok_at.is_not(None) & (t.feeds.c.failures == 0)
        state = t.deliveries.c.state
        with self._database.read() as connection:
            by_state = connection.execute(select(state, func.count()).group_by(state)).all()
            return StoreCounts(
                feeds=_count(connection, t.feeds, ACTIVE),
                ok_feeds=_count(connection, t.feeds, well),
                items=_count(connection, t.items),
                versions=_count(connection, t.versions),
                waiting=_count(connection, t.evidence, WAITING),
                deliveries={DeliveryState(name): n for name, n in by_state},
                delivered_at=connection.scalar(select(func.max(t.deliveries.c.sent_at))),
                size=dialect.size(connection),
            )

    def _newest_first(self, wanted: Select[Any], *, page: int) -> Iterator[Item]:
        ordered = wanted.add_columns(t.items.c.seen_at.label("first_seen"))
        ordered = ordered.order_by(t.items.c.seen_at.desc(), t.items.c.id.desc()).limit(page)
        rest = ordered
        while True:
            with self._database.read() as connection:
                found = connection.execute(rest).all()
            yield from map(rows.item, found)
            if len(found) < page:
                return
            seen, last = t.items.c.seen_at, found[-1]
            older = or_(seen < last.first_seen, and_(seen == last.first_seen, t.items.c.id < last.item_id))
            rest = ordered.where(seen <= last.first_seen, older)


def _count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
