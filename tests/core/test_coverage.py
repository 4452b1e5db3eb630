"""Coverage says which answers, verdicts, claims and languages of a rule no test reaches."""

from __future__ import annotations

import pytest
from claims_house import KNOWN, ROOT, SEEDS

from alerts.judging.assess import Assessor
from alerts.judging.coverage import Coverage, Part, coverage
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

PATH = ROOT / "rules/ukraine-ceasefire/ceasefire-acceptance.yaml"
SHIPPED = PATH.read_text("utf-8")


def covered(text: str) -> Coverage:
    questions, problems = read_rules({"story/my-rule.yaml": text}, SEEDS)
    assert questions, problems
    assessor = Assessor(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)), KNOWN)
    return coverage(questions, run_tests(assessor, questions), assessor.claims)[0]


def without(*parts: str) -> str:
    """The shipped rule without the test lines that hold one of the parts."""
    rule, key, tests = SHIPPED.partition("tests: |\n")
    lines = tests.splitlines(keepends=True)
    return rule + key + "".join(line for line in lines if not any(part in line for part in parts))


def gaps(found: Coverage) -> set[tuple[str, str]]:
    return {(gap.part.value, gap.name) for gap in found.gaps}


def test_a_shipped_rule_has_a_test_of_every_answer() -> None:
    found = covered(SHIPPED)
    assert not found.has_errors
    assert all(found.answers.values())
    assert sum(found.languages.values()) == found.tests - found.failed


@pytest.mark.parametrize("answer", ["withdrawn", "undecided"])
def test_an_answer_whose_tests_are_taken_away_is_an_error(answer: str) -> None:
    found = covered(without(answer))
    assert found.has_errors
    assert gaps(found) - gaps(covered(SHIPPED)) == {("answer", answer)}
    gap = next(gap for gap in found.gaps if gap.part is Part.ANSWER)
    assert f"Add a line: {answer} | a headline that says: Russia" in gap.says


def test_a_rule_that_is_not_sent_may_be_unfinished() -> None:
    found = covered(without("withdrawn").replace("status: stable", "status: test"))
    assert ("answer", "withdrawn") in gaps(found)
    assert not found.has_errors


def test_a_kind_of_verdict_and_a_language_without_a_test_are_gaps() -> None:
    assert ("verdict", "denied") in gaps(covered(without("/denied")))
    assert ("verdict", "claimed") not in gaps(covered(SHIPPED))
    assert ("language", "uk") in gaps(covered(without("[uk]")))
    assert ("language", "ru") not in gaps(covered(without("[uk]")))


def test_a_claim_that_no_test_of_its_answer_makes_is_a_gap() -> None:
    rule = SHIPPED.partition("tests: |")[0] + "tests: |\n  rejected | Kremlin rules out ceasefire in Ukraine\n"
    assert ("claim", "agree or announce · russia · full-ceasefire · denied") in gaps(covered(rule))
    more = f"{rule}  rejected | Russia will not agree to a ceasefire, Putin says\n"
    assert ("claim", "agree or announce · russia · full-ceasefire · denied") not in gaps(covered(more))


def test_a_test_that_fails_reaches_nothing() -> None:
    rule = SHIPPED.partition("tests: |")[0] + "tests: |\n  withdrawn | Kremlin rules out ceasefire in Ukraine\n"
    found = covered(rule)
    assert (found.tests, found.failed, sum(found.answers.values())) == (1, 1, 0)


def test_a_watch_rule_needs_a_match_and_a_near_miss_and_no_language() -> None:
    rule = "question: Q\nmatch: truce\ntests: |\n  matched | A truce\n"
    assert gaps(covered(rule)) == {("verdict", "silence")}
    assert gaps(covered(f"{rule}  - | A war\n")) == set()


def test_letters_tell_the_language_where_a_line_does_not() -> None:
    rule = (
        "question: Q\nmatch: truce OR перемирие\ntests: |\n  matched | Перемирие\n  - | Мирний їжак\n  [de] - | Nein\n"
    )
    assert covered(rule).languages == {"ru": 1, "uk": 1, "de": 1}
