"""One line of ``expect`` becomes the change that must come: ``answer_changed accepted -> rejected, flash, told``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from alerts.model.change import Reason
from alerts.model.question import Question, Severity
from alerts.model.story import Expected
from alerts.model.suggest import did_you_mean
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

TOLD = {"told": True, "silent": False}

_LINE = re.compile(
    r"(?P<reason>\w+)\s+(?:(?P<was>\w+)\s*(?:->|→)\s*)?(?P<answer>\w+)(?P<more>(?:[\s,]+(?!at\b)\w+)*)"
    r"(?:[\s,]+at\s+(?P<at>\S+))?"
)
_HINT = "Write: first_report accepted; or: answer_changed accepted -> rejected flash told."


def read_expectation(
    node: Node, question: Question, moment: Callable[[Node], datetime | None], findings: Findings
) -> Expected | None:
    """Return what a line expects, None where it cannot be read; ``moment`` reads the time behind ``at``."""
    text = " ".join(node.value.split())
    found = _LINE.fullmatch(text)
    if found is None:
        findings.add("E054", node.at, f"'{text}' is no expectation", _HINT)
        return None
    if found["reason"] not in set(Reason):
        hint = did_you_mean(found["reason"], list(Reason)) or f"It is one of: {', '.join(Reason)}."
        findings.add("E054", node.at, f"unknown reason '{found['reason']}'", hint)
        return None
    wrong = [one for one in (found["was"], found["answer"]) if one and one not in (known := _answers(question))]
    if wrong:
        hint = did_you_mean(wrong[0], known) or f"It has: {', '.join(known)}."
        findings.add("E054", node.at, f"unknown answer '{wrong[0]}'", hint)
        return None
    more = _more(found["more"], node, findings)
    at = moment(Node(node.at, node.end, found["at"])) if found["at"] else None
    if more is None or (found["at"] and at is None):
        return None
    return Expected(
        text=text,
        reason=Reason(found["reason"]),
        answer=found["answer"],
        was=found["was"],
        severity=more[0],
        told=more[1],
        at=at,
    )


def _answers(question: Question) -> tuple[str, ...]:
    return tuple(answer.id for answer in question.answers)


def _more(written: str, node: Node, findings: Findings) -> tuple[Severity | None, bool | None] | None:
    """Return how loudly a change is told, and whether, as far as the line says so."""
    severity, told = None, None
    for word in written.replace(",", " ").split():
        if word in set(Severity):
            severity = Severity(word)
        elif word in TOLD:
            told = TOLD[word]
        else:
            known = (*Severity, *TOLD)
            hint = did_you_mean(word, known) or f"It may end with one of: {', '.join(known)}."
            findings.add("E054", node.at, f"unknown word '{word}'", hint)
            return None
    return severity, told
