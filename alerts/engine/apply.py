"""evidence | judge | change, alerts, outbox

One question is judged: one transaction takes the evidence not yet applied and keeps its new state, its changes and
the outbox rows of everybody who is to be told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.delivery.routes import recipients
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.engine.windows import health_of, in_words
from alerts.judging.advance import advance
from alerts.model.case import Case, Outcome
from alerts.model.change import Alert, Reason
from alerts.model.ledger import Applied, NewDelivery
from alerts.model.question import Question, Severity
from alerts.model.verdict import Evidence

if TYPE_CHECKING:
    from alerts.store.store import Store

log = logging.getLogger(__name__)


async def apply(store: Store, outside: Outside, in_force: InForce, question_id: str) -> bool:
    """Judge one question; return whether somebody is to be told.

    A question that is no longer in force keeps its evidence and its state untouched.
    """
    question = in_force.questions.get(question_id)
    if question is None:
        return False
    now = outside.clock.now()

    def judge(case: Case, evidence: Sequence[Evidence]) -> Applied:
        outcome = advance(question, case, evidence, now, held=store.evidence(case.waiting))
        outcome = _with_health(outcome, question, store, now)
        return Applied(outcome=outcome, deliveries=_addressed(outcome, in_force, now))

    applied = await asyncio.to_thread(store.apply, question_id, judge)
    for alert in applied.outcome.alerts:
        log.info("%s: %s (%s)", alert.id, alert.says, alert.why)
    return bool(applied.deliveries)


def _with_health(outcome: Outcome, question: Question, store: Store, now: datetime) -> Outcome:
    """Say of news that nothing was heard whether we could have heard it."""
    if all(alert.reason is not Reason.OVERDUE for alert in outcome.alerts):
        return outcome
    health = in_words(*health_of(question, store.feeds(), now))
    alerts = (replace(one, health=health) if one.reason is Reason.OVERDUE else one for one in outcome.alerts)
    return replace(outcome, alerts=tuple(alerts))


def _addressed(outcome: Outcome, in_force: InForce, now: datetime) -> tuple[NewDelivery, ...]:
    return tuple(
        NewDelivery(alert_id=alert.id, address=address, next_at=now)
        for alert in outcome.alerts
        for address in _addresses(alert, in_force)
    )


def _addresses(alert: Alert, in_force: InForce) -> tuple[str, ...]:
    if alert.severity is Severity.LOG:
        return ()
    return tuple(address.id for address in recipients(alert.notify, in_force.channels).addresses)
