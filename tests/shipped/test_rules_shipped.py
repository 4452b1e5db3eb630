"""The shipped rules: loaded without a remark, accepted by editors; the watch rules' tests hold, explained."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from alerts.judging.assess import Assessor
from alerts.judging.explain import explain
from alerts.judging.match import Matcher
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.model.item import Item, Source
from alerts.model.question import InlineTest, Question, Severity
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules
from alerts.rulebook.schema import rule_schema, story_schema
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2]
SEED_FILES = [*sorted((ROOT / "seeds" / "entities").glob("*.yaml")), ROOT / "seeds" / "things.yaml"]
FILES = [path for path in sorted((ROOT / "rules").rglob("*.yaml")) if path.name != "routes.yaml"]
STORY_FILES = [path for path in FILES if path.name.endswith(".story.yaml")]
RULE_FILES = [path for path in FILES if path not in STORY_FILES]
SEEDS, SEED_PROBLEMS = read_seeds({str(path): path.read_text(encoding="utf-8") for path in SEED_FILES})
QUESTIONS, RULE_PROBLEMS = read_rules({str(path): path.read_text(encoding="utf-8") for path in RULE_FILES}, SEEDS)
WATCH = tuple(question for question in QUESTIONS if question.watches)
SOURCE = Source(id="test", title="Test", owner="test")


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(WATCH, SEEDS, compile_vocabulary(words_of(WATCH, SEEDS)))


def test_rules_and_seeds_are_read_without_a_remark() -> None:
    assert [str(problem) for problem in (*SEED_PROBLEMS, *RULE_PROBLEMS)] == []
    assert len(QUESTIONS) == len(RULE_FILES)


def test_every_test_of_a_watch_rule_holds() -> None:
    results = run_tests(Assessor(WATCH, SEEDS, compile_vocabulary(words_of(WATCH, SEEDS))), WATCH)
    assert [str(result) for result in results if not result.passed] == []


@pytest.mark.parametrize("question", WATCH, ids=lambda question: question.id)
def test_each_watch_rule_is_tested_in_three_languages_both_ways(question: Question) -> None:
    assert {test.lang or "en" for test in question.tests if test.expected != ("-",)} >= {"en", "ru", "uk"}
    assert {test.lang or "en" for test in question.tests if test.expected == ("-",)} >= {"en", "ru", "uk"}
    assert question.misses
    assert question.notify == "desk"
    assert question.answers[0].severity is Severity.ROUTINE


def test_there_are_three_watch_rules() -> None:
    assert {question.id for question in WATCH} == {"ceasefire-news", "call-news", "plant-news"}


def test_the_committed_schema_is_what_the_models_say() -> None:
    committed = (ROOT / "rules" / "rule.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == rule_schema(), "stale: alerts rules schema > rules/rule.schema.json"
    validator().check_schema(rule_schema())


def validator() -> Any:
    """The draft that editors know; jsonschema comes without types."""
    return import_module("jsonschema").Draft7Validator


def editor_sees(path: Path) -> Any:
    """The file as an editor's YAML types it: numbers and truth values, but days are text."""
    from ruamel.yaml import YAML

    read = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(read, default=str))


def test_the_committed_schema_of_stories_is_what_the_models_say() -> None:
    committed = (ROOT / "rules" / "story.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == story_schema(), "stale: alerts rules schema --story > rules/story.schema.json"
    validator().check_schema(story_schema())


@pytest.mark.parametrize("path", STORY_FILES, ids=lambda path: path.stem)
def test_editors_accept_every_shipped_story(path: Path) -> None:
    assert not list(validator()(story_schema()).iter_errors(editor_sees(path)))


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_editors_accept_every_shipped_rule(path: Path) -> None:
    assert not list(validator()(rule_schema()).iter_errors(editor_sees(path)))


def cases() -> list[tuple[Question, InlineTest, Item]]:
    """Every test line of the watch rules, with its text as an item."""
    return [
        (question, test, Item(id="1", source=SOURCE, title=test.title, summary=test.summary, lang=test.lang))
        for question in WATCH
        for test in question.tests
    ]


def test_without_the_words_shown_a_verdict_is_gone(matcher: Matcher) -> None:
    for question, test, item in cases():
        texts = {"title": item.title, "summary": item.summary or ""}
        for verdict in (one for one in matcher.verdicts(item) if one.question == question.id):
            for word in reversed(verdict.words):
                texts[word.field] = texts[word.field][: word.start] + "…" + texts[word.field][word.end :]
        without = replace(item, title=texts["title"], summary=texts["summary"])
        assert question.id not in {one.question for one in matcher.verdicts(without)}, test.title


def test_explain_agrees_with_the_verdict_on_every_test() -> None:
    assessor = Assessor(WATCH, SEEDS, compile_vocabulary(words_of(WATCH, SEEDS)))
    for question, test, item in cases():
        why = explain(assessor, question, item)
        passed = all(gate.passed for gate in why.gates)
        assert passed == bool(why.verdicts) == (test.expected != ("-",))
        bracket = f"[{test.lang}] " if test.lang else ""
        assert why.test.startswith(f"{bracket}{test.expected[0]} | {test.title}")
