"""When this browser looked last: kept in a cookie of its own, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from alerts.web.guard import cookie
from alerts.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request

COOKIE = "alerts_looked"
VISIT = timedelta(minutes=30)
"""Whoever comes back within this time is still on the same visit: what was new stays marked."""

KEPT = 60 * 60 * 24 * 365
"""Seconds a browser remembers."""


@dataclass(frozen=True, slots=True)
class Looked:
    """When the visit before this one ended (None = never been here), and when this browser asked last."""

    before: datetime | None
    last: datetime | None


def looked(request: Request) -> Looked:
    """Return when this browser looked; whatever else stands in the cookie counts as never."""
    now = site_of(request).now()
    before, last = (_read(part) for part in (request.cookies.get(COOKIE, "") + "_").split("_")[:2])
    if last is None or last > now:
        return Looked(None, None)
    return Looked(last if before is None or now - last > VISIT else before, last)


def remember(request: Request, answer: Response, seen: Looked) -> Response:
    """Let the browser remember that it looked now."""
    now = int(site_of(request).now().timestamp())
    before = now if seen.before is None else int(seen.before.timestamp())
    value = cookie(COOKIE, f"{before}_{now}", secure=request.url.scheme == "https")
    answer.headers.append("set-cookie", f"{value}; Max-Age={KEPT}")
    return answer


def mark_seen(request: Request) -> Response:
    """Take everything for seen."""
    now = site_of(request).now()
    return remember(request, RedirectResponse("/", 303), Looked(now, now))


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
