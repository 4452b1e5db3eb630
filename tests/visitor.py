"""A site served for real on loopback, and a visitor who may say whatever a browser, or an attacker, would say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from threading import Event, Thread
from urllib.parse import urlencode

from alerts.web.app import make_app
from alerts.web.serve import served
from alerts.web.site import Site

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Visitor:
    """A browser with a jar of cookies; ``host`` is what it calls the site."""

    port: int
    host: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Seen:
        """Ask for a page."""
        return self.send("GET", path, **headers)

    def submit(
        self, path: str, fields: dict[str, str] | None = None, *, csrf: str | None = None, **headers: str
    ) -> Seen:
        """Send a form the way a browser does: with what the page before gave it, unless ``csrf`` says otherwise."""
        if csrf is None:
            csrf = self.form_token(path)
        body = urlencode({"csrf": csrf, **(fields or {})})
        headers = {"Origin": f"http://{self._host}", "Content-Type": "application/x-www-form-urlencoded"} | headers
        return self.send("POST", path, body, **headers)

    def form_token(self, path: str) -> str:
        """Return the hidden field of the form on a page."""
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
        assert found is not None, f"{path} shows no form"
        return found[1]

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Seen:
        """Send a request; ``_`` in a header's name stands for ``-``."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        said = {"Host": self._host} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, said)
        answer = line.getresponse()
        seen = Seen(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: one.value for key, one in SimpleCookie(value).items()}
        line.close()
        return seen

    @property
    def _host(self) -> str:
        return self.host or f"127.0.0.1:{self.port}"


@contextmanager
def visiting(site: Site) -> Iterator[Visitor]:
    """Serve a site by the real server, in a thread of its own, and send a visitor there."""
    ready, leave, ports = Event(), Event(), list[int]()

    async def serve() -> None:
        async with served(make_app(site), site.listen) as where:
            ports.append(where.port)
            ready.set()
            await asyncio.to_thread(leave.wait)

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield Visitor(ports[0])
    finally:
        leave.set()
        thread.join(PATIENCE)
