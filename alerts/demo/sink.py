"""A message arrives as a recipient's service would get it: a loopback webhook that keeps what Apprise posts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from alerts.demo.loopback import HOST, serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message as it came: ``tone`` is Apprise's notify type (failure, warning, info, success)."""

    title: str
    body: str
    tone: str


class Sink:
    """Keeps what it receives in ``messages`` and awaits ``on_message`` for each; ``url`` is its Apprise URL."""

    def __init__(self, on_message: Callable[[Received], Awaitable[None]]) -> None:
        self.messages: list[Received] = []
        self.url = ""
        self.app = web.Application()
        self.app.router.add_post("/", self._receive)
        self._on_message = on_message

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            received = _read(await request.json())
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="not an Apprise message") from None
        self.messages.append(received)
        await self._on_message(received)
        return web.Response(status=204)


@asynccontextmanager
async def open_sink(on_message: Callable[[Received], Awaitable[None]]) -> AsyncIterator[Sink]:
    """Receive messages while entered."""
    sink = Sink(on_message)
    async with serve(sink.app) as port:
        sink.url = f"json://{HOST}:{port}/"
        yield sink


def _read(posted: Any) -> Received:
    """Read Apprise's JSON schema, version 1.0."""
    return Received(title=str(posted["title"]), body=str(posted["message"]), tone=str(posted["type"]))
