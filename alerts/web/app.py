"""The site: every path and what answers it, behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from alerts.engine.board import Board
from alerts.model.errors import ConfigError, NotFoundError, StoreError
from alerts.web import acts, board, desk, health, live, login, looked, playground, question, review, told, works
from alerts.web.guard import Guard
from alerts.web.pages import HERE, as_json, page
from alerts.web.site import Site

if TYPE_CHECKING:
    from starlette.requests import Request


def make_app(site: Site) -> Starlette:
    """Return the site as an ASGI application; it owns nothing, so it needs no closing."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Guard, site=site)],
        exception_handlers={
            404: _missing,
            NotFoundError: _missing,
            StoreError: _unavailable,
            ConfigError: _misconfigured,
        },
    )
    app.state.site = site
    app.state.board = Board(site.store)
    app.state.live = live.Live(site)
    return app


def routes() -> list[Route | Mount]:
    """Return every path of the site."""
    return [
        *_views(),
        *_works(),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/login", login.show),
        Route("/login", login.enter, methods=["POST"]),
        Route("/act/{ticket}", acts.show),
        Route("/act/{ticket}", acts.perform, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


def _views() -> list[Route]:
    one = "/questions/{question}"
    return [
        Route("/", board.show),
        Route("/board.json", board.data),
        Route("/looked", looked.mark_seen, methods=["POST"]),
        Route("/playground", playground.show),
        Route("/playground", playground.attempt, methods=["POST"]),
        Route("/playground.json", playground.data),
        Route("/live", live.show),
        Route("/live.json", live.data),
        Route("/live/events", live.events),
        Route("/alerts", told.show),
        Route("/alerts.json", told.data),
        Route("/alerts.atom", told.as_atom),
        Route("/alerts.feed.json", told.as_json_feed),
        Route("/expected.ics", told.as_calendar),
        Route(f"{one}/alerts.json", told.data),
        Route(f"{one}/alerts.atom", told.as_atom),
        Route(f"{one}/alerts.feed.json", told.as_json_feed),
        Route(f"{one}/expected.ics", told.as_calendar),
        Route(f"{one}/changes/{{seq:int}}.json", question.change_data),
        Route(f"{one}/changes/{{seq:int}}", question.show_change),
        Route(f"{one}.json", question.data),
        Route(one, question.show),
    ]


def _works() -> list[Route]:
    return [
        Route("/review", review.show),
        Route("/review", review.label, methods=["POST"]),
        Route("/review.json", review.data),
        Route("/review.txt", review.lines),
        Route("/questions/{question}/rulings", desk.ruling, methods=["POST"]),
        Route("/feeds", works.feeds),
        Route("/feeds.json", works.feeds_data),
        Route("/deliveries", works.deliveries),
        Route("/deliveries.json", works.deliveries_data),
        Route("/deliveries/{delivery:int}/resend", desk.resend, methods=["POST"]),
        Route("/silences", works.silences),
        Route("/silences", desk.silence, methods=["POST"]),
        Route("/silences.json", works.silences_data),
        Route("/silences/{silence:int}/end", desk.end_silence, methods=["POST"]),
        Route("/doctor", works.doctor),
        Route("/doctor.json", works.doctor_data),
    ]


async def _missing(request: Request, error: Exception) -> Response:
    why = str(error) if isinstance(error, NotFoundError) else "Nothing of that name is here."
    return _refused(request, 404, "Not found", why)


async def _unavailable(request: Request, error: Exception) -> Response:
    return _refused(request, 503, "The database cannot be used", str(error))


async def _misconfigured(request: Request, error: Exception) -> Response:
    return _refused(request, 503, "The rules cannot be read", str(error))


def _refused(request: Request, status: int, title: str, why: str) -> Response:
    if request.url.path.endswith(".json"):
        return as_json({"error": why}, status)
    return page(request, "error.html", status, title=title, why=why)
