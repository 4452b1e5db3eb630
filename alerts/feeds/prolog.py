"""What stands before the root of a document is taken away: declaration, comments, DOCTYPE, junk.

Entities that the DOCTYPE declares are put in where they are used, if they are plain text; entities made of entities,
external ones and parameter entities are not, so that no document can grow on its way.
"""

from __future__ import annotations

import html.entities
import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass

from alerts.feeds.text import HTML_NAMES
from alerts.model.errors import FeedError, FeedFault

_BEFORE = re.compile(r"\s+|<\?[^>]*>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE([^\[>]*)", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+[\"']((?:&#\w{1,8};|[^&<%\"']{0,256}))[\"']\s*>")
_NAME = re.compile(r"<([A-Za-z_][\w.-]*)(?::([\w.-]+))?")
_FEED = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html\b|<(?:html|head|body)(?=[\s>])", re.IGNORECASE)
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,63});")
_MAY_GROW = 1_000_000
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HTML = {name: f"&#{code};" for name, code in html.entities.name2codepoint.items()}


@dataclass(frozen=True, slots=True)
class Document:
    """Markup from its root on. ``root`` is the root's local name in small letters, ``""`` where there is no tag.

    ``junk`` says that something that belongs to no document stood before it; ``is_page`` that it is HTML.
    """

    text: str
    root: str
    junk: bool = False
    is_page: bool = False


def open_document(text: str) -> Document:
    """Find the root. FeedError(HOSTILE) when entities would make the document grow by more than a million letters."""
    at, entities = _skip(text)
    root = _root(text, at)
    if _FEED.match(text, at) or (root and root not in HTML_NAMES):
        return Document(_expanded(text[at:], entities), root)
    page, feed = _PAGE.search(text), _FEED.search(text, at)
    if feed is None or (page and page.start() < feed.start()):
        return Document(text, root, is_page=bool(page or root))
    declared = text.rfind("<?xml", at, feed.start())
    entities = _skip(text, declared if declared >= 0 else feed.start())[1] or entities
    return Document(_expanded(text[feed.start() :], entities), _root(text, feed.start()), junk=True)


def _root(text: str, at: int) -> str:
    name = _NAME.match(text, at)
    return (name[2] or name[1]).lower() if name else ""


def _skip(text: str, at: int = 0) -> tuple[int, Mapping[str, str]]:
    """Return where the root begins, and the entities declared before it.

    A DOCTYPE that names a DTD (RSS 0.91, XHTML) declares those of HTML.
    """
    entities: Mapping[str, str] = {}
    while True:
        before = _BEFORE.match(text, at)
        if before:
            at = before.end()
            continue
        doctype = _DOCTYPE.match(text, at)
        if doctype is None:
            return at, entities
        at, subset = _subset(text, doctype.end())
        entities = dict(_ENTITY.findall(subset))
        if "PUBLIC" in doctype[1].upper() or "SYSTEM" in doctype[1].upper():
            entities = ChainMap(dict(entities), _HTML)


def _subset(text: str, at: int) -> tuple[int, str]:
    """Return where the DOCTYPE ends, and what stands within its brackets."""
    if text.startswith(">", at):
        return at + 1, ""
    end = _SUBSET_END.search(text, at)
    return (end.end(), text[at : end.start()]) if end else (len(text), "")


def _expanded(text: str, entities: Mapping[str, str]) -> str:
    if not entities:
        return text
    room = _MAY_GROW

    def value(found: re.Match[str]) -> str:
        nonlocal room
        name = found[1]
        if name in _XML or name not in entities:
            return found[0]
        room -= max(0, len(entities[name]) - len(found[0]))
        if room < 0:
            raise FeedError(FeedFault.HOSTILE, "entities blow the document up; it is not read: tell the site")
        return entities[name]

    return _REFERENCE.sub(value, text)
