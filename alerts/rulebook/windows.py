"""The expected windows of a rule, and what its author may have got wrong about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerts.model.question import USUAL_GRACE, Expect
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

if TYPE_CHECKING:
    from alerts.rulebook.shapes import RuleShape


def expect_of(shape: RuleShape) -> tuple[Expect, ...]:
    """Return the windows in which an answer is expected, in the author's order."""
    return tuple(
        Expect(
            answer=one.answer,
            start=one.window[0],
            end=one.window[1],
            poll_every=one.poll_every,
            grace=one.grace or USUAL_GRACE,
            overdue=one.overdue,
        )
        for one in shape.expect or ()
    )


def check_windows(shape: RuleShape, root: Node, findings: Findings) -> None:
    """Find every window that waits for an answer the rule does not have."""
    known = tuple(shape.answers or ())
    _, listed = (root.entries or {}).get("expect", (None, None))
    for node in (listed.items or ()) if listed is not None else ():
        _, answer = (node.entries or {}).get("answer", (None, None))
        if answer is not None and answer.value not in known:
            hint = did_you_mean(answer.value, known) or f"It has: {', '.join(known)}."
            findings.add("E021", answer.at, f"unknown answer '{answer.value}'", hint)
