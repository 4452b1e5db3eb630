"""Questions: what somebody wants to be told, as a rule file says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from alerts.model.claim import ClaimSelector
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
    """One answer of a question: ``says`` is the sentence people are told.

    ``claims`` are what a text must claim for it; ``weak`` fills an empty question and never displaces another.
    ``renamed_from`` are ids it had before: what stood under them stands under this one. ``again`` is after how long it
    is news once more (a strike), None = as the question says.
    """

    id: str
    says: str
    severity: Severity
    claims: tuple[ClaimSelector, ...] = ()
    weak: bool = False
    speakers: tuple[str, ...] = ()
    renamed_from: tuple[str, ...] = ()
    again: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """What makes a reported answer a confirmed one: so many independent sources in this time, or an official page."""

    independent_sources: int = 2
    within: timedelta = timedelta(hours=24)
    or_official: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasions:
    """How one instance of what recurs is told from the next.

    An opening answer opens another one when it names a later day, or ``quiet`` after a closing one. With
    ``by_object`` each thing has its own, and another one ``quiet`` after a text last spoke of it; what is said of a
    ``vague`` thing is said of the one spoken of last.
    """

    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    quiet: timedelta = timedelta(hours=48)
    by_object: bool = False
    vague: tuple[str, ...] = ()


USUAL_GRACE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """A window in which an answer is expected (UTC); ``overdue`` is how loudly its absence is told, None = not at all.

    ``poll_every`` is the longest pause between two polls of the feeds that matter meanwhile; ``grace`` is how long
    after the end nobody worries yet.
    """

    answer: str
    start: datetime
    end: datetime
    poll_every: timedelta | None = None
    grace: timedelta = USUAL_GRACE
    overdue: Severity | None = None

    @property
    def deadline(self) -> datetime:
        """When the absence of an answer is worth telling."""
        return self.end + self.grace


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """Texts that are left alone although they match, why, and until which day (None = for good)."""

    match: Expression
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Whom to tell when nobody acknowledges an alert this loud within that time: a route, or a channel."""

    to: str
    after: timedelta
    least: Severity = Severity.FLASH


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
    ``scope`` are the wars a text must be about; ``aspects`` group answers that are independent of one another;
    ``words`` teach the reader more ways to say an event. ``feeds`` are the ids or categories of the feeds that
    matter; ``remind`` is how often an answer that is not confirmed is told again, None = never;
    ``expires`` the day somebody should look at the rule again.
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
    scope: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    several: bool = False
    aspects: tuple[tuple[str, tuple[str, ...]], ...] = ()
    confirm: Confirm = Confirm()
    stages: tuple[tuple[str, ...], ...] = ()
    occasions: Occasions | None = None
    again: timedelta | None = None
    expect: tuple[Expect, ...] = ()
    exceptions: tuple[Exempt, ...] = ()
    feeds: tuple[str, ...] = ()
    remind: timedelta | None = None
    expires: date | None = None
    escalate: Escalate | None = None

    @property
    def watches(self) -> bool:
        """Whether this is a rule without answers: every new text is told, nothing ever stands."""
        return len(self.answers) == 1 and self.answers[0].id == MATCHED

    def answer(self, answer_id: str) -> Answer:
        """Return the answer of that id; KeyError when the question has none."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        raise KeyError(answer_id)

    def current_id(self, answer_id: str) -> str | None:
        """Return an answer's id of today for one that stood in evidence, None when the rule no longer has it."""
        for answer in self.answers:
            if answer_id == answer.id or answer_id in answer.renamed_from:
                return answer.id
        return None

    def weight_of(self, answer_id: str) -> int:
        """Return how much an answer counts against others said at the same time: the first listed the most."""
        return -next(number for number, answer in enumerate(self.answers) if answer.id == answer_id)

    def stage_of(self, answer_id: str) -> int:
        """Return how far an answer is along the stages; answers without a stage are all 0."""
        for number, answers in enumerate(self.stages):
            if answer_id in answers:
                return number
        return 0

    def aspect_of(self, answer_id: str) -> str:
        """Return the name of the stand an answer belongs to: answers of one stand replace one another."""
        for aspect, answers in self.aspects:
            if answer_id in answers:
                return aspect
        return answer_id if self.several else ""
