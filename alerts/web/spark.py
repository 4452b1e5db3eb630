"""A small picture of the evidence of the last days: what says so goes up, what says otherwise goes down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.model.question import Question
    from alerts.store.glances import Mark

BINS, STEP, HALF = 36, 5, 14
"""Bars of a picture, how wide each is with its gap, and how high one may be."""

SHORTEST, LONGEST = timedelta(hours=36), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar at ``x``, so high."""

    x: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Spark:
    """The picture, and what it shows in numbers."""

    bars: tuple[Bar, ...]
    span: timedelta
    pro: int
    other: int


def spark(question: Question, answers: frozenset[str], marks: Iterable[Mark], now: datetime) -> Spark:
    """Return the picture of ``marks`` up to ``now``; ``answers`` are those in force, none = everything counts alike."""
    listed = list(marks)
    oldest = min((one.at for one in listed), default=now)
    span = min(max(now - oldest, SHORTEST), LONGEST)
    up, down = [0] * BINS, [0] * BINS
    for one in listed:
        place, lean = BINS - 1 - int((now - one.at) / span * BINS), leaning(question, answers, one.label)
        if lean and 0 <= place < BINS:
            (up if lean > 0 else down)[place] += 1
    most = max(*up, *down, 3)
    bars = (Bar(i * STEP, _high(up[i], most), _high(down[i], most)) for i in range(BINS) if up[i] or down[i])
    return Spark(tuple(bars), span, sum(up), sum(down))


def leaning(question: Question, answers: frozenset[str], label: str) -> int:
    """Return 1 where a verdict speaks for an answer in force (an earlier stage of it does), -1 against, 0 neither."""
    answer, _, how = label.partition("/")
    current = question.current_id(answer)
    if not answers:
        return 1
    if current is None:
        return 0
    mine = [one for one in answers if question.aspect_of(one) == question.aspect_of(current)]
    if not mine:
        return 1
    behind = any(one == current or question.stage_of(current) < question.stage_of(one) for one in mine)
    return -1 if how == "denied" or not behind else 1


def _high(count: int, most: int) -> int:
    return max(2, round(HALF * count / most)) if count else 0
