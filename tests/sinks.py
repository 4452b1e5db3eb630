"""Real channels on loopback: an HTTP server and a mail server that keep what they are sent and answer as told.

Nothing here is a fake of our own code: requests cross a socket, Apprise's plug-ins write them. Use as ``with``::

    with WebhookSink() as sink:
        sink.answers(Answer(429, retry_after=3), Answer())      # then the last one again and again
        …                                                       # send to sink.apprise_url
        assert sink.wait_for(2)[1].json["title"] == "…"
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.delivery.addresses import load_apprise
from alerts.delivery.apprising import Errand, read_receipt, send_by_apprise
from alerts.model.delivery import Message, Receipt

PATIENCE = 20.0
"""Seconds a test waits for something that is bound to happen; reaching it is a failure."""


@dataclass(frozen=True, slots=True)
class Received:
    """One HTTP request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answers; ``retry_after`` in seconds becomes that header."""

    status: int = 200
    body: bytes = b"ok"
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is taken and nothing is answered until the sink closes or ``release`` is called."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The request is taken and the line cut: the sender cannot know whether it arrived."""


Behaviour = Answer | Hang | Drop


class WebhookSink:
    """An HTTP server on loopback that keeps every request; thread-safe, silent, closed at the end of ``with``.

    Answers by path where ``answers(..., path=…)`` was given, else by the general ones; the last answer stays.
    """

    def __init__(self) -> None:
        self._news = Condition()
        self._received: list[Received] = []
        self._answers: dict[str, list[Behaviour]] = {"": [Answer()]}
        self._released = Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.sink = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it listens on, on 127.0.0.1."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def apprise_url(self) -> str:
        """Its address for Apprise: a JSON webhook."""
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def received(self) -> list[Received]:
        """What has arrived so far, in order."""
        with self._news:
            return list(self._received)

    def answers(self, *behaviours: Behaviour, path: str = "") -> None:
        """Answer so from now on, one each, the last one for ever; only under ``path`` where one is given."""
        with self._news:
            self._answers[path] = list(behaviours)

    def release(self) -> None:
        """Answer 200 to all that hangs, and to all that would."""
        self._released.set()

    def wait_for(self, count: int, path: str = "") -> list[Received]:
        """Return the requests (under ``path``) once there are ``count``; AssertionError when they do not come."""

        def found() -> list[Received]:
            return [one for one in self._received if one.path.startswith(path)]

        with self._news:
            assert self._news.wait_for(lambda: len(found()) >= count, PATIENCE), f"{len(found())} of {count} came"
            return found()

    def _take(self, request: Received) -> Behaviour:
        with self._news:
            self._received.append(request)
            self._news.notify_all()
            answers = self._answers.get(request.path.partition("?")[0]) or self._answers[""]
            return answers.pop(0) if len(answers) > 1 else answers[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    sink: WebhookSink

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is part of the test."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        sink = cast(_Server, self.server).sink
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour = sink._take(Received(self.command, self.path, headers, body))
        if isinstance(behaviour, Drop):
            self.close_connection = True
            return
        if isinstance(behaviour, Hang):
            sink._released.wait(PATIENCE)
            behaviour = Answer()
        self.send_response(behaviour.status)
        if behaviour.retry_after is not None:
            self.send_header("Retry-After", str(behaviour.retry_after))
        self.send_header("Content-Length", str(len(behaviour.body)))
        self.end_headers()
        self.wfile.write(behaviour.body)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 (the names http.server looks for)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
        """Say nothing on standard error."""


@contextmanager
def standing_in(url: str) -> Iterator[dict[str, str]]:
    """Let the server at ``url`` answer for Slack, Telegram and Discord; yields an Apprise URL for each, by its name.

    Their plug-ins hold the hosts as class attributes; these lead there inside ``with``, all else is Apprise's own.
    """
    load_apprise()
    from apprise.plugins.discord import NotifyDiscord
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram

    hosts: list[tuple[Any, str, str]] = [
        (NotifySlack, "webhook_url", f"{url}/services"),
        (NotifyTelegram, "notify_url", f"{url}/bot"),
        (NotifyDiscord, "notify_url", f"{url}/api/webhooks"),
    ]
    before = [(plugin, name, getattr(plugin, name)) for plugin, name, _ in hosts]
    for plugin, name, host in hosts:
        setattr(plugin, name, host)
    try:
        yield {
            "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "telegram": "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654321",
            "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        }
    finally:
        for plugin, name, host in before:
            setattr(plugin, name, host)


def send_here(message: Message, url: str, deadline: float = 20.0) -> Receipt:
    """Send through Apprise in this process: what the worker's fork does, where a stand-in can be put in its way."""
    errand = Errand(url=url, title=message.title, body=message.body, severity=message.severity, deadline=deadline)
    return read_receipt(send_by_apprise(errand))


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was taken: the envelope, and the message parsed by the standard library."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage = field(repr=False)


class _FreePort(Controller):
    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]  # it asked the system for any, and would now call port 0
        cast(Any, super())._trigger_server()


class SmtpSink:
    """A mail server on loopback that keeps every mail; closed at the end of ``with``.

    ``refuse`` sets the replies to RCPT and DATA, such as ``550 5.1.1 no such mailbox``.
    """

    def __init__(self) -> None:
        self._news = Condition()
        self._mails: list[Mail] = []
        self._replies = {"RCPT": "250 OK", "DATA": "250 OK"}
        self._controller = _FreePort(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port it listens on, on 127.0.0.1."""
        return int(self._controller.port)

    @property
    def apprise_url(self) -> str:
        """Its address for Apprise: no TLS, no login, to desk@example.org."""
        return f"mailto://127.0.0.1:{self.port}?from=alerts@example.org&to=desk@example.org&mode=insecure"

    @property
    def mails(self) -> list[Mail]:
        """What has been taken so far, in order."""
        with self._news:
            return list(self._mails)

    def refuse(self, *, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        """Answer RCPT and DATA so from now on."""
        self._replies = {"RCPT": rcpt, "DATA": data}

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's own name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self._replies["RCPT"].startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._replies["RCPT"]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail, unless it is to be refused."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        if self._replies["DATA"].startswith("250"):
            message = message_from_bytes(raw, policy=policy.default)
            with self._news:
                self._mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, message))
                self._news.notify_all()
        return self._replies["DATA"]
