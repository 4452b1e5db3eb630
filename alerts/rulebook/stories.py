"""A story file becomes steps: at a time, a text, an edit or a tick, and the changes that must come.

It stands beside its rule as ``<id>.story.yaml``. Import late: it needs pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, WithJsonSchema

from alerts.model.story import Expected, Published, Step, Story
from alerts.model.suggest import did_you_mean
from alerts.rulebook.checking import check_shape
from alerts.rulebook.document import Node, read_list, with_one_newline
from alerts.rulebook.expectations import read_expectation
from alerts.rulebook.findings import Findings
from alerts.rulebook.inline import read_headline
from alerts.rulebook.shapes import Day, Language, Shape, Text, Texts

if TYPE_CHECKING:
    from alerts.model.errors import Problem
    from alerts.model.question import Question

ENDING = ".story.yaml"

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_AFTER = re.compile(r"\+\s*(\d{1,6})\s*([smhd])")
_LONE_DASH = re.compile(r"^([ \t]*(?:- )?expect:[ \t]+)-(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
"""``expect: -`` reads well and is no YAML; a sign of the same length is."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Moment = Text
Nothing = Annotated[str, WithJsonSchema({"type": ["string", "null", "boolean"]})]


class ItemShape(Shape):
    """A text that comes in."""

    title: Text = Field(description="The headline.")
    summary: Text | None = None
    source: Texts | None = Field(None, description="Who carries it: a feed's id, title or host; a list: each of them.")
    lang: Language | None = None
    id: Text | None = Field(None, description="A name, for a later edit of it.")
    url: Text | None = None
    published: Moment | None = Field(None, description="When it says it was published; default: when it comes in.")


class EditShape(Shape):
    """An item that came in before has other words now."""

    id: Text = Field(description="The id of the item that is edited.")
    title: Text = Field(description="Its headline now.")
    summary: Text | None = None


class StepShape(Shape):
    """A step: what comes in at a time, and the changes of the answer that must come with it."""

    day: Day | None = Field(None, description="The day that times such as 13:20 are of, from here on.")
    at: Moment | None = Field(
        None, description="When: 2025-03-18T13:20Z; 13:20 (UTC) of the day; +5m after the step before; none: with it."
    )
    item: Any = Field(None, description="A text that comes in: a headline, or a mapping.")
    edit: Any = Field(None, description="An item that has other words now.")
    tick: Nothing | None = Field(None, description="Time alone goes by.")
    expect: Texts | None = Field(
        None,
        description="Every change since the step before: 'confirmed accepted', 'answer_changed accepted -> rejected'.",
    )


@dataclass(slots=True)
class _Reading:
    """How far a file has been read."""

    question: Question
    findings: Findings
    day: datetime | None = None
    at: datetime | None = None
    items: dict[str, Published] = field(default_factory=dict)


def read_stories(
    files: Mapping[str, str], questions: Mapping[str, Question]
) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
    """Read story files (path → text) into stories, in the order given, and all their problems.

    Only a file without errors gives a story. ``questions`` are those that may have one, by id.
    """
    stories: list[Story] = []
    problems: list[Problem] = []
    for path, raw in files.items():
        text = _LONE_DASH.sub(r"\1~", with_one_newline(raw))
        findings = Findings(path, text)
        question = questions.get(PurePath(path).name.removesuffix(ENDING))
        if question is None:
            findings.add("E050", 0, "no usable rule stands beside this story", "It is called like its rule's file.")
        else:
            reading = _Reading(question, findings)
            steps = tuple(step for node in read_list(text, findings) if (step := _step(node, reading)) is not None)
            if not findings.has_errors:
                stories.append(Story(question=question.id, path=path, steps=steps))
        problems += findings
    return tuple(stories), tuple(problems)


def _step(node: Node, reading: _Reading) -> Step | None:
    findings = reading.findings
    if node.entries is None:
        findings.add("E051", node.at, "a step is not a mapping", "Write '- at: 13:20' and 'item: …' below it.")
        return None
    shape = check_shape(node, StepShape, findings)
    if shape is None:
        return None
    if shape.day is not None:
        reading.day = datetime.combine(shape.day, time(), UTC)
    kinds = [kind for kind in ("item", "edit", "tick") if kind in node.entries]
    if not kinds and set(node.entries) == {"day"}:
        return None
    if len(kinds) != 1:
        findings.add(
            "E051", node.at, "a step needs just one of item, edit and tick", "Write each as a step of its own."
        )
        return None
    at = _at(node, reading)
    text = _text(kinds[0], node.entries[kinds[0]][1], at, reading)
    expected = tuple(_expected(node, reading))
    line, col = findings.place(node.at)
    return None if at is None else Step(line=line, col=col, at=at, text=text, expected=expected)


def _at(node: Node, reading: _Reading) -> datetime | None:
    """Return when a step is; without a time of its own, with the one before. Time never goes back."""
    _, written = (node.entries or {}).get("at", (None, None))
    place = written.at if written is not None else node.at
    if written is None:
        if reading.at is None:
            reading.findings.add("E052", place, "the first step has no time", "Write 'at: 2025-03-18T12:00Z'.")
        return reading.at
    at = _moment(written, reading)
    if at is not None and reading.at is not None and at < reading.at:
        reading.findings.add(
            "E052",
            place,
            f"'{written.value}' is before the step above",
            "A text that comes late has 'published' for it.",
        )
        return None
    reading.at = at or reading.at
    return at


def _moment(node: Node, reading: _Reading) -> datetime | None:
    """Read a whole time, a time of the day, or one after the step before."""
    value = node.value.strip()
    if clock := _CLOCK.fullmatch(value):
        if reading.day is None:
            reading.findings.add("E052", node.at, f"'{value}' of which day?", "Write '- day: 2025-03-18' before it.")
            return None
        return reading.day + timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    try:
        if (after := _AFTER.fullmatch(value)) and reading.at is not None:
            return reading.at + timedelta(**{_UNITS[after[2]]: int(after[1])})
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    hint = "Write 2025-03-18T13:20Z, or 13:20 after a '- day: 2025-03-18', or +5m."
    reading.findings.add("E052", node.at, f"'{value}' is no moment", hint)
    return None


def _text(kind: str, node: Node, at: datetime | None, reading: _Reading) -> Published | None:
    if kind == "tick":
        return None
    if kind == "edit":
        return _edit(node, reading)
    name = f"line {reading.findings.place(node.at)[0]}"
    text = _item(node, name, at, reading) if node.entries is not None else _headline(node, name, at, reading)
    if text is not None:
        reading.items[text.id] = text
    return text


def _headline(node: Node, name: str, at: datetime | None, reading: _Reading) -> Published | None:
    """Read an item that is only a text, written as in a test line."""
    if node.items is not None or not node.value.strip():
        hint = "Text that begins with [ or { goes under 'item: |'."
        reading.findings.add("E051", node.at, "an item is a headline, or a mapping with 'title'", hint)
        return None
    read = read_headline(node.value, node.at, reading.findings)
    if read is None:
        return None
    sources = (read.source,) if read.source else ()
    return Published(id=name, title=read.title, summary=read.summary, sources=sources, lang=read.lang, published=at)


def _item(node: Node, name: str, at: datetime | None, reading: _Reading) -> Published | None:
    shape = check_shape(node, ItemShape, reading.findings)
    if shape is None:
        return None
    _, written = (node.entries or {}).get("published", (None, None))
    return Published(
        id=shape.id or name,
        title=shape.title.strip(),
        summary=shape.summary,
        sources=tuple(shape.source or ()),
        lang=shape.lang,
        url=shape.url,
        published=at if written is None else _moment(written, reading),
    )


def _edit(node: Node, reading: _Reading) -> Published | None:
    if node.entries is None:
        reading.findings.add("E051", node.at, "an edit is a mapping of 'id' and 'title'", "Write {id: a, title: …}.")
        return None
    shape = check_shape(node, EditShape, reading.findings)
    before = reading.items.get(shape.id) if shape is not None else None
    if shape is None:
        return None
    if before is None:
        hint = did_you_mean(shape.id, reading.items) or "Give the item an 'id' when it comes in."
        reading.findings.add("E053", node.entries["id"][1].at, f"no item came in as '{shape.id}'", hint)
        return None
    edited = Published(
        id=before.id,
        title=shape.title.strip(),
        summary=shape.summary,
        sources=before.sources,
        lang=before.lang,
        url=before.url,
        published=before.published,
        is_edit=True,
    )
    reading.items[before.id] = edited
    return edited


def _expected(node: Node, reading: _Reading) -> Iterator[Expected]:
    _, written = (node.entries or {}).get("expect", (None, None))
    listed = [] if written is None else written.items if written.items is not None else [written]
    for one in listed:
        if one.items is None and one.entries is None and one.value.strip() not in {"-", "~", ""}:
            found = read_expectation(one, reading.question, lambda at: _moment(at, reading), reading.findings)
            if found is not None:
                yield found
