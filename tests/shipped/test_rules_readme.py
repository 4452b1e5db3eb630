"""What the manual of rules shows is loaded and run: examples work, mistakes are told with the code it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.model.seed import Seeds
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.codes import CODES
from alerts.rulebook.rules import read_rules
from alerts.rulebook.schema import rule_schema
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml ?(\w*)\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
EXAMPLES = [text for code, text in BLOCKS if not code]
MISTAKES = [(code, text) for code, text in BLOCKS if code]


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    folder = ROOT / "seeds"
    files = [*sorted((folder / "entities").glob("*.yaml")), folder / "things.yaml"]
    return read_seeds({str(path): path.read_text(encoding="utf-8") for path in files})[0]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_rule_without_a_remark_and_its_tests_hold(text: str, seeds: Seeds) -> None:
    path = text.partition("\n")[0].removeprefix("# ")
    questions, problems = read_rules({path: text}, seeds)
    assert not problems
    results = run_tests(Assessor(questions, seeds, compile_vocabulary(words_of(questions, seeds))), questions)
    assert results
    assert not [str(result) for result in results if not result.passed]


@pytest.mark.parametrize(("code", "text"), MISTAKES)
def test_a_mistake_is_told_with_the_code_the_manual_names(code: str, text: str, seeds: Seeds) -> None:
    _, problems = read_rules({"my-story/a.yaml": text}, seeds)
    assert [problem.code for problem in problems if problem.is_error] == [code]


def test_every_code_and_every_key_of_a_watch_rule_is_explained() -> None:
    assert set(re.findall(r"^\| ([EW]\d{3}) \|", MANUAL, re.MULTILINE)) == set(CODES)
    explained = set(re.findall(r"^\| `(\w+)` \|", MANUAL, re.MULTILINE))
    keys = {"question", "match", "ignore", "severity", "status", "notify", "owner", "misses", "resolution", "tests"}
    assert keys <= explained
    assert keys <= rule_schema()["properties"].keys()
