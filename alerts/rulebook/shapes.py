"""What may stand in a rule or seed file, as models: the loader checks against them, editors get their JSON Schema.

Every scalar comes as a string; where one may look like a number or a truth value, the schema says so to editors,
whose YAML types it. Import this module late: it needs pydantic.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from alerts.model.question import Severity, Status

RESERVED = frozenset(("yes", "no", "on", "off", "true", "false", "null", "none", "unclear"))
"""Words that are no ids: YAML or a test line reads them as something else."""

# fmt: off
Event = Literal[
    "agree", "reject", "propose", "welcome", "demand", "discuss", "decide", "study", "defer", "withdraw", "announce",
    "hold", "begin", "end", "postpone", "cancel", "speak-by-phone", "transfer", "refuse-transfer", "lose", "restore",
    "hit", "restart", "shut-down", "impose", "ease", "extend", "sign", "cede", "refuse-cession", "recognise", "admit",
    "rule-out", "schedule", "kill", "injure",
]
# fmt: on
"""What can be claimed to happen; an interface."""


def _matching(pattern: str, hint: str, *, refused: frozenset[str] = RESERVED) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value) or value in refused:
            raise PydanticCustomError("E010", "'{value}' is no possible id", {"value": value, "hint": hint})
        return value

    return AfterValidator(check)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _duration(value: Any) -> Any:
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError(
            "E009", "'{value}' is no duration", {"value": str(value), "hint": "Write 30s, 20m, 48h or 14d."}
        )
    return timedelta(**{{"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]: int(match[1])})


def _window(value: Any) -> Any:
    """Two moments with their zone, the earlier first."""
    begin, _, end = value.partition(" / ") if isinstance(value, str) else ("", "", "")
    try:
        start, stop = (datetime.fromisoformat(one.strip()) for one in (begin, end))
    except ValueError:
        raise _bad_window(value, "Write two moments: 2025-03-18T13:00Z / 2025-03-18T15:00Z.") from None
    if start.tzinfo is None or stop.tzinfo is None:
        raise _bad_window(value, "Each moment needs its zone: 2025-03-18T13:00Z, or 2025-03-18T16:00+03:00.")
    if stop <= start:
        raise _bad_window(value, "The window ends before it begins; write the earlier moment first.")
    return start.astimezone(UTC), stop.astimezone(UTC)


def _bad_window(value: Any, hint: str) -> PydanticCustomError:
    return PydanticCustomError("E009", "'{value}' is no window", {"value": str(value), "hint": hint})


_ID, _ANSWER_ID = r"[a-z][a-z0-9]*(-[a-z0-9]+)*", r"[a-z][a-z0-9]*(_[a-z0-9]+)*"

Text = Annotated[str, StringConstraints(min_length=1), WithJsonSchema({"type": ["string", "number"], "minLength": 1})]
Id = Annotated[
    str,
    _matching(_ID, "Ids are lower-case words joined by '-'."),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"}),
]
AnswerId = Annotated[
    str,
    _matching(_ANSWER_ID, "Answer ids are lower-case words joined by '_'; yes, no, on and off are not."),
    WithJsonSchema({"type": "string", "pattern": f"^(?!(?:{'|'.join(sorted(RESERVED))})$){_ANSWER_ID}$"}),
]
Duration = Annotated[
    timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}\s*[smhd]$"})
]
Flag = Annotated[bool, WithJsonSchema({"enum": [True, False, "true", "false"]})]
Count = Annotated[int, Field(ge=1), WithJsonSchema({"type": ["integer", "string"], "pattern": r"^\d+$", "minimum": 1})]
Day = Annotated[date, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Language = Annotated[
    str, _matching(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", "Write a language code: en, ru, uk.", refused=frozenset())
]
Window = Annotated[
    tuple[datetime, datetime],
    BeforeValidator(_window),
    WithJsonSchema({"type": "string", "pattern": r"^\S+ / \S+$"}),
]
Ids = Annotated[list[Id], BeforeValidator(_listed, json_schema_input_type=Id | list[Id])]
Texts = Annotated[list[Text], BeforeValidator(_listed, json_schema_input_type=Text | list[Text])]
AnswerIds = Annotated[list[AnswerId], BeforeValidator(_listed, json_schema_input_type=AnswerId | list[AnswerId])]
Events = Annotated[list[Event], BeforeValidator(_listed, json_schema_input_type=Event | list[Event])]


class Shape(BaseModel):
    """A mapping with known keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class ClaimShape(Shape):
    """A claim selector: what is missing fits anything; a list means any of them."""

    event: Events
    actor: Ids | None = None
    object: Ids | None = None
    recipient: Ids | None = None
    factuality: Literal["asserted", "denied", "probable", "possible", "uncommitted"] | None = None
    context: Literal["current", "planned", "historical", "hypothetical", "conditional"] | None = None
    during: Ids | None = None
    amount: Count | None = None
    speakers: Ids | None = None


class AnswerShape(Shape):
    """One answer of a question."""

    says: Text = Field(description="The sentence people are told.")
    severity: Severity = Field(description="How loudly it is told.")
    claims: list[ClaimShape] = Field(min_length=1, description="What a text must claim for this answer.")
    weak: Flag = Field(False, description="Fills an empty question and never displaces another answer.")
    speakers: Ids | None = Field(None, description="Who settles it, in place of the seeds' default.")
    renamed_from: AnswerIds | None = Field(None, description="Ids this answer had before.")
    again: Duration | None = Field(None, description="After this long it is news once more, whatever the rule says.")


class ConfirmShape(Shape):
    """What makes a reported answer a confirmed one."""

    independent_sources: Count | None = None
    within: Duration | None = None
    or_official: Flag | None = None


class ExpectShape(Shape):
    """A window in which an answer is expected."""

    answer: AnswerId
    window: Window
    poll_every: Duration | None = None
    grace: Duration | None = None
    overdue: Severity | None = None


class OccasionsShape(Shape):
    """How one instance of a recurring question is told from the next."""

    opens: AnswerIds | None = None
    closes: AnswerIds | None = None
    quiet: Duration | None = None
    by: Literal["object"] | None = None
    vague: Ids | None = None


class EscalateShape(Shape):
    """Whom to tell when nobody acknowledges."""

    unacknowledged: Duration
    to: Text
    from_: Severity | None = Field(None, alias="from")


class ExceptShape(Shape):
    """An exception, with its reason and its end."""

    match: Text
    reason: Text
    until: Day | None = None


class RuleShape(Shape):
    """A rule file: one question somebody wants to be told about."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["match"]}, {"required": ["answers"]}]})

    question: Text = Field(description="What you follow, as a sentence. It heads every message.")
    match: Text | None = Field(
        None,
        description='Words and "phrases" in any form, joined by NOT, NEAR/n, AND, OR and brackets; $id stands for the '
        "names of a seed. What begins with a quote goes under 'match: >'.",
    )
    ignore: Text | None = Field(None, description="The same language: a text that holds this is left alone.")
    severity: Severity = Field(Severity.ROUTINE, description="How loudly a match is told.")
    status: Status = Field(
        Status.STABLE,
        description="experimental: your own match and explain only; test: stored, never pushed; stable: pushed; "
        "deprecated: off.",
    )
    notify: Text | None = Field(None, description="A route of rules/routes.yaml, else a channel, else 'default'.")
    owner: Text | None = Field(None, description="Who answers for this rule.")
    misses: Text | None = Field(None, description="What it is known to miss, in your words.")
    tests: Text | None = Field(None, description="A block, one test a line: expected | headline || summary.")
    resolution: Text | None = Field(None, description="What settles the question, in your words.")
    scope: Ids | None = Field(None, description="The war or story a text must be about.")
    answers: Annotated[dict[AnswerId, AnswerShape], Field(min_length=1)] | None = Field(
        None, description="Answers by weight: of several in one item the first listed counts."
    )
    speakers: Ids | None = Field(None, description="Who settles an answer, in place of the seeds' default.")
    confirm: ConfirmShape | None = None
    expect: list[ExpectShape] | None = None
    occasions: OccasionsShape | None = None
    stages: list[AnswerIds] | None = None
    aspects: dict[AnswerId, AnswerIds] | None = None
    several: Flag = Field(False, description="Answers do not replace one another.")
    again: Duration | None = Field(None, description="After this long the same answer is a new occasion.")
    remind: Duration | None = Field(None, description="Tell an answer that is not confirmed again, so often.")
    feeds: Ids | None = Field(None, description="The feeds or categories that matter.")
    escalate: EscalateShape | None = None
    except_: list[ExceptShape] | None = Field(None, alias="except")
    words: dict[Event, Texts] | None = Field(None, description="More ways to say an event, for this rule.")
    renamed_from: Ids | None = Field(None, description="Ids this rule had before.")
    expires: Day | None = Field(None, description="When somebody should look at it again.")


class RoleShape(Shape):
    """For whom somebody may speak, and when."""

    speaks_for: Id
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None


class SeedShape(Shape):
    """An entity or thing: what is true of it whoever reads it."""

    kind: Id
    part_of: Ids = []
    names: dict[Language, Texts] = {}
    weak: dict[Language, Texts] = {}
    roles: list[RoleShape] = []
    not_: Texts = Field([], alias="not")
    default: Flag = False
    adjectives: dict[Language, Texts] = {}
    parties: Ids = []
    owner: Id | None = None
