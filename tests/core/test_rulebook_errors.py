"""Every mistake in a rule file has its code at its place, in words an author can act on, all in one go."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.model.errors import Problem
from alerts.model.seed import Seed, Seeds
from alerts.rulebook.codes import CODES
from alerts.rulebook.rules import read_rules

DATA = (Path(__file__).parent / "data" / "rule_errors.txt").read_text(encoding="utf-8")
CASES = [tuple(block.split("\n", 1)) for block in DATA.split("\n=== ")[1:]]
SEEDS = Seeds({"full-ceasefire": Seed(id="full-ceasefire", kind="truce", names={"en": ("ceasefire",)})})


def problems(text: str) -> tuple[Problem, ...]:
    return read_rules({"rules/story/a.yaml": text}, SEEDS)[1]


def places(expected: str) -> list[tuple[str, int, int]]:
    words = expected.split()
    return sorted(
        (code, int(line), int(col))
        for code, (line, col) in zip(words[::2], (place.split(":") for place in words[1::2]), strict=True)
    )


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_a_mistake_is_told_with_its_code_at_its_place(expected: str, text: str) -> None:
    found = problems(text)
    assert sorted((one.code, one.line, one.col) for one in found) == places(expected), "\n".join(map(str, found))
    assert all(str(one).startswith("rules/story/a.yaml:") and "\n" not in str(one) for one in found)


def test_every_code_of_a_rule_file_has_a_case() -> None:
    cases = {code for expected, _ in CASES for code in expected.split()[::2]}
    elsewhere = {"E002", "E012", "E040", "W006", "W040", "W041", "E050", "E051", "E052", "E053", "E054"}
    assert cases | elsewhere == set(CODES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question: A\nmatch: $full-ceasfire\n", "unknown name '$full-ceasfire'. Did you mean '$full-ceasefire'?"),
        ("question: A\nmatch: a\nseverty: flash\n", "unknown key 'severty'. Did you mean 'severity'?"),
        ("question: A\nmatch: a\nseverity: flsh\n", "unknown severity 'flsh'. Did you mean 'flash'?"),
        (
            "question: A\nmatch: a\nseverity: loud\n",
            "unknown severity 'loud'. It is one of: flash, urgent, routine, log.",
        ),
        (
            "question: A\nmatch: a deal\n",
            "no operator between 'a' and 'deal'. Write \"a deal\" for the phrase, or a AND deal.",
        ),
        ('question: A\nmatch: "a b" OR c\n', "an expression that begins with a quote goes under 'match: >'. Write"),
        ("question: A: B\n", "a ': ' inside a value; YAML reads it as another key. Put the value in \"quotes\"."),
        ("question: A\nquestion: B\nmatch: a\n", "'question' stands twice, first in line 1. Keep one of them."),
        (
            "question: A\nanswers:\n  a: {says: A, severity: log, claims: [{event: agree, object: full-ceasfire}]}\n",
            "unknown name 'full-ceasfire'. Did you mean 'full-ceasefire'?",
        ),
        ("question: A\nmatch: a\nscope: x\n", "'scope' belongs to a rule with answers. Remove it, or write"),
        ("question: A\nmatch: a\nrenamed_from: b\n", "'renamed_from' is not supported in this version. Remove it."),
        ("question: A\nmatch: a or b\n", "'or' is no operator. Operators are capitals: OR."),
        ("question: A\nmatch: a NOT b\n", "NOT follows without AND or OR. Write AND NOT."),
    ],
)
def test_a_message_says_what_is_wrong_and_how_to_mend_it(text: str, said: str) -> None:
    assert any(said in str(one) for one in problems(text)), "\n".join(map(str, problems(text)))


def test_all_problems_of_a_file_come_at_once_in_the_order_of_the_file() -> None:
    found = problems("question: A\nno: x\nmatch: a b\nseverity: loud\ntests: |\n  oops\n")
    assert [(one.code, one.line) for one in found] == [*(("E006", 2), ("E022", 3), ("E009", 4), ("E030", 6))]


def test_a_file_of_mistakes_tells_of_a_hundred_and_no_more() -> None:
    assert len(problems("question: A\nmatch: a\n" + "".join(f"key-{n}: x\n" for n in range(500)))) == 100
