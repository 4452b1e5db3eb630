"""What the manual of rules shows is loaded and run: examples work, mistakes are told with the code it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.engine.inforce import InForce
from alerts.engine.rehearse import Sources
from alerts.engine.stories import StepResult, run_stories
from alerts.judging.assess import Assessor
from alerts.judging.claims import taught
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import run_tests
from alerts.judging.weigh import Wires
from alerts.model.claim import EVENTS
from alerts.model.seed import Seeds
from alerts.reading.lexicons import compile_known, word_lists
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.codes import CODES
from alerts.rulebook.routes import read_routes
from alerts.rulebook.rules import read_rules
from alerts.rulebook.schema import rule_schema
from alerts.rulebook.seeds import read_seeds
from alerts.rulebook.stories import read_stories

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml ?(\w*)\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
EXAMPLES = [text for code, text in BLOCKS if not code]
STORIES = [text for code, text in BLOCKS if code == "story"]
ROUTES = [text for code, text in BLOCKS if code == "routes"]
MISTAKES = [(code, text) for code, text in BLOCKS if code not in {"", "story", "routes"}]


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


@pytest.mark.parametrize("text", ROUTES)
def test_an_example_of_routes_is_read_without_a_remark(text: str) -> None:
    routes, problems = read_routes("rules/routes.yaml", text)
    assert routes
    assert not problems


def played(text: str, seeds: Seeds) -> list[StepResult]:
    """Play a story beside the example rule it is called like."""
    path = text.partition("\n")[0].removeprefix("# ")
    rule = next(one for one in EXAMPLES if one.startswith(f"# {path.replace('.story', '')}\n"))
    questions, _ = read_rules({path.replace(".story", ""): rule}, seeds)
    stories, problems = read_stories({path: text}, {one.id: one for one in questions})
    assert not [str(problem) for problem in problems]
    known = compile_known(seeds, taught(questions), word_lists())
    assessor = Assessor(questions, seeds, compile_vocabulary(words_of(questions, seeds)), known)
    in_force = InForce(
        questions={one.id: one for one in questions}, assessor=assessor, wires=Wires([], seeds), activated={}
    )
    return list(run_stories(in_force, stories, Sources([])))


@pytest.mark.parametrize("text", STORIES)
def test_a_story_goes_as_the_manual_says_and_fails_as_it_says(text: str, seeds: Seeds) -> None:
    steps = played(text, seeds)
    assert steps
    assert not [str(step) for step in steps if not step.passed]
    wrong = text.replace("expect: disputed accepted", "expect: confirmed rejected")
    assert [step for step in played(wrong, seeds) if not step.passed and f"\n{step}\n" in MANUAL]


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
