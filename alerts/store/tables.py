"""Where an item, what was read in it and what was told of it rest: the tables, and nothing that decides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    literal,
    text,
    true,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from alerts.model.acts import Label
from alerts.model.change import Reason, Standing
from alerts.model.delivery import DeliveryState, Hold
from alerts.model.feed import FeedKind, Reliability
from alerts.model.question import Severity
from alerts.model.verdict import Silence
from alerts.store.states import AttemptEnd as AttemptEnd
from alerts.store.states import Listing as Listing
from alerts.store.states import Origin as Origin
from alerts.store.times import UtcTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""A delivery in one of these is still owed to its address."""


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _index(*columns: str, where: str | None = None, unique: bool = False) -> Index:
    condition = None if where is None else text(where)
    return Index(None, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class Row(SQLModel, registry=registry(metadata=metadata)):
    """Root of the tables; they share one set of names."""

    metadata: ClassVar[MetaData] = metadata


class FeedRow(Row, table=True):
    """A feed: as authored, what the operator changed in it, validators, health, lease."""

    __tablename__ = "feeds"
    __table_args__ = (
        _one_of("kind", FeedKind),
        _one_of("reliability", Reliability),
        _one_of("origin", Origin),
        _one_of("listing", Listing),
        _index("next_at", "id", where="listing = 'active'"),  # which feeds are due?
        _index("lease_until", "host", where="lease_until IS NOT NULL"),  # which hosts are being asked?
    )
    id: str = Field(primary_key=True)
    url: str
    title: str
    owner: str
    kind: str
    reliability: str
    lang: str | None = None
    category: str
    speaks_for: str | None = None
    carries: str
    pace: int | None = None
    checked: str | None = None
    origin: str
    listing: str
    edited: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_at: datetime = Field(sa_type=UtcTime)
    interval: float
    primed_at: datetime | None = Field(None, sa_type=UtcTime)
    polled_at: datetime | None = Field(None, sa_type=UtcTime)
    ok_at: datetime | None = Field(None, sa_type=UtcTime)
    failures: int
    fault: str | None = None
    error: str | None = None
    item_count: int
    fence: int
    lease_until: datetime | None = Field(None, sa_type=UtcTime)
    host: str | None = None
    learnt: str | None = None
    remembered: bytes | None = None


class HostRow(Row, table=True):
    """A public host: until when it is left alone, and how many seconds are kept between two requests."""

    __tablename__ = "hosts"
    __table_args__ = (_index("next_at", "host"),)  # which hosts rest?
    host: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=UtcTime)
    spacing: float


class ItemRow(Row, table=True):
    """An item: what stays the same over its versions, and the number of the latest."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),  # which of these keys are known?
        _index("seen_at", "id"),  # what came in lately?
    )
    id: str = Field(primary_key=True)
    feed_id: str = Field(foreign_key="feeds.id")
    key: str
    version: int
    link: str | None = None
    author: str | None = None
    lang: str | None = None
    published: datetime | None = Field(None, sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)


class AliasRow(Row, table=True):
    """A name under which an item of a feed is known: a digest of its guid, its link, or its words with their date."""

    __tablename__ = "aliases"
    __table_args__ = (PrimaryKeyConstraint("feed_id", "alias"), {"sqlite_with_rowid": False})
    feed_id: str = Field(foreign_key="feeds.id")
    alias: str
    item_id: str = Field(foreign_key="items.id")


class VersionRow(Row, table=True):
    """The words of an item at one time; an edit adds a row."""

    __tablename__ = "versions"
    __table_args__ = (
        PrimaryKeyConstraint("item_id", "n"),
        _index("seen_at", "item_id", "n"),
    )  # in what order did we see?
    item_id: str = Field(foreign_key="items.id")
    n: int
    title: str
    summary: str | None = None
    text_hash: str
    seen_at: datetime = Field(sa_type=UtcTime)


class EvidenceRow(Row, table=True):
    """A verdict and the version it was read from; ``applied`` is the run of the case that took it, NULL = waiting."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["item_id", "version"], ["versions.item_id", "versions.n"]),
        UniqueConstraint("question", "item_id", "version", "label", "speaker", "rule_hash"),  # what did it say of this?
        CheckConstraint("silence IN ({})".format(", ".join(f"'{one}'" for one in Silence)), name="silence"),
        _index("question", "at", "id", where="applied IS NULL"),  # what is still to be judged, oldest first?
        _index("question", "id"),  # what stands behind this question, newest first?
        _index("item_id"),  # what did earlier versions of this item say?
    )
    id: int | None = Field(None, primary_key=True)
    question: str
    item_id: str
    version: int
    label: str
    speaker: str
    rule_hash: str
    verdict: str
    copy_key: str
    silence: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    applied: int | None = None
    origin: str | None = None
    sketch: str | None = None
    judged_at: datetime | None = Field(None, sa_type=UtcTime)


class CaseRow(Row, table=True):
    """Where a question stands; ``runs`` counts judgements, ``rule_hash`` is of the evidence judged last."""

    __tablename__ = "cases"
    __table_args__ = (_index("wake_at", where="wake_at IS NOT NULL"),)  # which cases want a tick?
    question: str = Field(primary_key=True)
    state: str
    seq: int
    runs: int
    wake_at: datetime | None = Field(None, sa_type=UtcTime)
    rule_hash: str | None = None


class ChangeRow(Row, table=True):
    """How an answer moved; never overwritten."""

    __tablename__ = "changes"
    __table_args__ = (
        UniqueConstraint("question", "occasion", "seq"),  # the history of a question; and no change twice
        _one_of("reason", Reason),
        _one_of("standing", Standing),
        _index("at", "id"),  # what changed lately?
    )
    id: int | None = Field(None, primary_key=True)
    question: str
    occasion: str
    seq: int
    from_answer: str | None = None
    to_answer: str | None = None
    reason: str
    standing: str | None = None
    because: str
    at: datetime = Field(sa_type=UtcTime)
    told: bool = Field(True, sa_column_kwargs={"server_default": true()})


class AlertRow(Row, table=True):
    """An alert as judged; a revision is a row of its own, so that what was sent stays readable."""

    __tablename__ = "alerts"
    __table_args__ = (PrimaryKeyConstraint("id", "revision"),)
    id: str
    revision: int
    change_id: int | None = Field(None, foreign_key="changes.id")
    question: str
    body: str


class DeliveryRow(Row, table=True):
    """The outbox: one alert owed to one address. ``attempts`` counts the sends begun, and is the fence of a lease."""

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["alert_id", "revision"], ["alerts.id", "alerts.revision"]),
        UniqueConstraint("alert_id", "revision", "address"),  # nobody is owed the same twice
        _one_of("state", DeliveryState),
        _one_of("hold", Hold),
        _index("address", "question", "id", where="state IN ('pending', 'sending', 'unknown')"),  # whose turn is it?
        _index("state", "id"),  # which are dead, unknown, sent, newest first?
        _index("sent_at"),  # when did a message last arrive?
        _index("thread", "address", "id"),  # what was this address told of it?
        _index("address", "sent_at", where="lead IS NULL"),  # how many messages has it had in these minutes?
    )
    id: int | None = Field(None, primary_key=True)
    alert_id: str
    revision: int
    question: str
    urgency: int
    address: str
    state: str
    attempts: int
    next_at: datetime = Field(sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    lease_until: datetime | None = Field(None, sa_type=UtcTime)
    may_repeat: bool
    message_ref: str | None = None
    error: str | None = None
    sent_at: datetime | None = Field(None, sa_type=UtcTime)
    thread: str
    escalates: bool
    hold: str | None = None
    lead: int | None = None


class AttemptRow(Row, table=True):
    """One send: when it began, and how it ended where that is known."""

    __tablename__ = "attempts"
    __table_args__ = (PrimaryKeyConstraint("delivery_id", "n"), _one_of("ended", AttemptEnd))
    delivery_id: int = Field(foreign_key="deliveries.id")
    n: int
    began_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(None, sa_type=UtcTime)
    ended: str | None = None
    why: str | None = None


class SilenceRow(Row, table=True):
    """What is not sent for a while, on somebody's word; one that was ended stays."""

    __tablename__ = "silences"
    __table_args__ = (_one_of("up_to", Severity), _index("until"))  # which hold now?
    id: int | None = Field(None, primary_key=True)
    question: str | None = None
    address: str | None = None
    up_to: str | None = None
    author: str
    reason: str
    made_at: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(None, sa_type=UtcTime)
    ended_by: str | None = None


class AckRow(Row, table=True):
    """Somebody takes care of an alert."""

    __tablename__ = "acks"
    __table_args__ = (_index("thread", "at"),)  # has anybody taken care of it since?
    id: int | None = Field(None, primary_key=True)
    alert_id: str
    thread: str
    author: str
    note: str | None = None
    at: datetime = Field(sa_type=UtcTime)


class LabelRow(Row, table=True):
    """A reader's word that an alert was wrong, and the test line it makes."""

    __tablename__ = "labels"
    __table_args__ = (_one_of("label", Label), _index("question", "at"))  # what did readers say of this rule?
    id: int | None = Field(None, primary_key=True)
    alert_id: str
    question: str
    item: str | None = None
    label: str
    author: str
    line: str
    note: str | None = None
    at: datetime = Field(sa_type=UtcTime)


class RuleRow(Row, table=True):
    """A rule file as it was in force; ``activated_at`` is when its hash was first seen."""

    __tablename__ = "rule_versions"
    __table_args__ = (
        PrimaryKeyConstraint("question", "hash"),
        _index("question", where="in_force", unique=True),  # never two texts of a question in force
    )
    question: str
    hash: str
    text: str
    activated_at: datetime = Field(sa_type=UtcTime)
    in_force: bool


class MetaRow(Row, table=True):
    """What the daemon wants to remember over a restart, by name."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str


def _table(row: type[Row]) -> Table:
    return cast("Table", row.__table__)  # type: ignore[attr-defined]  # SQLModel makes it for table=True


def spelt(value: StrEnum) -> ColumnElement[str]:
    """Return a value that stands in the SQL text: a partial index is used only where its condition can be read."""
    return literal(value.value, literal_execute=True)


feeds = _table(FeedRow)
hosts = _table(HostRow)
items = _table(ItemRow)
aliases = _table(AliasRow)
versions = _table(VersionRow)
evidence = _table(EvidenceRow)
cases = _table(CaseRow)
changes = _table(ChangeRow)
alerts = _table(AlertRow)
deliveries = _table(DeliveryRow)
silences = _table(SilenceRow)
acks = _table(AckRow)
labels = _table(LabelRow)
attempts = _table(AttemptRow)
rule_versions = _table(RuleRow)
meta = _table(MetaRow)
