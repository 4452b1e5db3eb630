"""Send: a rendered message goes to one address through Apprise, under a deadline, and a receipt comes back."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from alerts.delivery.addresses import load_apprise, open_address
from alerts.delivery.receipts import receipt_of
from alerts.delivery.redact import overhear
from alerts.model.delivery import Address, GiveUp, Message, Receipt, RetryLater, Unknown

if TYPE_CHECKING:
    from apprise import NotifyBase

CONNECT = 10.0
"""Seconds a connection may take; no connection by then is a refusal, not a doubt."""

THREADS = 256
"""Sends in flight at once, hung ones among them."""

STUMBLES = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What a plug-in may raise where Apprise does not catch it."""


def warm() -> None:
    """Load Apprise and its plug-ins (0.2–2 s of CPU), so that the first alert does not pay for it."""
    open_address("json://localhost")


class AppriseSender:
    """Sends through Apprise; satisfies the port ``Send``.

    Every send has a thread of its own and at most one runs per address, so a hung address blocks nobody but itself;
    the threads are daemons and never keep the process alive. ``deadline`` is in seconds and covers everything;
    past it the receipt is ``Unknown`` and the thread is left to end by itself. ``local`` are schemas of services on
    this machine that may be used (see ``addresses.LOCAL``).
    """

    def __init__(self, *, deadline: float = 30.0, local: frozenset[str] = frozenset(), threads: int = THREADS) -> None:
        self._deadline = deadline
        self._local = local
        self._threads = threads
        self._in_flight: dict[str, Future[Receipt]] = {}

    async def __call__(self, message: Message, address: Address) -> Receipt:
        """Send one message to one address; never raises, the receipt says what happened, without a secret."""
        running: Future[Receipt] | None = None
        try:
            async with asyncio.timeout(self._deadline):
                while (earlier := self._running(address.id)) is not None:
                    await asyncio.wrap_future(earlier)
                running = self._start(message, address)
                return await asyncio.wrap_future(running)
        except TimeoutError:
            if running is None:
                return RetryLater("an earlier message to this address has still not been answered")
            return Unknown(f"no answer within {self._deadline:g} s")

    def _running(self, address_id: str) -> Future[Receipt] | None:
        self._in_flight = {key: one for key, one in self._in_flight.items() if not one.done()}
        return self._in_flight.get(address_id)

    def _start(self, message: Message, address: Address) -> Future[Receipt]:
        running: Future[Receipt] = Future()
        if len(self._in_flight) >= self._threads:
            running.set_result(RetryLater(f"{self._threads} other messages are still unanswered"))
            return running
        running.set_running_or_notify_cancel()  # from here on nobody can cancel it: it may be on the wire
        self._in_flight[address.id] = running
        thread = Thread(target=self._run, args=(message, address, running), name=f"send {address.id}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            running.set_result(RetryLater("this machine cannot start another thread"))
        return running

    def _run(self, message: Message, address: Address, running: Future[Receipt]) -> None:
        receipt: Receipt = Unknown("the send broke off")
        try:
            receipt = self._send(message, address)
        except STUMBLES as error:
            receipt = Unknown(f"the send broke off: {type(error).__name__}")
        finally:
            running.set_result(receipt)

    def _send(self, message: Message, address: Address) -> Receipt:
        service = open_address(address.url, allowed=self._local)
        if isinstance(service, str):
            return GiveUp(f"its Apprise URL cannot be used: {service}")
        self._limit(service, address.url)
        apprise = load_apprise()
        with overhear(address.url) as overheard:
            result = apprise.Apprise(service, asset=service.asset).notify(
                body=message.body,
                title=message.title,
                notify_type=_TYPES.get(message.severity, "info"),
                body_format="text",  # without it, markup from a feed would be sent as markup
            )
        return receipt_of(bool(result), overheard.lines)

    def _limit(self, service: NotifyBase, url: str) -> None:
        """Keep each socket operation within the deadline, unless the URL says otherwise (``cto``, ``rto``)."""
        mail = url.lstrip().lower().startswith("mailto")  # has one timeout for all it does
        if "cto=" not in url:
            service.socket_connect_timeout = self._deadline if mail else min(CONNECT, self._deadline)
        if "rto=" not in url:
            service.socket_read_timeout = self._deadline


_TYPES = {"flash": "failure", "urgent": "warning"}
"""Severity → Apprise's type, which some services show as a colour."""
