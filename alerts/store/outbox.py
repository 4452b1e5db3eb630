"""What is owed of an item is handed out to be sent: one lease at a time, and a receipt for it, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from alerts.model.delivery import Attempt, Delivered, Delivery, DeliveryState, GiveUp, Receipt, RetryLater, Told
from alerts.model.errors import NotFoundError
from alerts.model.outbox import Claim, HoldBack, Mute, Plan, Queue
from alerts.store import rows
from alerts.store import tables as t
from alerts.store.connect import Keeper
from alerts.store.dialect import hold
from alerts.store.tables import OPEN_STATES, AttemptEnd, spelt
from alerts.store.tables import deliveries as d

SENDING = d.c.state == DeliveryState.SENDING.value
NO_RECEIPT: rows.Values = {
    "state": DeliveryState.UNKNOWN.value,
    "may_repeat": True,
    "lease_until": None,
    "hold": None,  # its turn has come once: from now on it goes before what is later of its question
}

RECENT = 100
"""So many of an address's last messages are looked at for its pace."""

PAGE = 500
"""Ids named at once; databases take some thousand parameters."""

TOGETHER = 1000
"""So many deliveries fit one message at most; it lists some and counts the others."""


def _owed(table: FromClause) -> ColumnElement[bool]:
    return table.c.state.in_([spelt(state) for state in OPEN_STATES])


def _is_due() -> ColumnElement[bool]:
    """Its time has come, nothing earlier of its question goes before it, and nothing is on its way to its address.

    What is less urgent does not go before: it is sent along. Neither does what is held back, until its time comes,
    or what only goes out if nobody acknowledges.
    """
    before, flying = d.alias(), d.alias()
    same = (before.c.address == d.c.address) & (before.c.question == d.c.question) & (before.c.id < d.c.id)
    waits = before.c.hold.is_not(None) & (before.c.next_at > bindparam("now"))
    goes_first = _owed(before) & (before.c.urgency <= d.c.urgency) & ~before.c.escalates & ~waits
    earlier = exists().where(same, goes_first).correlate(d)
    sent_now = (flying.c.state == DeliveryState.SENDING.value) & (flying.c.lease_until > bindparam("steady"))
    busy = select(flying.c.address).where(sent_now)
    return _owed(d) & ~SENDING & (d.c.next_at <= bindparam("now")) & ~earlier & d.c.address.not_in(busy)


def _due() -> Select[tuple[int]]:
    turn = func.row_number().over(partition_by=d.c.address, order_by=(d.c.urgency, d.c.next_at, d.c.id))
    ready = select(d.c.id, d.c.urgency, d.c.next_at, turn.label("turn")).where(_is_due()).subquery()
    first = select(ready.c.id).where(ready.c.turn == 1)
    return first.order_by(ready.c.urgency, ready.c.next_at, ready.c.id).limit(bindparam("most"))


DUE = _due()
READY = select(d.c.id).where(d.c.id == bindparam("claimed"), _is_due())
BEGIN = (
    update(d)
    .where(d.c.id == bindparam("claimed"), _owed(d), ~SENDING)
    .values(state=DeliveryState.SENDING.value, attempts=d.c.attempts + 1, lease_until=bindparam("until"))
)


class Outbox(Keeper):
    """The deliveries: ``pending → sending → sent``, or ``unknown`` (due again, marked), ``dead``, or ``muted``."""

    def due_deliveries(self, now: datetime, steady: datetime, limit: int) -> list[int]:
        """Return ids whose turn it is now, at most one of each address: flash before routine, then the longest overdue.

        A delivery waits for every earlier one of the same question to the same address that is as urgent, and for
        the one that is on its way to that address.
        """
        with self._database.read() as connection:
            return list(connection.scalars(DUE, {"now": now, "steady": steady, "most": limit}))

    def claim_delivery(
        self, delivery_id: int, plan: Callable[[Queue], Plan], *, now: datetime, steady: datetime, lease: float
    ) -> Claim | None:
        """Do what ``plan`` says of a delivery whose turn it is; return the send that was begun.

        It has no deliveries where the plan put it off; None = it was not its turn. A send is ``sending`` for ``lease``
        seconds, one attempt more. ``plan`` gets the queue of its address, which nobody else moves meanwhile; holding
        back and muting are written at once.
        """
        until = steady + timedelta(seconds=lease)
        with self._database.write() as connection:
            hold(connection, f"address {connection.scalar(select(d.c.address).where(d.c.id == delivery_id))}")
            if connection.scalar(READY, {"claimed": delivery_id, "now": now, "steady": steady}) is None:
                return None
            queue = _queue(connection, _find(connection, delivery_id), now)
            planned = plan(queue)
            if isinstance(planned, HoldBack | Mute):
                _put_off(connection, delivery_id, planned)
                return Claim(())
            begun = tuple(_begin(connection, one, now, until) for one in (delivery_id, *planned.along))
        return Claim(begun, queue.told)

    def receipt(
        self,
        delivery: Delivery,
        receipt: Receipt,
        *,
        now: datetime,
        next_at: datetime | None = None,
        along: Sequence[Delivery] = (),
    ) -> bool:
        """End a send as the receipt says; return False, with nothing written, when a later one has begun.

        ``next_at`` is when to try again after *retry later* and *unknown* (None = at once). A receipt that comes
        after the lease lapsed still counts, as long as nobody began anew. ``along`` were in the same message. Where
        the service itself asks for a pause, everything owed to the address waits as long.
        """
        next_at = next_at or now
        ended, outcome = _outcome(receipt, now, next_at)
        with self._database.write() as connection:
            if not _end(connection, delivery, ended, outcome, now):
                return False
            for one in along:
                _end(connection, one, ended, outcome | _carried_by(delivery, receipt), now)
            if along and isinstance(receipt, Delivered):
                connection.execute(update(d).where(d.c.id == delivery.id).values(message_ref=None))
            if isinstance(receipt, RetryLater) and receipt.after:
                waits = update(d).where(d.c.address == delivery.address, _owed(d), ~SENDING, d.c.next_at < next_at)
                connection.execute(waits.values(next_at=next_at))
        return True

    def told_addresses(self, thread: str) -> frozenset[str]:
        """Return the addresses that were told something of a thread, or are about to be."""
        kept = (DeliveryState.DEAD.value, DeliveryState.MUTED.value)
        wanted = select(d.c.address).where(d.c.thread == thread, d.c.state.not_in(kept), ~d.c.escalates).distinct()
        with self._database.read() as connection:
            return frozenset(connection.scalars(wanted))

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
            "hold": None,
            "lead": None,
        }
        with self._database.write() as connection:
            connection.execute(update(d).where(d.c.id == delivery_id, ~SENDING).values(again))
            return _find(connection, delivery_id)

    def delivery(self, delivery_id: int) -> Delivery:
        """Return a delivery; NotFoundError when there is none of that id."""
        with self._database.read() as connection:
            return _find(connection, delivery_id)

    def attempts(self, delivery_id: int) -> list[Attempt]:
        """Return every send of a delivery that was begun, the first first."""
        wanted = select(t.attempts).where(t.attempts.c.delivery_id == delivery_id).order_by(t.attempts.c.n)
        with self._database.read() as connection:
            return [
                Attempt(n=row.n, began_at=row.began_at, ended_at=row.ended_at, ended=row.ended, why=row.why)
                for row in connection.execute(wanted)
            ]

    def deliveries(self, state: DeliveryState | None = None, *, limit: int = 50) -> list[Delivery]:
        """Return deliveries, the newest first, of one state if given."""
        wanted = rows.OUTBOX.order_by(d.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(d.c.state == state.value)
        with self._database.read() as connection:
            return [rows.delivery(row) for row in connection.execute(wanted)]


def _queue(connection: Connection, first: Delivery, now: datetime) -> Queue:
    open_ = rows.OUTBOX.where(d.c.address == first.address, _owed(d), ~SENDING, d.c.id != first.id)
    others = connection.execute(open_.order_by(d.c.id).limit(TOGETHER))
    left = select(d.c.sent_at).where(d.c.address == first.address, d.c.lead.is_(None), d.c.sent_at.is_not(None))
    recent = connection.scalars(left.order_by(d.c.sent_at.desc()).limit(RECENT))
    silences = connection.execute(select(t.silences).where(t.silences.c.until > now))
    since = (t.acks.c.thread == first.alert.thread) & (t.acks.c.at >= first.alert.at)
    return Queue(
        first=first,
        others=tuple(map(rows.delivery, others)),
        recent=tuple(recent),
        silences=tuple(map(rows.silence, silences)),
        acks=tuple(map(rows.acknowledgement, connection.execute(select(t.acks).where(since)))),
        told=_told(connection, first),
    )


def _told(connection: Connection, first: Delivery) -> Told | None:
    """Return what the address heard last in the thread of a delivery, and the message the thread began with."""
    thread = and_(d.c.thread == first.alert.thread, d.c.address == first.address, d.c.id != first.id)
    heard = rows.OUTBOX.where(thread, d.c.state == DeliveryState.SENT.value)
    last = connection.execute(heard.order_by(d.c.id.desc()).limit(1)).one_or_none()
    if last is None:
        return None
    refs = select(d.c.message_ref).where(thread, d.c.message_ref.is_not(None))
    root = connection.scalar(refs.order_by(d.c.id).limit(1))
    return Told(alert=rows.delivery(last).alert, at=last.sent_at, ref=last.message_ref, root=root)


def _begin(connection: Connection, delivery_id: int, now: datetime, until: datetime) -> Delivery:
    connection.execute(BEGIN, {"claimed": delivery_id, "until": until})
    delivery = _find(connection, delivery_id)
    begun = {"delivery_id": delivery.id, "n": delivery.attempts, "began_at": now}
    connection.execute(t.attempts.insert(), begun)
    return delivery


def _put_off(connection: Connection, delivery_id: int, planned: HoldBack | Mute) -> None:
    if isinstance(planned, Mute):
        muted = {"state": DeliveryState.MUTED.value, "error": planned.why}
        connection.execute(update(d).where(d.c.id == delivery_id).values(muted))
        return
    ids, held = (delivery_id, *planned.along), {"next_at": planned.until, "hold": planned.why.value}
    for start in range(0, len(ids), PAGE):
        wait = update(d).where(d.c.id.in_(ids[start : start + PAGE]), _owed(d), ~SENDING)
        connection.execute(wait.values(held))


def _end(connection: Connection, delivery: Delivery, ended: AttemptEnd, outcome: rows.Values, now: datetime) -> bool:
    """End one delivery's send; return False when a later one has begun."""
    without = d.c.state.in_([DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value])
    mine = update(d).where(d.c.id == delivery.id, d.c.attempts == delivery.fence, without)
    if not connection.execute(mine.values(outcome)).rowcount:
        return False
    send = update(t.attempts).where(t.attempts.c.delivery_id == delivery.id, t.attempts.c.n == delivery.fence)
    connection.execute(send.values(ended=ended.value, ended_at=now, why=outcome["error"]))
    return True


def _carried_by(lead: Delivery, receipt: Receipt) -> rows.Values:
    return {"lead": lead.id, "message_ref": None} if isinstance(receipt, Delivered) else {}


def _outcome(receipt: Receipt, now: datetime, next_at: datetime) -> tuple[AttemptEnd, rows.Values]:
    """Return how the send ended, and what becomes of the delivery."""
    if isinstance(receipt, Delivered):
        kept = {"message_ref": receipt.ref, "sent_at": now, "error": None}
        return AttemptEnd.DELIVERED, {"state": DeliveryState.SENT.value, "lease_until": None, **kept}
    told = {"lease_until": None, "error": receipt.why}
    if isinstance(receipt, GiveUp):
        return AttemptEnd.GAVE_UP, {"state": DeliveryState.DEAD.value, **told}
    if isinstance(receipt, RetryLater):
        return AttemptEnd.RETRY, {"state": DeliveryState.PENDING.value, "next_at": next_at, "hold": None, **told}
    return AttemptEnd.UNKNOWN, NO_RECEIPT | {"next_at": next_at, **told}


def _find(connection: Connection, delivery_id: int) -> Delivery:
    row = connection.execute(rows.OUTBOX.where(d.c.id == delivery_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"no delivery {delivery_id}; list them: alerts deliveries")
    return rows.delivery(row)
