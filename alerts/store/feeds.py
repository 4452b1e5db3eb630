"""Which feed an item may come from: the list of feeds, whose turn it is, and the lease to poll it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal, or_, select, update

from alerts.model.errors import NotFoundError
from alerts.model.feed import Feed, FeedLease, FeedState
from alerts.model.ledger import FeedCounts
from alerts.store import rows
from alerts.store.connect import Keeper
from alerts.store.dialect import hold, insert_or_renew
from alerts.store.tables import Listing, Origin, spelt
from alerts.store.tables import feeds as t
from alerts.store.tables import hosts as h

FIRST_INTERVAL = 300
"""Seconds between two polls of a feed whose pace nobody knows yet."""

SPACING = 1.0
"""Seconds between two requests to a public host, at least."""

CALMING = 0.9
"""Each request to a host that once was too much for it brings the next one a little closer again."""

ACTIVE = t.c.listing == spelt(Listing.ACTIVE)

CLAIM = (
    update(t)
    .where(t.c.id == bindparam("claimed"))
    .values(fence=t.c.fence + 1, lease_until=bindparam("until"), next_at=bindparam("again"))
)


class Feeds(Keeper):
    """The list of feeds."""

    def put_feeds(self, feeds: Iterable[Feed], *, now: datetime) -> FeedCounts:
        """Make the seeds' part of the list equal to ``feeds``.

        New ones are due at once; one that is no longer listed is dropped until it is listed again. What the
        operator added, removed, or changed (field by field) stays as the operator wants it. A feed whose address
        changed starts afresh: no validators, primed again.
        """
        listed = {feed.id: rows.authored(feed) for feed in feeds}
        with self._database.write() as connection:
            hold(connection, "feeds")
            known = {row.id: row for row in connection.execute(select(t))}
            new = [_new(row, Origin.SEED, now) for id_, row in listed.items() if id_ not in known]
            if new:
                connection.execute(t.insert(), new)
            updated = sum(_renew(connection, known[id_], listed[id_], now) for id_ in listed if id_ in known)
            gone = [id_ for id_, row in known.items() if id_ not in listed and _is_seed(row, Listing.ACTIVE)]
            for id_ in gone:
                _unlist(connection, id_, Listing.DROPPED)
        kept = len(listed) - len(new) - updated
        return FeedCounts(added=len(new), updated=updated, dropped=len(gone), unchanged=kept)

    def add_feed(self, feed: Feed, *, now: datetime) -> None:
        """Add a feed, change the one of that id, or bring it back, on the operator's word; seeds do not undo it."""
        written = rows.authored(feed)
        with self._database.write() as connection:
            row = connection.execute(select(t).where(t.c.id == feed.id)).one_or_none()
            if row is None:
                connection.execute(t.insert(), _new(written, Origin.OPERATOR, now))
                return
            changed = _changed(row, written)
            edited = sorted({*json.loads(row.edited), *changed})
            back = {} if row.listing == Listing.ACTIVE.value else {"listing": Listing.ACTIVE.value, "next_at": now}
            values = {**changed, **back, **_afresh(changed, now), "edited": json.dumps(edited)}
            connection.execute(update(t).where(t.c.id == feed.id).values(values))

    def remove_feed(self, feed_id: str) -> None:
        """Take a feed off the list for good; its items stay, a poll under way is refused. NotFoundError if unknown."""
        with self._database.write() as connection:
            _find(connection, feed_id)
            _unlist(connection, feed_id, Listing.REMOVED)

    def feeds(self, *, category: str | None = None) -> list[FeedState]:
        """Return the feeds on the list by id, of one category if given."""
        wanted = select(t).where(ACTIVE).order_by(t.c.id)
        if category is not None:
            wanted = wanted.where(t.c.category == category)
        with self._database.read() as connection:
            return [rows.feed_state(row) for row in connection.execute(wanted)]

    def feed(self, feed_id: str) -> FeedState:
        """Return one feed; NotFoundError, with the nearest id, when it is not on the list."""
        with self._database.read() as connection:
            return rows.feed_state(_find(connection, feed_id))

    def due_feeds(self, now: datetime, steady: datetime, limit: int) -> list[str]:
        """Return the ids of at most ``limit`` feeds to poll now, the longest overdue first, one of each public host.

        A host that is being asked, or rests, has none: however many feeds it has, no other waits for it.
        """
        place = func.coalesce(t.c.host, literal("/") + t.c.id)
        turn = func.row_number().over(partition_by=place, order_by=(t.c.next_at, t.c.id)).label("turn")
        due = select(t.c.id, t.c.next_at, turn).where(_is_due(now, steady), _is_open(now, steady)).subquery()
        wanted = select(due.c.id).where(due.c.turn == 1).order_by(due.c.next_at, due.c.id).limit(limit)
        with self._database.read() as connection:
            return list(connection.scalars(wanted))

    def next_turn(self, now: datetime) -> datetime | None:
        """Return when the first feed that is due, but waits for its host, may be polled; None when none waits."""
        waits = select(func.min(h.c.next_at)).join(t, t.c.host == h.c.host)
        with self._database.read() as connection:
            waiting = waits.where(ACTIVE, t.c.next_at <= now, h.c.next_at > now)
            turn: datetime | None = connection.scalar(waiting)
        return turn

    def wake_feeds(self, now: datetime) -> int:
        """Make those feeds due that were polled later than ``now``: the clock was put back; return how many."""
        with self._database.write() as connection:
            connection.execute(update(h).where(h.c.next_at > now).values(next_at=now))
            return connection.execute(update(t).where(ACTIVE, t.c.polled_at > now).values(next_at=now)).rowcount

    def hasten(self, ids: Sequence[str], *, by: datetime) -> None:
        """Make feeds due by a time where they would be later; one that fails keeps its own pause."""
        sooner = update(t).where(t.c.id == bindparam("sooner"), t.c.next_at > by, t.c.failures == 0).values(next_at=by)
        if ids:
            with self._database.write() as connection:
                connection.execute(sooner, [{"sooner": one} for one in ids])

    def claim_feed(self, feed_id: str, *, now: datetime, steady: datetime, lease: float) -> FeedLease | None:
        """Take the right to poll a due feed for ``lease`` seconds; None when it is not due, or taken.

        It is due again after its interval even if nothing more is heard of this poll. The lease's state is the one
        before the claim.
        """
        return next(iter(self.claim_feeds([feed_id], now=now, steady=steady, lease=lease)), None)

    def claim_feeds(self, ids: Sequence[str], *, now: datetime, steady: datetime, lease: float) -> list[FeedLease]:
        """Claim several feeds in one commit; left out are those that are not due, or taken, or not their host's turn.

        Of a public host one feed is claimed at a time, and the next not before ``SPACING`` seconds, or as many more
        as the host made us learn.
        """
        until = steady + timedelta(seconds=lease)
        wanted = select(t).where(t.c.id.in_(ids), _is_due(now, steady), _is_open(now, steady)).order_by(t.c.next_at)
        with self._database.write() as connection:
            hold(connection, "hosts")
            due = _one_a_host(connection.execute(wanted.with_for_update(skip_locked=True)).all())
            again = (now + timedelta(seconds=max(row.interval, lease)) for row in due)
            claims = [{"claimed": row.id, "until": until, "again": at} for row, at in zip(due, again, strict=True)]
            if claims:
                connection.execute(CLAIM, claims)
            insert_or_renew(connection, h, _turns(connection, [row.host for row in due if row.host], now))
        return [FeedLease(state=rows.feed_state(row), fence=row.fence + 1, until=until) for row in due]


def _one_a_host(due: Sequence[Row[Any]]) -> list[Row[Any]]:
    first: dict[str, Row[Any]] = {}
    for row in due:
        first.setdefault(row.host or f"/{row.id}", row)
    return list(first.values())


def _turns(connection: Connection, hosts: Sequence[str], now: datetime) -> list[rows.Values]:
    """Return when the hosts that are asked now may be asked again."""
    if not hosts:
        return []
    spacings = dict(connection.execute(select(h.c.host, h.c.spacing).where(h.c.host.in_(hosts))).all())
    calmer = {host: max(SPACING, CALMING * spacings.get(host, SPACING)) for host in hosts}
    return [{"host": one, "next_at": now + timedelta(seconds=calmer[one]), "spacing": calmer[one]} for one in hosts]


def find_sources(connection: Connection, source: str) -> list[str]:
    """Return the ids of the feeds, listed or not, that a person means: by id, title, owner or host, without case."""
    wanted = source.casefold()
    known = connection.execute(select(t.c.id, t.c.title, t.c.owner, t.c.url)).all()
    found = [known_id for known_id, title, owner, url in known if wanted in _names(known_id, title, owner, url)]
    if not found:
        raise _unknown(source, [row.id for row in known])
    return found


def _names(feed_id: str, title: str, owner: str, url: str) -> set[str]:
    host = url.split("://", 1)[-1].split("/", 1)[0]
    return {name.casefold() for name in (feed_id, title, owner, host, host.removeprefix("www."))}


def _find(connection: Connection, feed_id: str) -> Row[Any]:
    row = connection.execute(select(t).where(ACTIVE, t.c.id == feed_id)).one_or_none()
    if row is None:
        raise _unknown(feed_id, connection.scalars(select(t.c.id).where(ACTIVE)).all())
    return row


def _unknown(feed_id: str, known: Sequence[str]) -> NotFoundError:
    near = get_close_matches(feed_id, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else "List the feeds: alerts feeds list"
    return NotFoundError(f"no feed '{feed_id}'. {hint}")


def _is_open(now: datetime, steady: datetime) -> ColumnElement[bool]:
    """Whether a feed's host is neither being asked nor resting; one of the operator's own network always is open."""
    asked = select(t.c.host).where(t.c.lease_until > steady, t.c.host.is_not(None))
    resting = select(h.c.host).where(h.c.next_at > now)
    return or_(t.c.host.is_(None), t.c.host.not_in(asked) & t.c.host.not_in(resting))


def _is_due(now: datetime, steady: datetime) -> ColumnElement[bool]:
    return ACTIVE & (t.c.next_at <= now) & or_(t.c.lease_until.is_(None), t.c.lease_until <= steady)


def _new(written: rows.Values, origin: Origin, now: datetime) -> rows.Values:
    return written | {
        "origin": origin.value,
        "listing": Listing.ACTIVE.value,
        "edited": "[]",
        "next_at": now,
        "interval": float(written["pace"] or FIRST_INTERVAL),
        "failures": 0,
        "item_count": 0,
        "fence": 0,
    }


def unlisted(feed: Feed, now: datetime) -> rows.Values:
    """Return the row of a feed that nobody polls: whose items come another way."""
    return _new(rows.authored(feed), Origin.OPERATOR, now) | {"listing": Listing.REMOVED.value}


def _renew(connection: Connection, row: Row[Any], written: rows.Values, now: datetime) -> bool:
    """Give a feed what its seed says now; return whether anything changed."""
    if not _is_seed(row, Listing.ACTIVE, Listing.DROPPED):
        return False
    edited = json.loads(row.edited)
    values = {name: value for name, value in _changed(row, written).items() if name not in edited}
    values |= _afresh(values, now)
    if row.listing != Listing.ACTIVE.value:
        values["listing"] = Listing.ACTIVE.value
    if values:
        connection.execute(update(t).where(t.c.id == row.id).values(values))
    return bool(values)


def _is_seed(row: Row[Any], *listings: Listing) -> bool:
    return row.origin == Origin.SEED.value and row.listing in listings


def _changed(row: Row[Any], written: rows.Values) -> rows.Values:
    return {name: value for name, value in written.items() if value != row._mapping[name]}


def _afresh(changed: rows.Values, now: datetime) -> rows.Values:
    """Return what a new address undoes: nothing that was learnt of the old one may be told to the new one."""
    if "url" not in changed:
        return {}
    learnt = (
        *("etag", "last_modified", "body_hash", "primed_at", "ok_at", "fault", "error", "lease_until"),
        *("learnt", "remembered"),
    )
    return {**dict.fromkeys(learnt), "failures": 0, "next_at": now, "fence": t.c.fence + 1}


def _unlist(connection: Connection, feed_id: str, listing: Listing) -> None:
    gone = {"listing": listing.value, "fence": t.c.fence + 1, "lease_until": None}
    connection.execute(update(t).where(t.c.id == feed_id).values(gone))
