"""A story of two countries that do not exist, with rules and seeds of its own: the engine knows of no war."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.judging.assess import Assessor
from alerts.judging.rehearsal import run_tests
from alerts.model.item import Item, Source
from alerts.wiring.authored import Authored, make_assessor, read_authored

ROOT = Path(__file__).resolve().parents[2]
STORY = Path(__file__).parent / "second_story"
DAM, TRUCE = "dam-news", "truce-acceptance"
DAY = datetime(2031, 9, 1, 12, tzinfo=UTC)


def alerts(*arguments: str, folder: Path = STORY, given: str = "", cache: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on the story's own rules and seeds."""
    command = [sys.executable, "-m", "alerts", *arguments, "--rules", str(folder / "rules")]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cache), "XDG_CACHE_HOME": str(cache), "COLUMNS": "200"}
    return subprocess.run(
        [*command, "--seeds", str(folder / "seeds")],
        input=given,
        env=env,
        cwd=cache,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def authored() -> Authored:
    """Return the story as it is read."""
    return read_authored(STORY / "rules", STORY / "seeds")


@pytest.fixture(scope="module")
def assessor(authored: Authored, tmp_path_factory: pytest.TempPathFactory) -> Assessor:
    """Return the story, compiled."""
    return make_assessor(authored, cache=tmp_path_factory.mktemp("cache"))


def labels(assessor: Assessor, title: str) -> set[tuple[str, str]]:
    """Return what the story's rules say of a headline."""
    item = Item(id="x", source=Source(id="post", title="Post", owner="post"), title=title, published=DAY, seen=DAY)
    return {(one.question, one.label) for one in assessor.verdicts(item)}


# --- as a person at a terminal --------------------------------------------------------------------


def test_check_finds_nothing_to_say(tmp_path: Path) -> None:
    done = alerts("check", "--json", cache=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_its_own_tests_pass(tmp_path: Path) -> None:
    done = alerts("test", "--json", cache=tmp_path)
    told = json.loads(done.stdout)
    assert [one for one in told["results"] if one["got"] != one["expected"]] == []
    assert len(told["results"]) >= 40
    assert done.returncode == 0


def test_match_tells_its_answers_and_is_silent_about_the_other_war(tmp_path: Path) -> None:
    titles = ["Torvald rejects harvest truce", "Tamsin dam breached", "Putin accepts the ceasefire, Hamas rejects it"]
    given = "".join(f"{json.dumps({'id': str(n), 'title': title})}\n" for n, title in enumerate(titles))
    done = alerts("match", "-", given=given, cache=tmp_path)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line)["verdicts"] for line in done.stdout.splitlines()]
    assert [[(one["question"], one["answer"]) for one in verdicts] for verdicts in told] == [
        *([(TRUCE, "rejected")], [(DAM, "matched")], [])
    ]


def test_check_reports_a_timeline_that_speaks_of_nobody_known(tmp_path: Path) -> None:
    shutil.copytree(STORY, tmp_path / "story")
    timeline = tmp_path / "story/seeds/timeline.yaml"
    timeline.write_text(timeline.read_text("utf-8").replace("[harvest-truce, lorne]", "[harvest-truce, lorn]"), "utf-8")
    done = alerts("check", "--json", folder=tmp_path / "story", cache=tmp_path)
    (problem,) = json.loads(done.stdout)
    assert (problem["path"], problem["code"], problem["line"], problem["col"]) == (str(timeline), "E021", 13, 26)
    assert problem["hint"] == "Did you mean 'lorne'?"
    assert done.returncode == 1


# --- compiled -------------------------------------------------------------------------------------


def test_every_inline_test_passes(authored: Authored, assessor: Assessor) -> None:
    assert authored.problems == ()
    results = run_tests(assessor, authored.questions)
    assert [str(one) for one in results if not one.passed] == []


@pytest.mark.parametrize("person", ["Putin", "Russia", "Trump", "Hamas", "Moscow", "Zelensky", "Israel"])
@pytest.mark.parametrize("says", ["accepts", "rejects"])
def test_who_is_no_party_of_this_story_moves_nothing(assessor: Assessor, person: str, says: str) -> None:
    assert labels(assessor, f"{person} {says} ceasefire") == set()
    assert labels(assessor, f"{person} {says} harvest truce") == set()


def test_the_two_sides_are_not_exchanged(assessor: Assessor) -> None:
    assert labels(assessor, "Kestria accepts Vasht's truce offer") == {(TRUCE, "accepted")}
    assert labels(assessor, "Ardovia accepts Torvald's truce offer") == set()


def test_one_text_can_speak_to_both_rules(assessor: Assessor) -> None:
    told = labels(assessor, "Kestria rejects harvest truce as shells hit Tamsin dam")
    assert told == {(TRUCE, "rejected"), (DAM, "matched")}


def test_the_shipped_seeds_do_not_know_these_people() -> None:
    strange = read_authored(STORY / "rules", ROOT / "seeds")
    assert {problem.code for problem in strange.errors} == {"E021"}
