"""The shipped questions say of every text of their own tests just what it expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from claims_house import QUESTIONS, ROOT, SEEDS, labels

from alerts.model.claim import EVENTS
from alerts.model.question import Question
from alerts.reading.compiling import EVENT_FILES
from alerts.reading.lexicons import word_lists
from alerts.reading.normalise import normalise


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_shipped_question_says_what_its_own_tests_expect(question: Question) -> None:
    wrong = {
        f"{question.id}:{test.line}: {test.title}": labels(question.id, test.title, test.summary)
        for test in question.tests
        if labels(question.id, test.title, test.summary) != set(test.expected)
    }
    assert not wrong


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_shipped_question_has_texts_it_must_leave_alone(question: object) -> None:
    tests = getattr(question, "tests", ())
    assert sum(test.expected == ("-",) for test in tests) >= 5


def test_every_answer_that_is_shipped_is_reached_by_a_test() -> None:
    for question in QUESTIONS:
        reached = {label.split("/")[0] for test in question.tests for label in test.expected}
        missing = {answer.id for answer in question.answers} - reached
        assert missing <= {"postponed", "cancelled", "annexation_recognised"} - reached, (question.id, missing)


def test_word_lists_name_only_events_that_rules_may_name() -> None:
    for name, text in word_lists().items():
        if name.split("/")[1] in EVENT_FILES:
            named = {line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()}
            assert named <= set(EVENTS), name


def test_no_name_of_the_story_stands_in_a_word_list() -> None:
    names = {
        " ".join(normalise(name).words)
        for seed in SEEDS
        for name in (
            *(n for names in seed.names.values() for n in names),
            *(n for ns in seed.adjectives.values() for n in ns),
        )
        if seed.kind in {"person", "country", "state", "city", "office", "place"} and len(name) > 3
    }
    for list_name, text in word_lists().items():
        words = " " + " ".join(normalise(text).words) + " "
        assert not {name for name in names if f" {name} " in words}, list_name


def test_the_house_is_where_the_tests_think_it_is() -> None:
    assert (ROOT / "seeds" / "things.yaml").is_file()
    assert Path(__file__).is_relative_to(ROOT)
