"""A YAML text becomes nodes: every scalar a string, every key and value with its place, nothing clever allowed.

Read from the parser's events, so that anchors, tags, depth and duplicate keys are seen before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from alerts.rulebook.findings import Findings

LARGEST = 256 * 1024
"""Bytes of a file (UTF-8)."""

DEEPEST = 20
"""Mappings and lists inside one another."""


@dataclass(slots=True)
class Node:
    """A scalar (``items`` and ``entries`` None), a list or a mapping; ``at``..``end`` are offsets into the text.

    ``style`` of a scalar is ``"``, ``'``, ``|``, ``>`` or empty for a plain one.
    """

    at: int
    end: int = 0
    value: str = ""
    style: str = ""
    items: list[Node] | None = None
    entries: dict[str, tuple[Node, Node]] | None = None

    def plain(self) -> Any:
        """Return the value as strings, lists and dicts."""
        if self.entries is not None:
            return {key: value.plain() for key, (_, value) in self.entries.items()}
        return [item.plain() for item in self.items] if self.items is not None else self.value


def with_one_newline(text: str) -> str:
    """Return the text with one kind of line break and no byte-order mark; lines and columns stay."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_document(text: str, findings: Findings) -> Node | None:
    """Return the one mapping a file is, None where it cannot be read; problems go to ``findings``."""
    root = _root(text, findings)
    if root is not None and root.entries is not None:
        return root
    if not findings.has_errors:
        findings.add("E005", 0, "the file is not one mapping of keys", "Write 'key: value' lines.")
    return None


def read_list(text: str, findings: Findings) -> list[Node]:
    """Return the entries of the one list a file is, none where it cannot be read; problems go to ``findings``."""
    root = _root(text, findings)
    if root is not None and root.items is not None:
        return root.items
    if not findings.has_errors:
        findings.add("E005", 0, "the file is not one list", "Write entries that begin with '- '.")
    return []


def _root(text: str, findings: Findings) -> Node | None:
    if len(text.encode("utf-8", "replace")) > LARGEST:
        findings.add("E002", 0, f"the file is larger than {LARGEST // 1024} KB", "Split it: one question a file.")
        return None
    builder = _Builder(findings)
    try:
        for event in _events(text):
            builder.take(event)
    except _StopError:
        return None
    except _YamlError as error:
        _explain(error, text, findings)
        return None
    return builder.root


class _StopError(Exception):
    """Reading further makes no sense."""


@dataclass(frozen=True, slots=True)
class _YamlError(Exception):
    at: int
    problem: str


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        is_quote = "quoted scalar" in (error.context or "")
        mark = error.context_mark if is_quote else error.problem_mark or error.context_mark
        raise _YamlError(mark.index if mark else 0, error.problem or "not YAML") from None
    except YAMLError as error:
        at = getattr(error, "position", 0)
        raise _YamlError(at, f"the character {text[at : at + 1]!r} is not allowed") from None


@dataclass(slots=True)
class _Builder:
    """Builds nodes from events with a stack of its own; refuses what the format does not know."""

    findings: Findings
    root: Node | None = None
    stack: list[Node] = field(default_factory=list)
    keys: list[Node | None] = field(default_factory=list)

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        at = event.start_mark.index
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            self._refuse(event, at)
        if kind == "ScalarEvent":
            self._put(Node(at, event.end_mark.index, event.value, event.style or ""))
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open(Node(at, items=[]) if kind[0] == "S" else Node(at, entries={}))
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self.stack.pop().end = at
            self.keys.pop()
        elif kind == "AliasEvent":
            self._put(Node(at, event.end_mark.index))
        elif kind == "DocumentStartEvent" and self.root is not None:
            self.findings.add("E005", at, "a second document in one file", "Give it a file of its own.")
            raise _StopError

    def _refuse(self, event: Any, at: int) -> None:
        what = "tags (!)" if getattr(event, "tag", None) else "anchors (&) and aliases (*)"
        self.findings.add(
            "E003", at, f"{what} are not used here", "A value that begins with that sign goes under 'key: >'."
        )

    def _open(self, node: Node) -> None:
        if len(self.stack) >= DEEPEST:
            self.findings.add(
                "E002", node.at, f"nested more than {DEEPEST} deep", "Rules are flat; see rules/README.md."
            )
            raise _StopError
        self._put(node)
        self.stack.append(node)
        self.keys.append(None)

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if parent.items is not None:
            parent.items.append(node)
        elif (key := self.keys[-1]) is None:
            self.keys[-1] = node
        else:
            self.keys[-1] = None
            self._enter(parent, key, node)

    def _enter(self, parent: Node, key: Node, value: Node) -> None:
        assert parent.entries is not None
        if key.items is not None or key.entries is not None:
            self.findings.add("E005", key.at, "a key that is a list or a mapping", "A key is one word.")
        elif key.value in parent.entries:
            line, _ = self.findings.place(parent.entries[key.value][0].at)
            self.findings.add("E004", key.at, f"'{key.value}' stands twice, first in line {line}", "Keep one of them.")
        else:
            parent.entries[key.value] = (key, value)


_QUOTED_EXPRESSION = re.compile(r"[ \t]*(match|ignore)[ \t]*:[ \t]*[\"']")
_HINTS = (
    (
        "mapping values are not allowed",
        "a ': ' inside a value; YAML reads it as another key",
        'Put the value in "quotes".',
    ),
    (
        "could not find expected ':'",
        "this line is neither 'key: value' nor part of a block",
        "Indent it, or add the colon.",
    ),
    (r"found character '\t'", "a tab; YAML indents with spaces", "Replace it by spaces."),
    ("cannot start any token", "a value cannot begin with this character", 'Put the value in "quotes".'),
    ("scanning a quoted scalar", "a quote is not closed", "Close it on the same line."),
    ("unexpected end of stream", "a quote is not closed", "Close it on the same line."),
)


def _explain(error: _YamlError, text: str, findings: Findings) -> None:
    """Say in the author's words what YAML stumbled over; a headline or a quote is the usual stone."""
    at = min(error.at, max(len(text) - 1, 0))
    line = text[text.rfind("\n", 0, at) + 1 :]
    if quoted := _QUOTED_EXPRESSION.match(line):
        key = quoted[1]
        findings.add(
            "E023",
            at,
            f"an expression that begins with a quote goes under '{key}: >'",
            f"Write '{key}: >' and the expression in the next line, indented.",
        )
        return
    if "could not find expected ':'" in error.problem:
        at -= len(text[text.rfind("\n", 0, at) + 1 : at].lstrip())
    for sign, meaning, hint in _HINTS:
        if sign in error.problem:
            findings.add("E001", at, meaning, hint)
            return
    findings.add("E001", at, f"not valid YAML: {error.problem}", "Compare it with rules/README.md.")
