"""Event: an alert for a program, as a CloudEvent; every text in it stands as its source wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alerts.delivery.links import domain
from alerts.model.change import Alert, Quote

TYPE = "alerts.alert.v1"
"""Of the event; another number when a field changes its meaning."""


def event_of(
    alert: Alert, along: Sequence[Alert], *, key: str, public_url: str | None, may_repeat: bool
) -> dict[str, Any]:
    """Return the CloudEvent of an alert; ``along`` are those that were held back and come with it."""
    data = _data(alert) | {"may_repeat": may_repeat}
    if along:
        data["along"] = [_data(one) for one in along]
    return {
        "specversion": "1.0",
        "id": key,
        "source": public_url or "urn:alerts",
        "type": TYPE,
        "subject": alert.thread,
        "time": _time(alert.at),
        "datacontenttype": "application/json",
        "data": data,
    }


def _data(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "revision": alert.revision,
        "question": alert.question,
        "occasion": alert.occasion or None,
        "text": alert.text,
        "answer": alert.answer,
        "says": alert.says,
        "was": alert.was,
        "severity": alert.severity.value,
        "standing": None if alert.standing is None else alert.standing.value,
        "reason": alert.reason.value,
        "why": alert.why,
        "at": _time(alert.at),
        "late": alert.late,
        "health": alert.health,
        "more": alert.more,
        "texts": [_text(quote) for quote in alert.quotes],
    }


def _text(quote: Quote) -> dict[str, Any]:
    return {
        "item": quote.item,
        "source": quote.source,
        "kind": quote.kind.value,
        "domain": domain(quote.link),
        "link": quote.link,
        "title": quote.title,
        "sentence": quote.sentence,
        "lang": quote.lang,
        "published": None if quote.published is None else _time(quote.published),
        "seen": None if quote.seen is None else _time(quote.seen),
        "copies": quote.copies,
    }


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
