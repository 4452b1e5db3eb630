"""Where items come from and go to: does each feed answer, does each address take a message, is our clock right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alerts.engine.diagnosis import Finding, bad, doubtful, judge_clock, judge_feeds, well
from alerts.model.delivery import Delivered, Message, Span
from alerts.wiring.clock import SystemClock
from alerts.wiring.house import senders_for, survey_feeds

if TYPE_CHECKING:
    from alerts.model.delivery import Address, Receipt
    from alerts.settings import Settings

DIAL = 10.0
"""Seconds a service may take to accept a connection."""

SAID = "This is a test of the way to you, asked for by an operator. No news, nothing to do."
TEST = Message(title="TEST · alerts doctor", body=SAID, lines=((Span(SAID),),), event={"type": "alerts.test.v1"})


def look_at_channels(settings: Settings, *, offline: bool, send: bool) -> Iterator[Finding]:
    """Yield for each address whether its URL can be used, its host can be reached, and a test arrives."""
    from alerts.delivery.addresses import check_url
    from alerts.delivery.routes import addresses

    listed = [one for group in addresses(settings.channel_addresses()).values() for one in group]
    if not listed:
        yield bad("channels", "no channel is set, so nobody is told anything", "set ALERTS_CHANNELS__DEFAULT")
    usable = []
    for address in listed:
        refused = check_url(address.url)
        if refused is None:
            usable.append(address)
        else:
            yield bad("channel", f"{address.id}: {refused}", _mend(address))
    if offline:
        yield from (well("channel", _named(address)) for address in usable)
    elif send:
        yield from asyncio.run(_sent(usable))
    else:
        yield from asyncio.run(_reached(usable))


def look_at_feeds(settings: Settings) -> Iterator[Finding]:
    """Ask every feed once; yield who is dead, and how our clock compares with what their servers say."""
    seen = asyncio.run(survey_feeds(settings, ()))
    yield from judge_feeds(seen)
    yield judge_clock(seen)


def _mend(address: Address) -> str:
    return f"mend ALERTS_CHANNELS__{address.channel.upper().replace('-', '_')}"


def _named(address: Address) -> str:
    from alerts.delivery.reach import service_of

    return f"{address.id}: {service_of(address.url)}"


async def _reached(addresses: Sequence[Address]) -> list[Finding]:
    return list(await asyncio.gather(*map(_reach, addresses)))


async def _reach(address: Address) -> Finding:
    from alerts.delivery.reach import endpoint_of

    place = endpoint_of(address.url)
    if place is None:
        return well("channel", f"{_named(address)}, not dialled: only the service knows where it is")
    try:
        async with asyncio.timeout(DIAL):
            _, writer = await asyncio.open_connection(*place)
        writer.close()
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or f"no answer within {DIAL:.0f} s"
        fix = "check the name, the firewall and the proxy; alerts doctor --send tries the whole way"
        return bad("channel", f"{_named(address)}: {place[0]}:{place[1]} cannot be reached: {reason}", fix)
    return well("channel", f"{_named(address)}, {place[0]} can be reached")


async def _sent(addresses: Sequence[Address]) -> list[Finding]:
    senders = senders_for(addresses, SystemClock().now)
    try:
        receipts = await asyncio.gather(*(senders(TEST, address) for address in addresses))
    finally:
        await senders.close()
    return [_judge(address, receipt) for address, receipt in zip(addresses, receipts, strict=True)]


def _judge(address: Address, receipt: Receipt) -> Finding:
    if isinstance(receipt, Delivered):
        return well("channel", f"{_named(address)} took a test message; look whether it is there")
    kind = type(receipt).__name__
    if kind == "Unknown":
        return doubtful("channel", f"{_named(address)}: {receipt.why}", "look whether the test message is there")
    return bad("channel", f"{_named(address)}: {receipt.why}", _mend(address))
