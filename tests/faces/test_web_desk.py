"""What people do on the page: try rules, say what a text means, rule, silence, send again. Each by POST, each kept."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.engine.apply import apply
from alerts.engine.diagnosis import bad, well
from alerts.model.acts import Label
from alerts.store.store import Store
from alerts.wiring.workbench import Workbench
from exhibit import ROOT, Exhibit
from visitor import Visitor, visiting

RULES = ROOT / "rules" / "ukraine-ceasefire"
RULE = (RULES / "ceasefire-acceptance.yaml").read_text("utf-8")
BENCH = Workbench(RULES, ROOT / "seeds")
PAGES = ("/playground", "/review", "/feeds", "/deliveries", "/silences", "/doctor", "/live")
HOSTILE = "<script>alert(1)</script> \u202egnp.exe {{ 7 * 7 }} & ]]> " + "я" * 100_000


@pytest.fixture
def own(exhibit: Exhibit, tmp_path: Path) -> Iterator[Store]:
    """A copy of the story's database, to write in."""
    exhibit.store.backup(tmp_path / "own.db")
    with Store.open(str(tmp_path / "own.db")) as opened:
        yield opened


@pytest.fixture
def visitor(exhibit: Exhibit, own: Store) -> Iterator[Visitor]:
    site = exhibit.site(store=own, workbench=BENCH, doctor=lambda: [well("database", "sound"), bad("x", "y", "z")])
    with visiting(site) as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_as_json_too(path: str, visitor: Visitor) -> None:
    seen = visitor.get(path)
    assert seen.status == 200
    assert len(seen.text.encode()) < 100_000
    assert "json://" not in seen.text
    found = visitor.get(f"{path}.json")
    assert found.headers["content-type"] == "application/json"
    assert json.loads(found.text)


# --- the playground -------------------------------------------------------------------------------


def test_a_text_is_looked_at_by_every_rule_in_force(visitor: Visitor) -> None:
    fields = {
        "texts": "Kremlin: Russia agrees to the 30-day ceasefire\n\nTrump hopes that Putin accepts the truce || So."
    }
    text = visitor.submit("/playground", fields).text
    assert "accepted | Kremlin: Russia agrees to the 30-day ceasefire" in text
    assert "russia · agree · full-ceasefire" in text
    assert "It would be accepted if it were asserted" in text
    assert '<mark class="actor">Kremlin</mark><small>kremlin</small>' in text


def test_a_stored_item_is_looked_at_by_its_id(visitor: Visitor, own: Store) -> None:
    [one, *_] = own.evidence_of("ceasefire-acceptance", limit=1)
    found = json.loads(visitor.get(f"/playground.json?question=ceasefire-acceptance&item={one.item.id}").text)
    assert found["texts"][0]["title"] == one.item.title
    assert found["texts"][0]["near"][0]["gates"]


def test_what_is_wrong_with_a_rule_stands_beside_it(visitor: Visitor) -> None:
    broken = RULE.replace("event: reject", "event: rejetc", 1).replace("severity: flash", "severity: loud", 1)
    text = visitor.submit("/playground", {"question": "ceasefire-acceptance", "rule": broken, "texts": "x"}).text
    assert "<code>12:15</code> <code>E009</code> unknown severity &#39;loud&#39;" in text
    assert "unknown event &#39;rejetc&#39;. Did you mean &#39;reject&#39;?" in text


@pytest.mark.parametrize(
    "rule", ["", "\0", "{", "question: [" * 5000, "x: " + "y" * 300_000, "question: x\nmatch: a b\n"]
)
def test_a_rule_that_is_none_is_said(rule: str, visitor: Visitor) -> None:
    seen = visitor.submit("/playground", {"question": "ceasefire-acceptance", "rule": rule, "texts": "x"})
    assert seen.status == 200
    assert ("<code>E0" in seen.text) == bool(rule)


def test_an_edited_rule_is_played_beside_the_one_in_force(visitor: Visitor) -> None:
    edited = RULE.replace("event: reject,", "event: propose,", 1)
    fields = {"question": "ceasefire-acceptance", "rule": edited, "do": "backtest", "days": "30"}
    text = visitor.submit("/playground", fields).text
    assert "of its own no longer come out" in text
    assert "the rule in force 4" in text
    assert "Only the rule in force would have told" in text


def test_the_file_is_given_back_as_it_was_written(visitor: Visitor) -> None:
    edited = RULE + "# ends ≠ here\n"
    fields = {"question": "ceasefire-acceptance", "rule": edited.replace("\n", "\r\n"), "do": "download"}
    seen = visitor.submit("/playground", fields)
    assert seen.text == edited
    assert seen.headers["content-disposition"] == 'attachment; filename="ceasefire-acceptance.yaml"'


def test_nothing_a_visitor_writes_acts(visitor: Visitor) -> None:
    seen = visitor.submit("/playground", {"texts": HOSTILE, "question": "ceasefire-acceptance"})
    assert seen.status == 200
    assert "<script>alert" not in seen.text
    assert "7 * 7" in seen.text
    assert len(seen.text.encode()) < 400_000


def test_without_a_workbench_texts_are_looked_at_all_the_same(exhibit: Exhibit) -> None:
    with visiting(exhibit.site()) as visitor:
        text = visitor.get("/playground?question=ceasefire-acceptance&text=Russia+rejects+the+truce").text
    assert 'textarea name="rule"' not in text
    assert "rejected | Russia rejects the truce" in text


def test_a_rule_file_that_changed_is_read_as_it_stands(tmp_path: Path, exhibit: Exhibit) -> None:
    folder = tmp_path / "rules" / "ukraine-ceasefire"
    shutil.copytree(RULES, folder)
    (folder / "ceasefire-acceptance.yaml").write_text(RULE + "# later\n", "utf-8")
    bench = Workbench(folder, ROOT / "seeds")
    assert bench.text_of(exhibit.in_force.questions["ceasefire-acceptance"]).endswith("# later\n")


# --- the review -----------------------------------------------------------------------------------


def test_what_is_unclear_becomes_test_lines(visitor: Visitor, own: Store) -> None:
    doubts = json.loads(visitor.get("/review.json").text)["unclear"]
    assert [one["question"] for one in doubts] == ["ceasefire-acceptance"] * 2
    for one, means in zip(doubts, ("rejected", "irrelevant"), strict=True):
        fields = {"question": one["question"], "item": one["said"]["item"], "means": means}
        assert visitor.submit("/review", fields, csrf=visitor.form_token("/playground")).status == 303
    assert json.loads(visitor.get("/review.json").text)["unclear"] == []
    labels = own.complaints()
    assert [one.label for one in labels] == [Label.FALSE_ALARM, Label.WRONG_ANSWER]
    lines = visitor.get("/review.txt").text.splitlines()
    assert lines[0] == "# ceasefire-acceptance"
    assert f"[en] rejected | {doubts[0]['said']['title']}" in lines
    score = json.loads(visitor.get("/review.json").text)["score"]
    assert (score["labels"], score["right"] + score["too_little"] + score["other"]) == (2, 1)


@pytest.mark.parametrize("means", ["", "no_such_answer", "<b>"])
def test_a_label_that_is_no_answer_is_refused(means: str, visitor: Visitor, own: Store) -> None:
    [one, *_] = own.unclear(limit=1)
    fields = {"question": one.verdict.question, "item": one.item.id, "means": means}
    assert visitor.submit("/review", fields).status == 404
    assert own.complaints() == []


# --- the desk's word ------------------------------------------------------------------------------


def test_the_desk_rules_and_takes_it_back(visitor: Visitor, own: Store, exhibit: Exhibit) -> None:
    path, said = "/questions/ceasefire-acceptance", {"because": "Both sides  say so", "by": "Anna"}
    token = visitor.form_token(path)
    assert visitor.submit(f"{path}/rulings", {"answer": "accepted", **said}, csrf=token).status == 303
    judge(own, exhibit)
    assert own.case_for("ceasefire-acceptance").stands[""].answer == "accepted"
    text = visitor.get(path).text
    assert "Both sides say so" in text
    assert visitor.submit(f"{path}/rulings", {"answer": "undo", **said}, csrf=token).status == 303
    judge(own, exhibit)
    assert own.case_for("ceasefire-acceptance").stands[""].answer == "rejected"
    assert visitor.submit(f"{path}/rulings", {"answer": "undo", **said}, csrf=token).status == 404
    assert visitor.submit(f"{path}/rulings", {"answer": "accepted", "by": "Anna"}, csrf=token).status == 422
    assert visitor.submit(f"{path}/rulings", {"answer": "nonsense", **said}, csrf=token).status == 404
    assert visitor.submit(f"{path}/rulings", {"answer": "accepted", **said}, csrf="guess").status == 403


def judge(store: Store, exhibit: Exhibit) -> None:
    asyncio.run(apply(store, exhibit.outside, exhibit.in_force, "ceasefire-acceptance"))


# --- silences and deliveries ----------------------------------------------------------------------


def test_somebody_silences_a_question_and_ends_it(visitor: Visitor, own: Store, exhibit: Exhibit) -> None:
    now = exhibit.clock.now()
    token = visitor.form_token("/silences")
    fields = {"question": "call-outcome", "hours": "8", "up_to": "urgent", "reason": "a <b>drill</b>", "by": "Anna"}
    assert visitor.submit("/silences", fields, csrf=token).status == 303
    [made] = own.silences(since=now)
    assert (made.question, made.by, made.reason, (made.until - now).total_seconds()) == (
        "call-outcome", "Anna", "a <b>drill</b>", 8 * 3600,
    )  # fmt: skip
    assert "a &lt;b&gt;drill&lt;/b&gt;" in visitor.get("/silences").text
    assert visitor.submit(f"/silences/{made.id}/end", csrf=token).status == 303
    assert "Nothing is silenced." in visitor.get("/silences").text
    assert visitor.submit(f"/silences/{made.id}/end", csrf=token).status == 404
    assert visitor.submit("/silences", {**fields, "reason": " "}, csrf=token).status == 422
    assert visitor.submit("/silences", {**fields, "question": "no-such"}, csrf=token).status == 404


def test_somebody_sends_again(visitor: Visitor, own: Store) -> None:
    [last] = own.deliveries(limit=1)
    token = visitor.form_token("/deliveries")
    assert visitor.submit(f"/deliveries/{last.id}/resend", csrf=token).status == 303
    [again] = own.deliveries(limit=1)
    assert (again.state, again.may_repeat) == ("pending", True)
    assert visitor.submit("/deliveries/999999/resend", csrf=token).status == 404
    assert f"{last.alert.id}" in visitor.get("/deliveries?state=pending").text
    assert visitor.get("/deliveries?state=nonsense").status == 200


def test_the_doctor_says_what_to_do(visitor: Visitor, exhibit: Exhibit) -> None:
    assert "→ z" in visitor.get("/doctor").text
    with visiting(exhibit.site()) as without:
        assert "alerts doctor" in without.get("/doctor").text
