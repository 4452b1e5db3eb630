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

from alerts.delivery.routes import WHO_WAS_TOLD, owed
from alerts.engine.inforce import InForce
from alerts.engine.ports import Outside
from alerts.engine.windows import health_of, in_words
from alerts.judging.advance import advance
from alerts.model.case import Case, Outcome
from alerts.model.change import Reason
from alerts.model.ledger import Applied, NewDelivery
from alerts.model.question import Question
from alerts.model.verdict import Evidence

if TYPE_CHECKING:
    from alerts.store.store import Store

log = logging.getLogger(__name__)


async def apply(store: Store, outside: Outside, in_force: InForce, question_id: str) -> bool:
    """Judge one question; return whether somebody is to be told.

    A question that is no longer in force keeps its evidence and its state untouched.
    """
    applied = await asyncio.to_thread(apply_now, store, in_force, question_id, outside.clock.now())
    return bool(applied and applied.deliveries)


def apply_now(store: Store, in_force: InForce, question_id: str, now: datetime) -> Applied | None:
    """Do the same in this thread; return what was decided, None where the question is not in force."""
    question = in_force.questions.get(question_id)
    if question is None:
        return None

    def judge(case: Case, evidence: Sequence[Evidence]) -> Applied:
        outcome = advance(question, case, evidence, now, held=store.evidence(case.waiting))
        outcome = _with_health(outcome, question, store, now)
        return Applied(outcome=outcome, deliveries=_owed(store, outcome, question, in_force, now))

    applied = store.apply(question_id, judge)
    for alert in applied.outcome.alerts:
        log.info("%s: %s (%s)", alert.id, alert.says, alert.why)
    return applied


def _with_health(outcome: Outcome, question: Question, store: Store, now: datetime) -> Outcome:
    """Say of news that nothing was heard whether we could have heard it."""
    if all(alert.reason is not Reason.OVERDUE for alert in outcome.alerts):
        return outcome
    health = in_words(*health_of(question, store.feeds(), now))
    alerts = (replace(one, health=health) if one.reason is Reason.OVERDUE else one for one in outcome.alerts)
    return replace(outcome, alerts=tuple(alerts))


def _owed(
    store: Store, outcome: Outcome, question: Question, in_force: InForce, now: datetime
) -> tuple[NewDelivery, ...]:
    """Return who is owed the alerts of an outcome; whoever hears of one of them counts as told for the next."""
    made: list[NewDelivery] = []
    told: dict[str, set[str]] = {}
    for alert in outcome.alerts:
        heard = told.setdefault(alert.thread, set())
        if alert.reason in WHO_WAS_TOLD:
            heard |= store.told_addresses(alert.thread)
        new = owed(alert, question, in_force.book, told=frozenset(heard), now=now)
        heard |= {one.address for one in new if one.muted is None and not one.escalates}
        made += new
    return tuple(made)
