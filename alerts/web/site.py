"""What every page knows: the store, the time, who may come in, and how links are signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from alerts.web.listen import Listen

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.engine.diagnosis import Finding
    from alerts.engine.inforce import InForce
    from alerts.engine.ports import Clock
    from alerts.store.store import Store
    from alerts.wiring.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site, over one store.

    ``key`` signs links and forms. ``token`` is what a visitor has to know, None = whoever reaches it may come in.
    ``public_url`` is the base of links in messages. ``in_force`` returns the rules of the running daemon, None where
    no rules are known; ``beat`` when the daemon last looked what is due (steady clock), None where the site stands
    alone; ``running`` then says whether a daemon runs beside it. ``workbench`` tries rules out and
    ``doctor`` says what is wrong, None = not here.
    """

    store: Store
    clock: Clock
    key: bytes = field(repr=False)
    listen: Listen = field(default_factory=Listen)
    token: str | None = field(default=None, repr=False)
    public_url: str | None = None
    in_force: Callable[[], InForce] | None = None
    beat: Callable[[], datetime | None] | None = None
    running: Callable[[], bool] | None = None
    workbench: Workbench | None = None
    doctor: Callable[[], list[Finding]] | None = None
    nonce: Callable[[], str] = token_urlsafe

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return self.clock.now()


def site_of(request: Request) -> Site:
    """Return the site a request came to."""
    site: Site = request.app.state.site
    return site
