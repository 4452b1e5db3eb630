"""Where the page listens: on this machine for everybody, beyond it only for whoever knows the token."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from alerts.model.errors import ConfigError

OFF = frozenset({"", "off", "none"})
LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
SHORTEST_TOKEN = 16
"""Characters of a token; shorter ones can be tried out."""


@dataclass(frozen=True, slots=True)
class Listen:
    """An address and a port; port 0 = any that is free."""

    host: str = "127.0.0.1"
    port: int = 8787

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_listen(text: str, *, token: str | None) -> Listen | None:
    """Return where to listen, None for ``off``.

    ConfigError where the text is no address, or one that other machines reach and there is no token.
    """
    if text.strip().lower() in OFF:
        return None
    listen = _parse(text.strip())
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise ConfigError(
            f"setting ALERTS_WEB__TOKEN: {len(token)} characters can be guessed; use {SHORTEST_TOKEN} or more"
        )
    if not listen.is_loopback and token is None:
        raise ConfigError(
            f"setting ALERTS_WEB__LISTEN: {listen} can be reached from other machines, so the page wants a token. "
            "Set ALERTS_WEB__TOKEN, or listen on 127.0.0.1"
        )
    return listen


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by name or number."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare in LOOPBACK_NAMES or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def _parse(text: str) -> Listen:
    try:
        split = urlsplit(f"//{text}")
        host, port, rest = split.hostname, split.port, split.path
    except ValueError:
        host, port, rest = None, None, ""
    if not host or port is None or rest or "@" in text:
        raise ConfigError(f"setting ALERTS_WEB__LISTEN: '{text}' is no address; write 127.0.0.1:8787, or off")
    return Listen(host, port)
