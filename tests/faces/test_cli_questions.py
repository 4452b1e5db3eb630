"""A person asks where a question stands, rules on it, proves the state, and tries a rule on what is stored."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
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
    severity: urgent
    claims: [{actor: russia, event: reject, object: full-ceasefire}]
notify: desk
"""
YES = "Russia accepts the 30-day ceasefire"
WHO = ("--because", "I read the decree", "--by", "Anna")


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    """A newsroom with a question that one text has answered."""
    for name in ("entities", "things.yaml"):
        origin, target = ROOT / "seeds" / name, terminal.folder / "seeds" / name
        shutil.copytree(origin, target, dirs_exist_ok=True) if origin.is_dir() else shutil.copy(origin, target)
    terminal.env["XDG_CACHE_HOME"] = str(terminal.folder / "cache")
    terminal.write("rules/story/truce.yaml", TRUCE)
    terminal.publish("Farmers meet")
    terminal.run("run", "--once")
    terminal.publish(YES, "Farmers meet")
    terminal.make_due()
    terminal.run("run", "--once")
    return terminal


def test_a_question_is_looked_at_settled_taken_back_and_proved(desk: Terminal) -> None:
    (row,) = desk.json("questions")
    stand = row["occasions"][-1]["stands"][0]
    assert (row["question"], stand["answer"], stand["standing"]) == ("truce", "accepted", "reported")
    assert "truce" in desk.run("questions").stdout

    said = desk.run("questions", "settle", "truce", "rejected", *WHO).stderr
    assert "No daemon runs: judged now, 1 messages wait" in " ".join(said.split())
    desk.run("run", "--once")
    assert "I read the decree" in desk.told[-1]

    seen = desk.json("questions", "show", "truce")
    assert [one["reason"] for one in seen["changes"]] == ["first_report", "settled"]
    assert seen["changes"][0]["evidence"][0]["title"] == YES
    assert [(one["speaker"], one["because"]) for one in seen["rulings"]] == [("Anna", ["I read the decree"])]
    assert "The desk (Anna): I read the decree" in desk.run("questions", "show", "truce").stdout

    desk.run("questions", "undo", "truce", "--because", "the wrong decree", "--by", "Bohdan")
    desk.run("questions", "void", "truce", "--because", "another truce", "--by", "Bohdan")
    assert desk.json("questions", "show", "truce")["occasions"][-1]["stands"][0]["answer"] is None
    assert {one["question"]: one["differences"] for one in desk.json("rebuild")} == {"dam": [], "truce": []}


def test_what_cannot_be_ruled_is_said_with_what_can(desk: Terminal) -> None:
    assert "Did you mean 'rejected'?" in desk.run("questions", "settle", "truce", "rejeted", *WHO, exit_code=2).stderr
    assert "nothing to settle" in desk.run("questions", "void", "dam", *WHO, exit_code=2).stderr
    assert "Did you mean 'truce'?" in desk.run("questions", "show", "truec", exit_code=2).stderr
    assert "no ruling on 'truce'" in " ".join(desk.run("questions", "undo", "truce", *WHO, exit_code=2).stderr.split())
    assert "Missing option" in desk.run("questions", "settle", "truce", "rejected", exit_code=2).stderr


def test_a_rule_is_tried_on_what_is_stored_beside_the_one_in_force(desk: Terminal) -> None:
    (told,) = desk.json("backtest", "truce", "--since", "1d")["told"]
    assert (told["reason"], told["to"], told["evidence"][0]["title"]) == ("first_report", "accepted", YES)

    draft = str(desk.write("drafts/truce.yaml", TRUCE.replace("event: agree", "event: withdraw")))
    found = desk.json("backtest", draft, "--since", "1d")
    assert (found["told"], found["only_new"], len(found["only_in_force"])) == ([], [], 1)
    assert found["texts"] == 2
    assert YES in desk.run("backtest", draft).stdout

    farmers = str(desk.write("drafts/farmers.yaml", "question: Farmers\nmatch: farmers\nstatus: experimental\n"))
    assert desk.json("backtest", farmers)["a_day"] == {}  # it stood in the feed's first body
    assert "no rule is called 'nobody'" in desk.run("backtest", "nobody", exit_code=2).stderr


def test_a_state_that_was_meddled_with_is_said_and_put_right(desk: Terminal) -> None:
    import sqlite3

    with sqlite3.connect(desk.folder / "home" / "alerts.db") as database:
        (state,) = database.execute("SELECT state FROM cases WHERE question = 'truce'").fetchone()
        bad = json.dumps(json.loads(state) | {"seq": 7}, ensure_ascii=False, separators=(",", ":"))
        database.execute("UPDATE cases SET state = ? WHERE question = 'truce'", [bad])
    ran = desk.run("rebuild", "truce", exit_code=1)
    assert "truce: seq: stored is 7; its evidence gives 1" in ran.stdout
    assert "put right" in desk.run("rebuild", "truce", "--write").stdout
    assert "the same" in desk.run("rebuild", "truce").stdout
