"""Test lines are put to their own rule, and each says what was expected and what came."""

from __future__ import annotations

from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.model.seed import Seeds
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

FILES = {
    "a.yaml": "question: A\nmatch: truce\ntests: |\n  matched | A truce\n  - | A war\n  - | Another truce\n",
    "b.yaml": "question: B\nmatch: war\ntests: |\n  matched | A truce || after the war\n  matched | Peace\n",
}


def test_each_line_is_run_against_its_own_rule_alone() -> None:
    questions, _ = read_rules(FILES, Seeds())
    assessor = Assessor(questions, Seeds(), compile_vocabulary(words_of(questions, Seeds())))
    results = run_tests(assessor, questions)
    assert [(one.question, one.line, one.got, one.passed) for one in results] == [
        ("a", 4, ("matched",), True),
        ("a", 5, ("-",), True),
        ("a", 6, ("matched",), False),
        ("b", 4, ("matched",), True),
        ("b", 5, ("-",), False),
    ]
    assert str(results[2]) == 'a.yaml:6: expected -, got matched: "Another truce"'
    assert str(results[0]) == 'a.yaml:4: as expected: "A truce"'
