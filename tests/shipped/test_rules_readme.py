"""What the manual of rules shows is loaded and run: examples work, mistakes are told with the code it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.judging.assess import Assessor
from alerts.judging.claims import taught
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.model.claim import EVENTS
from alerts.model.seed import Seeds
from alerts.reading.lexicons import compile_known, word_lists
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
    known = compile_known(seeds, taught(questions), word_lists()) if not questions[0].watches else None
    results = run_tests(Assessor(questions, seeds, compile_vocabulary(words_of(questions, seeds)), known), questions)
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


def test_every_event_and_every_key_of_a_question_is_explained() -> None:
    section = MANUAL.split("### Events", 1)[1].split("\n## ", 1)[0]
    assert set(EVENTS) <= set(re.findall(r"[a-z]+(?:-[a-z]+)*", section))
    explained = set(re.findall(r"^\| `(\w+)`", MANUAL, re.MULTILINE))
    definitions = rule_schema()["definitions"]
    assert definitions["ClaimShape"]["properties"].keys() <= explained
