"""Rule files become questions; a file with errors becomes problems, and harms no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from alerts.model.errors import Problem
from alerts.model.expression import Expression
from alerts.model.question import MATCHED, Answer, Escalate, Exempt, InlineTest, Question, Severity, Status
from alerts.model.seed import Seeds
from alerts.rulebook.answers import answers_of, check_names, confirm_of, decides_of, occasions_of
from alerts.rulebook.checking import check_shape
from alerts.rulebook.document import Node, read_document, with_one_newline
from alerts.rulebook.exceptions import exceptions_of, exempt_of
from alerts.rulebook.expression import expression_at, write
from alerts.rulebook.findings import Findings
from alerts.rulebook.inline import SILENCE, read_tests
from alerts.rulebook.windows import check_windows, expect_of

if TYPE_CHECKING:
    from alerts.rulebook.shapes import RuleShape

HASHED_AS = "rule 1"
"""Part of every rule's hash; changes when the same file begins to decide otherwise."""

EXPIRES_SOON = timedelta(days=2)
"""So long before its last day a rule's author is reminded."""

_NOT_YET = frozenset(("renamed_from",))
# fmt: off
_OF_ANSWERS = frozenset((
    "scope", "speakers", "words", "aspects", "stages", "several", "again", "confirm", "occasions", "expect", "remind",
))
# fmt: on
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def read_rules(
    files: Mapping[str, str], seeds: Seeds, *, today: date | None = None
) -> tuple[tuple[Question, ...], tuple[Problem, ...]]:
    """Read rule files (path → text) into questions, in the order given, and all their problems.

    Only a file without errors gives a question. Its id is the file's stem, its story the folder's name. With ``today``
    a rule that expires within two days, or has expired, is a warning.
    """
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for path, raw in files.items():
        text = with_one_newline(raw)
        findings = Findings(path, text)
        rule_id = PurePath(path).stem
        if rule_id in questions:
            findings.add(
                "E012", 0, f"another rule is called '{rule_id}': {questions[rule_id].path}", "Rename one file."
            )
        question = _read(path, text, seeds, findings)
        if question is not None and today is not None:
            _check_end(question, text, today, findings)
        if question is not None and not findings.has_errors:
            questions[rule_id] = question
        problems += findings
    return tuple(questions.values()), tuple(problems)


def _read(path: str, text: str, seeds: Seeds, findings: Findings) -> Question | None:
    rule_id = PurePath(path).stem
    _check_id(rule_id, findings)
    root = read_document(text, findings)
    if root is None:
        return None
    from alerts.rulebook.shapes import RuleShape

    shape = check_shape(root, RuleShape, findings)
    _check_keys(root, findings)
    words = _Words(
        match=_expression("match", text, root, seeds, findings),
        ignore=_expression("ignore", text, root, seeds, findings),
        exceptions=exceptions_of(text, root, seeds, findings),
    )
    if shape is not None:
        check_names(shape, root, seeds, findings)
        check_windows(shape, root, findings)
    answers = tuple(shape.answers) if shape is not None and shape.answers else (MATCHED,)
    tests = _tests(text, root, answers, findings)
    if shape is None or (words.match is None and shape.answers is None) or findings.has_errors:
        return None
    return _question(path, shape, words, tests)


class _Words(NamedTuple):
    """What a rule asks of the words of a text."""

    match: Expression | None
    ignore: Expression | None
    exceptions: tuple[Exempt, ...]


def _question(path: str, shape: RuleShape, words: _Words, tests: tuple[InlineTest, ...]) -> Question:
    place = PurePath(path)
    return Question(
        id=place.stem,
        story=place.parent.name,
        path=path,
        text=shape.question.strip(),
        answers=answers_of(shape) or (Answer(id=MATCHED, says=shape.question.strip(), severity=shape.severity),),
        hash=_hash(words, shape),
        status=shape.status,
        owner=shape.owner,
        notify=shape.notify,
        match=words.match,
        ignore=words.ignore,
        exceptions=words.exceptions,
        misses=shape.misses,
        tests=tests,
        scope=tuple(shape.scope or ()),
        speakers=tuple(shape.speakers or ()),
        several=shape.several,
        aspects=tuple((name, tuple(answers)) for name, answers in (shape.aspects or {}).items()),
        stages=tuple(tuple(answers) for answers in shape.stages or ()),
        confirm=confirm_of(shape),
        occasions=occasions_of(shape),
        again=shape.again,
        escalate=_escalate(shape),
        expect=expect_of(shape),
        feeds=tuple(shape.feeds or ()),
        remind=shape.remind,
        expires=shape.expires,
        words=tuple((event, tuple(words)) for event, words in (shape.words or {}).items()),
    )


def _escalate(shape: RuleShape) -> Escalate | None:
    if shape.escalate is None:
        return None
    least = shape.escalate.from_ or Severity.FLASH
    return Escalate(to=shape.escalate.to, after=shape.escalate.unacknowledged, least=least)


def _hash(words: _Words, shape: RuleShape) -> str:
    """What decides, and nothing else: not spacing, comments, brackets that change nothing, owner, text or tests."""
    expressions = (write(one) if one else "" for one in (words.match, words.ignore))
    decides = "\n".join((HASHED_AS, *expressions))
    for part in (decides_of(shape), exempt_of(shape)):
        decides += f"\n{part}" if part else ""
    return sha256(decides.encode()).hexdigest()[:16]


def _check_id(rule_id: str, findings: Findings) -> None:
    if not _ID.fullmatch(rule_id):
        hint = "Name the file in lower-case words joined by '-', e.g. plant-news.yaml."
        findings.add("E010", 0, f"the file's name, '{rule_id}', is no possible id", hint)


def _check_end(question: Question, text: str, today: date, findings: Findings) -> None:
    if question.expires is None or question.expires - today > EXPIRES_SOON:
        return
    at = max(text.find("\nexpires:") + 1, 0)
    said = "expired" if question.expires < today else "expires"
    findings.add("W006", at, f"the rule {said} on {question.expires}; it goes on", "Look at it, then move the day.")


def _check_keys(root: Node, findings: Findings) -> None:
    entries = root.entries or {}
    for key, (node, _) in entries.items():
        if key in _NOT_YET:
            findings.add("E011", node.at, f"'{key}' is not supported in this version", "Remove it.")
        elif key in _OF_ANSWERS and "answers" not in entries:
            findings.add("E011", node.at, f"'{key}' belongs to a rule with answers", "Remove it, or write 'answers'.")
        elif key == "severity" and "answers" in entries:
            findings.add("E011", node.at, "each answer has its own severity", "Remove this one.")
    if "match" not in entries and "answers" not in entries:
        findings.add("E007", root.at, "'match' is missing", "Write what to look for: 'match: ceasefire OR truce'.")
    status = entries.get("status")
    if status and status[1].value == Status.DEPRECATED:
        findings.add("W005", status[1].at, "the rule is switched off", "Delete the file when nobody needs it.")


def _expression(key: str, text: str, root: Node, seeds: Seeds, findings: Findings) -> Expression | None:
    _, node = (root.entries or {}).get(key, (None, None))
    return expression_at(key, node, text, seeds, findings) if node is not None else None


def _tests(text: str, root: Node, answers: tuple[str, ...], findings: Findings) -> tuple[InlineTest, ...]:
    key, node = (root.entries or {}).get("tests", (None, None))
    if key is None or node is None:
        findings.add("W001", root.at, "the rule has no test", "Add 'tests: |' with a headline it must find.")
        return ()
    tests = read_tests(text, node, answers, findings)
    if any(problem.code in {"E008", "E030", "E031"} for problem in findings):
        return tests  # what is missing shows when these are mended
    expected = {label.split("/")[0] for test in tests for label in test.expected}
    for answer in answers:
        if answer not in expected:
            findings.add("W001", key.at, f"no test expects '{answer}'", "Add a headline it must find.")
    if SILENCE not in expected:
        findings.add("W002", key.at, "no test shows what it must leave alone", "Add a near miss: - | headline.")
    return tests
