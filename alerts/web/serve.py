"""The site is served in the loop of whoever asks: beside the daemon, or alone."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn

from alerts.model.errors import ConfigError
from alerts.web.app import make_app
from alerts.web.listen import read_listen
from alerts.web.site import Site
from alerts.wiring.clock import SystemClock
from alerts.wiring.doctor import examine
from alerts.wiring.house import is_running
from alerts.wiring.ondisk import RulesOnDisk
from alerts.wiring.reload import link_key
from alerts.wiring.workbench import Workbench

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from alerts.engine.dispatch import Dispatch
    from alerts.engine.ports import Clock
    from alerts.settings import Settings
    from alerts.store.store import Store
    from alerts.web.listen import Listen

CLOSING = 5
"""Seconds that requests under way may still take when the site closes."""


def site_for(settings: Settings, store: Store, clock: Clock, dispatch: Dispatch | None = None) -> Site | None:
    """Return the site of these settings, None where the page is off; ``dispatch`` is the daemon's, where one runs.

    ConfigError where the page would be open to other machines without a token.
    """
    token = settings.web.token.get_secret_value() if settings.web.token else None
    listen = read_listen(settings.web.listen, token=token)
    if listen is None:
        return None
    return Site(
        store=store,
        clock=clock,
        key=link_key(store),
        listen=listen,
        token=token,
        public_url=str(settings.public_url) if settings.public_url else None,
        in_force=RulesOnDisk(settings) if dispatch is None else lambda: dispatch.in_force,
        beat=None if dispatch is None else lambda: dispatch.looked_at,
        running=None if dispatch is not None or settings.is_shared else lambda: is_running(settings),
        workbench=Workbench(settings.rules, settings.seeds),
        doctor=lambda: [one for one in examine(offline=True) if one.check != "page"],  # whoever asks has it before him
    )


class _Server(uvicorn.Server):
    """Uvicorn without hands on the signals: they are the daemon's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@asynccontextmanager
async def served(app: Starlette, listen: Listen) -> AsyncIterator[Listen]:
    """Serve while entered; yields where it listens. ConfigError when the address cannot be had."""
    taken = bind(listen)
    where = type(listen)(listen.host, taken.getsockname()[1])
    config = uvicorn.Config(
        app,
        access_log=False,  # paths hold tickets
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=CLOSING,
    )
    server = _Server(config)
    work = asyncio.create_task(server.serve(sockets=[taken]), name="page")
    try:
        while not server.started and not work.done():
            await asyncio.sleep(0)
        yield where
    finally:
        server.should_exit = True
        app.state.live.close()
        await work
        taken.close()


async def serve_alone(settings: Settings, store: Store, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ConfigError where the page is off or its address cannot be had."""
    site = site_for(settings, store, SystemClock(store.server_time()))
    if site is None:
        raise ConfigError("setting ALERTS_WEB__LISTEN: the page is off; give it an address such as 127.0.0.1:8787")
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    async with served(make_app(site), site.listen) as where:
        say(f"The page is at http://{where}/")
        await stop.wait()


def bind(listen: Listen) -> socket.socket:
    """Take the address; ConfigError says who may have it."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        return socket.create_server((listen.host, listen.port), family=family, reuse_port=False)
    except OSError as error:
        raise ConfigError(
            f"the page cannot listen on {listen}: {error.strerror or error}. "
            "Stop what has it, or set ALERTS_WEB__LISTEN"
        ) from None
