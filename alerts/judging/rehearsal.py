"""The tests that stand in rule files are run: each text is put to its own rule, and time plays no part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.judging.assess import Assessor
from alerts.model.item import Item, Source
from alerts.model.question import InlineTest, Question

SILENCE = ("-",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One inline test: what the rule was expected to say of the text, and what it said."""

    __test__ = False  # a noun of ours, nothing for pytest to collect

    question: str
    path: str
    line: int
    title: str
    expected: tuple[str, ...]
    got: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule said exactly what was expected."""
        return self.expected == self.got

    def __str__(self) -> str:
        outcome = "as expected" if self.passed else f"expected {'; '.join(self.expected)}, got {'; '.join(self.got)}"
        return f'{self.path}:{self.line}: {outcome}: "{self.title}"'


def run_tests(assessor: Assessor, questions: Iterable[Question]) -> tuple[TestResult, ...]:
    """Run every inline test of the questions, which are the assessor's; in the order of the files."""
    return tuple(_run(assessor, question, test) for question in questions for test in question.tests)


def _run(assessor: Assessor, question: Question, test: InlineTest) -> TestResult:
    labels = {verdict.label for verdict in assessor.verdicts(item_of(test)) if verdict.question == question.id}
    return TestResult(
        question=question.id,
        path=question.path,
        line=test.line,
        title=test.title,
        expected=test.expected,
        got=tuple(sorted(labels)) or SILENCE,
    )


def item_of(test: InlineTest) -> Item:
    """Return a test's text as an item of a source nobody knows, or of the one it names."""
    source = test.source or "test"
    return Item(
        id=f"test:{test.line}",
        source=Source(id=source, title=source, owner=source),
        title=test.title,
        summary=test.summary,
        lang=test.lang,
    )
