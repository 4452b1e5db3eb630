"""A page is made from a template; text from feeds is text there, whatever it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse

from alerts.delivery.moments import span
from alerts.model.jsonable import jsonable
from alerts.web.guard import FIELD, csrf_of
from alerts.web.quoting import shown
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response

HERE = Path(__file__).parent

STALLED = timedelta(seconds=60)
"""A daemon that has not looked for so long is said to be away."""

PLACES = (
    ("/", "Board"),
    ("/live", "Live"),
    ("/alerts", "Alerts"),
    ("/playground", "Playground"),
    ("/review", "Review"),
    ("/feeds", "Feeds"),
    ("/deliveries", "Deliveries"),
    ("/silences", "Silences"),
    ("/doctor", "Doctor"),
)
"""What the heading of every page leads to."""


def page(request: Request, template: str, status: int = 200, **known: Any) -> Response:
    """Return the page that ``template`` makes of what is known; forms in it find their token as ``csrf``."""
    site, path = site_of(request), request.url.path
    known |= {"csrf": csrf_of(request), "csrf_field": FIELD, "path": path, "places": PLACES, "notices": [*_away(site)]}
    known["now"] = site.now()
    return HTMLResponse(_environment().get_template(template).render(known), status)


def as_json(value: object, status: int = 200) -> Response:
    """Return a value as JSON: dataclasses by field, times as ISO 8601 UTC."""
    return JSONResponse(jsonable(value), status)


def _away(site: Site) -> Iterator[str]:
    """Say why what is shown may be old."""
    if site.running is not None and not site.running():
        yield "The daemon is not running: nothing new comes in. Start it with: alerts run"
    beat = site.beat() if site.beat is not None else None
    if beat is not None and site.clock.steady() - beat > STALLED:
        yield "The daemon has not looked what is due for a while: what is shown may be old. See: alerts doctor"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"utc": utc, "shown": shown, "span": span, "words": words, "iso": iso, "many": many}
    return made


def utc(moment: datetime) -> str:
    """Write a time as every page does: UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def iso(moment: datetime) -> str:
    """Write a time for programs."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def words(name: str) -> str:
    """Write the id of an answer, an event or a reason as words."""
    return name.replace("_", " ").replace("-", " ")


def many(count: int, one: str, more: str | None = None) -> str:
    """Write a number and what is counted: ``1 source``, ``14 copies``."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
