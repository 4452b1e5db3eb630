"""What came instead of a feed is named, in one line that says what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from alerts.feeds.text import fold, from_title
from alerts.model.errors import FeedError, FeedFault

_TITLE = re.compile(r"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)
_LINK = re.compile(r"<link\s[^<>]{1,1000}>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss|atom|feed|rdf)\+(?:xml|json)", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking (?:if the site|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|enable javascript and cookies to continue|ddos-guard|cf-chl",
    re.IGNORECASE,
)
_DENIED = re.compile(r"attention required|access denied|captcha|forbidden|are you a (?:human|robot)", re.IGNORECASE)
_LOOKED_AT = 100_000
_CHECK = "check the address"
_BINARY = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PK\x03\x04": "a ZIP archive",
}
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def refuse_bytes(body: bytes) -> None:
    """Raise FeedError for a body that is empty, still compressed, or no text at all."""
    if not body.strip(b"\0\t\n\r \xef\xbb\xbf"):
        raise FeedError(FeedFault.EMPTY, "the body is empty: the next poll asks again")
    for magic, name in _COMPRESSED.items():
        if body.startswith(magic):
            raise FeedError(
                FeedFault.ENCODING, f"the body is {name} that no Content-Encoding header names: tell the site"
            )
    for magic, name in _BINARY.items():
        if body.startswith(magic):
            raise _error(name, _CHECK)


def page(text: str, headers: Mapping[str, str], base: str) -> FeedError:
    """Return the error for an HTML page: a challenge, or a page that may name its feed."""
    text = text[:_LOOKED_AT]
    found = _TITLE.search(text)
    title = fold(from_title(found[1]))[:80] if found else ""
    named = f"an HTML page ({title})" if title else "an HTML page"
    if "challenge" in headers.get("cf-mitigated", "") or _CHALLENGE.search(text) or _DENIED.search(title):
        return _error(f"{named} that asks for a person", "the site blocks this server; ask it for access")
    feed = _named_feed(text, base)
    return _error(named, f"it names its feed, use {feed}" if feed else _CHECK)


def _named_feed(text: str, base: str) -> str | None:
    for link in _LINK.findall(text):
        href = _HREF.search(link)
        if href and _FEED_TYPE.search(link):
            try:
                return urljoin(base, fold(from_title(href[1])))[:300]
            except ValueError:
                return None
    return None


def plain(text: str) -> FeedError:
    """Return the error for text without markup."""
    return _error(f"plain text ({fold(text[:60])}…)", _CHECK)


def other_markup(root: str) -> FeedError:
    """Return the error for XML of another kind."""
    if root == "sitemapindex":
        return _error("a list of sitemaps", "use the address of one of them")
    return _error(f"an XML document <{root}>", _CHECK)


def other_json(text: str) -> FeedError:
    """Return the error for JSON of another kind."""
    return _error(f"JSON of another kind ({fold(text[:60])}…)", _CHECK)


def _error(what: str, advice: str) -> FeedError:
    return FeedError(FeedFault.NOT_A_FEED, f"got {what} instead of a feed: {advice}")
