"""A story becomes feed documents: what a feed would hold at a given time, as RSS 2.0 or Atom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from alerts.model.feed import FeedFormat

if TYPE_CHECKING:
    from alerts.demo.story import Outlet, Standing

ATOM = "http://www.w3.org/2005/Atom"


def document(outlet: Outlet, standing: Sequence[Standing], changed: datetime) -> bytes:
    """Return the outlet's feed with what stands in it, in that order, in UTF-8; ``changed`` is when it last did."""
    root = _rss(outlet, standing, changed) if outlet.format is FeedFormat.RSS else _atom(outlet, standing, changed)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def content_type(outlet: Outlet) -> str:
    """Return the media type the outlet's feed is served as."""
    return f"application/{outlet.format}+xml"


def _rss(outlet: Outlet, standing: Sequence[Standing], changed: datetime) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _texts(channel, title=outlet.title, link=outlet.home, description=outlet.title, language=outlet.lang)
    _texts(channel, lastBuildDate=format_datetime(changed))
    for one in standing:
        item = ET.SubElement(channel, "item")
        _texts(item, title=one.title, link=one.link, description=one.summary, pubDate=format_datetime(one.published))
        ET.SubElement(item, "guid", isPermaLink="false").text = one.guid
    return root


def _atom(outlet: Outlet, standing: Sequence[Standing], changed: datetime) -> ET.Element:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": outlet.lang})
    _texts(root, id=outlet.home, title=outlet.title, updated=changed.isoformat())
    for one in standing:
        entry = ET.SubElement(root, "entry")
        _texts(entry, id=one.guid, title=one.title, summary=one.summary)
        _texts(entry, published=one.published.isoformat(), updated=one.updated.isoformat())
        ET.SubElement(entry, "link", href=one.link)
    return root


def _texts(parent: ET.Element, **texts: str | None) -> None:
    for tag, text in texts.items():
        if text is not None:
            ET.SubElement(parent, tag).text = text
