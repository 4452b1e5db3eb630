"""What people do about alerts: acknowledge, silence, say that one was wrong. Each with who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.model.question import Severity


class Act(StrEnum):
    """What a link in a message lets its reader do."""

    ACKNOWLEDGE = "acknowledge"
    MUTE = "mute"
    WRONG = "wrong"


class Label(StrEnum):
    """What was wrong with an alert."""

    FALSE_ALARM = "false_alarm"  # nothing of the kind was said
    WRONG_ANSWER = "wrong_answer"  # something was said, and another answer follows from it
    NOT_NEWS = "not_news"  # true, and old or told already


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One act on one alert by one reader, until a time (aware)."""

    act: Act
    alert: str
    address: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody takes care of an alert: nobody else is woken for it. What changes afterwards is told all the same."""

    alert: str
    thread: str
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSilence:
    """What is not sent for a while, on somebody's word.

    ``question`` and ``address`` (an address, or a whole channel) narrow it, None = any; ``up_to`` is the loudest that
    is silenced, None = everything. ``id`` is the store's.
    """

    by: str
    reason: str
    at: datetime
    until: datetime
    question: str | None = None
    address: str | None = None
    up_to: Severity | None = None
    id: int = 0
    ended_at: datetime | None = None
    ended_by: str | None = None

    def covers(self, question: str, address: str, severity: Severity, now: datetime) -> bool:
        """Whether this keeps such an alert from such an address now."""
        loud = list(Severity)
        return (
            self.at <= now < self.until
            and (self.ended_at is None or now < self.ended_at)
            and self.question in {None, question}
            and self.address in {None, address, address.partition("/")[0]}
            and (self.up_to is None or loud.index(severity) >= loud.index(self.up_to))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A reader's word that an alert was wrong; ``line`` is the test line that would have shown it.

    ``alert`` is empty where none was sent: somebody looked through what was read, and says what it should have been.
    """

    alert: str
    question: str
    item: str | None
    label: Label
    by: str
    at: datetime
    line: str
    note: str | None = None
