"""Alerts leave as entries of a feed: one each, under an id that never changes, with the text behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote as percent
from xml.etree.ElementTree import Element, SubElement, tostring

from alerts.delivery.links import shown_link
from alerts.delivery.words import before, meaning
from alerts.model.change import Alert, Quote
from alerts.web.quoting import LONGEST, shown

ATOM = "http://www.w3.org/2005/Atom"
QUOTED = 5
"""Texts behind an alert that an entry quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed of ours: its id, its title, the page it belongs to, and where the site stands."""

    id: str
    title: str
    page: str
    base: str

    def page_of(self, alert: Alert) -> str:
        """Return the page of the question an alert is about."""
        return f"{self.base}/questions/{percent(alert.question, safe='')}"


def entry_id(alert: Alert) -> str:
    """Return what an alert is called in every feed, whatever the site's address (RFC 4151)."""
    return f"tag:alerts,2025:{percent(alert.id, safe='-._')}"


def atom(channel: Channel, alerts: Sequence[Alert], now: datetime) -> bytes:
    """Return an Atom document; nothing a text says is markup in it."""
    feed = Element("feed", {"xmlns": ATOM})
    _text(feed, "id", channel.id)
    _text(feed, "title", channel.title)
    _text(feed, "updated", _utc(max((one.at for one in alerts), default=now)))
    SubElement(feed, "link", {"rel": "alternate", "href": channel.page})
    SubElement(SubElement(feed, "author"), "name").text = "alerts"
    for alert in alerts:
        _entry(SubElement(feed, "entry"), channel, alert)
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(entry: Element, channel: Channel, alert: Alert) -> None:
    _text(entry, "id", entry_id(alert))
    _text(entry, "title", title_of(alert))
    _text(entry, "published", _utc(alert.at))
    _text(entry, "updated", _utc(alert.at))
    SubElement(entry, "link", {"rel": "alternate", "href": channel.page_of(alert)})
    for link in (shown_link(one.link) for one in alert.quotes[:QUOTED]):
        if link is not None:
            SubElement(entry, "link", {"rel": "related", "href": link})
    for term in (alert.severity.value, alert.reason.value, alert.question):
        SubElement(entry, "category", {"term": term})
    SubElement(entry, "content", {"type": "text"}).text = "\n".join(lines_of(alert))


def json_feed(channel: Channel, alerts: Sequence[Alert]) -> dict[str, Any]:
    """Return a JSON Feed document."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "items": [_item(channel, one) for one in alerts],
    }


def _item(channel: Channel, alert: Alert) -> dict[str, Any]:
    link = shown_link(alert.quotes[0].link) if alert.quotes else None
    item = {
        "id": entry_id(alert),
        "url": channel.page_of(alert),
        "title": title_of(alert),
        "content_text": "\n".join(lines_of(alert)),
        "date_published": _utc(alert.at),
        "tags": [alert.severity.value, alert.reason.value, alert.question],
    }
    return {**item, "external_url": link} if link else item


def title_of(alert: Alert) -> str:
    """Return the sentence, with how loud and how sure it is before it."""
    standing = f" · {alert.standing.upper()}" if alert.standing else ""
    return shown(f"{alert.severity.upper()}{standing} · {alert.says}")


def lines_of(alert: Alert) -> Iterator[str]:
    """Yield what a reader needs to know beside the title."""
    yield from filter(None, (meaning(alert), before(alert)))
    for one in alert.quotes[:QUOTED]:
        yield f"“{shown(_said(one), LONGEST)}” {shown(one.source, 80)}"
    rest = max(0, len(alert.quotes) - QUOTED) + alert.more
    if rest:
        yield f"and {rest} more"
    yield from filter(None, (alert.health or "", f"Why: {shown(alert.why)}" if alert.why else ""))


def _said(quote: Quote) -> str:
    return quote.title or quote.sentence


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = shown(text)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
