"""A small picture of the evidence of the last days: what says so goes up, what says otherwise goes down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.model.question import Question
    from alerts.store.glances import Mark

BINS, STEP, HALF, MIDDLE = 36, 5, 14, 15
"""Bars of a picture, how wide each is with its gap, how high one may be, and where the line is."""

SHORTEST, LONGEST = timedelta(hours=36), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Spark:
    """The bars as two SVG paths, and what they show in numbers."""

    up: str
    down: str
    span: timedelta
    pro: int
    other: int


def spark(question: Question, answers: frozenset[str], marks: Iterable[Mark], now: datetime) -> Spark:
    """Return the picture of ``marks`` up to ``now``; ``answers`` are those in force, none = everything counts alike."""
    listed = list(marks)
    oldest = min((one.at for one in listed), default=now)
    span = min(max(now - oldest, SHORTEST), LONGEST)
    leans = {label: leaning(question, answers, label) for label in {one.label for one in listed}}
    up, down = [0] * BINS, [0] * BINS
    for one in listed:
        place, lean = BINS - 1 - int((now - one.at) / span * BINS), leans[one.label]
        if lean and 0 <= place < BINS:
            (up if lean > 0 else down)[place] += 1
    most = max(*up, *down, 3)
    return Spark(_path(up, most, "-"), _path(down, most, ""), span, sum(up), sum(down))


def _path(counts: list[int], most: int, sign: str) -> str:
    """Draw a bar for each count, away from the line in the middle."""
    highs = [(i * STEP, max(2, round(HALF * count / most))) for i, count in enumerate(counts) if count]
    back = "" if sign else "-"
    return "".join(f"M{x} {MIDDLE}v{sign}{high}h{STEP - 1}v{back}{high}z" for x, high in highs)


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
