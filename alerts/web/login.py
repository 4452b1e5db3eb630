"""The way in, where there is a token: shown once, a cookie remembers it until the browser is closed."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from alerts.web.guard import SESSION, cookie, form, session
from alerts.web.pages import page
from alerts.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def show(request: Request) -> Response:
    """Ask for the token."""
    return page(request, "login.html", to=_inside(request.query_params.get("to", "/")), wrong=False)


async def enter(request: Request) -> Response:
    """Let in whoever knows the token."""
    site, fields = site_of(request), form(await request.body())
    to = _inside(fields.get("to", "/"))
    if site.token is not None and not hmac.compare_digest(fields.get("token", "").encode(), site.token.encode()):
        return page(request, "login.html", 403, to=to, wrong=True)
    answer = RedirectResponse(to, 303)
    secure = request.url.scheme == "https" or (site.public_url or "").startswith("https:")
    answer.headers.append("set-cookie", cookie(SESSION, session(site), secure=secure))
    return answer


def _inside(to: str) -> str:
    """Return where to go next, on this site only."""
    sound = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if sound else "/"
