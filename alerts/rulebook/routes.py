"""The file of routes becomes routes, and every law it breaks a problem. Import late: it needs pydantic."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from alerts.model.change import Standing
from alerts.model.question import Severity
from alerts.model.route import Claims, Pace, Quiet, Route, Terms
from alerts.rulebook.checking import check_shape
from alerts.rulebook.document import Node, read_document, with_one_newline
from alerts.rulebook.findings import Findings
from alerts.rulebook.shapes import Id, Shape, Text

if TYPE_CHECKING:
    from alerts.model.errors import Problem

_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")
_PACE = re.compile(r"(\d{1,3})\s+in\s+(\d{1,4})\s*([smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def _refuse(value: Any, what: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("E009", "'{value}' {what}", {"value": str(value)[:60], "what": what, "hint": hint})


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip().rjust(5, "0"))
    except ValueError:
        raise _refuse(text, "is no time of day", "Write 08:00 or 23:30.") from None


def _hours(value: Any) -> Any:
    match = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise _refuse(value, "are no hours", "Write 23:00-06:00.")
    start, end = _time(match[1]), _time(match[2])
    if start == end:
        raise _refuse(value, "last a whole day", "Remove the channel from the route instead.")
    return start, end


def _pace(value: Any) -> Any:
    match = _PACE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0 or int(match[2]) == 0:
        raise _refuse(value, "is no pace", "Write 5 in 10m: at most five messages in ten minutes.")
    return Pace(int(match[1]), timedelta(**{_UNITS[match[3]]: int(match[2])}))


def _times(value: Any) -> Any:
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise _refuse(value, "are no times", "Write 08:00, 16:00.")
    return tuple(_time(one) for one in listed)


def _zone(value: Any) -> Any:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _refuse(value, "is no time zone", "Use an IANA name such as Europe/Vienna.") from None
    return value


_TEXT = {"type": "string"}
Hours = Annotated[tuple[time, time], BeforeValidator(_hours), WithJsonSchema({**_TEXT, "pattern": _HOURS.pattern})]
Pacing = Annotated[Any, BeforeValidator(_pace), WithJsonSchema({**_TEXT, "pattern": f"^{_PACE.pattern}$"})]
Times = Annotated[
    tuple[time, ...],
    BeforeValidator(_times),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]
Zone = Annotated[str, BeforeValidator(_zone), WithJsonSchema(_TEXT)]


class QuietShape(Shape):
    """Hours in which only the loudest is sent."""

    hours: Hours = Field(description="From-to, also over midnight: 23:00-06:00.")
    zone: Zone | None = Field(None, description="Their time zone; default: the reader's.")
    let_through: Severity = Field(Severity.FLASH, description="What is as loud as this is sent all the same.")


class TermsShape(Shape):
    """On what terms somebody is told."""

    from_: Severity | None = Field(None, alias="from", description="The least loud that is told.")
    min_standing: Literal["reported", "confirmed"] | None = Field(
        None, description="confirmed: an answer is told once it is confirmed, not before."
    )
    claims: Claims | None = Field(None, description="Whether claims of third parties are told.")
    quiet: QuietShape | None = None
    pace: Pacing | None = Field(None, description="At most so many messages an address: 5 in 10m.")
    digest: Times | None = Field(None, description="Times of day at which everything else comes together.")
    zone: Zone | None = Field(None, description="The time zone of digest; default: the reader's.")


class RecipientShape(TermsShape):
    """A channel of a route, with terms of its own."""

    to: Text = Field(description="A channel, as the settings name it.")


class RouteShape(TermsShape):
    """A name that rules use, and the channels behind it."""

    send: list[Any] = Field(
        min_length=1,
        description="Channels, or mappings with 'to' and terms of their own.",
    )


class RoutesShape(Shape):
    """The file rules/routes.yaml."""

    routes: Annotated[dict[Id, RouteShape], Field(min_length=1)]


def read_routes(path: str, text: str) -> tuple[dict[str, Route], tuple[Problem, ...]]:
    """Read the file of routes, by name, and all its problems; no route where one of them is an error.

    Laws: every key is known, every channel stands once in a route, hours, times, pace and zones can be read.
    """
    text = with_one_newline(text)
    findings = Findings(path, text)
    root = read_document(text, findings)
    shape = check_shape(root, RoutesShape, findings) if root is not None else None
    routes = {}
    for name, one in (shape.routes if shape is not None and root is not None else {}).items():
        assert root is not None
        send = _inner(root, "routes", name, "send")
        routes[name] = Route(id=name, terms=tuple(_recipients(one, send, findings)))
    return ({} if findings.has_errors else routes), tuple(findings)


def _recipients(route: RouteShape, send: Node, findings: Findings) -> list[Terms]:
    found: dict[str, Terms] = {}
    for node in send.items or []:
        if node.items is not None:
            findings.add("E008", node.at, "a list is no recipient", "Write a channel, or {to: channel, …}.")
            continue
        own = RecipientShape.model_validate({"to": node.value}) if node.entries is None and node.value else None
        own = own or check_shape(node, RecipientShape, findings)
        if own is None:
            continue
        if own.to in found:
            findings.add("E012", node.at, f"channel '{own.to}' stands twice", "Keep one of them.")
        found[own.to] = _terms(route, own)
    return list(found.values())


def _terms(route: RouteShape, own: RecipientShape) -> Terms:
    """Return the terms of a channel: its own, else the route's, else the usual ones."""
    said = {**_said(route), **_said(own)}
    return Terms(channel=own.to, **said)


def _said(shape: TermsShape) -> dict[str, Any]:
    quiet = shape.quiet
    every = {
        "least": shape.from_,
        "min_standing": Standing(shape.min_standing) if shape.min_standing else None,
        "claims": shape.claims,
        "quiet": None
        if quiet is None
        else Quiet(start=quiet.hours[0], end=quiet.hours[1], zone=quiet.zone, let_through=quiet.let_through),
        "pace": shape.pace,
        "digest": shape.digest,
        "zone": shape.zone,
    }
    return {key: value for key, value in every.items() if value is not None}


def _inner(node: Node, *keys: str) -> Node:
    for key in keys:
        assert node.entries is not None
        node = node.entries[key][1]
    return node
