"""The lines of a ``tests: |`` block become tests: ``[lang, source=agency] expected | headline || summary``.

Cut at the first `` | `` and the first `` || `` after it, so that a headline may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from alerts.model.question import InlineTest
from alerts.model.suggest import did_you_mean
from alerts.model.verdict import VerdictKind
from alerts.rulebook.document import Node
from alerts.rulebook.findings import Findings

SILENCE = "-"
"""What a test expects of a text that says nothing about the question."""

_LINE = re.compile(r"\s*(?:\[(?P<options>[^\]|]*)\])?(?P<expected>[^|]*?)(?:\s\|\s+|\s\|$)(?P<text>.*)")
_HEADLINE = re.compile(r"\s*(?:\[(?P<options>[^\]|]*)\])?\s*(?P<text>.*?)\s*", re.DOTALL)
_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def read_tests(text: str, node: Node, answers: Collection[str], findings: Findings) -> tuple[InlineTest, ...]:
    """Return the tests of the block; lines that are none become problems at their place."""
    if node.items is not None or node.entries is not None:
        return ()  # said already: not one text
    if node.style != "|":
        findings.add("E030", node.at, "tests are not a literal block", "Write 'tests: |' and one test a line below it.")
        return ()
    return tuple(test for at, line in _lines(text, node) if (test := _read(line, at, answers, findings)) is not None)


class Headline(NamedTuple):
    """A text as a test line writes it."""

    title: str
    summary: str | None = None
    lang: str | None = None
    source: str | None = None


def read_headline(text: str, at: int, findings: Findings) -> Headline | None:
    """Return the text of ``[lang, source=agency] headline || summary``; None where it cannot be read."""
    match = _HEADLINE.fullmatch(text)
    title, _, summary = (match["text"] if match else "").partition(" || ")
    if match is None or not title.strip():
        findings.add("E030", at, "the headline is empty", "Write one.")
        return None
    options = _options(match["options"], at, findings)
    if options is None:
        return None
    return Headline(title.strip(), summary.strip() or None, options.get("lang"), options.get("source"))


def _lines(text: str, node: Node) -> Iterator[tuple[int, str]]:
    """Yield the lines of the block that hold a test, with their offsets."""
    at = text.find("\n", node.at, node.end) + 1
    for raw in text[at : node.end].split("\n") if at else ():
        line = raw.strip()
        if line and not line.startswith("#"):
            yield at + raw.index(line[0]), line
        at += len(raw) + 1


def _read(line: str, at: int, answers: Collection[str], findings: Findings) -> InlineTest | None:
    match = _LINE.fullmatch(line)
    if match is None:
        hint = "Write: expected | headline. A text to be left alone: - | headline."
        findings.add("E030", at, "there is no ' | ' between what is expected and the headline", hint)
        return None
    title, _, summary = match["text"].partition(" || ")
    if not title.strip():
        findings.add("E030", at, "the headline is empty", "Write one after the ' | '.")
        return None
    expected = _expected(match["expected"], at + match.start("expected"), answers, findings)
    options = _options(match["options"], at, findings)
    if expected is None or options is None:
        return None
    return InlineTest(
        line=findings.place(at)[0],
        expected=expected,
        title=title.strip(),
        summary=summary.strip() or None,
        lang=options.get("lang"),
        source=options.get("source"),
    )


def _expected(written: str, at: int, answers: Collection[str], findings: Findings) -> tuple[str, ...] | None:
    labels = tuple(sorted({label for part in written.split(";") if (label := part.strip())}))
    known = {SILENCE, *_labels(answers)}
    at += len(written) - len(written.lstrip())
    if not labels:
        findings.add("E031", at, "nothing is expected", "Write an answer, or - for silence.")
        return None
    for label in labels:
        if label not in known:
            hint = did_you_mean(label, known) or f"It can say: {', '.join(sorted(known))}."
            findings.add("E031", at, f"the rule cannot say '{label}'", hint)
            return None
    if SILENCE in labels and len(labels) > 1:
        findings.add("E031", at, "silence and an answer at once", "Write one of them.")
        return None
    return labels


def _labels(answers: Collection[str]) -> Iterator[str]:
    """Yield the verdicts possible for the answers; without claims there is one, asserted."""
    yield from answers
    if tuple(answers) != ("matched",):
        yield VerdictKind.UNCLEAR.value
        for kind in (VerdictKind.CLAIMED, VerdictKind.DENIED):
            yield from (f"{answer}/{kind}" for answer in answers)


def _options(written: str | None, at: int, findings: Findings) -> dict[str, str] | None:
    options: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in (written or "").split(","))):
        key, has_value, value = part.partition("=")
        if key.strip() == "source" and value.strip():
            options["source"] = value.strip()
        elif not has_value and _LANG.fullmatch(part):
            options["lang"] = part
        else:
            hint = "It may hold a language and a source: [ru, source=agency]."
            findings.add("E030", at, f"'{part}' in the bracket is neither a language nor a source", hint)
            return None
    return options
