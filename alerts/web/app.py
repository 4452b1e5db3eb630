"""The site: every path and what answers it, behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from alerts import __version__
from alerts.model.errors import NotFoundError, StoreError
from alerts.web import acts, health, login
from alerts.web.guard import Guard
from alerts.web.pages import HERE, page
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request


def make_app(site: Site) -> Starlette:
    """Return the site as an ASGI application; it owns nothing, so it needs no closing."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Guard, site=site)],
        exception_handlers={404: _missing, NotFoundError: _missing, StoreError: _unavailable},
    )
    app.state.site = site
    return app


def routes() -> list[Route | Mount]:
    """Return every path of the site."""
    return [
        Route("/", home),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/login", login.show),
        Route("/login", login.enter, methods=["POST"]),
        Route("/act/{ticket}", acts.show),
        Route("/act/{ticket}", acts.perform, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


def home(request: Request) -> Response:
    """Show where things stand, in a few figures."""
    site = site_of(request)
    return page(request, "home.html", counts=site.store.counts(), now=site.now(), version=__version__)


async def _missing(request: Request, error: Exception) -> Response:
    why = str(error) if isinstance(error, NotFoundError) else "Nothing of that name is here."
    return page(request, "error.html", 404, title="Not found", why=why)


async def _unavailable(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 503, title="The database cannot be used", why=str(error))
