"""Cases: where a question stands, as a value; the only thing judging remembers between two pieces of evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from alerts.model.change import Alert, Change, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One answer in force, of one aspect; a question without aspects has one stand.

    ``origins`` are the independent sources behind it and when each last said so; ``rivals`` the same for answers
    that contradict it; ``claims`` the third-party words already told, as ``answer/speaker``.
    """

    answer: str | None = None
    standing: Standing | None = None
    since: datetime | None = None
    origins: dict[str, datetime] = field(default_factory=dict)
    rivals: dict[str, dict[str, datetime]] = field(default_factory=dict)
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The state of a question.

    ``stands`` are the answers in force, by aspect (the empty name where there are none).
    ``told`` maps the copy keys already told to the time they were told; ``waiting`` are evidence ids held for
    the next digest; ``told_at`` is when the last message left; ``wake_at`` when the case wants a tick, None = never.
    """

    question: str
    seq: int = 0
    stands: dict[str, Stand] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    waiting: tuple[int, ...] = ()
    told_at: datetime | None = None
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What should happen: the new case, the changes to write, the alerts to send. Reasons are in the changes."""

    case: Case
    changes: tuple[Change, ...] = ()
    alerts: tuple[Alert, ...] = ()
