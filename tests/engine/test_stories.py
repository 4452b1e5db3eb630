"""Stories are played by the code of the replay: what must come comes, and a step that fails says why."""

from __future__ import annotations

import pytest
from claims_house import KNOWN, QUESTIONS, ROOT, SEEDS, texts

from alerts.engine.inforce import InForce
from alerts.engine.rehearse import Sources
from alerts.engine.stories import StepResult, run_stories
from alerts.feeds.opml import read_opml
from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.weigh import Wires
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.stories import read_stories
from courtroom import SOURCES, TRUCE, WATCH, in_force

RULES = in_force(truce=TRUCE, dam=WATCH, trial=f"status: test\n{TRUCE}", off=f"status: deprecated\n{TRUCE}")
SHIPPED = sorted((ROOT / "rules").rglob("*.story.yaml"))


def play(text: str, question: str = "truce") -> list[StepResult]:
    stories, problems = read_stories({f"rules/story/{question}.story.yaml": text}, RULES.questions)
    assert not [str(problem) for problem in problems]
    return list(run_stories(RULES, stories, SOURCES))


WINDOW = """\
- day: 2025-03-18
- at: 12:00
  item: Envoys met
- at: 15:19
  tick:
- at: 15:30
  tick:
  expect: overdue accepted urgent told at 15:20
- at: 16:00
  item: {id: a, title: Russia accepts the 30-day ceasefire, source: daily}
  expect: first_report accepted flash told
- at: 16:05
  item: {title: Russia accepts the 30-day ceasefire, source: [paper, mirror, wire]}
- at: 16:10
  edit: {id: a, title: Russia is still studying the 30-day ceasefire}
- at: 17:00
  item: {title: Russia rejects the 30-day ceasefire, source: kremlin, published: "16:58"}
  expect: answer_changed accepted -> rejected
"""


def test_a_window_a_report_its_copies_an_edit_and_an_official_page() -> None:
    assert [str(step) for step in play(WINDOW) if not step.passed] == []


def test_a_window_in_which_the_answer_comes_does_not_alarm() -> None:
    text = """\
- day: 2025-03-18
- at: 13:30
  item: Russia accepts the 30-day ceasefire
  expect: first_report accepted
- at: 18:00
  tick:
"""
    assert all(step.passed for step in play(text))


@pytest.mark.parametrize("status", ["trial", "off"])
def test_the_status_of_a_rule_plays_no_part(status: str) -> None:
    assert [str(step) for step in play(WINDOW, status) if not step.passed] == []


def test_a_rule_without_answers_tells_now_and_in_its_digest() -> None:
    text = """\
- day: 2025-03-18
- at: 12:00
  item: Dam bursts
  expect: first_report matched routine
- at: 12:01
  item: Dam was old
- at: 12:30
  tick:
  expect: first_report matched told at 12:10
"""
    assert [str(step) for step in play(text, "dam") if not step.passed] == []


def test_a_step_that_fails_says_what_was_expected_what_came_and_why() -> None:
    text = """\
- at: 2025-03-18T12:00Z
  item: Trump says Putin accepted the ceasefire
  expect: first_report accepted
- at: 2025-03-18T12:01Z
  item: Russia dances around the ceasefire
  expect: first_report accepted
"""
    first, second = play(text)
    assert str(first) == (
        "rules/story/truce.story.yaml:1:3: expected first_report accepted; came claimed accepted urgent told. "
        "The text says: accepted/claimed by trump. It stands at: no answer."
    )
    assert "came nothing." in str(second)


@pytest.mark.parametrize(
    "wrong",
    ["first_report rejected", "confirmed accepted", "first_report accepted urgent", "first_report accepted silent"],
)
def test_what_an_author_cares_for_must_hold(wrong: str) -> None:
    text = f"- at: 2025-03-18T12:00Z\n  item: Russia accepts the 30-day ceasefire\n  expect: {wrong}\n"
    assert not play(text)[0].passed


def test_a_change_that_nobody_expected_fails_its_step() -> None:
    (step,) = play("- at: 2025-03-18T12:00Z\n  item: Russia accepts the 30-day ceasefire\n")
    assert not step.passed
    assert step.expected == "nothing"


def test_the_shipped_stories_go_as_they_say() -> None:
    stories, problems = read_stories(texts(*SHIPPED), {one.id: one for one in QUESTIONS})
    assert not [str(problem) for problem in problems]
    assert {story.question for story in stories} >= {"ceasefire-acceptance", "call-outcome", "zaporizhzhia-plant"}
    feeds, _ = read_opml((ROOT / "seeds/feeds.opml").read_bytes(), "seeds/feeds.opml")
    assessor = Assessor(QUESTIONS, SEEDS, compile_vocabulary(words_of(QUESTIONS, SEEDS)), KNOWN)
    rules = InForce(
        questions={one.id: one for one in QUESTIONS}, assessor=assessor, wires=Wires(feeds, SEEDS), activated={}
    )
    steps = run_stories(rules, stories, Sources(feeds))
    assert [str(step) for step in steps if not step.passed] == []
    days = {step.at.date().isoformat() for story in stories for step in story.steps}
    assert days >= {f"2025-03-{day}" for day in (11, 12, 13, 14, 17, 18, 19, 20)}
