"""Route: an alert finds the addresses it goes to and the terms, and nobody is an answer with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from alerts.model.change import Alert, Reason, Standing
from alerts.model.delivery import Address
from alerts.model.ledger import NewDelivery
from alerts.model.question import Question, Severity
from alerts.model.route import Claims, Route, Terms

DEFAULT = "default"
"""The channel of every alert whose own is not set."""

FINGERPRINT_BYTES = 6


LOUDER = {Severity.LOG: Severity.ROUTINE, Severity.ROUTINE: Severity.URGENT, Severity.URGENT: Severity.FLASH}
LOUDNESS = {severity: rank for rank, severity in enumerate(Severity)}

WHO_WAS_TOLD = frozenset({Reason.DISPUTED, Reason.RETRACTED, Reason.CORRECTED})
"""What goes to those who were told before, on whatever terms: nobody is left with what no longer holds."""


ALWAYS_TOLD = frozenset({Reason.OVERDUE, Reason.REMINDER, Reason.SETTLED})
"""What is no answer of its own, or the desk's word."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Where an alert goes, on what terms; ``reason`` says in one line why nobody is told, None when somebody is."""

    addresses: tuple[Address, ...]
    reason: str | None = None
    terms: tuple[Terms, ...] = ()
    """One for each address."""


@dataclass(frozen=True, slots=True)
class RouteBook:
    """The routes and channels in force, by name."""

    channels: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)

    def address(self, address_id: str) -> Address | None:
        """Return the address of that id, None when the settings no longer hold it."""
        return next((one for listed in self.channels.values() for one in listed if one.id == address_id), None)

    def recipients(self, notify: str | None) -> Recipients:
        """Return whom ``notify`` names: that route, else that channel, else the channel ``default``, else nobody.

        A route none of whose channels is set counts as not there. Letter case does not count, ``_`` and ``-`` are
        the same: a variable's name cannot hold a ``-``.
        """
        wanted = _plain_name(notify or DEFAULT)
        route = next((one for name, one in self.routes.items() if _plain_name(name) == wanted), None)
        pairs = [(one, terms) for terms in (route.terms if route else ()) for one in self._channel(terms.channel)]
        if not pairs:
            pairs = [(one, Terms(channel=one.channel)) for one in self._channel(wanted) or self._channel(DEFAULT)]
        if not pairs:
            return Recipients((), _nobody(wanted))
        first = {one.id: (one, terms) for one, terms in reversed(pairs)}  # named twice: the first terms count
        listed = [pair for pair in pairs if first[pair[0].id] == pair]
        return Recipients(tuple(one for one, _ in listed), terms=tuple(terms for _, terms in listed))

    def terms(self, notify: str | None, address: Address) -> Terms:
        """Return on what terms an address is told what ``notify`` names; the usual ones where no route names it."""
        found = self.recipients(notify)
        pairs = zip(found.addresses, found.terms, strict=True)
        return next((terms for one, terms in pairs if one.id == address.id), Terms(channel=address.channel))

    def unset(self) -> Iterator[tuple[str, str]]:
        """Yield the routes and the channels they name that are not set."""
        for route in self.routes.values():
            for terms in route.terms:
                if not self._channel(terms.channel):
                    yield route.id, terms.channel

    def _channel(self, name: str) -> tuple[Address, ...]:
        wanted = _plain_name(name)
        return next((found for one, found in self.channels.items() if found and _plain_name(one) == wanted), ())


def owed(
    alert: Alert, question: Question, book: RouteBook, *, told: frozenset[str], now: datetime
) -> tuple[NewDelivery, ...]:
    """Return who is owed an alert, one delivery an address.

    ``told`` are the addresses that heard of its thread before: what takes something back goes to them, and to nobody
    else. The others are told on the terms of their route; somebody to whom a route tells confirmed answers only gets
    the confirmation as loudly as the answer itself. An escalation waits for its time in the outbox.
    """
    found = book.recipients(alert.notify)
    if alert.reason in WHO_WAS_TOLD and (told or alert.reason is not Reason.DISPUTED):
        known = (book.address(one) for one in sorted(told))
        direct = [_direct(alert, one, now) for one in known if one is not None and alert.severity is not Severity.LOG]
    else:
        pairs = zip(found.addresses, found.terms, strict=True)
        direct = [made for one, terms in pairs if (made := _on_terms(alert, one, terms, now)) is not None]
    return (*direct, *_escalated(alert, question, book, {one.address for one in direct}, now))


def _direct(alert: Alert, address: Address, now: datetime) -> NewDelivery:
    return NewDelivery(alert_id=alert.id, address=address.id, next_at=now)


def _on_terms(alert: Alert, address: Address, terms: Terms, now: datetime) -> NewDelivery | None:
    first_heard = terms.min_standing is Standing.CONFIRMED and alert.reason is Reason.CONFIRMED
    severity = LOUDER.get(alert.severity, alert.severity) if first_heard else alert.severity
    if severity is Severity.LOG or LOUDNESS[severity] > LOUDNESS[terms.least] or not _stands(alert, terms):
        return None
    muted = None
    if alert.reason is Reason.CLAIMED and terms.claims is not Claims.ALWAYS:
        if terms.claims is Claims.NEVER:
            return None
        muted = "a claim, while the answer in force is confirmed" if alert.standing is Standing.CONFIRMED else None
    told = None if severity is alert.severity else severity
    return NewDelivery(alert_id=alert.id, address=address.id, next_at=now, severity=told, muted=muted)


def _stands(alert: Alert, terms: Terms) -> bool:
    """Whether an answer is as sure as its reader wants it; what is no answer (a silence, a watched topic) is told."""
    if terms.min_standing is not Standing.CONFIRMED or alert.reason in ALWAYS_TOLD:
        return True
    return alert.reason is not Reason.CLAIMED and alert.standing in {None, Standing.CONFIRMED}


def _escalated(
    alert: Alert, question: Question, book: RouteBook, told: set[str], now: datetime
) -> Iterator[NewDelivery]:
    escalate = question.escalate
    if escalate is None or LOUDNESS[alert.severity] > LOUDNESS[escalate.least]:
        return
    for one in book.recipients(escalate.to).addresses:
        if one.id not in told:
            yield NewDelivery(alert_id=alert.id, address=one.id, next_at=now + escalate.after, escalates=True)


def addresses(channels: Mapping[str, tuple[Sequence[str], str]]) -> dict[str, tuple[Address, ...]]:
    """Return the addresses of each channel: its Apprise URLs and its readers' zone become values with an id.

    The id is ``channel/fingerprint``; it does not change when URLs are reordered, and says nothing about them.
    A URL named twice in a channel is one address.
    """
    return {
        name: tuple(
            Address(id=f"{name}/{_fingerprint(url)}", channel=name, url=url, zone=zone) for url in dict.fromkeys(urls)
        )
        for name, (urls, zone) in channels.items()
    }


def _plain_name(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _nobody(wanted: str) -> str:
    named = f"channel '{wanted}' is not set and there is no channel '{DEFAULT}'"
    said = f"no channel '{DEFAULT}' is set" if wanted == DEFAULT else named
    return f"{said}, so nobody is told. Set ALERTS_CHANNELS__{DEFAULT.upper()} to an Apprise URL"


def _fingerprint(url: str) -> str:
    return blake2b(url.encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES).hexdigest()
