"""match | weigh | evidence

What an item says about the questions in force, ready to be kept: the same for a poll, a replay and a second reading.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from alerts.engine.inforce import InForce
from alerts.judging.copies import copy_key, sketch_of
from alerts.judging.weigh import origin_of
from alerts.model.item import Item
from alerts.model.ledger import NewEvidence
from alerts.model.question import Question, Status
from alerts.model.verdict import Silence, Verdict

GRACE = timedelta(minutes=30)
"""Items in a feed's first body, and items older than a rule, are told only when younger than this."""

JUDGED = frozenset({Status.TEST, Status.STABLE})
"""Rules of another status are for their author's eyes, or switched off."""


def evidence_of(
    in_force: InForce, item: Item, *, before: Collection[str] = (), primed: bool = True
) -> list[NewEvidence]:
    """Return what an item says about each question in force, and whether it may be told.

    ``before`` are the questions that earlier versions of the item spoke of; ``primed`` is False for the first body of
    a feed.
    """
    assessor = in_force.assessor
    verdicts = assessor.verdicts_of_edit(item, before) if before else assessor.verdicts(item)
    asked = ((in_force.questions[verdict.question], verdict) for verdict in verdicts)
    return [
        _evidence(in_force, question, item, verdict, primed=primed)
        for question, verdict in asked
        if question.status in JUDGED
    ]


def _evidence(in_force: InForce, question: Question, item: Item, verdict: Verdict, *, primed: bool) -> NewEvidence:
    return NewEvidence(
        item=item.id,
        version=item.version,
        verdict=verdict,
        rule_hash=question.hash,
        copy_key=copy_key(item),
        origin=origin_of(item, in_force.wires),
        sketch=sketch_of(item, label="" if question.watches else verdict.label, outlets=in_force.wires.outlets),
        silence=_silence(question, item, in_force.activated.get(question.id), primed=primed),
    )


def _silence(question: Question, item: Item, activated: datetime | None, *, primed: bool) -> Silence | None:
    """Why an item is not told, None = it may be. The first body of a feed and news older than a rule fill the state."""
    published, seen = item.published, item.seen
    if question.status is Status.TEST:
        return Silence.UNROUTED
    if not primed and (published is None or seen is None or seen - published > GRACE):
        return Silence.PRIMING
    if published is not None and activated is not None and activated - published > GRACE:
        return Silence.BASELINE
    return None
