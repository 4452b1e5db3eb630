"""A feed's address is brought into one spelling, and lends its host to a feed that has no name or owner yet."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE = "/%:@!$&'()*+,;=~-._[]"
SECOND_LEVEL = frozenset("ac co com edu gob gouv gov in mil msk net org spb".split())  # noqa: SIM905
"""Labels that stand before a country's own and belong to no one: ``com.ua``, ``co.uk``."""
ID_LIMIT = 64


def canonical_url(text: str) -> str | None:
    """Return the one spelling of an http or https address, None when it is none.

    Host in lower case and ASCII, no default port, no fragment, ``/`` for no path; ``feed:`` is http. A login stays.
    """
    text = re.sub(r"^feed:(?=https?:)", "", text.strip(), flags=re.IGNORECASE)
    text = re.sub(r"^feed:", "http:", text, flags=re.IGNORECASE)
    try:
        parts = urlsplit(text)
        host, port = _host(parts), parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host:
        return None
    login, at, _ = parts.netloc.rpartition("@")
    tail = f":{port}" if port is not None and port != DEFAULT_PORTS[parts.scheme] else ""
    query = f"?{quote(parts.query, SAFE + '?')}" if parts.query else ""
    return f"{parts.scheme}://{login}{at}{host}{tail}{quote(parts.path, SAFE) or '/'}{query}"


def same_place(url: str) -> str:
    """Return a key that is equal for addresses of one feed: http or https, with or without a last slash."""
    return url.partition("://")[2].rstrip("/")


def registrable(url: str) -> str:
    """Return the domain somebody registered, as a stand-in for who is behind a feed.

    Without the public suffix list: two labels, three under ``com.ua`` and its like. Where many publish under one
    domain they count as one owner, which errs towards fewer independent sources.
    """
    host = urlsplit(url).hostname or ""
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    under_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if under_country else -2 :])


def id_from(title: str, url: str) -> str:
    """Return an id made of the title, of the host where the title has too few Latin letters."""
    slug = _slug(title)
    if len(slug) < 3 or len(slug) < len(title.strip()) / 3:
        host = urlsplit(url).hostname or ""
        slug = _slug(re.sub(r"^(?:www|feeds?|rss)\.(?=[^.]+\.)", "", host))
    return slug or "feed"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:ID_LIMIT].rstrip("-")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else host.encode("idna").decode("ascii")
