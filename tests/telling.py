"""Alerts and quotes to tell in tests; every field but the ones named has a quiet default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.delivery.limits import limits_for
from alerts.delivery.readers import Reader, form_of
from alerts.model.change import Alert, Quote, Reason, Standing
from alerts.model.feed import FeedKind
from alerts.model.question import MATCHED, Severity

NOW = datetime(2025, 3, 18, 14, 35, tzinfo=UTC)

_QUOTE = Quote(
    item="1",
    source="UN News",
    kind=FeedKind.OFFICIAL,
    title="IAEA: Zaporizhzhia plant is back on both power lines",
    sentence="IAEA: Zaporizhzhia plant is back on both power lines",
    link="https://news.un.org/en/story/2025/03/1161234",
    lang="en",
    published=NOW - timedelta(minutes=4),
    seen=NOW - timedelta(seconds=20),
)

_WATCH = Alert(
    id="plant-news-3",
    question="plant-news",
    text="The Zaporizhzhia nuclear plant in the news",
    answer=MATCHED,
    says="The Zaporizhzhia nuclear plant in the news",
    severity=Severity.ROUTINE,
    reason=Reason.FIRST_REPORT,
    at=NOW,
    why="rule plant-news matched “Zaporizhzhia plant”",
    quotes=(_QUOTE,),
)

_ANSWER = replace(
    _WATCH,
    id="ceasefire-acceptance-4",
    question="ceasefire-acceptance",
    text="Does Russia accept the US-proposed 30-day ceasefire?",
    answer="rejected",
    says="Russia rejects the full 30-day ceasefire",
    severity=Severity.FLASH,
    reason=Reason.ANSWER_CHANGED,
    standing=Standing.REPORTED,
    was="undecided",
    why="rule ceasefire-acceptance: answer changed",
)


def quote(**fields: Any) -> Quote:
    """Return one text behind an alert."""
    return replace(_QUOTE, **fields)


def watch(**fields: Any) -> Alert:
    """Return an alert of a rule that watches a topic."""
    return replace(_WATCH, **fields)


def answer(**fields: Any) -> Alert:
    """Return an alert of a question whose answer changed."""
    return replace(_ANSWER, **fields)


def reader(url: str = "ntfy://host/topic", **fields: Any) -> Reader:
    """Return a reader in Kyiv behind an Apprise URL."""
    known = {"limits": limits_for(url), "zone": "Europe/Kyiv", "form": form_of(url), "address": "desk/1"}
    return Reader(**{**known, **fields})
