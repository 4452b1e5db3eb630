"""Stand-ins for Slack and Telegram on loopback: they keep messages, and refuse what the services document to refuse.

They answer the methods that are used here as the public documentation of the two APIs describes them: limits, error
bodies, ids, threads. ``fail`` makes them behave badly for a while.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from alerts.delivery.native.parts import SlackBot, SlackHook, TelegramChat

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
BOT_TOKEN = "xoxb-1234-1234-abc124"


def answer(value: object, status: int = 200, **headers: str) -> Response:
    """Return JSON, as both services answer."""
    named = {name.replace("_", "-"): one for name, one in headers.items()}
    return Response(json.dumps(value), status, named, content_type="application/json")


class UntidyError(ValueError):
    """A text that Telegram would not parse."""


class _Strict(HTMLParser):
    """Reads HTML the way the Bot API does: a few tags, closed in order, and no bare ``<`` or ``&``."""

    TAGS = frozenset({"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.strong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.TAGS:
            raise UntidyError(f"unsupported start tag {tag}")
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise UntidyError(f"unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        if "<" in data or "&" in data:
            raise UntidyError("bare sign")
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        if name not in {"lt", "gt", "amp", "quot"}:
            raise UntidyError(f"unknown entity {name}")
        self._say({"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[name])

    def handle_charref(self, name: str) -> None:
        self._say(chr(int(name[1:], 16) if name[0] in "xX" else int(name)))

    def unknown_decl(self, data: str) -> None:
        raise UntidyError("a declaration")

    def handle_decl(self, decl: str) -> None:
        raise UntidyError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise UntidyError("an instruction")

    def handle_comment(self, data: str) -> None:
        raise UntidyError("a comment")

    def _say(self, text: str) -> None:
        self.text += text
        if "b" in self.open:
            self.strong.append(text)


def read_html(text: str) -> _Strict:
    """Return what Telegram makes of a text in HTML; UntidyError where it would say *can't parse entities*."""
    parser = _Strict()
    parser.feed(text)
    parser.close()
    if parser.open or parser.rawdata:
        raise UntidyError("not closed")
    return parser


@dataclass
class Standing:
    """What both have: their messages, the requests, and how to misbehave."""

    server: HTTPServer
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[Callable[[], Response]] = field(default_factory=list)

    def fail(self, value: object, status: int, **headers: str) -> None:
        """Answer the next request so, and act no further on it."""
        self.failures.append(lambda: answer(value, status, **headers))

    def lose_reply(self) -> None:
        """Do what the next request asks, and break the line instead of answering."""
        self.failures.append(_cut)

    def methods(self) -> list[str]:
        """The methods that were asked, in order."""
        return [method for method, _ in self.asked]


def _cut() -> Response:
    raise ConnectionAbortedError


class Telegram(Standing):
    """The Bot API: sendMessage and editMessageText, of one bot in some chats."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.messages: dict[int, dict[str, Any]] = {}
        self.chats: set[Any] = {987654321}
        self.moved: dict[int, int] = {}
        for method, act in (("sendMessage", self._send), ("editMessageText", self._edit)):
            server.expect_request(f"/bot{TOKEN}/{method}", method="POST").respond_with_handler(self._asked(method, act))

    @property
    def chat(self) -> TelegramChat:
        """The one chat tests write to."""
        return TelegramChat(self.server.url_for(f"/bot{TOKEN}"), 987654321)

    def _asked(self, method: str, act: Callable[[dict[str, Any]], Response]) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            fields = json.loads(request.data)
            self.asked.append((method, fields))
            failure = self.failures.pop(0) if self.failures else None
            if failure is _cut:
                act(fields)
                return _lost()
            return failure() if failure is not None else act(fields)

        return handle

    def _send(self, fields: dict[str, Any]) -> Response:
        chat = fields["chat_id"]
        if chat in self.moved:
            moved = {"migrate_to_chat_id": self.moved[chat]}
            return self._bad("Bad Request: group chat was upgraded to a supergroup chat", parameters=moved)
        if chat not in self.chats:
            return self._bad("Bad Request: chat not found")
        problem = self._unfit(fields)
        if problem is not None:
            return problem
        number = len(self.messages) + 1
        self.messages[number] = fields
        return answer({"ok": True, "result": {"message_id": number}})

    def _edit(self, fields: dict[str, Any]) -> Response:
        number = fields["message_id"]
        if number not in self.messages:
            return self._bad("Bad Request: message to edit not found")
        problem = self._unfit(fields)
        if problem is not None:
            return problem
        if self.messages[number]["text"] == fields["text"]:
            return self._bad("Bad Request: message is not modified: specified new message content is the same")
        self.messages[number] = fields
        return answer({"ok": True, "result": {"message_id": number}})

    def _unfit(self, fields: dict[str, Any]) -> Response | None:
        text = fields["text"]
        if fields.get("parse_mode") == "HTML":
            try:
                text = read_html(text).text
            except UntidyError as error:
                return self._bad(f"Bad Request: can't parse entities: {error}")
        if not text.strip():
            return self._bad("Bad Request: message text is empty")
        return self._bad("Bad Request: message is too long") if len(text.encode("utf-16-le")) // 2 > 4096 else None

    def _bad(self, why: str, **more: Any) -> Response:
        return answer({"ok": False, "error_code": 400, "description": why, **more}, 400)


class Slack(Standing):
    """The Web API as a bot in one channel uses it, and an incoming webhook."""

    CHANNEL = "C0123456789"

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.messages: dict[str, dict[str, Any]] = {}
        self.hooked: list[dict[str, Any]] = []
        self.may_look = True
        acts = {"chat.postMessage": self._post, "chat.update": self._update}
        for method, act in acts.items():
            server.expect_request(f"/api/{method}", method="POST").respond_with_handler(self._asked(method, act))
        for method in ("conversations.history", "conversations.replies"):
            server.expect_request(f"/api/{method}", method="GET").respond_with_handler(self._looked(method))
        server.expect_request("/services/T1/B1/secret", method="POST").respond_with_handler(self._hook)

    @property
    def bot(self) -> SlackBot:
        """The bot in the channel."""
        return SlackBot(self.server.url_for("/api/{}"), BOT_TOKEN, self.CHANNEL)

    @property
    def hook(self) -> SlackHook:
        """The webhook of the channel."""
        return SlackHook(self.server.url_for("/services/T1/B1/secret"))

    def _asked(self, method: str, act: Callable[[dict[str, Any]], Response]) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            fields = json.loads(request.data)
            self.asked.append((method, fields))
            failure = self.failures.pop(0) if self.failures else None
            if failure is _cut:
                act(fields)
                return _lost()
            if failure is not None:
                return failure()
            if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
                return answer({"ok": False, "error": "invalid_auth"})
            return act(fields)

        return handle

    def _looked(self, method: str) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            self.asked.append((method, dict(request.args)))
            if not self.may_look:
                return answer({"ok": False, "error": "missing_scope"})
            root = request.args.get("ts")
            seen = [
                {"ts": ts, **one} for ts, one in self.messages.items() if one.get("thread_ts") == root or ts == root
            ]
            return answer({"ok": True, "messages": seen})

        return handle

    def _post(self, fields: dict[str, Any]) -> Response:
        if fields["channel"] not in {self.CHANNEL, "#desk"}:
            return answer({"ok": False, "error": "channel_not_found"})
        if (problem := self._unfit(fields)) is not None:
            return answer({"ok": False, "error": problem})
        ts = f"1742305{len(self.messages):03}.000100"
        self.messages[ts] = fields
        return answer({"ok": True, "channel": self.CHANNEL, "ts": ts})

    def _update(self, fields: dict[str, Any]) -> Response:
        if fields["ts"] not in self.messages:
            return answer({"ok": False, "error": "message_not_found"})
        self.messages[fields["ts"]] |= fields
        return answer({"ok": True, "channel": self.CHANNEL, "ts": fields["ts"]})

    def _hook(self, request: Request) -> Response:
        fields = json.loads(request.data)
        self.asked.append(("hook", fields))
        failure = self.failures.pop(0) if self.failures else None
        if failure is _cut:
            self.hooked.append(fields)
            return _lost()
        if failure is not None:
            return failure()
        if self._unfit(fields) is not None:
            return Response("invalid_blocks", 400)
        self.hooked.append(fields)
        return Response("ok", 200)

    def _unfit(self, fields: dict[str, Any]) -> str | None:
        if not fields.get("text") and not fields.get("blocks"):
            return "no_text"
        if len(fields.get("text", "")) > 40000:
            return "msg_too_long"
        for block in fields.get("blocks", ()):
            pieces = [one for section in block["elements"] for one in section["elements"]]
            if any(not one["text"] for one in pieces) or any(
                set(one) - {"type", "text", "url", "style"} for one in pieces
            ):
                return "invalid_blocks"
        return None


def words_of(blocks: list[dict[str, Any]]) -> str:
    """Return what a reader of Slack sees of rich text blocks."""
    return "".join(one["text"] for block in blocks for section in block["elements"] for one in section["elements"])


def _lost() -> Response:
    """Answer with less than was announced: the line breaks before the reply is whole."""
    return Response(b"", 200, {"Content-Length": "100"})


@contextmanager
def standing_server() -> Iterator[HTTPServer]:
    """A server on loopback for stand-ins."""
    server = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    server.start()
    try:
        yield server
    finally:
        server.clear()
        server.stop()
