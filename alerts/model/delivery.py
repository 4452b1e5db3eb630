"""Deliveries: one alert to one recipient address, what was tried and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from alerts.model.change import Alert
from alerts.model.question import Severity
from alerts.model.states import DeliveryState as DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One recipient address of a named channel.

    ``id`` is ``channel/fingerprint``, safe to store and show; ``url`` is the Apprise URL, a secret that never
    reaches a log, an error or the database; ``zone`` is the reader's IANA time zone. ``room`` is what the service's
    plug-in says a message holds (body, title; 0 = it does not say), None = it was not asked.
    """

    id: str
    channel: str
    url: str = field(repr=False)
    zone: str = "UTC"
    room: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One outbox row. ``attempts`` counts sends begun; ``may_repeat`` says that an earlier one has no receipt.

    ``severity`` is how loudly this recipient is told. ``escalates`` says that it goes out only if nobody acknowledges.
    ``hold`` is why it waits for others (None = it does not); ``lead`` is the delivery whose message carried it.
    """

    id: int
    alert: Alert
    address: str
    state: DeliveryState
    attempts: int
    next_at: datetime
    created_at: datetime
    fence: int = 0
    may_repeat: bool = False
    message_ref: str | None = None
    error: str | None = None
    sent_at: datetime | None = None
    severity: Severity = Severity.ROUTINE
    escalates: bool = False
    hold: Hold | None = None
    lead: int | None = None


class Hold(StrEnum):
    """Why a delivery waits, to be told together with others."""

    PACE = "pace"  # the address has had its messages of these minutes
    QUIET = "quiet"  # its readers sleep
    DIGEST = "digest"  # it reads at set times


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One send: when it began and ended, and how; without an end there is no receipt."""

    n: int
    began_at: datetime
    ended_at: datetime | None = None
    ended: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an address was told before in the same thread: its alert, when, and the service's id of the message.

    ``root`` is the id of the thread's first message, to answer to.
    """

    alert: Alert
    at: datetime
    ref: str | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line: plain text that is harmless as it stands, strong or a link where the service can show that."""

    text: str
    strong: bool = False
    link: str | None = None


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered alert: ``title`` is one line, ``body`` plain text; together they fit one message of the service.

    ``lines`` are the body for services that show more than plain text, ``html`` a whole document for mail, ``event``
    the alert for a program. ``key`` is the same over repeats of one delivery. ``thread`` is what its messages belong
    together by; ``root`` is the service's id of that thread's first message, ``ref`` that of the message this one
    takes the place of. ``may_repeat`` says that an earlier try got no reply.
    """

    title: str
    body: str
    severity: str = "routine"
    lines: tuple[Line, ...] = ()
    html: str | None = None
    event: Mapping[str, Any] | None = None
    key: str = ""
    thread: str = ""
    ref: str | None = None
    root: str | None = None
    may_repeat: bool = False
    mute_link: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The service accepted the message; ``ref`` is its id for it, where it gives one."""

    ref: str | None = None


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Not delivered, worth another try; ``after`` is the service's own wish in seconds."""

    why: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Not delivered, and trying again would not help (revoked token, unknown address)."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left, the reply was lost: it may have been delivered."""

    why: str


Receipt = Delivered | RetryLater | GiveUp | Unknown
