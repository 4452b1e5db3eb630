"""The door: whose name was asked for, who asks, and whether the asking page was ours. Before any page is made."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from alerts.web.listen import is_loopback
from alerts.web.site import Site

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION, CSRF = "alerts_session", "alerts_csrf"
"""Cookies: that the token was shown; what forms of ours are tied to."""

FIELD, HEADER = "csrf", "x-csrf-token"
"""Where a form, or a script, repeats what it was given."""

OPEN = ("/healthz", "/act/", "/static/", "/login")
"""Paths that want no token: health, links that are signed themselves, looks, the way in."""

LARGEST = 1024 * 1024
"""Bytes of a request's body."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

LOCKED_DOWN = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""On every answer that does not say otherwise: nothing from elsewhere, in no frame, kept by nobody."""


@dataclass(frozen=True, slots=True)
class _RefusedError(Exception):
    status: int
    why: str


class Guard:
    """ASGI middleware around the whole site.

    Refuses a Host it does not serve (another site's script cannot reach us under its own name), a visitor without the
    token where there is one, and a POST that did not come from a form of ours. Reads bodies up to ``LARGEST``.
    """

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = _cookies(headers.get("cookie", ""))
        nonce = cookies.get(CSRF) or self._site.nonce()
        scope.setdefault("state", {})["csrf"] = csrf_token(self._site, nonce)
        answer = self._dressed(send, None if CSRF in cookies else nonce, secure=self._is_secure(headers))
        try:
            self._check_host(headers, scope["path"])
            is_bearer = _is_bearer(headers, self._site)
            if not (is_bearer or self._may_enter(scope["path"], cookies)):
                await self._to_the_door(scope, headers)(scope, receive, answer)
                return
            if scope["method"] not in SAFE:
                body = await _body(receive)
                if not is_bearer:
                    self._check_origin(headers)
                    self._check_form(headers, body, cookies)
                receive = _again(body, receive)
        except _RefusedError as refused:
            await PlainTextResponse(f"{refused.why}\n", refused.status)(scope, receive, answer)
            return
        await self._app(scope, receive, answer)

    def _check_host(self, headers: Headers, path: str) -> None:
        """Refuse names that are not ours; a public name without a token leads to signed links only."""
        host = _host(headers.get("host", ""))
        if host is None:
            raise _RefusedError(400, "this request names no host")
        site = self._site
        public = urlsplit(site.public_url or "").hostname
        if is_loopback(host) or (site.token and (_is_number(host) or host == site.listen.host)):
            return
        if public and host == public.lower():
            if site.token is None and not path.startswith(("/act/", "/static/", "/healthz")):
                raise _RefusedError(403, "beyond this machine the page wants a token: set ALERTS_WEB__TOKEN")
            return
        raise _RefusedError(421, "this name is not served here: set ALERTS_PUBLIC_URL to it, if it is ours")

    def _may_enter(self, path: str, cookies: dict[str, str]) -> bool:
        if self._site.token is None or path == OPEN[0] or path.startswith(OPEN[1:]):
            return True
        return hmac.compare_digest(cookies.get(SESSION, "").encode(), session(self._site).encode())

    def _to_the_door(self, scope: Scope, headers: Headers) -> Response:
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            query = scope.get("query_string", b"").decode("latin-1")
            wanted = f"{scope['path']}?{query}" if query else scope["path"]
            return RedirectResponse(f"/login?to={quote(wanted, safe='')}", 303)
        why = "show the token: 'Authorization: Bearer …'"
        return JSONResponse({"error": why}, 401, {"www-authenticate": 'Bearer realm="alerts"'})

    def _check_origin(self, headers: Headers) -> None:
        """Refuse what a page of another origin sends; a browser says where a POST comes from."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise _RefusedError(403, "this came from a page of another site")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            raise _RefusedError(403, "this came from a page of another site")

    def _check_form(self, headers: Headers, body: bytes, cookies: dict[str, str]) -> None:
        """Refuse what was not sent by a form of ours that this browser was shown."""
        shown = headers.get(HEADER) or _field(headers, body)
        nonce = cookies.get(CSRF)
        if not nonce or not hmac.compare_digest(shown.encode(), csrf_token(self._site, nonce).encode()):
            raise _RefusedError(
                403, "this form is too old, or not ours: go back, load the page again and send it once more"
            )

    def _is_secure(self, headers: Headers) -> bool:
        public = urlsplit(self._site.public_url or "")
        return public.scheme == "https" and _host(headers.get("host", "")) == public.hostname

    def _dressed(self, send: Send, nonce: str | None, *, secure: bool) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in LOCKED_DOWN.items():
                    headers.setdefault(name, value)
                if nonce is not None:
                    headers.append("set-cookie", cookie(CSRF, nonce, secure=secure))
            await send(message)

        return dressed


def csrf_token(site: Site, nonce: str) -> str:
    """Return what a form must repeat to a browser that holds this nonce."""
    return hmac.new(site.key, f"form\n{nonce}".encode(), sha256).hexdigest()


def session(site: Site) -> str:
    """Return the cookie of whoever showed the token; another token, and it is worth nothing."""
    return hmac.new(site.key, f"session\n{site.token}".encode(), sha256).hexdigest()


def cookie(name: str, value: str, *, secure: bool) -> str:
    """Return a cookie no script reads and no other site sends."""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"


def csrf_of(request: Request) -> str:
    """Return what the forms of this page have to repeat in the field ``csrf``."""
    return str(request.state.csrf)


def _is_bearer(headers: Headers, site: Site) -> bool:
    kind, _, shown = headers.get("authorization", "").partition(" ")
    if site.token is None or kind.lower() != "bearer":
        return False
    return hmac.compare_digest(shown.strip().encode(), site.token.encode())


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}


def _host(text: str) -> str | None:
    try:
        return urlsplit(f"//{text}").hostname
    except ValueError:
        return None


def _is_number(host: str) -> bool:
    """Whether a host is an IP address: no page of another site can be loaded under ours."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _field(headers: Headers, body: bytes) -> str:
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return ""
    return form(body).get(FIELD, "")


def form(body: bytes) -> dict[str, str]:
    """Return the fields of a form; of several with one name the first."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST:
            raise _RefusedError(413, f"more than {LARGEST} bytes are not read")
        if message["type"] != "http.request" or not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Let the page read the body that was read here, and after it whatever comes next."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def once_more() -> Message:
        return left.pop() if left else await receive()

    return once_more
