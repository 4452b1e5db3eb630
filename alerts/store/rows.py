"""A row becomes the value it keeps (feed, item, evidence, change, delivery), and a value its row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, select

from alerts.model.acts import Acknowledgement, Complaint, DeskSilence, Label
from alerts.model.case import Case
from alerts.model.change import Alert, Change, Reason, Standing
from alerts.model.delivery import Delivery, DeliveryState, Hold
from alerts.model.errors import StoreError
from alerts.model.feed import Feed, FeedHealth, FeedKind, FeedState, Learnt, Reliability, Validators
from alerts.model.item import Item, Source
from alerts.model.ledger import NewDelivery, NewEvidence, NewItem
from alerts.model.origin import Origin
from alerts.model.question import Severity
from alerts.model.sketch import Sketch
from alerts.model.verdict import Evidence, Silence, Verdict
from alerts.store import tables as t
from alerts.store.packing import VERSION, pack, unpack

T = TypeVar("T")
Values = dict[str, Any]

AUTHORED = tuple(field.name for field in fields(Feed))
"""The columns of a feed that its author fills."""

URGENCY = {severity: rank for rank, severity in enumerate(Severity)}
"""Flash goes before routine."""

LOUDNESS = tuple(Severity)
"""The severity of each urgency."""

TEXTS: Select[Any] = select(
    t.items.c.id.label("item_id"),
    t.items.c.link,
    t.items.c.author,
    t.items.c.lang,
    t.items.c.published,
    t.versions.c.n.label("version"),
    t.versions.c.title,
    t.versions.c.summary,
    t.versions.c.seen_at,
    t.feeds.c.id.label("feed_id"),
    t.feeds.c.title.label("feed_title"),
    t.feeds.c.owner,
    t.feeds.c.kind,
    t.feeds.c.reliability,
    t.feeds.c.speaks_for,
    t.feeds.c.carries,
).select_from(t.items.join(t.versions, t.versions.c.item_id == t.items.c.id).join(t.feeds))
"""Every version of every item with its source; what ``item`` reads."""

LATEST = TEXTS.where(t.versions.c.n == t.items.c.version)
"""Every item in its latest version."""

EVIDENCE: Select[Any] = TEXTS.add_columns(
    t.evidence.c.id.label("evidence_id"),
    t.evidence.c.verdict,
    t.evidence.c.rule_hash,
    t.evidence.c.copy_key,
    t.evidence.c.at,
    t.evidence.c.silence,
    t.evidence.c.origin,
    t.evidence.c.sketch,
    t.evidence.c.judged_at,
).join(t.evidence, and_(t.evidence.c.item_id == t.versions.c.item_id, t.evidence.c.version == t.versions.c.n))
"""All evidence with the text it was read from; what ``evidence`` reads."""

OUTBOX: Select[Any] = select(t.deliveries, t.alerts.c.body).join(
    t.alerts, and_(t.alerts.c.id == t.deliveries.c.alert_id, t.alerts.c.revision == t.deliveries.c.revision)
)
"""All deliveries with their alerts; what ``delivery`` reads."""


def authored(feed: Feed) -> Values:
    """Return what a feed's author wrote, as columns."""
    row: Values = {name: getattr(feed, name) for name in AUTHORED}
    kept = {"kind": feed.kind.value, "reliability": feed.reliability.value, "carries": json.dumps(feed.carries)}
    return row | kept | {"host": feed.host}


def feed_state(row: Row[Any]) -> FeedState:
    """Return a feed with its validators and health."""
    kept = row._mapping
    written = {name: kept[name] for name in AUTHORED} | _graded(kept)
    return FeedState(
        feed=Feed(**written),
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        health=FeedHealth(
            next_at=row.next_at,
            interval=row.interval,
            primed_at=row.primed_at,
            polled_at=row.polled_at,
            ok_at=row.ok_at,
            failures=row.failures,
            fault=row.fault,
            error=row.error,
            items=row.item_count,
        ),
        learnt=_learnt(row.learnt),
        remembered=row.remembered or b"",
    )


_TIMES = ("new_at", "moved_since", "gap_at")
_LISTS = ("lags", "old", "remarks")


def _learnt(text: str | None) -> Learnt:
    """Return what was learnt of a feed; what another release wrote and this one cannot read is learnt again.

    Read by hand: it is read at every poll, and ``unpack`` takes five times as long.
    """
    if text is None:
        return Learnt()
    try:
        kept = json.loads(text)
        kept |= {name: datetime.fromisoformat(kept[name]) for name in _TIMES if name in kept}
        kept |= {name: tuple(kept[name]) for name in _LISTS if name in kept}
        return Learnt(**kept) if kept.pop("v") == VERSION else Learnt()
    except (ValueError, TypeError, KeyError):
        return Learnt()


def _graded(row: Mapping[Any, Any]) -> Values:
    return {
        "kind": FeedKind(row["kind"]),
        "reliability": Reliability(row["reliability"]),
        "carries": tuple(json.loads(row["carries"])),
    }


def item_row(feed_id: str, new: NewItem, at: datetime) -> Values:
    """Return the row of an item that was never seen before."""
    item = new.item
    return {
        "id": item.id,
        "feed_id": feed_id,
        "key": new.key,
        "version": item.version,
        "link": item.link,
        "author": item.author,
        "lang": item.lang,
        "published": item.published,
        "seen_at": item.seen or at,
    }


def version_row(new: NewItem, at: datetime) -> Values:
    """Return the row of a version of an item."""
    item = new.item
    return {
        "item_id": item.id,
        "n": item.version,
        "title": item.title,
        "summary": item.summary,
        "text_hash": new.text_hash,
        "seen_at": item.seen or at,
    }


def item(row: Row[Any]) -> Item:
    """Return an item in one version, from a row of ``TEXTS``."""
    source = Source(
        id=row.feed_id, title=row.feed_title, owner=row.owner, speaks_for=row.speaks_for, **_graded(row._mapping)
    )
    return Item(
        id=row.item_id,
        source=source,
        title=row.title,
        summary=row.summary,
        link=row.link,
        author=row.author,
        lang=row.lang,
        published=row.published,
        seen=row.seen_at,
        version=row.version,
    )


def evidence_row(new: NewEvidence, at: datetime) -> Values:
    """Return the row of a verdict; its label and speaker tell it from others of the same text."""
    return {
        "question": new.verdict.question,
        "item_id": new.item,
        "version": new.version,
        "label": new.verdict.label,
        "speaker": new.verdict.speaker or "",
        "rule_hash": new.rule_hash,
        "verdict": pack(new.verdict),
        "copy_key": new.copy_key,
        "silence": None if new.silence is None else new.silence.value,
        "origin": None if new.origin is None else pack(new.origin),
        "sketch": None if new.sketch is None else pack(new.sketch),
        "at": at,
    }


def evidence(row: Row[Any]) -> Evidence:
    """Return evidence with its item, from a row of ``EVIDENCE``."""
    return Evidence(
        id=row.evidence_id,
        item=item(row),
        verdict=_read(Verdict, row.verdict, f"evidence {row.evidence_id}"),
        rule_hash=row.rule_hash,
        copy_key=row.copy_key,
        at=row.at,
        silence=None if row.silence is None else Silence(row.silence),
        origin=None if row.origin is None else _read(Origin, row.origin, f"evidence {row.evidence_id}"),
        sketch=None if row.sketch is None else _read(Sketch, row.sketch, f"evidence {row.evidence_id}"),
    )


def case(row: Row[Any]) -> Case:
    """Return the case a row keeps."""
    return _read(Case, row.state, f"the case of '{row.question}'")


def change_row(change: Change) -> Values:
    """Return the row of a change."""
    return {
        "question": change.question,
        "occasion": change.occasion,
        "seq": change.seq,
        "from_answer": change.from_answer,
        "to_answer": change.to_answer,
        "reason": change.reason.value,
        "standing": None if change.standing is None else change.standing.value,
        "because": json.dumps(change.because),
        "at": change.at,
        "told": change.told,
    }


def change(row: Row[Any]) -> Change:
    """Return the change a row keeps."""
    return Change(
        question=row.question,
        seq=row.seq,
        from_answer=row.from_answer,
        to_answer=row.to_answer,
        reason=Reason(row.reason),
        because=tuple(json.loads(row.because)),
        at=row.at,
        standing=None if row.standing is None else Standing(row.standing),
        occasion=row.occasion,
        told=row.told,
    )


def delivery_row(alert: Alert, owed: NewDelivery) -> Values:
    """Return the row of an alert owed to an address."""
    return {
        "alert_id": alert.id,
        "revision": alert.revision,
        "question": alert.question,
        "urgency": URGENCY[owed.severity or alert.severity],
        "address": owed.address,
        "state": (DeliveryState.PENDING if owed.muted is None else DeliveryState.MUTED).value,
        "attempts": 0,
        "next_at": owed.next_at,
        "created_at": alert.at,
        "may_repeat": False,
        "error": owed.muted,
        "thread": alert.thread,
        "escalates": owed.escalates,
    }


def delivery(row: Row[Any]) -> Delivery:
    """Return a delivery with its alert, from a row of ``OUTBOX``."""
    return Delivery(
        id=row.id,
        alert=alert(row.body, row.alert_id),
        address=row.address,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        created_at=row.created_at,
        fence=row.attempts,
        may_repeat=row.may_repeat,
        message_ref=row.message_ref,
        error=row.error,
        sent_at=row.sent_at,
        severity=LOUDNESS[row.urgency],
        escalates=row.escalates,
        hold=None if row.hold is None else Hold(row.hold),
        lead=row.lead,
    )


def silence_row(made: DeskSilence) -> Values:
    """Return the row of a silence."""
    return {
        "question": made.question,
        "address": made.address,
        "up_to": None if made.up_to is None else made.up_to.value,
        "author": made.by,
        "reason": made.reason,
        "made_at": made.at,
        "until": made.until,
    }


def silence(row: Row[Any]) -> DeskSilence:
    """Return the silence a row keeps."""
    return DeskSilence(
        id=row.id,
        question=row.question,
        address=row.address,
        up_to=None if row.up_to is None else Severity(row.up_to),
        by=row.author,
        reason=row.reason,
        at=row.made_at,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def acknowledgement(row: Row[Any]) -> Acknowledgement:
    """Return the acknowledgement a row keeps."""
    return Acknowledgement(alert=row.alert_id, thread=row.thread, by=row.author, at=row.at, note=row.note)


def complaint(row: Row[Any]) -> Complaint:
    """Return a reader's word that an alert was wrong."""
    return Complaint(
        alert=row.alert_id,
        question=row.question,
        item=row.item,
        label=Label(row.label),
        by=row.author,
        at=row.at,
        line=row.line,
        note=row.note,
    )


def alert(body: str, alert_id: str) -> Alert:
    """Return the alert a body keeps."""
    return _read(Alert, body, f"alert '{alert_id}'")


def _read(kind: type[T], text: str, what: str) -> T:
    try:
        return unpack(kind, text)
    except ValueError as error:
        raise StoreError(f"{what} cannot be read: {error}; a newer release wrote it: install that one") from error
