"""One request to a service, under a deadline; what went wrong is told apart by whether the message may have arrived."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from alerts.model.delivery import GiveUp, Receipt, RetryLater, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientSession

CONNECT = 10.0
"""Seconds a connection may take; no connection by then is a refusal, not a doubt."""

LARGEST = 256 * 1024
"""Bytes of an answer that are read."""

AFTER_TOO_MANY = 60.0
"""Seconds to wait after *too many requests* where the service names no time."""

MEANINGS = {
    400: "it does not take this message",
    401: "the token or password is wrong or was revoked",
    403: "it forbids this: the token was revoked, or the channel no longer lets us in",
    404: "the address does not exist (any more)",
    410: "the address is gone",
    413: "the message is too long for it",
    429: "too many messages",
}
AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered; ``data`` is its JSON, an empty mapping where it is none."""

    status: int
    text: str
    after: float | None
    data: Mapping[str, Any]


class Line:
    """The way out over HTTP, shared by the senders; made in the loop that uses it, closed with ``close``.

    No redirect is followed, no cookie kept. ``now`` reads a Retry-After that is a date.
    """

    def __init__(self, *, deadline: float, now: Callable[[], datetime]) -> None:
        self.deadline = deadline
        self._now = now
        self._session: ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, method: str = "POST"
    ) -> Answer | RetryLater | Unknown:
        """Send one request; return the answer, or why there is none. Raises nothing of the network's."""
        import aiohttp

        session = self._open()
        try:
            async with session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
                raw = b""
                while len(raw) < LARGEST and (chunk := await answer.content.read(LARGEST - len(raw))):
                    raw += chunk
                return Answer(answer.status, _text(raw), self._after(answer.headers), _data(raw))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            return RetryLater("the service cannot be reached")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            timed_out = isinstance(error, TimeoutError)
            return Unknown(
                f"no answer within {self.deadline:g} s"
                if timed_out
                else "the line to the service broke before it answered"
            )

    async def post_json(
        self, url: str, value: object, headers: Mapping[str, str] | None = None
    ) -> Answer | RetryLater | Unknown:
        """Send a value as JSON."""
        said = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        return await self.post(url, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), said)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> ClientSession:
        import aiohttp

        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._loop = loop
            timeout = aiohttp.ClientTimeout(total=self.deadline, connect=None, sock_connect=min(CONNECT, self.deadline))
            self._session = aiohttp.ClientSession(
                timeout=timeout,
                connector=aiohttp.TCPConnector(limit=0),  # a hung service holds its own connections only
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "alerts"},
                trust_env=True,
            )
        return self._session

    def _after(self, headers: Mapping[str, str]) -> float | None:
        said = headers.get("Retry-After", "")
        try:
            return max(0.0, float(said))
        except ValueError:
            pass
        try:
            return max(0.0, (parsedate_to_datetime(said) - self._now()).total_seconds())
        except (TypeError, ValueError):
            return None


def unreadable() -> Unknown:
    """Return the receipt of a success whose words were lost: the message is there, most likely."""
    return Unknown("the service answered 200, but not in words that can be read")


def refused(answer: Answer, said: str | None = None) -> Receipt:
    """Return the receipt of an answer that is no success; ``said`` is what the service gives as its reason."""
    status = answer.status
    meaning = said or MEANINGS.get(status)
    why = f"the service answered {status}{f': {meaning}' if meaning else ''}"
    if status == 429:
        return RetryLater(why, after=answer.after or AFTER_TOO_MANY)
    if 400 <= status < 500 and status not in AGAIN:
        return GiveUp(why)
    return RetryLater(why, after=answer.after)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _data(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
