"""Apprise: one message to one address, in this thread, to the end or for ever; the process around it can be killed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alerts.delivery.addresses import load_apprise, open_address
from alerts.delivery.receipts import receipt_of
from alerts.delivery.redact import overhear
from alerts.model.delivery import Delivered, GiveUp, Receipt, RetryLater, Unknown

if TYPE_CHECKING:
    from apprise import NotifyBase

CONNECT = 10.0
"""Seconds a connection may take; no connection by then is a refusal, not a doubt."""

STUMBLES = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What a plug-in may raise where Apprise does not catch it."""

KINDS: dict[str, type[Any]] = {"delivered": Delivered, "retry": RetryLater, "give_up": GiveUp, "unknown": Unknown}


def warm() -> None:
    """Load Apprise and its plug-ins (0.2–2 s of CPU), so that the first alert does not pay for it."""
    open_address("json://localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message for one Apprise URL, in values that go through a pipe; ``deadline`` is in seconds."""

    url: str = field(repr=False)
    title: str
    body: str
    severity: str
    deadline: float
    local: tuple[str, ...] = ()


def send_by_apprise(errand: Errand) -> dict[str, Any]:
    """Send, and return the receipt as ``read_receipt`` takes it; raises nothing a plug-in may."""
    try:
        receipt = _send(errand)
    except STUMBLES as error:
        receipt = Unknown(f"the send broke off: {type(error).__name__}")
    kind = next(name for name, one in KINDS.items() if isinstance(receipt, one))
    why, after = getattr(receipt, "why", None), getattr(receipt, "after", None)
    return {"kind": kind} | ({"why": why} if why else {}) | ({"after": after} if after else {})


def read_receipt(said: dict[str, Any]) -> Receipt:
    """Return the receipt that ``send_by_apprise`` wrote."""
    kind = KINDS[said["kind"]]
    if kind is Delivered:
        return Delivered()
    if kind is RetryLater:
        return RetryLater(said["why"], after=said.get("after"))
    receipt: Receipt = kind(said["why"])
    return receipt


def _send(errand: Errand) -> Receipt:
    service = open_address(errand.url, allowed=frozenset(errand.local))
    if isinstance(service, str):
        return GiveUp(f"its Apprise URL cannot be used: {service}")
    _limit(service, errand.url, errand.deadline)
    apprise = load_apprise()
    with overhear(errand.url) as overheard:
        result = apprise.Apprise(service, asset=service.asset).notify(
            body=errand.body,
            title=errand.title,
            notify_type=_TYPES.get(errand.severity, "info"),
            body_format="text",  # without it, markup from a feed would be sent as markup
        )
    return receipt_of(bool(result), overheard.lines)


def _limit(service: NotifyBase, url: str, deadline: float) -> None:
    """Keep each socket operation within the deadline, unless the URL says otherwise (``cto``, ``rto``)."""
    mail = url.lstrip().lower().startswith("mailto")  # has one timeout for all it does
    if "cto=" not in url:
        service.socket_connect_timeout = deadline if mail else min(CONNECT, deadline)
    if "rto=" not in url:
        service.socket_read_timeout = deadline


_TYPES = {"flash": "failure", "urgent": "warning"}
"""Severity → Apprise's type, which some services show as a colour."""
