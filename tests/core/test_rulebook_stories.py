"""A story file is read as strictly as a rule: each mistake has its code and place, all at once, and nothing crashes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model.change import Reason
from alerts.model.question import Severity
from alerts.model.story import Expected, Story
from alerts.rulebook.stories import read_stories
from judging import TRUCE

NOON = datetime(2025, 3, 18, 12, tzinfo=UTC)


def read(text: str) -> tuple[tuple[Story, ...], list[str]]:
    stories, problems = read_stories({"rules/war/truce.story.yaml": text}, {"truce": TRUCE})
    return stories, [f"{one.code} {one.line}:{one.col}" for one in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at: 12:00\n", ["E005 1:1"]),
        ("", ["E005 1:1"]),
        ("- a headline\n", ["E051 1:3"]),
        ("- at: 12:00\n  item: x\n", ["E052 1:7"]),
        ("- day: 2025-03-18\n- item: x\n", ["E052 2:3"]),
        ("- day: 18 March\n", ["E009 1:8"]),
        ("- day: 2025-03-18\n- at: 25:00\n  item: x\n", ["E052 2:7"]),
        ("- at: 2025-03-18T12:00\n  item: x\n", ["E052 1:7"]),
        ("- at: 2025-03-18T12:00Z\n  item: x\n- at: 2025-03-18T11:00Z\n  tick:\n", ["E052 3:7"]),
        ("- at: 0001-01-01T00:00+05:00\n  tick:\n", ["E052 1:7"]),
        ("- at: 9999-12-01T00:00Z\n  tick:\n- at: +90d\n  tick:\n", ["E052 3:7"]),
        ("- at: 2025-03-18T12:00Z\n", ["E051 1:3"]),
        ("- at: 2025-03-18T12:00Z\n  item: x\n  tick:\n", ["E051 1:3"]),
        ("- at: 2025-03-18T12:00Z\n  item: [a]\n", ["E051 2:9"]),
        ("- at: 2025-03-18T12:00Z\n  item: {title: x, titel: y}\n", ["E006 2:20"]),
        ("- at: 2025-03-18T12:00Z\n  item: {summary: y}\n", ["E007 2:9"]),
        ("- at: 2025-03-18T12:00Z\n  item: '[ru, source] x'\n", ["E030 2:9"]),
        ("- at: 2025-03-18T12:00Z\n  edit: x\n", ["E051 2:9"]),
        ("- at: 2025-03-18T12:00Z\n  edit: {id: a, title: x}\n", ["E053 2:14"]),
        ("- at: 2025-03-18T12:00Z\n  tick:\n  expct: x\n", ["E006 3:3"]),
        (
            "- at: 2025-03-18T12:00Z\n  tick:\n  expect: [accepted, first_report acepted, frst_report accepted]\n",
            ["E054 3:12", "E054 3:22", "E054 3:44"],
        ),
        ("- at: 2025-03-18T12:00Z\n  tick:\n  expect: first_report accepted loud\n", ["E054 3:11"]),
        ("- at: 2025-03-18T12:00Z\n  tick:\n  expect: overdue accepted at 12:99\n", ["E052 3:11"]),
        ("- at: 2025-03-18T12:00Z\n  item: Kremlin: no\n", ["E001 2:16"]),
    ],
)
def test_a_mistake_is_told_with_its_code_at_its_place(text: str, expected: list[str]) -> None:
    stories, problems = read(text)
    assert problems == expected
    assert not stories


def test_a_story_without_a_rule_is_said() -> None:
    _, (problem,) = read_stories({"rules/war/peace.story.yaml": "- day: 2025-03-18\n"}, {"truce": TRUCE})
    assert problem.code == "E050"


def test_times_are_whole_of_a_day_after_the_step_before_or_with_it() -> None:
    steps = ("{at: '12:00', tick: }", "tick:", "{at: +90s, tick: }", "{at: '2025-03-18T15:00+02:00', tick: }")
    text = "\n- ".join(("- day: 2025-03-18", *steps))
    (story,), problems = read(text)
    assert not problems
    assert [f"{step.at:%H:%M:%S}" for step in story.steps] == ["12:00:00", "12:00:00", "12:01:30", "13:00:00"]


def test_a_headline_is_written_as_in_a_test_line() -> None:
    (story,), _ = read("- at: 2025-03-18T12:00Z\n  item: '[ru, source=tass] Да: перемирие || Подробно'\n")
    text = story.steps[0].text
    assert text is not None
    assert (text.lang, text.sources, text.title, text.summary) == ("ru", ("tass",), "Да: перемирие", "Подробно")
    assert text.published == NOON


def test_an_expectation_says_as_much_as_its_author_cares_for() -> None:
    (bare,), _ = read("- at: 2025-03-18T12:00Z\n  tick:\n  expect: -  # nothing\n")
    assert bare.steps[0].expected == ()
    lines = "[first_report accepted, answer_changed accepted → rejected urgent silent, overdue accepted at 12:30, '-']"
    (story,), problems = read(f"- day: 2025-03-18\n- at: 12:00\n  tick:\n  expect: {lines}\n")
    assert not problems
    first, second, third = story.steps[0].expected
    assert first == Expected(text="first_report accepted", reason=Reason.FIRST_REPORT, answer="accepted")
    assert (second.was, second.answer, second.severity, second.told) == ("accepted", "rejected", Severity.URGENT, False)
    assert third.at == NOON.replace(minute=30)


WORDS = st.sampled_from(
    [
        "- ",
        "at: ",
        "item: ",
        "edit: ",
        "tick:",
        "expect: ",
        "day: ",
        "12:00",
        "+5m",
        "2025-03-18",
        "{",
        "}",
        "[",
        "]",
        "\n",
        "\n  ",
        "id: a",
        "title: x",
        ", ",
        "first_report accepted",
        "'",
        '"',
        "&a",
        "*a",
        "!!x",
        "\x00",
        "é",
        "#",
    ]
)


@given(st.lists(WORDS, max_size=30).map("".join) | st.text(max_size=200))
def test_nothing_an_author_can_write_breaks_the_reading(text: str) -> None:
    stories, problems = read(text)
    assert stories or problems
