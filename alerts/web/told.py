"""What was told, as a page, as JSON, and as feeds that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from starlette.responses import Response

from alerts.model.change import Alert
from alerts.web.alertfeeds import Channel, atom, json_feed
from alerts.web.calendar import calendar
from alerts.web.pages import as_json, page
from alerts.web.question import in_force, question_of
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

LISTED = 100
"""Alerts on a page and in a feed, the latest ones."""


def show(request: Request) -> Response:
    """Show what was told, the newest first."""
    return page(request, "alerts.html", alerts=_alerts(request))


def data(request: Request) -> Response:
    """Return the same as JSON."""
    return as_json({"alerts": _alerts(request)})


def as_atom(request: Request) -> Response:
    """Return what was told as an Atom feed (RFC 4287)."""
    body = atom(_channel(request), _alerts(request), site_of(request).now())
    return Response(body, media_type="application/atom+xml")


def as_json_feed(request: Request) -> Response:
    """Return what was told as a JSON Feed (version 1.1)."""
    answer = as_json(json_feed(_channel(request), _alerts(request)))
    answer.headers["content-type"] = "application/feed+json"
    return answer


def as_calendar(request: Request) -> Response:
    """Return the expected windows as iCalendar (RFC 5545)."""
    site, named = site_of(request), request.path_params.get("question")
    questions = [question_of(site, named)] if named else list(in_force(site).questions.values())
    body = calendar(questions, base=base_of(request), now=site.now())
    return Response(body, media_type="text/calendar; charset=utf-8")


def base_of(request: Request) -> str:
    """Return where this site stands, as links in what leaves it say it."""
    return (site_of(request).public_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")


def _alerts(request: Request) -> Sequence[Alert]:
    site, named = site_of(request), request.path_params.get("question")
    return site.store.alerts(named and _known(site, named), limit=LISTED)


def _known(site: Site, named: str) -> str:
    return question_of(site, named).id


def _channel(request: Request) -> Channel:
    site, named, base = site_of(request), request.path_params.get("question"), base_of(request)
    if not named:
        return Channel(id=f"{base}/alerts", title="alerts", page=f"{base}/alerts", base=base)
    here = f"{base}/questions/{percent(named, safe='')}"
    return Channel(id=here, title=question_of(site, named).text, page=here, base=base)
