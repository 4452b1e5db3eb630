"""The README's own lines do what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from feedserver import FeedServer, reply
from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def _block(heading: str, kind: str) -> str:
    """Return the first fenced block of a kind under a heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)
    assert found is not None, f"no {kind} block under {heading}"
    return found[1]


def test_the_two_commands_are_targets_and_ci_calls_the_test_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = _block("Two commands", "sh").split("\n")
    assert commands[:2] == ["make demo", "make test"]
    assert all(re.search(rf"^{command.removeprefix('make ')}:", makefile, re.MULTILINE) for command in commands[:2])
    assert re.search(r"^make test\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


def test_the_plain_lines_beside_make_are_what_make_does() -> None:
    lines = README.split("Without make:", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0].splitlines()
    assert lines[0] == "python3 -m venv .venv"
    script = "\n".join(lines[2:3]).replace(".venv/bin/alerts", f"{sys.executable} -m alerts")
    done = subprocess.run(["bash", "-ec", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Next:" in done.stdout


def test_the_live_lines_lead_to_a_running_daemon(tmp_path: Path) -> None:
    lines = _block("Live", "sh").splitlines()
    assert lines[-1] == "alerts run"
    script = "\n".join(
        [*(f"{line} || true" if line == "alerts feeds test" else line for line in lines[:-1]), "alerts run --once"]
    )
    with FeedServer({"/sink": reply()}) as server:
        script = re.sub(r"tgram://\S+", server.url("/sink").replace("http", "json", 1), script)
        env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        alerts = tmp_path / "alerts"
        alerts.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alerts "$@"\n', "utf-8")
        alerts.chmod(0o755)
        done = subprocess.run(
            ["bash", "-ec", script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "newsroom" / "alerts-data" / "alerts.db").is_file()


@pytest.mark.parametrize("heading", ["A rule", "A question"])
def test_the_rules_it_shows_pass_check_and_their_own_tests(heading: str, terminal: Terminal) -> None:
    terminal.write("rules/story/example.yaml", _block(heading, "yaml"))
    command = ("--seeds", str(ROOT / "seeds"))
    terminal.run("check", "rules/story/example.yaml", *command)
    terminal.run("test", "rules/story/example.yaml", *command)


def test_the_story_it_shows_goes_as_it_says(terminal: Terminal) -> None:
    terminal.write("rules/story/example.yaml", _block("A question", "yaml"))
    terminal.write("rules/story/example.story.yaml", _block("A question", "yaml story"))
    ran = terminal.run("test", "rules/story/example.yaml", "--seeds", str(ROOT / "seeds"))
    assert "2 of 2 steps as expected, in 1 stories." in ran.stderr
