"""Cases: where a question stands, as a value; the only thing judging remembers between two pieces of evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from alerts.model.change import Alert, Change, Standing
from alerts.model.sketch import Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One independent origin behind an answer.

    ``at`` is when it last said so in a text of its own; ``items`` carry it: when the last of them takes it back, the
    voice is gone. ``official`` marks the page of the actor itself, or the desk.
    """

    at: datetime
    items: tuple[str, ...] = ()
    official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One answer in force, of one aspect of one occasion.

    ``voices`` are the origins behind each answer, the one in force and its rivals; ``denials`` the origins that deny
    a report of it; ``claims`` the third-party words already told, as ``answer/speaker``. ``told`` says that people
    know of the answer in force: who was never told needs no correction. ``sure`` says that it was confirmed since it
    came into force, whatever disputes it now; ``left`` when an earlier answer gave way. ``void`` are the voices the
    desk set aside.
    """

    answer: str | None = None
    standing: Standing | None = None
    since: datetime | None = None
    voices: dict[str, dict[str, Voice]] = field(default_factory=dict)
    denials: dict[str, datetime] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    told: bool = False
    sure: bool = False
    left: dict[str, datetime] = field(default_factory=dict)
    void: dict[str, dict[str, Voice]] = field(default_factory=dict)

    @property
    def origins(self) -> dict[str, Voice]:
        """The voices for the answer in force."""
        return self.voices.get(self.answer, {}) if self.answer is not None else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One instance of a question that recurs (one call, one truce); a question that does not has one, without a name.

    ``day`` is when it is to happen or happened, as far as a text named it; ``heard_at`` when a text last spoke of it;
    ``closed_at`` when a closing answer came into force. ``thing`` is its object where occasions go by object.
    """

    id: str = ""
    opened_at: datetime | None = None
    heard_at: datetime | None = None
    closed_at: datetime | None = None
    day: date | None = None
    thing: str | None = None
    stands: dict[str, Stand] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text remembered, so that its copies are known: what it said (``label``), and whose it was."""

    key: str
    label: str
    origin: str
    at: datetime
    sketch: Sketch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The state of a question.

    ``occasions`` are in the order they were opened. ``texts`` are those of the last three days. ``begun_at`` is when
    the question was first looked at, ``at`` how far it has been judged. ``alarmed`` are the expected windows looked
    at when they were over, ``reminded_at`` the last reminder. ``waiting`` are evidence ids held for the next digest
    of a rule without answers; ``told_at`` is when the last message left; ``wake_at`` when the case wants a tick,
    None = never.
    """

    question: str
    seq: int = 0
    occasions: tuple[Occasion, ...] = ()
    texts: tuple[Text, ...] = ()
    begun_at: datetime | None = None
    at: datetime | None = None
    alarmed: tuple[str, ...] = ()
    reminded_at: datetime | None = None
    waiting: tuple[int, ...] = ()
    told_at: datetime | None = None
    wake_at: datetime | None = None

    @property
    def stands(self) -> dict[str, Stand]:
        """Where the latest occasion stands, by aspect (the empty name where there is none)."""
        return self.occasions[-1].stands if self.occasions else {}

    def occasion(self, occasion_id: str) -> Occasion:
        """Return an occasion by id; KeyError when there is none."""
        for one in self.occasions:
            if one.id == occasion_id:
                return one
        raise KeyError(occasion_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What should happen: the new case, the changes to write, the alerts to send. Reasons are in the changes.

    ``judged`` says when each piece of evidence took effect (its id → UTC): never before what was judged earlier.
    """

    case: Case
    changes: tuple[Change, ...] = ()
    alerts: tuple[Alert, ...] = ()
    judged: dict[int, datetime] = field(default_factory=dict)
