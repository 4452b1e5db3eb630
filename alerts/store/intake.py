"""What a poll found is kept: items, versions, evidence and the feed's validators, in one commit or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Update, and_, bindparam, func, select, update

from alerts.model.ledger import KnownItem, NewEvidence, Poll
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import insert_new

PAGE = 500
"""Keys asked for at once; databases take some thousand parameters."""

KNOWN = (
    select(t.items.c.key, t.items.c.id, t.items.c.version, t.versions.c.text_hash)
    .join(t.versions, and_(t.versions.c.item_id == t.items.c.id, t.versions.c.n == t.items.c.version))
    .where(t.items.c.feed_id == bindparam("feed"), t.items.c.key.in_(bindparam("keys", expanding=True)))
)

_HEALTH: rows.Values = {
    name: bindparam(f"new_{name}") for name in ("next_at", "interval", "polled_at", "fault", "error")
}
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
RENEWED = ANSWERED.values({name: bindparam(f"new_{name}") for name in VALIDATORS})
EDITED = update(t.items).where(t.items.c.id == bindparam("edited")).values(version=bindparam("latest"))


class Intake(Keeper):
    """The way in for items."""

    def known_items(self, feed_id: str, keys: Collection[str]) -> dict[str, KnownItem]:
        """Return, by key, which of these items of a feed are stored already, each in its latest version."""
        wanted = list(keys)
        found: dict[str, KnownItem] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), PAGE):
                page = {"feed": feed_id, "keys": wanted[start : start + PAGE]}
                for key, id_, version, text_hash in connection.execute(KNOWN, page):
                    found[key] = KnownItem(id_, version, text_hash)
        return found

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
        new = [one for one in poll.items if one.item.version == 1]
        edited = [{"edited": one.item.id, "latest": one.item.version} for one in poll.items if one.item.version > 1]
        with self._database.write() as connection:
            if not connection.execute(*_health(poll, more=len(new))).rowcount:
                return False
            insert_new(connection, t.items, [rows.item_row(poll.feed, one, poll.at) for one in new])
            insert_new(connection, t.versions, [rows.version_row(one, poll.at) for one in poll.items])
            if edited:
                connection.execute(EDITED, edited)
            insert_new(connection, t.evidence, [rows.evidence_row(one, poll.at) for one in poll.evidence])
        return True


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
    }
    if poll.fault is not None:
        return FAILED, health
    if poll.validators is None:
        return ANSWERED, health | {"more": more}
    return RENEWED, health | {"more": more} | {f"new_{name}": getattr(poll.validators, name) for name in VALIDATORS}
