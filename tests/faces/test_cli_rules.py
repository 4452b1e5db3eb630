"""A rule is begun, checked, watched and compared from the command line."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys

import pytest

from terminal import RULE, Terminal

NEW = (
    *("rules", "new", "bridge-news", "--question", "Is the bridge: open?", "--match", "bridge AND open*"),
    *("--notify", "desk", "--finds", "Bridge opened to traffic", "--leaves", "Open letter of the council"),
)
PATH = "rules/story/bridge-news.yaml"


def test_a_new_rule_passes_check_and_its_own_tests(terminal: Terminal) -> None:
    done = terminal.run(*NEW, "--story", "rules/story")
    assert done.stdout.strip() == PATH
    assert f"alerts test {PATH}" in done.stderr
    assert terminal.json("check", PATH) == []
    assert len(terminal.json("test", PATH)["results"]) == 2
    assert {one["question"] for one in terminal.json("rules", "list")} >= {"Is the bridge: open?"}


def test_nothing_is_overwritten_in_this_story_or_another(terminal: Terminal) -> None:
    terminal.run(*NEW, "--story", "rules/story")
    before = (terminal.folder / PATH).read_text("utf-8")
    for story in ("rules/story", "rules/other"):
        assert PATH in terminal.run(*NEW, "--story", story, exit_code=3).stderr
    assert (terminal.folder / PATH).read_text("utf-8") == before


def test_without_a_terminal_the_missing_options_are_named(terminal: Terminal) -> None:
    done = terminal.run("rules", "new", "bridge-news", "--match", "bridge", given="", exit_code=2)
    assert "--question, --finds, --leaves" in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--match", "bridge AND", "E0"),
        ("--finds", "Ferry sinks", "expected matched"),
        ("--leaves", "Bridge opens", "-"),
    ],
)
def test_what_would_not_pass_is_not_written(terminal: Terminal, option: str, value: str, said: str) -> None:
    done = terminal.run(*NEW, "--story", "rules/story", option, value, exit_code=3)
    assert "Nothing was written" in done.stderr
    assert said in done.stderr
    assert not (terminal.folder / PATH).exists()


@pytest.mark.parametrize("rule_id", ["Bridge News", "../../escape", "a/b"])
def test_an_impossible_id_writes_nothing(terminal: Terminal, rule_id: str) -> None:
    before = sorted(terminal.folder.rglob("*.yaml"))
    done = subprocess.run(
        [sys.executable, "-m", "alerts", *NEW[:2], rule_id, *NEW[3:], "--story", "rules/story"],
        cwd=terminal.folder,
        env=terminal.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {2, 3}, done.stderr
    assert sorted(terminal.folder.rglob("*.yaml")) == before


def test_on_a_terminal_it_asks(terminal: Terminal) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "alerts", "rules", "new", "--story", "rules/story"]
    with subprocess.Popen(
        command, cwd=terminal.folder, env=terminal.env, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        os.write(ours, b"bridge-news\nThe bridge\nbridge\nBridge opens\nFerry sinks\ndesk\n")
        _, said = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, said
    assert "notify: desk" in (terminal.folder / PATH).read_text("utf-8")


def test_findings_as_annotations_of_a_pull_request(terminal: Terminal) -> None:
    terminal.write("rules/story/dam.yaml", RULE.replace("notify", "notfiy"))
    [line] = terminal.run("check", "--format", "github", exit_code=1).stdout.splitlines()
    assert line.startswith("::error file=rules/story/dam.yaml,line=3,col=1::E0")
    assert "notify" in line
    as_json = json.loads(terminal.run("check", "--format", "json", exit_code=1).stdout)
    assert as_json == terminal.json("check", exit_code=1)


@pytest.mark.parametrize(("command", "good", "bad"), [("check", "0 errors", "1 errors"), ("test", "2 of 2", "0 of 0")])
def test_watching_runs_again_on_change_and_ctrl_c_ends_it_well(
    terminal: Terminal, command: str, good: str, bad: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "alerts", command, "--watch"],
        cwd=terminal.folder,
        env=terminal.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = iter(process.stderr)
        assert next(said).startswith("──")
        assert good in next(said)
        assert "Watching" in next(said)
        terminal.write("rules/story/dam.yaml", RULE.replace("notify", "notfiy"))
        assert next(said).startswith("──")
        assert bad in next(said)
        assert "Watching" in next(said)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_diff_shows_what_two_versions_judge_differently(terminal: Terminal) -> None:
    new = terminal.write("dam-2.yaml", RULE.replace("match: dam", "match: dam AND burst*"))
    rows = [{"id": "1", "title": "Dam bursts"}, {"id": "2", "title": "Dam holds"}, {"id": "3", "title": "Rain"}]
    terminal.write("items.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    told = terminal.json("rules", "diff", "rules/story/dam.yaml", new.name, "--on", "items.jsonl", exit_code=1)
    assert told == [{"id": "2", "question": "dam-2", "before": ["matched"], "after": [], "title": "Dam holds"}]
    assert (
        "Dam holds" in terminal.run("rules", "diff", "rules", "dam-2.yaml", "--on", "items.jsonl", exit_code=1).stdout
    )
    assert terminal.json("rules", "diff", "rules", "rules", "--on", "items.jsonl") == []


def test_diff_of_a_broken_version_says_where(terminal: Terminal) -> None:
    terminal.write("broken.yaml", RULE.replace("match: dam", "match: dam AND"))
    terminal.write("items.jsonl", "")
    done = terminal.run("rules", "diff", "rules", "broken.yaml", "--on", "items.jsonl", exit_code=3)
    assert "broken.yaml:2:" in done.stderr
