"""lease | render | send | receipt

One alert goes to one address. The attempt is recorded before the send, the receipt after it: a crash between the
two leaves a delivery that is *unknown*, and its repeat says that it may be one.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.delivery.render import reader_of, render
from alerts.delivery.retry import next_try
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.model.delivery import Address, Delivered, Delivery, GiveUp, Message, Receipt

if TYPE_CHECKING:
    from alerts.store.store import Store

LEASE = 120.0
"""Seconds a delivery is ours; above the sender's deadline."""

log = logging.getLogger(__name__)


async def deliver(store: Store, outside: Outside, in_force: InForce, delivery_id: int) -> bool:
    """Send one delivery and keep its receipt; return whether the next one of its address may go."""
    clock = outside.clock
    delivery = await asyncio.to_thread(
        store.claim_delivery, delivery_id, now=clock.now(), steady=clock.steady(), lease=LEASE
    )
    if delivery is None:
        return False
    address = in_force.address(delivery.address)
    if address is None:
        receipt: Receipt = GiveUp(f"the settings no longer hold {delivery.address}")
    else:
        receipt = await outside.send(_message(delivery, address, in_force, now=clock.now()), address)
    await _keep(store, outside, delivery, receipt)
    return True


def _message(delivery: Delivery, address: Address, in_force: InForce, *, now: datetime) -> Message:
    reader = reader_of(address, in_force.public_url)
    return render(delivery.alert, reader, now=now, may_repeat=delivery.may_repeat)


async def _keep(store: Store, outside: Outside, delivery: Delivery, receipt: Receipt) -> None:
    now = outside.clock.now()
    wait = None
    if not isinstance(receipt, Delivered | GiveUp):
        wait = next_try(delivery.attempts, receipt, u=outside.random.random(), age=now - delivery.created_at)
        if wait is None:
            receipt = GiveUp(f"{receipt.why}; given up after {delivery.attempts} attempts")
    next_at = now + timedelta(seconds=wait) if wait is not None else None
    await asyncio.to_thread(store.receipt, delivery, receipt, now=now, next_at=next_at)
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
