"""A fetch that failed becomes one line an operator can act on, and a fault that sets the pace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from alerts.feeds.pace import http_date, reset_after, retry_after
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Feed

ADVICE = {
    226: "it sent a part that nobody asked for; tell its publisher",
    401: "it wants a login: write it into the address, https://name:password@host/…",
    403: "it may turn away readers it cannot name: set ALERTS_FETCH__CONTACT, or ask its publisher",
    404: "check its address; if the feed has ended, remove it: alerts feeds remove {id}",
    410: "it is gone for good: find its new address, or remove it: alerts feeds remove {id}",
    429: "it wants fewer requests: give it a longer pace if this goes on",
}
ADVICE_SERVER = "the trouble is on its side; it is asked again, nothing to do"
ADVICE_OTHER = "check its address in a browser"


def failed(feed: Feed, fault: FeedFault, what: str, *, advice: str = "") -> FeedError:
    """Return the error for a failure without an HTTP status: ``feed 'x' <what>; <advice>``."""
    tail = f"; {advice}" if advice else ""
    return FeedError(fault, f"feed '{feed.id}' {what}{tail}")


def answered(feed: Feed, status: int, headers: Mapping[str, str], *, now: datetime) -> FeedError:
    """Return the error for a status that brings no feed.

    Retry-After is read on every failure, a date in it by the server's own clock where it sent one, else by ``now``;
    without it, when the requests counted begin anew.
    """
    there = http_date(headers.get("date")) or now
    wait = retry_after(headers.get("retry-after"), there)
    if wait is None and status in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        wait = reset_after(headers, there)
    fault = FeedFault.STATUS
    if status == HTTPStatus.GONE:
        fault = FeedFault.GONE
    elif status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None):
        fault = FeedFault.THROTTLED
    advice = ADVICE.get(status, ADVICE_SERVER if status >= 500 else ADVICE_OTHER).format(id=feed.id)
    return FeedError(fault, f"feed '{feed.id}' answered {_named(status)}; {advice}", status=status, retry_after=wait)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
