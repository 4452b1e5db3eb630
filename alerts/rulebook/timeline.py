"""A timeline file becomes dated facts, and every law it breaks a problem. Import late: it needs pydantic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from alerts.model.suggest import did_you_mean
from alerts.model.timeline import Fact, Precision
from alerts.rulebook.checking import check_shape
from alerts.rulebook.document import Node, read_document, with_one_newline
from alerts.rulebook.findings import Findings
from alerts.rulebook.shapes import Ids, Shape, Text, Texts

if TYPE_CHECKING:
    from alerts.model.errors import Problem
    from alerts.model.seed import Seeds

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DAY, _TIME = r"\d{4}-\d{2}-\d{2}", r"\d{2}:\d{2}"
_MOMENTS = {
    Precision.DAY: (re.compile(_DAY), "Write 2025-03-18."),
    Precision.HOUR: (re.compile(rf"{_DAY}T\d{{2}}:00"), "Write 2025-03-18T10:00."),
    Precision.MINUTE: (re.compile(f"{_DAY}T{_TIME}"), "Write 2025-03-18T10:05."),
}
_SOURCE = re.compile(rf"\S.*, {_DAY}")


class FactShape(Shape):
    """One fact of a timeline."""

    at: Text
    precision: Precision
    zone: Text
    says: Text
    about: Ids = Field(min_length=1)
    sources: Texts = Field(min_length=1)


def read_timeline(files: Mapping[str, str], seeds: Seeds) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """Read timeline files (path → text) into facts, in the order of the files, and all their problems.

    Laws: an id stands once, a moment is as exact as it claims to be, its zone exists, what a fact is about is a seed,
    a source names its publisher and its day. A fact with a problem is left out; the others stay.
    """
    facts: dict[str, Fact] = {}
    problems: list[Problem] = []
    for path, text in files.items():
        text = with_one_newline(text)
        findings = Findings(path, text)
        for key, fact in _read(text, findings, seeds):
            if fact.id in facts:
                findings.add("E012", key.at, f"'{fact.id}' stands twice", "Facts have a namespace of their own.")
            facts.setdefault(fact.id, fact)
        problems += findings
    return tuple(facts.values()), tuple(problems)


def _read(text: str, findings: Findings, seeds: Seeds) -> Iterator[tuple[Node, Fact]]:
    root = read_document(text, findings) if text.strip() else None
    for fact_id, (key, node) in ((root.entries if root else None) or {}).items():
        if not _ID.fullmatch(fact_id):
            findings.add("E010", key.at, f"'{fact_id}' is no possible id", "Ids are lower-case words joined by '-'.")
        elif (shape := check_shape(node, FactShape, findings)) is not None:
            fact = _fact(fact_id, shape, node, findings)
            if _is_well_founded(shape, node, findings, seeds) and fact is not None:
                yield key, fact


def _fact(fact_id: str, shape: FactShape, node: Node, findings: Findings) -> Fact | None:
    zone, at = _zone(shape.zone), _moment(shape)
    if zone is None:
        hint = "Use an IANA name such as Europe/Vienna."
        findings.add("E009", _place(node, "zone"), f"no time zone is called '{shape.zone}'", hint)
    if at is None:
        text = f"'{shape.at}' is no {shape.precision}"
        findings.add("E009", _place(node, "at"), text, _MOMENTS[shape.precision][1])
    if zone is None or at is None:
        return None
    return Fact(
        id=fact_id,
        at=at.replace(tzinfo=zone),
        precision=shape.precision,
        zone=shape.zone,
        says=shape.says,
        about=tuple(shape.about),
        sources=tuple(shape.sources),
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown; leads out of the folder of zones; is a folder
        return None


def _moment(shape: FactShape) -> datetime | None:
    if not _MOMENTS[shape.precision][0].fullmatch(shape.at):
        return None
    try:
        return datetime.fromisoformat(shape.at)
    except ValueError:  # 30 February
        return None


def _is_well_founded(shape: FactShape, node: Node, findings: Findings, seeds: Seeds) -> bool:
    """Whether it is about something known, on somebody's word."""
    unknown = [name for name in shape.about if name not in seeds]
    for name in unknown:
        hint = did_you_mean(name, seeds.by_id) or "Add it to the seeds, or remove it here."
        findings.add("E021", _place(node, "about", name), f"unknown seed '{name}'", hint)
    unsigned = [source for source in shape.sources if not _SOURCE.fullmatch(source)]
    for source in unsigned:
        hint = "Write publisher and day in one text: 'Daily Post, 2025-03-18', quoted within [ ]."
        findings.add("E009", _place(node, "sources", source), f"'{source}' is no source", hint)
    return not unknown and not unsigned


def _place(node: Node, key: str, item: str = "") -> int:
    value = (node.entries or {})[key][1]
    return next((one.at for one in value.items or [] if one.value == item), value.at)
