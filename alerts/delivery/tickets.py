"""Tickets: a link in a message lets its reader do one thing with one alert, for a while; nobody can forge one."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, new

from alerts.model.acts import Act, Ticket

VALID = timedelta(days=14)
"""A link in a message acts for so long."""

MAC_BYTES = 16
_LONGEST = 1024
_SEPARATOR = "\n"


def write_ticket(ticket: Ticket, key: bytes) -> str:
    """Return the ticket as text for a URL's path, signed; times are kept to the second."""
    said = _SEPARATOR.join((ticket.act, ticket.alert, ticket.address, str(int(ticket.until.timestamp()))))
    text = said.encode("utf-8", "replace")
    return urlsafe_b64encode(_mac(text, key) + text).rstrip(b"=").decode("ascii")


def read_ticket(text: str, key: bytes, now: datetime) -> Ticket | None:
    """Return the ticket somebody shows, None where it was not written with this key or its time is over."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        act, alert, address, until = raw[MAC_BYTES:].decode("utf-8").split(_SEPARATOR)
        ticket = Ticket(act=Act(act), alert=alert, address=address, until=datetime.fromtimestamp(int(until), UTC))
    except (ValueError, OverflowError, OSError):
        return None
    genuine = compare_digest(_mac(raw[MAC_BYTES:], key), raw[:MAC_BYTES])
    return ticket if genuine and now < ticket.until else None


def _mac(text: bytes, key: bytes) -> bytes:
    return new(key, b"alerts ticket 1\n" + text, sha256).digest()[:MAC_BYTES]
