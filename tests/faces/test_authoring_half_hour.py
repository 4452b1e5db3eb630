"""An analyst's half hour: begin a rule, paste headlines, learn why two fail, teach the word, and be told by it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminal import Terminal

SECOND_STORY = Path(__file__).resolve().parents[1] / "shipped" / "second_story" / "seeds"
RULE = "rules/harvest/truce-answer.yaml"
QUESTION = """\
question: Does Kestria accept the harvest truce?
scope: border-war
answers:
  accepted:
    says: Kestria accepts the harvest truce
    severity: flash
    claims: [{actor: kestria, event: agree, object: harvest-truce}]
  rejected:
    says: Kestria rejects it
    severity: flash
    claims: [{actor: kestria, event: reject, object: harvest-truce}]
notify: desk
tests: |
  accepted | Kestria accepts harvest truce
  rejected | Torvald rejects harvest truce
  rejected | Kestria torpedoes harvest truce
  rejected | Torvald torpedoes the 60-day ceasefire
  -        | Ardovia accepts harvest truce
"""
TAUGHT = QUESTION.replace("notify: desk", "words: {reject: [torpedoes]}\nnotify: desk")
ROUNDS = 100


def until(done: Callable[[], bool], daemon: subprocess.Popen[bytes]) -> None:
    """Wait until something holds while a daemon runs."""
    for _ in range(ROUNDS):
        if done():
            return
        try:
            pytest.fail(f"the daemon ended with {daemon.wait(0.2)}")
        except subprocess.TimeoutExpired:
            continue
    pytest.fail("nothing came of it in all the rounds")


def test_an_analysts_half_hour(terminal: Terminal) -> None:
    shutil.copytree(SECOND_STORY, terminal.folder / "seeds", dirs_exist_ok=True)
    terminal.env["XDG_CACHE_HOME"] = str(terminal.folder / "cache")
    terminal.run("run", "--once")
    with (
        subprocess.Popen(
            [sys.executable, "-m", "alerts", "run"], cwd=terminal.folder, env=terminal.env, stderr=subprocess.DEVNULL
        ) as daemon,
        ended(daemon),
    ):
        begin_a_rule(terminal)
        learn_why_two_headlines_fail(terminal)
        until(lambda: bool(rules_of(terminal)["refused"]), daemon)
        teach_the_word(terminal)
        until(lambda: rules_of(terminal) == {"in_force": 3, "refused": []}, daemon)
        terminal.publish("Torvald torpedoes harvest truce", "Quelle visits the coast")
        terminal.make_due()
        until(lambda: bool(terminal.told), daemon)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(30) == 0
    [message] = terminal.told
    assert "Kestria rejects it" in message
    assert "Torvald torpedoes harvest truce" in message


@contextmanager
def ended(daemon: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let no daemon outlive its story."""
    try:
        yield
    finally:
        daemon.kill()


def rules_of(terminal: Terminal) -> dict[str, object]:
    """Return what status says of the rules."""
    found: dict[str, object] = terminal.json("status")["rules"]
    return found


def begin_a_rule(terminal: Terminal) -> None:
    """Write the first rule with a command; it passes at once."""
    asked = ("--question", "The Tamsin dam", "--match", "$tamsin-dam", "--notify", "desk", "--story", "rules/harvest")
    terminal.run("rules", "new", "tamsin", *asked, "--finds", "Tamsin dam breached", "--leaves", "Floods in Selmar")
    assert "2 of 2" in terminal.run("test", "rules/harvest/tamsin.yaml").stderr


def learn_why_two_headlines_fail(terminal: Terminal) -> None:
    """Write a question with five pasted headlines; two fail, for a word nobody knows."""
    terminal.write(RULE, QUESTION)
    assert "3 of 5" in terminal.run("test", RULE, exit_code=1).stderr
    shown = terminal.run("explain", "--rule", "truce-answer", "--text", "Kestria torpedoes harvest truce").stdout
    assert 'unknown word: "torpedoes"' in shown


def teach_the_word(terminal: Terminal) -> None:
    """Teach it in the file; everything passes and every answer has its test."""
    terminal.write(RULE, TAUGHT)
    assert "5 of 5" in terminal.run("test", RULE).stderr
    missing = terminal.run("coverage", RULE).stdout
    assert not any(f"no test expects {answer}" in missing for answer in ("accepted", "rejected"))
