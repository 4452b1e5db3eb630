"""Questions: what somebody wants to be told, as a rule file says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from alerts.model.expression import Expression


class Severity(StrEnum):
    """How loudly an answer is told; the wire services' words. ``log`` is stored, never pushed."""

    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"
    LOG = "log"


class Status(StrEnum):
    """How far a rule may go: own match only, stored, pushed, off."""

    EXPERIMENTAL = "experimental"
    TEST = "test"
    STABLE = "stable"
    DEPRECATED = "deprecated"


MATCHED = "matched"
"""The one answer of a rule without ``answers``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a question: ``says`` is the sentence people are told."""

    id: str
    says: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineTest:
    """One inline test: ``expected`` are the exact verdicts of the rule on the text, as written."""

    line: int
    expected: tuple[str, ...]
    title: str
    summary: str | None = None
    lang: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A rule file, checked.

    ``hash`` covers what decides (match, ignore, …), not owner, text, tests or notify.
    ``notify`` names a route, else a channel, else the channel ``default``.
    """

    id: str
    story: str
    path: str
    text: str
    answers: tuple[Answer, ...]
    hash: str
    status: Status = Status.STABLE
    owner: str | None = None
    notify: str | None = None
    match: Expression | None = None
    ignore: Expression | None = None
    misses: str | None = None
    tests: tuple[InlineTest, ...] = ()

    def answer(self, answer_id: str) -> Answer:
        """Return the answer of that id; KeyError when the question has none."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        raise KeyError(answer_id)
