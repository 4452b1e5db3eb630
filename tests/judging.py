"""Evidence to judge in tests, and what came of it; every field but the ones named has a quiet default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from alerts.judging.advance import advance
from alerts.model.case import Case, Outcome
from alerts.model.change import Reason, Standing
from alerts.model.feed import FeedKind, Reliability
from alerts.model.item import Item, Source
from alerts.model.question import Answer, Confirm, Occasions, Question, Severity
from alerts.model.verdict import Evidence, Silence, Verdict, VerdictKind

NOON = datetime(2025, 3, 18, 12, tzinfo=UTC)
NUMBERS = count(1)
TRUCE = Question(
    id="truce",
    story="war",
    path="rules/war/truce.yaml",
    text="Do they accept the truce?",
    answers=(
        Answer(id="accepted", says="They accept the truce", severity=Severity.FLASH),
        Answer(id="rejected", says="They reject the truce", severity=Severity.URGENT),
        Answer(id="undecided", says="They have not decided", severity=Severity.ROUTINE, weak=True),
    ),
    hash="h",
    confirm=Confirm(independent_sources=2, within=timedelta(minutes=30)),
)
STAGES = (("scheduled", "postponed", "cancelled"), ("started",), ("ended",), ("ended_with_agreement",))
CALL = replace(
    TRUCE,
    id="call",
    answers=tuple(
        Answer(id=one, says=f"The call: {one}", severity=Severity.URGENT, weak=one == "scheduled")
        for stage in STAGES
        for one in stage
    ),
    stages=STAGES,
    occasions=Occasions(opens=("scheduled", "started"), closes=("ended", "ended_with_agreement", "cancelled")),
)


def at(minutes: float = 0, *, days: float = 0) -> datetime:
    """Return a moment counted from noon of 18 March 2025."""
    return NOON + timedelta(minutes=minutes, days=days)


def seen(
    answer: str | None,
    owner: str = "wire",
    *,
    when: datetime = NOON,
    kind: VerdictKind = VerdictKind.ASSERTED,
    source: FeedKind = FeedKind.AGENCY,
    grade: Reliability = Reliability.B,
    text: str = "",
    item: str = "",
    version: int = 1,
    speaker: str | None = None,
    silence: Silence | None = None,
    published: datetime | None = None,
    thing: str | None = None,
    day: date | None = None,
) -> Evidence:
    """Return evidence for an answer; without ``text`` its words are its own."""
    speaks_for = "them" if source is FeedKind.OFFICIAL else None
    carrier = Source(id=owner, title=owner.title(), owner=owner, kind=source, reliability=grade, speaks_for=speaks_for)
    title = text or f"{answer} says {owner} at {when:%d %H:%M:%S}, {kind}, version {version}"
    return Evidence(
        id=next(NUMBERS),
        item=Item(
            id=item or title, source=carrier, title=title, published=published or when, seen=when, version=version
        ),
        verdict=Verdict(
            question="truce", answer=answer, kind=kind, speaker=speaker, because=(title,), object=thing, day=day
        ),
        rule_hash="h",
        copy_key=title,
        at=when,
        silence=silence,
    )


def judge(question: Question, *evidence: Evidence, until: datetime | None = None) -> Outcome:
    """Judge evidence one by one, as it would come; return the last case with all changes and alerts."""
    return judged_in(question, [[one] for one in evidence], until=until)


def judged_in(question: Question, batches: Sequence[Sequence[Evidence]], *, until: datetime | None = None) -> Outcome:
    """Judge evidence in these batches, each when its last text was seen."""
    whole = Outcome(case=Case(question=question.id))
    rounds = [(batch, batch[-1].at) for batch in batches if batch] + ([([], until)] if until else [])
    for batch, now in rounds:
        one = advance(question, whole.case, batch, now)
        whole = Outcome(
            case=one.case,
            changes=(*whole.changes, *one.changes),
            alerts=(*whole.alerts, *one.alerts),
            judged={**whole.judged, **one.judged},
        )
    return whole


def told(outcome: Outcome) -> list[tuple[Reason, str | None]]:
    """Return what people were told, why and of which answer."""
    return [(alert.reason, alert.answer) for alert in outcome.alerts]


def stands(outcome: Outcome, aspect: str = "") -> tuple[str | None, Standing | None]:
    """Return the answer in force of the latest occasion, and how sure it is."""
    stand = outcome.case.stands[aspect]
    return stand.answer, stand.standing
