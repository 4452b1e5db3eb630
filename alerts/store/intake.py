"""What a poll found is kept: items, versions, evidence and the feed's validators, in one commit or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, and_, bindparam, case, func, select, update

from alerts.model.ledger import KnownItem, NewEvidence, Poll
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import insert_new
from alerts.store.packing import pack

PAGE = 500
"""Keys asked for at once; databases take some thousand parameters."""

KNOWN = (
    select(
        t.aliases.c.alias,
        t.items.c.id,
        t.items.c.version,
        t.versions.c.text_hash,
        t.versions.c.title,
        t.items.c.key,
        t.items.c.link,
    )
    .join(t.items, t.items.c.id == t.aliases.c.item_id)
    .join(t.versions, and_(t.versions.c.item_id == t.items.c.id, t.versions.c.n == t.items.c.version))
    .where(t.aliases.c.feed_id == bindparam("feed"), t.aliases.c.alias.in_(bindparam("names", expanding=True)))
)

MOST_SPACING = 300.0
"""Seconds between two requests to a host that goes on to find them too many."""
RESTS = update(t.hosts).values(
    next_at=bindparam("rests_until"),
    spacing=case((t.hosts.c.spacing * 2 > MOST_SPACING, MOST_SPACING), else_=t.hosts.c.spacing * 2),
)

_HEALTH: rows.Values = {
    name: bindparam(f"new_{name}") for name in ("next_at", "interval", "polled_at", "fault", "error")
}
_HEALTH["learnt"] = func.coalesce(bindparam("new_learnt"), t.feeds.c.learnt)
_HELD = update(t.feeds).where(t.feeds.c.id == bindparam("feed"), t.feeds.c.fence == bindparam("held"))
FAILED = _HELD.values(**_HEALTH, lease_until=None, failures=t.feeds.c.failures + 1)
ANSWERED = _HELD.values(
    **_HEALTH,
    lease_until=None,
    failures=0,
    ok_at=bindparam("new_polled_at"),
    primed_at=func.coalesce(t.feeds.c.primed_at, bindparam("new_polled_at")),
    item_count=t.feeds.c.item_count + bindparam("more"),
)
VALIDATORS = ("etag", "last_modified", "body_hash")
RENEWED = ANSWERED.values({name: bindparam(f"new_{name}") for name in (*VALIDATORS, "remembered")})
EDITED = update(t.items).where(t.items.c.id == bindparam("edited")).values(version=bindparam("latest"))


class Intake(Keeper):
    """The way in for items."""

    def known_items(self, feed_id: str, aliases: Collection[str]) -> dict[str, KnownItem]:
        """Return, by alias, which items of a feed are stored under these names, each in its latest version."""
        wanted = list(aliases)
        found: dict[str, KnownItem] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), PAGE):
                page = {"feed": feed_id, "names": wanted[start : start + PAGE]}
                for alias, *known in connection.execute(KNOWN, page):
                    found[alias] = KnownItem(*known)
        return found

    def texts_since(self, item_id: str, since: datetime) -> list[str]:
        """Return the hashes of an item's versions that were first seen after ``since``, the oldest first."""
        v = t.versions
        wanted = select(v.c.text_hash).where(v.c.item_id == item_id, v.c.seen_at > since).order_by(v.c.n)
        with self._database.read() as connection:
            return list(connection.scalars(wanted))

    def questions_of(self, items: Collection[str]) -> dict[str, list[str]]:
        """Return, by item id, the questions that a version of it spoke of; items that spoke of none are left out."""
        wanted, found = list(items), dict[str, list[str]]()
        spoke = select(t.evidence.c.item_id, t.evidence.c.question).distinct()
        with self._database.read() as connection:
            for start in range(0, len(wanted), PAGE):
                page = spoke.where(t.evidence.c.item_id.in_(wanted[start : start + PAGE]))
                for item, question in connection.execute(page):
                    found.setdefault(item, []).append(question)
        return found

    def keep_evidence(self, evidence: Sequence[NewEvidence], at: datetime) -> None:
        """Keep verdicts on items that are stored already; what was kept before is left as it is."""
        with self._database.write() as connection:
            insert_new(connection, t.evidence, [rows.evidence_row(one, at) for one in evidence])

    def record_poll(self, poll: Poll) -> bool:
        """Keep a poll in one commit; return False, with nothing written, when its lease was taken by another.

        What is stored already (same key, version, or verdict) is left as it is. A poll that found nothing new is
        one UPDATE.
        """
        with self._database.write() as connection:
            return _record(connection, poll)

    def record_polls(self, polls: Sequence[Poll]) -> list[bool]:
        """Keep several polls in one commit; of each the same as of ``record_poll``."""
        quiet = [poll for poll in polls if not (poll.items or poll.evidence or poll.renamed or poll.host_rests)]
        with self._database.write() as connection:
            kept = _record_quiet(connection, quiet)
            silent = set(map(id, quiet))
            return [poll.feed in kept if id(poll) in silent else _record(connection, poll) for poll in polls]


def _record(connection: Connection, poll: Poll) -> bool:
    new = [one for one in poll.items if one.item.version == 1]
    edited = [{"edited": one.item.id, "latest": one.item.version} for one in poll.items if one.item.version > 1]
    if not connection.execute(*_health(poll, more=len(new))).rowcount:
        return False
    insert_new(connection, t.items, [rows.item_row(poll.feed, one, poll.at) for one in new])
    insert_new(connection, t.versions, [rows.version_row(one, poll.at) for one in poll.items])
    insert_new(connection, t.aliases, list(_alias_rows(poll)))
    if edited:
        connection.execute(EDITED, edited)
    insert_new(connection, t.evidence, [rows.evidence_row(one, poll.at) for one in poll.evidence])
    if poll.host_rests is not None:
        host = select(t.feeds.c.host).where(t.feeds.c.id == poll.feed).scalar_subquery()
        until = poll.at + timedelta(seconds=poll.host_rests)
        connection.execute(RESTS.where(t.hosts.c.host == host), {"rests_until": until})
    return True


def _alias_rows(poll: Poll) -> Iterator[rows.Values]:
    named = [(alias, one.item.id) for one in poll.items for alias in one.aliases]
    for alias, item in (*named, *poll.renamed):
        yield {"feed_id": poll.feed, "alias": alias, "item_id": item}


def _record_quiet(connection: Connection, polls: Sequence[Poll]) -> set[str]:
    """Keep polls that found nothing, a statement for all of a kind; return the feeds whose lease still held."""
    if not polls:
        return set()
    f = t.feeds.c
    held = {poll.feed: poll.fence for poll in polls}
    fences = connection.execute(select(f.id, f.fence).where(f.id.in_(list(held))))
    kept = {feed for feed, fence in fences if held[feed] == fence}
    bundles: dict[Update, list[rows.Values]] = {}
    for poll in polls:
        if poll.feed in kept:
            statement, values = _health(poll, more=0)
            bundles.setdefault(statement, []).append(values)
    for statement, values_of_all in bundles.items():
        connection.execute(statement, values_of_all)
    return kept


def _health(poll: Poll, *, more: int) -> tuple[Update, rows.Values]:
    """Return the statement that frees the feed and renews its health, where the fence still holds."""
    health = {
        "feed": poll.feed,
        "held": poll.fence,
        "new_next_at": poll.next_at,
        "new_interval": poll.interval,
        "new_polled_at": poll.at,
        "new_fault": poll.fault,
        "new_error": poll.error,
        "new_learnt": None if poll.learnt is None else pack(poll.learnt),
    }
    if poll.fault is not None:
        return FAILED, health
    if poll.validators is None:
        return ANSWERED, health | {"more": more}
    anew = {f"new_{name}": getattr(poll.validators, name) for name in VALIDATORS}
    return RENEWED, health | {"more": more, "new_remembered": poll.remembered or None} | anew
