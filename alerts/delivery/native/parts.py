"""Parts: what an Apprise URL says about a service that we speak to ourselves, read by Apprise's own reader.

Where a URL asks for something we do not do (encryption, a template, another kind of hook), there are no parts, and the
message goes through Apprise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from alerts.delivery.addresses import open_address
from alerts.delivery.markup import Form
from alerts.delivery.readers import SIGN, form_of

if TYPE_CHECKING:
    from apprise import NotifyBase


_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{7,}")


@dataclass(frozen=True, slots=True)
class TelegramChat:
    """A chat, by id or name; ``api`` is the address of the bot, a secret."""

    api: str = field(repr=False)
    chat: int | str
    topic: int | None = None
    silent: bool = False
    preview: bool = False


@dataclass(frozen=True, slots=True)
class SlackHook:
    """An incoming webhook: its address is a secret, and it gives no message id."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlackBot:
    """A bot in one channel; ``api`` holds ``{}`` for the method."""

    api: str
    token: str = field(repr=False)
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One reader's mail address and the server that takes mail for it."""

    host: str
    port: int
    tls: str
    verify: bool
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    sender: tuple[str, str]
    to: tuple[str, str]
    copies: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook for a program, and the secret its messages are signed with."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


Parts = TelegramChat | SlackHook | SlackBot | Mailbox | Hook


def parts_of(url: str, *, allowed: frozenset[str] = frozenset()) -> Parts | None:
    """Return the parts of a URL we send to ourselves, None where Apprise does."""
    form = form_of(url)
    if form is Form.PLAIN:
        return None
    if form is Form.EVENT:
        return _hook(url, allowed)
    service = open_address(url, allowed=allowed)
    if isinstance(service, str):
        return None
    try:
        return {Form.TELEGRAM: _telegram, Form.SLACK: _slack, Form.MAIL: _mail}[form](service)
    except (AttributeError, IndexError, TypeError, ValueError):
        return None  # another Apprise keeps its parts elsewhere: it sends them itself


def _telegram(service: Any) -> Parts | None:
    if len(service.template) or not service.targets:
        return None
    ((chat, topic),) = service.targets
    return TelegramChat(
        api=f"{service.notify_url}{service.bot_token}",
        chat=chat,
        topic=topic,
        silent=bool(service.silent),
        preview=bool(service.preview),
    )


def _slack(service: Any) -> Parts | None:
    if len(service.template):
        return None
    (channel,) = service.channels
    if service.mode == "bot":
        name = str(channel)
        if "@" in name or ":" in name:
            return None  # a person, or a fixed thread
        is_id = name.startswith("+") or _CHANNEL_ID.fullmatch(name)
        return SlackBot(service.api_url, service.access_token, name.lstrip("+") if is_id else f"#{name.lstrip('#')}")
    if service.mode != "hook" or channel is not None:
        return None
    return SlackHook(f"{service.webhook_url}/{service.token_a}/{service.token_b}/{service.token_c}")


def _mail(service: Any) -> Parts | None:
    if str(getattr(service.pgp_mode, "value", service.pgp_mode)) not in {"no", "none", ""} or service.headers:
        return None
    ((name, address),) = service.targets
    shown, sender = service.from_addr
    return Mailbox(
        host=service.smtp_host,
        port=int(service.port),
        tls=str(service.secure_mode) if service.secure else "insecure",
        verify=bool(service.verify_certificate),
        user=service.user if service.password else None,
        password=service.password,
        sender=(str(shown or ""), str(sender)),
        to=(str(name or ""), str(address)),
        copies=tuple(sorted(service.cc)),
        blind=tuple(sorted(service.bcc)),
        reply_to=tuple(sorted(service.reply_to)),
    )


def _hook(url: str, allowed: frozenset[str]) -> Parts | None:
    """Read a ``json(s)://…?sign=SECRET`` URL; the secret is not part of the address that is asked."""
    schema, _, rest = url.strip().partition("://")
    split = urlsplit(f"//{rest}")
    query = parse_qsl(split.query, keep_blank_values=True)
    secret = next((value for key, value in query if key == SIGN), "")
    service: NotifyBase | str = open_address(url, allowed=allowed)
    if isinstance(service, str) or not secret:
        return None
    found: Any = service
    host = f"{split.hostname}{f':{split.port}' if split.port else ''}"
    asked = "&".join(f"{key}={value}" for key, value in found.params.items())
    scheme = "https" if schema.lower() == "jsons" else "http"
    return Hook(
        urlunsplit((scheme, host, found.fullpath or "/", asked, "")), secret, tuple(sorted(found.headers.items()))
    )
