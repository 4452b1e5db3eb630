"""What the store is told and answers: polls with their items, judgements with their deliveries, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.model.case import Outcome
from alerts.model.delivery import DeliveryState
from alerts.model.errors import FeedFault
from alerts.model.feed import Learnt, Validators
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
    """An item the store already holds: its id, the number, text hash and title of its latest version, key and link."""

    id: str
    version: int
    text_hash: str
    title: str = ""
    key: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A text not seen before: a new item, or a new version of a known one (``item.version`` says which).

    ``key`` names the item within its feed (guid, else link, else words) and is never shown; ``aliases`` are digests
    of all its names, under which ``known_items`` finds it again.
    """

    key: str
    text_hash: str
    item: Item
    aliases: tuple[str, ...] = ()


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

    ``fence`` is the lease's. ``validators`` None keeps the old ones (nothing new, a salvaged body, a fault), and
    with them ``remembered``, what was read of the body. ``renamed`` are new aliases of known items, with their ids.
    ``fault`` None means that the feed answered well; ``interval`` is in seconds. ``learnt`` None keeps what was
    learnt; ``host_rests`` asks that no feed of this host is polled for so many seconds.
    """

    feed: str
    fence: int
    at: datetime
    next_at: datetime
    interval: float
    items: tuple[NewItem, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    validators: Validators | None = None
    remembered: bytes | None = None
    learnt: Learnt | None = None
    host_rests: float | None = None
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
