"""Live: what is read and what changes, as it comes; whoever was away goes on where they were, without repeat or gap."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response, StreamingResponse

from alerts.model.change import Change
from alerts.model.errors import StoreError
from alerts.model.jsonable import jsonable
from alerts.model.verdict import Evidence
from alerts.store.glances import Place
from alerts.web.pages import as_json, page
from alerts.web.quoting import Quoted, quoted
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

EVERY = 1.0
"""Seconds between two looks for something new, while anybody listens."""

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive."""

STREAMS = 500
"""Streams at once; one more is told to come back later."""

PLACES = 64
"""Places whose next events are kept at hand; whoever listens stands at one of a few."""

SHOWN = 60
"""Events on the page before any come."""

RETRY = 3000
"""Milliseconds after which a browser that was dropped comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: a text was read (``said``), or an answer moved (``to_answer``, ``reason``)."""

    id: str
    kind: str
    at: datetime
    question: str
    text: str
    label: str
    said: Quoted | None = None


class Live:
    """Looks for what is new, once for everybody who listens. Belongs to the loop that serves."""

    def __init__(self, site: Site, *, every: float = EVERY) -> None:
        self._site, self._every = site, every
        self._newest = Place()
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._read: dict[Place, list[tuple[Place, str]]] = {}
        self._closing = False
        self.listeners = 0

    def close(self) -> None:
        """End every stream; browsers come again by themselves."""
        self._closing = True
        self._moved.set()

    async def stream(self, place: Place) -> AsyncIterator[str]:
        """Yield what came after a place and whatever comes next, in the form of server-sent events."""
        async with self._listening():
            yield f"retry: {RETRY}\n\n"
            while not self._closing:
                moved = self._moved
                listed = await self._after(place)
                for reached, text in listed:
                    place = reached
                    yield text
                if not listed and not await _comes(moved, HEARTBEAT):
                    yield ": still here\n\n"

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        self.listeners += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self.listeners -= 1

    async def _look(self) -> None:
        """Look for something new as long as anybody listens."""
        while self.listeners and not self._closing:
            try:
                newest = await asyncio.to_thread(self._site.store.newest)
            except StoreError:
                newest = self._newest  # it is said on every page; whoever listens waits
            if newest != self._newest:
                self._newest = newest
                self._read.clear()
                self._moved.set()
                self._moved = asyncio.Event()
            await asyncio.sleep(self._every)

    async def _after(self, place: Place) -> list[tuple[Place, str]]:
        """Return the next events after a place, read once for all who stand there."""
        if place.evidence >= self._newest.evidence and place.change >= self._newest.change:
            return []
        if place in self._read:
            return self._read[place]
        try:
            found = await asyncio.to_thread(self._site.store.after, place)
        except StoreError:
            return []
        written = [(reached, _written(event_of(self._site, reached, one))) for reached, one in found]
        if len(self._read) < PLACES:
            self._read[place] = written
        return written


async def _comes(moved: asyncio.Event, seconds: float) -> bool:
    """Wait for something new; False where the time is up before."""
    try:
        await asyncio.wait_for(moved.wait(), seconds)
    except TimeoutError:
        return False
    return True


def show(request: Request) -> Response:
    """Show what came last; a script lets what comes next stream in."""
    events, place = _latest(site_of(request))
    return page(request, "live.html", events=events, place=_name(place))


def data(request: Request) -> Response:
    """Return what came last as JSON, the newest first."""
    events, place = _latest(site_of(request))
    return as_json({"events": events, "place": _name(place)})


async def events(request: Request) -> Response:
    """Stream what comes after the place a browser names, by default after now."""
    live: Live = request.app.state.live
    if live.listeners >= STREAMS:
        return JSONResponse({"error": "too many streams are open; come back later"}, 503, {"retry-after": "30"})
    named = request.headers.get("last-event-id") or request.query_params.get("after", "")
    place = place_of(named)
    if place is None:
        place = await asyncio.to_thread(site_of(request).store.newest)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(live.stream(place), media_type="text/event-stream", headers=headers)


def event_of(site: Site, place: Place, one: Evidence | Change) -> Event:
    """Return what happened, for a page."""
    name = one.verdict.question if isinstance(one, Evidence) else one.question
    question = site.in_force().questions.get(name) if site.in_force is not None else None
    text = question.text if question is not None else name
    if isinstance(one, Evidence):
        said = quoted(one)
        return Event(
            id=_name(place), kind="text", at=one.at, question=name, text=text, label=one.verdict.label, said=said
        )
    label = f"{one.reason.value}: {one.to_answer or 'open again'}"
    return Event(id=_name(place), kind="change", at=one.at, question=name, text=text, label=label)


def _latest(site: Site) -> tuple[list[Event], Place]:
    newest = site.store.newest()
    start = Place(max(0, newest.evidence - SHOWN), max(0, newest.change - SHOWN // 4))
    found = [(place, one) for place, one in site.store.after(start, limit=2 * SHOWN)]
    listed = [event_of(site, place, one) for place, one in found]
    return sorted(listed, key=lambda one: one.at, reverse=True), found[-1][0] if found else newest


def _written(event: Event) -> str:
    """Write an event; JSON has no line breaks, so nothing in it ends one."""
    return f"id: {event.id}\ndata: {json.dumps(jsonable(event), ensure_ascii=False)}\n\n"


def _name(place: Place) -> str:
    return f"{place.evidence}-{place.change}"


def place_of(name: str) -> Place | None:
    """Return the place an event's id names, None where it names none."""
    evidence, _, change = name.partition("-")
    if not all(one.isascii() and one.isdecimal() for one in (evidence, change)):
        return None
    return Place(int(evidence[:18]), int(change[:18]))
