"""What can be measured of the way of an item, by name: read from the tables when somebody asks, kept nowhere else.

So every process that can read the database answers the same, however many of them poll, judge and send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.model.change import Standing
from alerts.model.delivery import DeliveryState
from alerts.model.upkeep import Audit, Pace, Pulse

if TYPE_CHECKING:
    from alerts.engine.inforce import InForce
    from alerts.model.ledger import StoreCounts
    from alerts.store.store import Store

WHILE = timedelta(hours=1)
"""What the figures of speed look back on."""

FEEDS_SHOWN = 500
"""Feeds that get a figure of their own, those with most items; more names than that drown whoever stores them."""

NAMES: dict[str, str] = {
    "alerts_feeds": "Feeds on the list, by whether they answered well at their last poll.",
    "alerts_feeds_late": "Feeds whose turn passed more than a minute ago.",
    "alerts_poll_lateness_seconds": "How long the feed that waits longest has waited beyond its turn.",
    "alerts_items": "Items stored.",
    "alerts_seen_lag_seconds": "From publishing to first sight in the last hour, by feed and percentile.",
    "alerts_evidence_waiting": "Pieces of evidence not judged yet.",
    "alerts_evidence_waiting_seconds": "How long the oldest of them has waited.",
    "alerts_answers": "Answers in force, by standing.",
    "alerts_deliveries": "Deliveries, by state.",
    "alerts_deliveries_owed_seconds": "How long the oldest delivery without a receipt has been owed.",
    "alerts_deliveries_lapsed": "Sends that began, whose time is over, and that have no receipt.",
    "alerts_told_seconds": "From judging to receipt in the last hour, by channel and percentile.",
    "alerts_last_delivery_timestamp_seconds": "When a service last accepted a message.",
    "alerts_database_bytes": "Size of the database.",
    "alerts_rules_in_force": "Rules in force.",
    "alerts_rules_refused": "Rule files that are refused; their last good version goes on.",
    "alerts_beat_age_seconds": "How long ago the daemon last looked what is due.",
}
"""Every metric and its help. All are gauges; ``alerts_info`` with the release comes with them."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One metric at one moment: its name, its labels' names, and a value for each set of labels."""

    name: str
    samples: Sequence[tuple[tuple[str, ...], float]]
    labels: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """What the figure means."""
        return NAMES[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What the figures are made of, all of one moment."""

    counts: StoreCounts
    audit: Audit
    pulse: Pulse
    steady: datetime
    in_force: InForce | None = None
    looked_at: datetime | None = field(default=None)


def read(
    store: Store, now: datetime, steady: datetime, *, in_force: InForce | None, looked_at: datetime | None
) -> Readings:
    """Ask the store for everything the figures need; blocks."""
    return Readings(
        counts=store.counts(),
        audit=store.audit(now, steady, questions=in_force.questions if in_force is not None else None),
        pulse=store.pulse(now - WHILE),
        steady=steady,
        in_force=in_force,
        looked_at=looked_at,
    )


def meters(of: Readings) -> Iterator[Meter]:
    """Yield every figure there is."""
    yield from _polling(of.counts, of.audit, of.pulse)
    yield from _judging(of.counts, of.audit, of.pulse)
    yield from _telling(of.counts, of.audit, of.pulse)
    yield _one("alerts_database_bytes", of.counts.size)
    if of.in_force is not None:
        yield _one("alerts_rules_in_force", len(of.in_force.questions))
        yield _one("alerts_rules_refused", len(of.in_force.refused))
    if of.looked_at is not None:
        yield _one("alerts_beat_age_seconds", (of.steady - of.looked_at).total_seconds())


def _polling(counts: StoreCounts, audit: Audit, pulse: Pulse) -> Iterator[Meter]:
    by_health = [(("ok",), counts.ok_feeds), (("failing",), counts.feeds - counts.ok_feeds)]
    yield Meter("alerts_feeds", by_health, ("health",))
    yield _one("alerts_feeds_late", audit.late_feeds)
    yield _one("alerts_poll_lateness_seconds", _age(audit.late_since, audit.at))
    yield _one("alerts_items", counts.items)
    busiest = sorted(pulse.seen.items(), key=lambda one: (-one[1].count, one[0]))[:FEEDS_SHOWN]
    yield Meter("alerts_seen_lag_seconds", _percentiles(dict(busiest)), ("feed", "percentile"))


def _judging(counts: StoreCounts, audit: Audit, pulse: Pulse) -> Iterator[Meter]:
    yield _one("alerts_evidence_waiting", counts.waiting)
    yield _one("alerts_evidence_waiting_seconds", _age(audit.waiting_since, audit.at))
    stands = [((standing.value,), pulse.standing.get(standing, 0)) for standing in Standing]
    yield Meter("alerts_answers", stands, ("standing",))


def _telling(counts: StoreCounts, audit: Audit, pulse: Pulse) -> Iterator[Meter]:
    by_state = [((state.value,), counts.deliveries.get(state, 0)) for state in DeliveryState]
    yield Meter("alerts_deliveries", by_state, ("state",))
    yield _one("alerts_deliveries_owed_seconds", _age(audit.owed_since, audit.at))
    yield _one("alerts_deliveries_lapsed", audit.lapsed)
    yield Meter("alerts_told_seconds", _percentiles(pulse.told), ("channel", "percentile"))
    if counts.delivered_at is not None:
        yield _one("alerts_last_delivery_timestamp_seconds", counts.delivered_at.timestamp())


def _one(name: str, value: float) -> Meter:
    return Meter(name, [((), value)])


def _percentiles(paces: Mapping[str, Pace]) -> list[tuple[tuple[str, ...], float]]:
    return [
        ((name, percentile), value)
        for name, pace in paces.items()
        for percentile, value in (("50", pace.median), ("90", pace.p90))
    ]


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
