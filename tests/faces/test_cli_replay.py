"""A person replays a file: one JSON line a change, bad lines named, standard input as well."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
RULE = """\
question: Does Russia accept the ceasefire?
scope: ukraine-war
answers:
  accepted:
    says: Russia accepts
    severity: flash
    claims: [{actor: russia, event: agree, object: full-ceasefire}]
notify: desk
"""
LATER = {"id": "b", "published": "2025-03-18T13:00:00Z", "source": "x", "title": "Russia accepts the 30-day ceasefire"}
SOONER = {
    "id": "a",
    "published": "2025-03-18T12:00:00Z",
    "source": "y",
    "title": "Putin agrees to the 30-day ceasefire",
}


@pytest.fixture
def author(terminal: Terminal) -> Terminal:
    """A folder with a question of its own, and the shipped seeds."""
    for name in ("entities", "things.yaml"):
        origin, target = ROOT / "seeds" / name, terminal.folder / "seeds" / name
        shutil.copytree(origin, target, dirs_exist_ok=True) if origin.is_dir() else shutil.copy(origin, target)
    terminal.env["XDG_CACHE_HOME"] = str(terminal.folder / "cache")
    terminal.write("rules/story/truce.yaml", RULE)
    return terminal


def test_each_change_is_a_line_of_json_and_a_bad_line_is_named(author: Terminal) -> None:
    author.write("items.jsonl", f"{json.dumps(LATER)}\nnot json\n{json.dumps(SOONER)}\n")
    ran = author.run("replay", "items.jsonl", exit_code=1)
    assert "items.jsonl:2: not JSON" in ran.stderr
    first, second = map(json.loads, ran.stdout.splitlines())
    assert (first["id"], first["at"], first["evidence"]) == ("truce-1", "2025-03-18T13:00:00Z", ["b"])
    assert (second["reason"], second["evidence"]) == ("confirmed", ["a"])


def test_sorted_and_from_standard_input_the_earlier_item_comes_first(author: Terminal) -> None:
    ran = author.run("replay", "--sort", "-", given=f"{json.dumps(LATER)}\n{json.dumps(SOONER)}")
    assert [json.loads(line)["evidence"] for line in ran.stdout.splitlines()] == [["a"], ["b"]]


def test_a_file_that_is_not_there_is_said_in_a_line(author: Terminal) -> None:
    assert author.run("replay", "none.jsonl", exit_code=3).stderr.startswith("none.jsonl cannot be read")


def test_a_reader_that_leaves_is_no_fault_of_the_file(author: Terminal) -> None:
    items = (json.dumps(LATER | {"id": str(n), "title": f"Dam bursts, {n}"}) for n in range(20))
    author.write("items.jsonl", "\n".join(items))
    command = ["bash", "-c", f"set -o pipefail; {sys.executable} -m alerts replay items.jsonl | true"]
    done = subprocess.run(command, cwd=author.folder, env=author.env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
