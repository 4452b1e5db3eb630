"""Links: only a link that leads where it seems to lead is shown, in characters no service reads as markup."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

LONGEST = 600
"""A link longer than this is not shown; nobody can check it."""

_NOT_IN_A_LINK = re.compile(r"[\x00-\x20\x7f\\]")  # browsers and parsers disagree about a backslash
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_KEPT = "/?%:;,+=&.-"
_REGISTRIES = frozenset(["ac", "co", "com", "edu", "go", "gob", "gov", "gub", "in", "mil", "net", "ne", "or", "org"])
"""Second levels under which countries register (co.uk, com.ua, gov.pl)."""


def shown_link(link: str | None) -> str | None:
    """Return an http(s) link in plain ASCII, None where it is none or hides where it leads.

    Credentials before the host (``https://bank.example@evil.example/``), backslashes and blanks are refused;
    everything a chat could read as markup is percent-encoded.
    """
    found = _checked(link)
    if found is None:
        return None
    split, host = found
    netloc = f"[{host}]" if ":" in host else host
    if split.port is not None:
        netloc = f"{netloc}:{split.port}"
    rest = (quote(part, safe=_KEPT).replace("~", "%7E") for part in (split.path, split.query, split.fragment))
    url = urlunsplit((split.scheme, netloc, *rest))
    return url if len(url) <= LONGEST else None


def domain(link: str | None) -> str | None:
    """Return the domain somebody registered, as ASCII (``bbc.co.uk``, ``xn--…``), None without a usable link."""
    found = _checked(link)
    if found is None:
        return None
    host = found[1].rstrip(".")
    labels = host.split(".")
    if _is_ip(host) or len(labels) < 3:
        return host
    country = len(labels[-1]) == 2 and labels[-2] in _REGISTRIES
    return ".".join(labels[-3 if country else -2 :])


def _checked(link: str | None) -> tuple[SplitResult, str] | None:
    if not link or _NOT_IN_A_LINK.search(link.strip()):
        return None
    try:
        split = urlsplit(link.strip())
        host = (split.hostname or "").encode("idna").decode("ascii")
        sound = split.port is None or split.port > 0
    except ValueError:  # a port or an address that is none, a host that cannot be written (UnicodeError)
        return None
    sound = sound and split.scheme in {"http", "https"} and "@" not in split.netloc
    return (split, host) if sound and (_HOST.fullmatch(host) or _is_ip(host)) else None


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
