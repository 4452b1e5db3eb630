"""Stories: how a question must move over time, step by step, as a file beside the rule says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.model.change import Reason
from alerts.model.question import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A text that comes in: ``sources`` carry it, each as an item of its own.

    ``is_edit`` says that the item of that ``id`` has other words now.
    """

    id: str
    title: str
    summary: str | None = None
    sources: tuple[str, ...] = ()
    lang: str | None = None
    url: str | None = None
    published: datetime | None = None
    is_edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A change that must come: its reason, its answer, and what else the author cares for.

    ``answer`` is the one a message is about: the new one; of what is taken back, the one that stood.
    """

    text: str
    reason: Reason
    answer: str
    was: str | None = None
    severity: Severity | None = None
    told: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment of a story: a text comes in, or time goes by; ``expected`` are all changes since the step before."""

    line: int
    col: int
    at: datetime
    text: Published | None = None
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story of one question; steps are in the order of time."""

    question: str
    path: str
    steps: tuple[Step, ...]
