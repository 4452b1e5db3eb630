"""A story is served as real feeds on loopback; what they hold follows the story's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from aiohttp import web

from alerts.demo.loopback import HOST, serve
from alerts.demo.publish import content_type, document

if TYPE_CHECKING:
    from alerts.demo.story import Outlet, Story
    from alerts.engine.ports import Clock
    from alerts.model.feed import Feed

WINDOW = 20
"""A feed holds its newest items only, as real ones do."""


class Newsstand:
    """The story's outlets as a web application; conditional requests are answered as RFC 9110 §13 asks.

    ``feeds`` is what the daemon is given to poll, once the application is open.
    """

    def __init__(self, story: Story, clock: Clock) -> None:
        self.feeds: tuple[Feed, ...] = ()
        self.app = web.Application()
        self.app.router.add_get("/{outlet}.xml", self._answer)
        self._story = story
        self._clock = clock

    def open_at(self, port: int) -> None:
        """Say under which port the application is served."""
        self.feeds = tuple(
            outlet.as_feed(f"http://{HOST}:{port}/{outlet.id}.xml", category=self._story.id)
            for outlet in self._story.outlets.values()
        )

    async def _answer(self, request: web.Request) -> web.Response:
        outlet = self._story.outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound(text="no such feed")
        response = self._page(outlet, self._clock.now())
        if _holds(request, response):
            response.body = None
            response.set_status(304)
        return response

    def _page(self, outlet: Outlet, now: datetime) -> web.Response:
        standing = self._story.standing(outlet.id, now)[:WINDOW]
        changed = max((one.updated for one in standing), default=self._story.start)
        body = document(outlet, standing, changed)
        response = web.Response(body=body, content_type=content_type(outlet), charset="utf-8")
        response.etag = blake2b(body, digest_size=8).hexdigest()
        response.last_modified = changed
        return response


@asynccontextmanager
async def open_newsstand(story: Story, clock: Clock) -> AsyncIterator[Newsstand]:
    """Serve the story's feeds while entered."""
    stand = Newsstand(story, clock)
    async with serve(stand.app) as port:
        stand.open_at(port)
        yield stand


def _holds(request: web.Request, response: web.Response) -> bool:
    """Whether the client's copy is the one it would get; an ETag speaks before a date (RFC 9110 §13.2.2)."""
    if request.if_none_match is not None:
        return any(tag.value in ("*", response.etag and response.etag.value) for tag in request.if_none_match)
    since, changed = request.if_modified_since, response.last_modified
    return since is not None and changed is not None and changed <= since
