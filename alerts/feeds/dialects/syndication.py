"""RSS, RDF and Atom: feedparser finds the elements; dates, text and links are read here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import feedparser

from alerts.feeds.dialects.moments import Moments
from alerts.feeds.links import absolute
from alerts.feeds.text import fold, from_html, from_title
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_KINDS = {"rdf": FeedFormat.RDF, "feed": FeedFormat.ATOM, "entry": FeedFormat.ATOM}


def kind_of(root: str) -> FeedFormat:
    """Return the dialect of a document with this root."""
    return _KINDS.get(root, FeedFormat.RSS)


def read(markup: str, ids: Sequence[str], *, root: str, base: str, language: str | None) -> ParsedFeed:
    """Return the feed in well-formed markup; ``ids`` are those of the items as they are written.

    ``salvaged`` is False unless feedparser found the markup broken nevertheless. It may raise what feedparser
    raises: see ``parse.LIBRARY_FAULTS``.
    """
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    if language and _LANGUAGE.fullmatch(language):
        headers["content-language"] = language
    result = feedparser.parse(
        io.BytesIO(b"<?xml version='1.0' encoding='utf-8'?>\n" + markup.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    kind = kind_of(root)
    moments = Moments()
    items = [_item(entry, kind, base, moments) for entry in result.entries]
    if len(ids) == len(items):
        items = [replace(item, id=_id(written, base) or item.id) for item, written in zip(items, ids, strict=True)]
    return ParsedFeed(
        title=from_title(_text(result.feed, "title")) or None,
        lang=_language(result.feed.get("language")),
        kind=kind,
        items=tuple(items),
        salvaged=bool(result.bozo),
        notes=moments.notes,
    )


def _item(entry: Mapping[str, object], kind: FeedFormat, base: str, moments: Moments) -> ParsedItem:
    link = next((link for href in _hrefs(entry) if (link := absolute(base, href))), None)
    updated = moments.read(_text(entry, "updated"))
    published = moments.read(_text(entry, "published"), _text(entry, "created"))
    if kind is not FeedFormat.ATOM:
        published = published or updated  # dc:date, the only date RSS 1.0 has
    return ParsedItem(
        id=_id(_text(entry, "id"), base) or link,
        link=link,
        title=from_title(_text(entry, "title")) or None,
        summary=next((words for text in _summaries(entry) if (words := from_html(text))), None),
        published=published,
        updated=updated,
        author=from_html(_text(entry, "author")) or None,
        lang=next((lang for text in _languages(entry) if (lang := _language(text))), None),
    )


def _text(entry: Mapping[str, object], key: str) -> str:
    """Return the words stored under the key itself: feedparser's own look-up puts published for updated, and warns."""
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _list(entry: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _id(written: str, base: str) -> str | None:
    """Return an id as it is written; only one that is a path on the site is a reference, and is completed."""
    name = fold(written)
    return absolute(base, name) if name.startswith("/") else name or None


def _hrefs(entry: Mapping[str, object]) -> Iterator[str]:
    """Return what may be the item's page: its link, an alternate of another type than HTML, last its id."""
    named = _text(entry, "link")
    if named != _text(entry, "id"):
        yield named
    for link in _list(entry, "links"):
        if _text(link, "rel") == "alternate":
            yield _text(link, "href")
    yield named


def _summaries(entry: Mapping[str, object]) -> Iterator[str]:
    yield _text(entry, "summary")
    for content in _list(entry, "content"):
        if _text(content, "type").startswith("text/") or _text(content, "type").endswith("xml"):
            yield _text(content, "value")


def _languages(entry: Mapping[str, object]) -> Iterator[object]:
    yield _text(entry, "language")
    for key in ("title_detail", "summary_detail"):
        detail = dict.get(entry, key) if isinstance(entry, dict) else None
        if isinstance(detail, dict):
            yield _text(detail, "language")
    for content in _list(entry, "content"):
        yield _text(content, "language")


def _language(written: object) -> str | None:
    code = written.strip().replace("_", "-") if isinstance(written, str) else ""
    return code if _LANGUAGE.fullmatch(code) else None
