"""A vetted address is dialled: names are looked up here, and only what the guard lets pass reaches the socket."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts.feeds.guard import Guard
from alerts.model.errors import FeedFault

LookUp = Callable[[str], Iterable[str]]
"""A host's addresses as text; blocks, raises OSError."""

DNS_THREADS = 32
"""A dead name server holds a thread for its whole timeout; the default pool has six, and other work waits in it."""
DNS_CACHE = 60
KEEP_ALIVE = 5.0
"""Seconds an idle connection waits for the next feed of its host; longer, and thousands of hosts use up the handles."""
LINE_LIMIT, FIELD_LIMIT, HEADERS_LIMIT = 8 * 1024, 32 * 1024, 256
"""Bytes of the status line, bytes of one header and number of headers; honest security policies pass 8 KB."""


class BlockedAddressError(OSError):
    """Every address of a host is one the guard refuses; the text says why, for the first of them."""


def look_up(host: str) -> list[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for *_, address in found]


class VettedResolver(AbstractResolver):
    """Hands out only addresses the guard lets pass: the one vetted is the one dialled, so no rebinding slips in."""

    def __init__(self, guard: Guard, ask: LookUp = look_up) -> None:
        self._guard, self._ask = guard, ask
        self._threads = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="alerts-dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the vetted addresses of a host; BlockedAddressError when none of those found may be dialled."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, host)
        vetted, refused = [], ""
        for text in dict.fromkeys(found):
            address = ipaddress.ip_address(text)
            why = self._guard.refuses_address(address)
            refused = refused or why or ""
            if why is None:
                vetted.append(_result(host, port, text, address.version))
        if not vetted:
            raise BlockedAddressError(f"'{host}' leads nowhere we may go: {refused or 'it has no address'}")
        return vetted

    async def close(self) -> None:
        """Let the look-ups go; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def open_session(resolver: VettedResolver, headers: dict[str, str]) -> aiohttp.ClientSession:
    """Return a session that keeps no cookies, reads no environment, unpacks nothing and has no time limit of its own.

    The caller bounds the number of requests and closes session and resolver.
    """
    connector = aiohttp.TCPConnector(resolver=resolver, limit=0, ttl_dns_cache=DNS_CACHE, keepalive_timeout=KEEP_ALIVE)
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        max_line_size=LINE_LIMIT,
        max_field_size=FIELD_LIMIT,
        max_headers=HEADERS_LIMIT,
    )


def why_unreached(error: Exception) -> tuple[FeedFault, str]:
    """Return the fault and the words for a connection that failed or broke, as the HTTP client reported it."""
    if isinstance(error, aiohttp.ClientConnectorDNSError) and isinstance(error.os_error, BlockedAddressError):
        return FeedFault.BLOCKED, f"is not fetched: {error.os_error}"
    return FeedFault.UNREACHABLE, _broken_words(error)


def _broken_words(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"is not reached: host '{error.host}' is not found; check its address, and this machine's DNS"
        case aiohttp.ClientConnectorCertificateError():
            why = getattr(error.certificate_error, "verify_message", "") or error.certificate_error
            return f"is not reached: the certificate of '{error.host}' does not hold ({why}); check its address"
        case aiohttp.ClientSSLError():
            return f"is not reached: no TLS with '{error.host}' ({error.os_error}); check whether its address is https"
        case aiohttp.ClientConnectorError():
            why = os.strerror(error.os_error.errno) if error.os_error.errno else error.strerror
            return f"is not reached: no connection to '{error.host}' ({why}); check its address"
        case aiohttp.ClientResponseError():
            why = error.message.partition("\n")[0].rstrip(":")[:80]
            return f"is not reached: what answers there is not HTTP ({why}); check its address"
        case aiohttp.ClientPayloadError():
            return "broke off in the middle of its body; it is asked again, nothing to do"
    return "broke off the connection; it is asked again, nothing to do"


def _result(host: str, port: int, address: str, version: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET if version == 4 else socket.AF_INET6,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
