"""Whose word counts for how much: hearsay, an outlet, the actor's own page."""

from __future__ import annotations

from alerts.model.claim import ClaimSelector
from alerts.model.feed import FeedKind, Reliability
from alerts.model.origin import Origin
from alerts.model.question import Answer, Question
from alerts.model.verdict import Evidence

HEARSAY_KINDS = frozenset({FeedKind.SOCIAL, FeedKind.AGGREGATOR})
HEARSAY_GRADES = frozenset({Reliability.E, Reliability.F})
"""What such a source says alone is a claim, whoever it quotes."""

ANYONE = "anyone"


def origin_of(one: Evidence) -> Origin:
    """Return the independent source behind a text: the one found when it was read, else its own."""
    return one.origin or Origin.of(one.item.source)


def is_hearsay(origin: Origin) -> bool:
    """Whether a source alone makes a claim at most."""
    return origin.kind in HEARSAY_KINDS or origin.reliability in HEARSAY_GRADES


def is_official(question: Question, answer: str, origin: Origin) -> bool:
    """Whether this is the page of an actor who settles the answer; nobody else's page is official for it."""
    if origin.kind is not FeedKind.OFFICIAL or origin.speaks_for is None:
        return False
    asked = question.answer(answer)
    settles = {name for claim in asked.claims for name in settlers(question, asked, claim)}
    return not settles or ANYONE in settles or origin.speaks_for in settles


def settlers(question: Question, answer: Answer, selector: ClaimSelector) -> tuple[str, ...]:
    """Return who may settle an answer: ids, or ``anyone``."""
    return selector.speakers or answer.speakers or question.speakers or selector.actors
