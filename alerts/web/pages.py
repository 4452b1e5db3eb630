"""A page is made from a template; text from feeds is text there, whatever it looks like."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

from alerts.web.guard import FIELD, csrf_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response

HERE = Path(__file__).parent


def page(request: Request, template: str, status: int = 200, **known: Any) -> Response:
    """Return the page that ``template`` makes of what is known; forms in it find their token as ``csrf``."""
    known |= {"csrf": csrf_of(request), "csrf_field": FIELD, "path": request.url.path}
    return HTMLResponse(_environment().get_template(template).render(known), status)


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
    made.filters["utc"] = utc
    return made


def utc(moment: datetime) -> str:
    """Write a time as every page does: UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
