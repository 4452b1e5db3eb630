"""lease | plan | render | send | receipt

One message goes to one address: an alert, or several that were held back. The attempt is recorded before the send,
the receipt after it: a crash between the two leaves deliveries that are *unknown*, and their repeat says that it may
be one.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.delivery.pacing import plan
from alerts.delivery.readers import Telling, reader_of
from alerts.delivery.render import tell
from alerts.delivery.retry import next_try
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.model.change import Alert
from alerts.model.delivery import Address, Delivered, Delivery, GiveUp, Message, Receipt
from alerts.model.outbox import Claim, Plan, Queue, SendNow
from alerts.model.question import Severity
from alerts.model.route import Terms

if TYPE_CHECKING:
    from alerts.store.store import Store

LEASE = 120.0
"""Seconds a delivery is ours; above the sender's deadline."""

log = logging.getLogger(__name__)


async def deliver(store: Store, outside: Outside, in_force: InForce, delivery_id: int) -> bool:
    """Send one delivery, and what goes with it, and keep the receipt; return whether others of its address may go.

    It may be held back or muted instead: then too the next one is looked at.
    """
    clock = outside.clock
    now = clock.now()
    claim = await asyncio.to_thread(
        store.claim_delivery,
        delivery_id,
        lambda queue: _plan(queue, in_force, now),
        now=now,
        steady=clock.steady(),
        lease=LEASE,
    )
    if claim is None or not claim.deliveries:
        return claim is not None
    address = in_force.book.address(claim.first.address)
    if address is None:
        receipt: Receipt = GiveUp(f"the settings no longer hold {claim.first.address}")
    else:
        receipt = await outside.send(message_of(claim, address, in_force, now=clock.now()), address)
    await _keep(store, outside, claim, receipt)
    return True


def _plan(queue: Queue, in_force: InForce, now: datetime) -> Plan:
    """Say what becomes of a delivery; one whose address left the settings goes on, and is given up with the reason."""
    book = in_force.book
    address = book.address(queue.first.address)
    if address is None:
        return SendNow()

    def terms_of(one: Delivery) -> Terms:
        return book.terms(one.alert.notify, address)

    return plan(queue, terms_of, address.zone, now)


def message_of(claim: Claim, address: Address, in_force: InForce, *, now: datetime) -> Message:
    """Return the message of a send: as loud as this recipient is told, with all that comes along."""
    first, *others = claim.deliveries
    reader = reader_of(address, in_force.public_url, in_force.link_key)
    telling = Telling(
        now=now,
        may_repeat=any(one.may_repeat for one in claim.deliveries),
        told=claim.told,
        escalates=first.escalates,
        along=tuple(_as_told(one) for one in others),
    )
    return tell(_as_told(first), reader, telling)


def _as_told(delivery: Delivery) -> Alert:
    return replace(delivery.alert, severity=delivery.severity)


async def _keep(store: Store, outside: Outside, claim: Claim, receipt: Receipt) -> None:
    now, first = outside.clock.now(), claim.first
    wait = None
    if not isinstance(receipt, Delivered | GiveUp):
        age, loud = now - first.created_at, first.severity is Severity.FLASH
        wait = next_try(first.attempts, receipt, u=outside.random.random(), age=age, loud=loud)
        if wait is None:
            receipt = GiveUp(f"{receipt.why}; given up after {first.attempts} attempts")
    next_at = now + timedelta(seconds=wait) if wait is not None else None
    along = claim.deliveries[1:]
    await asyncio.to_thread(store.receipt, first, receipt, now=now, next_at=next_at, along=along)
    for delivery in claim.deliveries:
        _report(delivery, receipt, wait)


def _report(delivery: Delivery, receipt: Receipt, wait: float | None) -> None:
    if isinstance(receipt, Delivered):
        log.info("%s told to %s", delivery.alert.id, delivery.address)
    elif isinstance(receipt, GiveUp):
        log.error(
            "%s could not be told to %s: %s. Mend the channel, then: alerts deliveries resend %d",
            delivery.alert.id,
            delivery.address,
            receipt.why,
            delivery.id,
        )
    else:
        log.warning(
            "%s not yet told to %s: %s; next try in %.0f s", delivery.alert.id, delivery.address, receipt.why, wait
        )
