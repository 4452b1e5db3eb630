"""Send: a message goes to its service, natively or through Apprise, and a receipt comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from alerts.delivery.native.hook import send_hook as send_event
from alerts.delivery.native.http import Line
from alerts.delivery.native.mail import send_mail
from alerts.delivery.native.parts import Hook, Mailbox, Parts, SlackBot, SlackHook, TelegramChat
from alerts.delivery.native.slack import send_bot, send_hook
from alerts.delivery.native.telegram import send_telegram
from alerts.delivery.send import AppriseSender
from alerts.model.delivery import Address, Message, Receipt, Unknown

DEADLINE = 30.0
"""Seconds a send may take, all in all."""


class Senders:
    """Every way out of the house; satisfies the port ``Send``. Belongs to one event loop; closed with ``close``.

    ``parts`` are those of the addresses we send to ourselves, by address id; the others go through Apprise.
    A send past its deadline is cut off and *unknown*; it harms no other.
    """

    def __init__(
        self,
        parts: Mapping[str, Parts],
        *,
        now: Callable[[], datetime],
        apprise: AppriseSender,
        deadline: float = DEADLINE,
    ) -> None:
        self._parts = parts
        self._now = now
        self._apprise = apprise
        self._deadline = deadline
        self._line = Line(deadline=deadline, now=now)

    async def __call__(self, message: Message, address: Address) -> Receipt:
        """Send one message to one address; never raises, the receipt says what happened, without a secret."""
        parts = self._parts.get(address.id)
        if parts is None:
            return await self._apprise(message, address)
        try:
            async with asyncio.timeout(self._deadline + 1):
                return await self._sent(message, parts)
        except TimeoutError:
            return Unknown(f"no answer within {self._deadline:g} s")

    async def _sent(self, message: Message, parts: Parts) -> Receipt:
        match parts:
            case TelegramChat():
                return await send_telegram(self._line, parts, message)
            case SlackHook():
                return await send_hook(self._line, parts, message)
            case SlackBot():
                return await send_bot(self._line, parts, message)
            case Mailbox():
                return await send_mail(parts, message, now=self._now(), deadline=self._deadline)
            case Hook():
                return await send_event(self._line, parts, message, now=self._now())

    async def close(self) -> None:
        """Let go of every connection, and end the worker."""
        await self._line.close()
        await self._apprise.close()
