"""What the store is told and answers: polls with their items, judgements with their deliveries, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.model.case import Outcome
from alerts.model.delivery import DeliveryState
from alerts.model.errors import FeedFault
from alerts.model.feed import Validators
from alerts.model.item import Item
from alerts.model.origin import Origin
from alerts.model.question import Severity
from alerts.model.sketch import Sketch
from alerts.model.verdict import Evidence, Silence, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCounts:
    """What a new list of seeds did: feeds added, changed, dropped (no longer listed), left as they were."""

    added: int = 0
    updated: int = 0
    dropped: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item the store already holds: its id, the number and the text hash of its latest version."""

    id: str
    version: int
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A text not seen before: a new item, or a new version of a known one (``item.version`` says which).

    ``key`` names the item within its feed (guid, else link, else words) and is never shown.
    """

    key: str
    text_hash: str
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A verdict to keep, and the text it was read from; ``at`` and id are given by the store."""

    item: str
    version: int
    verdict: Verdict
    rule_hash: str
    copy_key: str
    silence: Silence | None = None
    origin: Origin | None = None
    sketch: Sketch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """All that one poll found, to be kept together or not at all.

    ``fence`` is the lease's. ``validators`` None keeps the old ones (nothing new, a salvaged body, a fault).
    ``fault`` None means that the feed answered well; ``interval`` is in seconds.
    """

    feed: str
    fence: int
    at: datetime
    next_at: datetime
    interval: float
    items: tuple[NewItem, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    validators: Validators | None = None
    fault: FeedFault | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An alert of the same outcome, to one address, not before ``next_at``.

    ``severity`` is how loudly this recipient is told, None = as loudly as the alert. ``escalates``: only if nobody
    acknowledges before. ``muted`` is why it is kept and not sent.
    """

    alert_id: str
    address: str
    next_at: datetime
    severity: Severity | None = None
    escalates: bool = False
    muted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What judging decided, and who is to be told; the store keeps both in one commit."""

    outcome: Outcome
    deliveries: tuple[NewDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRound:
    """Evidence that was judged together, in its order, and when each piece took effect (its id → UTC)."""

    evidence: tuple[Evidence, ...]
    judged: Mapping[int, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCounts:
    """How much the store holds. ``ok_feeds`` answered well at their last poll; ``size`` is in bytes.

    ``waiting`` is evidence not judged yet; ``deliveries`` counts by state, without the states that none is in;
    ``delivered_at`` is when a service last accepted a message.
    """

    feeds: int
    ok_feeds: int
    items: int
    versions: int
    waiting: int
    deliveries: Mapping[DeliveryState, int]
    delivered_at: datetime | None
    size: int
