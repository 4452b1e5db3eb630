"""What is owed of an item is handed out to be sent: one lease at a time, and a receipt for it, or none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, Select, bindparam, exists, func, or_, select, update

from alerts.model.delivery import Delivered, Delivery, DeliveryState, GiveUp, Receipt, RetryLater
from alerts.model.errors import NotFoundError
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import hold
from alerts.store.tables import OPEN_STATES, AttemptEnd, spelt
from alerts.store.tables import deliveries as d

SENDING = d.c.state == DeliveryState.SENDING.value
NO_RECEIPT: rows.Values = {"state": DeliveryState.UNKNOWN.value, "may_repeat": True, "lease_until": None}


def _owed(table: FromClause) -> ColumnElement[bool]:
    return table.c.state.in_([spelt(state) for state in OPEN_STATES])


def _is_due() -> ColumnElement[bool]:
    """Its time has come, nothing earlier of its question is owed to its address, and nothing is on its way there."""
    before, flying = d.alias(), d.alias()
    same = (before.c.address == d.c.address) & (before.c.question == d.c.question)
    earlier = exists().where(same, before.c.id < d.c.id, _owed(before)).correlate(d)
    sent_now = (flying.c.state == DeliveryState.SENDING.value) & (flying.c.lease_until > bindparam("steady"))
    busy = select(flying.c.address).where(sent_now)
    return _owed(d) & ~SENDING & (d.c.next_at <= bindparam("now")) & ~earlier & d.c.address.not_in(busy)


def _due() -> Select[tuple[int]]:
    turn = func.row_number().over(partition_by=d.c.address, order_by=(d.c.urgency, d.c.next_at, d.c.id))
    ready = select(d.c.id, d.c.urgency, d.c.next_at, turn.label("turn")).where(_is_due()).subquery()
    first = select(ready.c.id).where(ready.c.turn == 1)
    return first.order_by(ready.c.urgency, ready.c.next_at, ready.c.id).limit(bindparam("most"))


DUE = _due()
CLAIM = (
    update(d)
    .where(d.c.id == bindparam("claimed"), _is_due())
    .values(state=DeliveryState.SENDING.value, attempts=d.c.attempts + 1, lease_until=bindparam("until"))
)


class Outbox(Keeper):
    """The deliveries: ``pending → sending → sent``, or ``unknown`` (due again, marked), or ``dead``."""

    def due_deliveries(self, now: datetime, steady: datetime, limit: int) -> list[int]:
        """Return ids to send now, at most one of each address: flash before routine, then the longest overdue.

        A delivery waits for every earlier one of the same question to the same address, and for the one that is
        on its way to that address.
        """
        with self._database.read() as connection:
            return list(connection.scalars(DUE, {"now": now, "steady": steady, "most": limit}))

    def claim_delivery(self, delivery_id: int, *, now: datetime, steady: datetime, lease: float) -> Delivery | None:
        """Begin a send: ``sending`` for ``lease`` seconds, one attempt more; None when it is not its turn."""
        until = steady + timedelta(seconds=lease)
        with self._database.write() as connection:
            hold(connection, f"address {connection.scalar(select(d.c.address).where(d.c.id == delivery_id))}")
            claim = {"claimed": delivery_id, "now": now, "steady": steady, "until": until}
            if not connection.execute(CLAIM, claim).rowcount:
                return None
            delivery = _find(connection, delivery_id)
            begun = {"delivery_id": delivery.id, "n": delivery.attempts, "began_at": now}
            connection.execute(t.attempts.insert(), begun)
        return delivery

    def receipt(self, delivery: Delivery, receipt: Receipt, *, now: datetime, next_at: datetime | None = None) -> bool:
        """End a send as the receipt says; return False, with nothing written, when a later one has begun.

        ``next_at`` is when to try again after *retry later* and *unknown* (None = at once). A receipt that comes
        after the lease lapsed still counts, as long as nobody began anew.
        """
        ended, outcome = _outcome(receipt, now, next_at or now)
        without = d.c.state.in_([DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value])
        mine = update(d).where(d.c.id == delivery.id, d.c.attempts == delivery.fence, without)
        send = update(t.attempts).where(t.attempts.c.delivery_id == delivery.id, t.attempts.c.n == delivery.fence)
        with self._database.write() as connection:
            if not connection.execute(mine.values(outcome)).rowcount:
                return False
            connection.execute(send.values(ended=ended.value, ended_at=now, why=outcome["error"]))
        return True

    def lapse(self, steady: datetime) -> int:
        """Free the sends whose lease lapsed: perhaps sent, due again, marked; return how many. No write when none."""
        lapsed = SENDING & (d.c.lease_until <= steady)
        with self._database.read() as connection:
            if not connection.scalar(select(exists().where(lapsed))):
                return 0
        with self._database.write() as connection:
            return connection.execute(update(d).where(lapsed).values(NO_RECEIPT)).rowcount

    def recover(self, now: datetime) -> int:
        """Free all leases, as a sole daemon does when it starts; return how many sends have no receipt, due again."""
        with self._database.write() as connection:
            leased = t.feeds.c.lease_until.is_not(None)
            connection.execute(update(t.feeds).where(leased).values(lease_until=None))
            return connection.execute(update(d).where(SENDING).values(NO_RECEIPT | {"next_at": now})).rowcount

    def resend(self, delivery_id: int, now: datetime) -> Delivery:
        """Make a delivery due at once on a person's word, marked if it may have arrived; one on its way is left alone.

        NotFoundError when there is none of that id.
        """
        again = {
            "state": DeliveryState.PENDING.value,
            "next_at": now,
            "may_repeat": or_(d.c.may_repeat, d.c.state == DeliveryState.SENT.value),
        }
        with self._database.write() as connection:
            connection.execute(update(d).where(d.c.id == delivery_id, ~SENDING).values(again))
            return _find(connection, delivery_id)

    def deliveries(self, state: DeliveryState | None = None, *, limit: int = 50) -> list[Delivery]:
        """Return deliveries, the newest first, of one state if given."""
        wanted = rows.OUTBOX.order_by(d.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(d.c.state == state.value)
        with self._database.read() as connection:
            return [rows.delivery(row) for row in connection.execute(wanted)]


def _outcome(receipt: Receipt, now: datetime, next_at: datetime) -> tuple[AttemptEnd, rows.Values]:
    """Return how the send ended, and what becomes of the delivery."""
    if isinstance(receipt, Delivered):
        kept = {"message_ref": receipt.ref, "sent_at": now, "error": None}
        return AttemptEnd.DELIVERED, {"state": DeliveryState.SENT.value, "lease_until": None, **kept}
    told = {"lease_until": None, "error": receipt.why}
    if isinstance(receipt, GiveUp):
        return AttemptEnd.GAVE_UP, {"state": DeliveryState.DEAD.value, **told}
    if isinstance(receipt, RetryLater):
        return AttemptEnd.RETRY, {"state": DeliveryState.PENDING.value, "next_at": next_at, **told}
    return AttemptEnd.UNKNOWN, NO_RECEIPT | {"next_at": next_at, **told}


def _find(connection: Connection, delivery_id: int) -> Delivery:
    row = connection.execute(rows.OUTBOX.where(d.c.id == delivery_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"no delivery {delivery_id}; list them: alerts deliveries")
    return rows.delivery(row)
