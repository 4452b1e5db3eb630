"""How the works go: feeds, deliveries, silences, and what the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from alerts.engine.windows import DEAD_AFTER
from alerts.model.acts import DeskSilence
from alerts.model.delivery import DeliveryState
from alerts.model.question import Severity
from alerts.web.board import questions_of
from alerts.web.desk import HOURS
from alerts.web.pages import as_json, page
from alerts.web.quoting import shown
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.model.delivery import Delivery
    from alerts.model.feed import FeedState

DELIVERIES = 100
"""Deliveries on the page, the latest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed at a glance. ``pause`` is in seconds; ``error`` is what went wrong last."""

    feed: str
    title: str
    owner: str
    kind: str
    reliability: str
    category: str
    ok_at: datetime | None
    polled_at: datetime | None
    next_at: datetime
    pause: float
    failures: int
    fault: str | None
    error: str | None
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery at a glance; the address is its name, never where it leads."""

    id: int
    state: DeliveryState
    alert: str
    question: str
    says: str
    severity: str
    address: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    may_repeat: bool
    error: str | None


def feeds(request: Request) -> Response:
    """Show every feed, the failing ones on top."""
    return page(request, "feeds.html", feeds=_feeds(site_of(request)))


def feeds_data(request: Request) -> Response:
    """Return the same as JSON."""
    return as_json({"feeds": _feeds(site_of(request))})


def deliveries(request: Request) -> Response:
    """Show what was sent to whom; what wants attention first."""
    site = site_of(request)
    counts = site.store.owed()
    return page(request, "deliveries.html", deliveries=_deliveries(site, _state(request)), counts=counts)


def deliveries_data(request: Request) -> Response:
    """Return the same as JSON."""
    return as_json({"deliveries": _deliveries(site_of(request), _state(request))})


def silences(request: Request) -> Response:
    """Show what is silenced, and the form that silences."""
    site = site_of(request)
    known: dict[str, Any] = {"hours": HOURS, "severities": list(Severity)[1:], "questions": questions_of(site)}
    return page(request, "silences.html", silences=_silences(site), **known)


def silences_data(request: Request) -> Response:
    """Return the same as JSON."""
    return as_json({"silences": _silences(site_of(request))})


def doctor(request: Request) -> Response:
    """Show what is wrong, and its mend; nothing is asked of the network."""
    site = site_of(request)
    return page(request, "doctor.html", findings=site.doctor() if site.doctor is not None else None)


def doctor_data(request: Request) -> Response:
    """Return the same as JSON."""
    site = site_of(request)
    return as_json({"findings": site.doctor() if site.doctor is not None else []})


def _feeds(site: Site) -> list[FeedLine]:
    now = site.now()
    lines = [_feed(one, now) for one in site.store.feeds()]
    return sorted(lines, key=lambda one: (not one.failures, not one.silent, one.category, one.title.casefold()))


def _feed(state: FeedState, now: datetime) -> FeedLine:
    feed, health = state.feed, state.health
    return FeedLine(
        feed=feed.id,
        title=shown(feed.title, 120),
        owner=feed.owner,
        kind=feed.kind.value,
        reliability=feed.reliability.value,
        category=feed.category,
        ok_at=health.ok_at,
        polled_at=health.polled_at,
        next_at=health.next_at,
        pause=health.interval,
        failures=health.failures,
        fault=health.fault,
        error=shown(health.error, 400) if health.error else None,
        silent=health.ok_at is None or now - health.ok_at > max(DEAD_AFTER, 3 * (health.next_at - health.ok_at)),
    )


def _state(request: Request) -> DeliveryState | None:
    asked = request.query_params.get("state", "")
    return DeliveryState(asked) if asked in list(DeliveryState) else None


def _deliveries(site: Site, state: DeliveryState | None) -> list[DeliveryLine]:
    found = list(map(_delivery, site.store.deliveries(state, limit=DELIVERIES)))
    odd = {DeliveryState.UNKNOWN, DeliveryState.DEAD}
    return sorted(found, key=lambda one: one.state not in odd)


def _delivery(one: Delivery) -> DeliveryLine:
    return DeliveryLine(
        id=one.id,
        state=one.state,
        alert=one.alert.id,
        question=one.alert.question,
        says=shown(one.alert.says, 200),
        severity=one.severity.value,
        address=one.address,
        attempts=one.attempts,
        created_at=one.created_at,
        sent_at=one.sent_at,
        may_repeat=one.may_repeat,
        error=shown(one.error, 400) if one.error else None,
    )


def _silences(site: Site) -> list[DeskSilence]:
    return [one for one in site.store.silences(since=site.now()) if one.ended_at is None]
