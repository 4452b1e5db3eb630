"""An author asks why, teaches the missing word, and sees what no test reaches: by the commands alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
RULE = "rules/story/truce.yaml"
TEXT = "Russia torpedoes the 30-day ceasefire"
TRUCE = """\
question: Does Russia accept the ceasefire?
scope: ukraine-war
answers:
  accepted:
    says: Russia accepts
    severity: flash
    claims: [{actor: russia, event: agree, object: full-ceasefire}]
  rejected:
    says: Russia rejects
    severity: flash
    claims: [{actor: russia, event: reject, object: full-ceasefire}]
notify: desk
tests: |
  accepted         | Russia accepts the 30-day ceasefire
  rejected/claimed | Trump: Putin rejected the 30-day ceasefire
  -                | Hamas rejects Gaza ceasefire
"""


@pytest.fixture
def author(terminal: Terminal) -> Terminal:
    """A folder with a question of its own beside the watch rule, and the shipped seeds."""
    for name in ("entities", "things.yaml"):
        origin, target = ROOT / "seeds" / name, terminal.folder / "seeds" / name
        shutil.copytree(origin, target, dirs_exist_ok=True) if origin.is_dir() else shutil.copy(origin, target)
    terminal.env["XDG_CACHE_HOME"] = str(terminal.folder / "cache")
    terminal.write(RULE, TRUCE)
    return terminal


def test_explain_names_the_word_and_the_rule_taught_it_answers(author: Terminal) -> None:
    shown = author.run("explain", "--rule", "truce", "--text", TEXT).stdout
    assert 'unknown word: "torpedoes"' in shown
    assert "Teach it to the rule: words: {<event>: [torpedoes]}" in shown
    author.write(RULE, TRUCE.replace("notify: desk", "words: {reject: [torpedoes]}\nnotify: desk"))
    line = author.json("explain", "--rule", "truce", "--text", TEXT)[0]["test"]
    assert line == f"rejected | {TEXT}"
    author.write(RULE, (author.folder / RULE).read_text("utf-8") + f"  {line}\n")
    assert "all" not in author.run("test", RULE).stdout
    assert author.run("coverage", RULE).stdout.count("no test expects 'rejected'") == 0


def test_without_a_rule_far_questions_take_one_line_each(author: Terminal) -> None:
    shown = author.run("explain", "--text", "Putin hopes to accept the truce").stdout.splitlines()
    assert "dam: silent: stopped at match" in shown
    assert any(line.startswith("  factuality  stopped  uncommitted") for line in shown)


def test_json_holds_the_gates_as_values(author: Terminal) -> None:
    (found,) = author.json("explain", "--rule", "truce", "--text", "Ukraine: Russia accepts the 30-day ceasefire")
    assert [verdict["kind"] for verdict in found["verdicts"]] == ["claimed"]
    assert {gate["name"]: gate["turns"] for gate in found["gates"]}["speaker"] == "claimed"
    assert all(gate["passed"] for gate in found["gates"])


def test_coverage_fails_on_an_answer_without_a_test_and_names_the_gaps(author: Terminal) -> None:
    author.run("coverage")
    author.write(
        RULE, TRUCE.replace("  rejected/claimed |", "  accepted/claimed |").replace("rejected the", "accepted the")
    )
    shown = author.run("coverage", exit_code=1).stdout
    assert f"{RULE}: no test expects 'rejected'. Add a line: rejected | a headline that says: Russia rejects" in shown
    assert f"{RULE}: no test is in 'uk'" in shown
    rows = {row["question"]: row for row in author.json("coverage", exit_code=1)}
    assert rows["truce"]["answers"] == {"accepted": 2, "rejected": 0}
    assert [gap["name"] for gap in rows["truce"]["gaps"] if gap["is_error"]] == ["rejected"]
    assert rows["dam"]["gaps"] == []


def test_coverage_of_a_file_with_errors_says_them(author: Terminal) -> None:
    author.write(RULE, TRUCE.replace("notify: desk", "notifi: desk"))
    assert "E006" in author.run("coverage", RULE, exit_code=1).stdout
