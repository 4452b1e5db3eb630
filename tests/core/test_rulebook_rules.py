"""A good rule file becomes the question its author meant; its hash covers what decides and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from alerts.model.expression import Term
from alerts.model.question import Question, Severity, Status
from alerts.model.seed import Seeds
from alerts.rulebook.rules import read_rules

WHOLE = """\
\ufeff# yaml-language-server: $schema=../rule.schema.json
question: The Zaporizhzhia nuclear plant in the news   # a comment
match: (zaporizhzhia NEAR/3 (plant OR nuclear OR npp)) OR znpp OR ЗАЭС OR ЗАЕС
ignore: kursk OR chernobyl
severity: urgent
status: test
owner: 007
notify: desk
misses: >
  What only names
  the city.
resolution: Nobody settles it.
tests: |
  # what it must find
  matched | IAEA: "no power" at the Zaporizhzhia plant | Moscow Times || It's the 4th time: #blackout
  [ru, source=iaea] matched | ЗАЭС обесточена

  - | Fire in Zaporizhzhia city
"""


def one(text: str, path: str = "rules/my-story/plant-news.yaml") -> Question:
    questions, problems = read_rules({path: text}, Seeds())
    assert not [problem for problem in problems if problem.is_error]
    return questions[0]


def test_every_key_of_a_watch_rule_is_read() -> None:
    rule = one(WHOLE)
    assert (rule.id, rule.story, rule.path) == ("plant-news", "my-story", "rules/my-story/plant-news.yaml")
    assert rule.text == rule.answers[0].says == "The Zaporizhzhia nuclear plant in the news"
    assert [(answer.id, answer.severity) for answer in rule.answers] == [("matched", Severity.URGENT)]
    assert (rule.status, rule.owner, rule.notify) == (Status.TEST, "007", "desk")
    assert rule.misses == "What only names the city.\n"


def test_a_five_line_rule_is_routine_and_stable() -> None:
    rule = one("question: A\nmatch: truce\n")
    assert (rule.answers[0].severity, rule.status, rule.notify, rule.ignore) == (
        Severity.ROUTINE,
        Status.STABLE,
        None,
        None,
    )


def test_tests_keep_their_line_and_everything_a_headline_may_hold() -> None:
    first, second, third = one(WHOLE).tests
    assert (first.line, first.expected) == (15, ("matched",))
    assert first.title == 'IAEA: "no power" at the Zaporizhzhia plant | Moscow Times'
    assert first.summary == "It's the 4th time: #blackout"
    assert (second.lang, second.source, second.line) == ("ru", "iaea", 16)
    assert (third.expected, third.summary, third.line) == (("-",), None, 18)


@pytest.mark.parametrize(
    "headline",
    [
        "Kremlin: 'no deal'",
        '"We agree," Putin says',
        "- what now?",
        "#StandWithUkraine",
        "{truce} [live]",
        "a: b: c",
        "* & ! %",
        "yes",
    ],
)
def test_a_pasted_headline_never_breaks_the_file(headline: str) -> None:
    rule = one(f"question: A\nmatch: truce\ntests: |\n  - | {headline}\n")
    assert rule.tests[0].title == headline


def test_what_yaml_would_type_stays_what_the_author_sees() -> None:
    rule = one("question: 2025\nmatch: no\nowner: 1.10\nnotify: 13:00\n")
    assert (rule.text, rule.match, rule.owner, rule.notify) == ("2025", Term(("no",)), "1.10", "13:00")


def test_the_expression_may_stand_in_a_block_in_any_layout() -> None:
    plain = one('question: A\nmatch: truce OR "peace deal"\n')
    for block in (">", "|", ">-", "|+", ">2"):
        assert one(f'question: A\nmatch: {block}\n  truce\n  OR "peace deal"\n\nnotify: x\n').match == plain.match


def test_the_hash_is_the_same_however_the_file_is_laid_out() -> None:
    first = one("question: A\nmatch: truce OR ceasefire\nignore: gaza\n")
    again = one(
        "# note\nquestion: B\nowner: me\nseverity: flash\nignore:   gaza\nmatch: >\n  (truce  OR\n  (ceasefire))\n"
    )
    assert first.hash == again.hash


@pytest.mark.parametrize(
    "changed", ["match: truce\nignore: gaza", "match: truce OR ceasefire", "match: truce* OR ceasefire\nignore: gaza"]
)
def test_the_hash_changes_with_what_decides(changed: str) -> None:
    assert one("question: A\nmatch: truce OR ceasefire\nignore: gaza\n").hash != one(f"question: A\n{changed}\n").hash


def test_windows_line_ends_change_neither_rule_nor_lines() -> None:
    unix, windows = one(WHOLE), one(WHOLE.replace("\n", "\r\n"))
    assert (unix.hash, unix.tests) == (windows.hash, windows.tests)
    _, problems = read_rules({"a.yaml": "question: A\r\nmatch: >\r\n  a b\r\n"}, Seeds())
    assert [(problem.line, problem.col) for problem in problems if problem.is_error] == [(3, 3)]


def test_an_id_is_taken_once_and_must_be_lower_case_words() -> None:
    good = "question: A\nmatch: truce\n"
    questions, problems = read_rules({"a/x.yaml": good, "b/x.yaml": good, "a/My Rule.yaml": good}, Seeds())
    assert [question.path for question in questions] == ["a/x.yaml"]
    assert [(one.path, one.code) for one in problems if one.is_error] == [
        ("b/x.yaml", "E012"),
        ("a/My Rule.yaml", "E010"),
    ]


def test_a_file_with_errors_gives_no_rule_and_the_others_theirs() -> None:
    questions, problems = read_rules(
        {"a.yaml": "question: A\nmatch: (\n", "b.yaml": "question: B\nmatch: truce\n"}, Seeds()
    )
    assert [question.id for question in questions] == ["b"]
    assert {problem.path for problem in problems if problem.is_error} == {"a.yaml"}


@pytest.mark.parametrize(("day", "warned"), [("2025-03-16", True), ("2025-03-20", True), ("2025-03-21", False)])
def test_a_rule_that_ends_soon_or_has_ended_is_a_warning_and_goes_on(day: str, warned: bool) -> None:
    text = f"question: A\nmatch: truce\nexpires: {day}\ntests: |\n  matched | A truce\n  - | A tree\n"
    questions, problems = read_rules({"rules/story/a.yaml": text}, Seeds(), today=date(2025, 3, 18))
    assert len(questions) == 1
    assert [(one.code, one.line) for one in problems] == ([("W006", 3)] if warned else [])
