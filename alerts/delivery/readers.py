"""Readers: for whom an alert is rendered, and what is particular about one message to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from alerts.delivery.limits import Limits, limits_for, within
from alerts.delivery.markup import Form
from alerts.model.change import Alert
from alerts.model.delivery import Address, Told

SIGN = "sign"
"""The option of a json:// address that makes it a signed webhook; its value is the secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a message is rendered: what the service takes and shows, the zone, where our own links lead.

    ``address`` and ``link_key`` make the links that act; without a key there are none.
    """

    limits: Limits
    zone: str = "UTC"
    public_url: str | None = None
    form: Form = Form.PLAIN
    address: str = ""
    link_key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is particular about one message: when it leaves (aware), what went before, what it carries.

    ``may_repeat`` marks a possible repeat, under the same id. ``told`` is what this reader heard last in the thread.
    ``escalates`` says that nobody acknowledged it. ``along`` are alerts that were held back and come with it.
    """

    now: datetime
    may_repeat: bool = False
    told: Told | None = None
    escalates: bool = False
    along: tuple[Alert, ...] = ()


def reader_of(address: Address, public_url: str | None = None, link_key: bytes = b"") -> Reader:
    """Return the reader behind an address; ``public_url`` is the base of our own links, None = no links."""
    return Reader(
        limits=within(limits_for(address.url), address.room),
        zone=address.zone,
        public_url=public_url,
        form=form_of(address.url),
        address=address.id,
        link_key=link_key,
    )


def form_of(url: str) -> Form:
    """Return how the service of an Apprise URL shows a message of ours."""
    schema, _, rest = url.strip().partition("://")
    schema, host = schema.lower(), rest.partition("/")[0].lower()
    if schema in {"json", "jsons"} and SIGN in (key for key, _ in parse_qsl(rest.partition("?")[2])):
        return Form.EVENT
    if schema in {"http", "https"} and host == "hooks.slack.com":
        schema = "slack"
    return {"tgram": Form.TELEGRAM, "slack": Form.SLACK, "mailto": Form.MAIL, "mailtos": Form.MAIL}.get(
        schema, Form.PLAIN
    )
