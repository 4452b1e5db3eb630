"""The exceptions of a rule: texts it leaves alone, each with a reason and, where it is not for good, an end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from alerts.model.question import Exempt
from alerts.model.seed import Seeds
from alerts.rulebook.document import Node
from alerts.rulebook.expression import expression_at
from alerts.rulebook.findings import Findings

if TYPE_CHECKING:
    from alerts.rulebook.shapes import RuleShape


def exceptions_of(text: str, root: Node, seeds: Seeds, findings: Findings) -> tuple[Exempt, ...]:
    """Return the exceptions whose expression can be read; the shape check has said what else is wrong."""
    return tuple(_read(text, root, seeds, findings))


def _read(text: str, root: Node, seeds: Seeds, findings: Findings) -> Iterator[Exempt]:
    _, listed = (root.entries or {}).get("except", (None, None))
    for node in (listed.items or ()) if listed is not None else ():
        entries = node.entries or {}
        _, match = entries.get("match", (None, None))
        tree = expression_at("match", match, text, seeds, findings) if match is not None else None
        if tree is not None:
            _, reason = entries.get("reason", (None, None))
            _, until = entries.get("until", (None, None))
            yield Exempt(match=tree, reason=reason.value if reason else "", until=_day(until))


def _day(node: Node | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(node.value) if node is not None else None
    return None  # said already: no day


def exempt_of(shape: RuleShape) -> str:
    """Return, as text, what of the exceptions decides: not their reasons."""
    listed = [one.model_dump(mode="json", include={"match", "until"}) for one in shape.except_ or ()]
    return json.dumps(listed, sort_keys=True, ensure_ascii=False) if listed else ""
