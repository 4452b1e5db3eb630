"""An item's link becomes absolute; one that would run instead of leading somewhere is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

_BREAKS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")
_RUNS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)


def document_base(url: str, headers: Mapping[str, str]) -> str:
    """Return what relative links are relative to: Content-Location, itself relative to the address."""
    return _joined(url, headers.get("content-location", "").strip()) or url


def absolute(base: str, link: str) -> str | None:
    """Return the link as a person may open it, None when there is none or it is a script."""
    joined = _joined(base, _BREAKS.sub("", link).strip())
    return None if not joined or _RUNS.match(joined) else joined


def _joined(base: str, link: str) -> str:
    if not link:
        return ""
    try:
        return urljoin(base, link)
    except ValueError:  # such as an IPv6 address without its end
        return link
