"""A node is held against a shape; what does not fit becomes problems in the author's words, all at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from alerts.model.suggest import did_you_mean
from alerts.rulebook.codes import CODES
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from alerts.rulebook.shapes import Shape

FEW = 10
"""Keys worth listing in a message."""

S = TypeVar("S", bound="Shape")

_WRONG_SHAPE = {
    "string_type": ("is not one text", "Text that begins with [ or { goes under 'key: >'."),
    "list_type": ("is not a list", "Write [a, b], or lines that begin with '- '."),
    "dict_type": ("is not a mapping", "Write 'key: value' lines below it."),
    "model_type": ("is not a mapping", "Write 'key: value' lines below it."),
    "string_too_short": ("has no value", "Write one, or remove the key."),
    "too_short": ("is empty", "Write something, or remove the key."),
}
_WRONG_VALUE = {
    "bool_parsing": ("is neither true nor false", ""),
    "int_parsing": ("is no whole number", ""),
    "greater_than_equal": ("is too small", "Write 1 or more."),
    "date_from_datetime_parsing": ("is no day", "Write 2025-03-18."),
    "date_parsing": ("is no day", "Write 2025-03-18."),
    "string_pattern_mismatch": ("cannot be read", "A window: 2025-03-18T13:00Z / 2025-03-18T15:00Z."),
}


def check_shape(node: Node, shape: type[S], findings: Findings) -> S | None:
    """Return ``node`` as ``shape``, None where it does not fit."""
    from pydantic import ValidationError

    try:
        return shape.model_validate(node.plain())
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, node, shape, findings)
    return None


def _report(detail: ErrorDetails, root: Node, shape: type[Shape], findings: Findings) -> None:
    kind, loc = detail["type"], detail["loc"]
    key = next((str(part) for part in reversed(loc) if isinstance(part, str) and part != "[key]"), "")
    value = str(detail["input"])[:60] if isinstance(detail["input"], str) else ""
    at = _place(root, loc, at_key=kind in {"extra_forbidden", "string_too_short"} or loc[-1:] == ("[key]",))
    expected = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
    if kind == "extra_forbidden":
        known = _keys(_shape_at(shape, loc[:-1]))
        listed = f"Known: {', '.join(known)}." if len(known) <= FEW else "The keys are in rules/README.md."
        findings.add("E006", at, f"unknown key '{key}'", did_you_mean(key, known) or listed)
    elif kind == "missing":
        findings.add("E007", at, f"'{key}' is missing", "It must be there." if len(loc) == 1 else "")
    elif expected:
        hint = did_you_mean(value, expected) or f"It is one of: {', '.join(expected)}."
        findings.add("E009", at, f"unknown {key} '{value}'", hint)
    elif kind in CODES:
        findings.add(kind, at, detail["msg"], str(detail.get("ctx", {}).get("hint", "")))
    elif kind in _WRONG_VALUE:
        findings.add("E009", at, f"'{value}' {_WRONG_VALUE[kind][0]}", _WRONG_VALUE[kind][1])
    else:
        text, hint = _WRONG_SHAPE.get(kind, (f"cannot be read: {detail['msg']}", ""))
        findings.add("E008", at, f"'{key}' {text}", hint.replace("key: >", f"{key}: {'|' if key == 'tests' else '>'}"))


def _place(root: Node, loc: tuple[int | str, ...], *, at_key: bool) -> int:
    """Where the part of the document is that ``loc`` leads to, as far as it leads."""
    node, at = root, root.at
    for part in loc:
        if node.entries is not None and part in node.entries:
            key, node = node.entries[str(part)]
            at = key.at if at_key else node.at
        elif node.items is not None and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            at = node.at
    return at


def _keys(shape: type[Shape]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _shape_at(shape: type[Shape], loc: tuple[int | str, ...]) -> type[Shape]:
    """The shape whose keys stand at ``loc``."""
    for part in loc:
        fields = {field.alias or name: field for name, field in shape.model_fields.items()}
        inner = list(_shapes(fields[part].annotation)) if part in fields else []
        shape = inner[0] if inner else shape
    return shape


def _shapes(annotation: Any) -> list[type[Shape]]:
    """Every shape an annotation holds, however deep."""
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [shape for inner in get_args(annotation) for shape in _shapes(inner)]
