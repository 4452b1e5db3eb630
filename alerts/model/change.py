"""Changes: rows that say how an answer moved and why; alerts are changes as told to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.model.feed import FeedKind
from alerts.model.question import Severity
from alerts.model.verdict import Word


class Reason(StrEnum):
    """Why a change was written."""

    FIRST_REPORT = "first_report"
    ANSWER_CHANGED = "answer_changed"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    SETTLED = "settled"
    OVERDUE = "overdue"
    REMINDER = "reminder"


class Standing(StrEnum):
    """How sure an answer in force is."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETRACTED = "retracted"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row: question, from, to, reason, because (evidence ids), at. ``seq`` counts from 1 in a question.

    ``told`` is False for what only filled the state (old news, a first body); ``occasion`` is the instance of a
    question that recurs, empty where it does not.
    """

    question: str
    seq: int
    from_answer: str | None
    to_answer: str | None
    reason: Reason
    because: tuple[int, ...]
    at: datetime
    standing: Standing | None = None
    occasion: str = ""
    told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One text behind an alert, as the reader may check it; ``copies`` are further texts collapsed into it."""

    item: str
    source: str
    kind: FeedKind
    title: str
    sentence: str
    link: str | None = None
    lang: str | None = None
    published: datetime | None = None
    seen: datetime | None = None
    words: tuple[Word, ...] = ()
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A change as told to people: everything a message needs, frozen when the change was judged.

    ``id`` is stable (question and seq), also over repeats. ``more`` counts texts of a digest beyond ``quotes``.
    ``late`` says that the news was published while nobody was looking. ``health`` is one line on the feeds that
    matter, where silence may be ours. ``occasion`` is the instance of a question that recurs.
    """

    id: str
    question: str
    text: str
    answer: str | None
    says: str
    severity: Severity
    reason: Reason
    at: datetime
    why: str
    quotes: tuple[Quote, ...]
    standing: Standing | None = None
    was: str | None = None
    more: int = 0
    late: bool = False
    revision: int = 1
    notify: str | None = None
    occasion: str = ""
    health: str | None = None

    @property
    def thread(self) -> str:
        """What its messages belong together by: the question, and the occasion where there are several."""
        return f"{self.question}/{self.occasion}" if self.occasion else self.question
