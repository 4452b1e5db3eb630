"""A file is judged on its own clock: what changed, when, because of what; and no line carries the clock away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from alerts.engine.ordering import in_order
from alerts.engine.rehearse import read_items
from alerts.engine.timing import AHEAD, NEVER, timed
from alerts.engine.versions import Recent
from alerts.feeds.identity import article_of
from courtroom import NOON, SOURCES, TRUCE, WATCH, in_force, line, play

YES, NO = "Russia accepts the 30-day ceasefire", "Russia rejects the 30-day ceasefire"
RULES = in_force(truce=TRUCE, dam=WATCH)


def brief(lines: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(one["at"], one["reason"], one["to"], one["evidence"]) for one in lines]


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def test_a_change_is_a_line_with_all_that_others_rely_on() -> None:
    (first, second), bad = play(
        RULES, line(YES, id="a"), line(f"{YES}, says Peskov", id="b", source="daily", minutes=5)
    )
    assert not bad
    assert first == {
        "id": "truce-1",
        "at": NOON,
        "question": "truce",
        "occasion": "",
        "from": None,
        "to": "accepted",
        "standing": "reported",
        "reason": "first_report",
        "severity": "flash",
        "told": True,
        "evidence": ["a"],
        "independent_sources": 1,
    }
    assert (second["reason"], second["severity"], second["evidence"]) == ("confirmed", "urgent", ["b"])
    assert second["independent_sources"] == 2


def test_a_wire_story_under_a_new_title_is_no_second_source_and_one_that_answers_otherwise_is() -> None:
    story = "Russia has accepted the 30-day ceasefire that Washington proposed in Jeddah, the Kremlin said on Tuesday."
    titles = ("Russia accepts the 30-day ceasefire", "Kremlin agrees to 30-day truce")
    retitled = [
        line(one, id=one, source=name, summary=story) for one, name in zip(titles, ("wire", "daily"), strict=True)
    ]
    assert [one["reason"] for one in play(RULES, *retitled)[0]] == ["first_report"]
    own = line(titles[1], source="daily", summary="It was agreed to late in the evening, people who know of it said.")
    assert [one["reason"] for one in play(RULES, retitled[0], own)[0]] == ["first_report", "confirmed"]


def test_a_window_ends_at_its_own_moment_between_two_items() -> None:
    changes, _ = play(RULES, line("Envoys met"), line("Envoys met again", minutes=600))
    assert brief(changes) == [(minutes(200), "overdue", "accepted", [])]
    assert changes[0]["severity"] == "urgent"


def test_a_window_that_was_over_before_the_file_begins_never_alarms() -> None:
    assert play(RULES, line("Envoys met", minutes=300), line("Envoys met again", minutes=600)) == ([], [])


def test_a_digest_of_a_watch_rule_comes_when_its_pause_is_over() -> None:
    titles = ("Dam bursts", "Dam was old", "Dam to be rebuilt")
    changes, _ = play(
        RULES, *(line(title, minutes=number) for number, title in enumerate(titles)), line("x", minutes=60)
    )
    assert brief(changes) == [
        (NOON, "first_report", "matched", ["Dam bursts"]),
        (minutes(10), "first_report", "matched", ["Dam was old", "Dam to be rebuilt"]),
    ]


def test_rules_on_trial_are_judged_and_told_to_nobody_and_those_switched_off_are_not_judged() -> None:
    on_trial = in_force(truce=f"status: test\n{TRUCE}", off=f"status: deprecated\n{TRUCE}")
    changes, _ = play(on_trial, line(YES), line("Envoys met", minutes=600))
    assert {(one["question"], one["told"]) for one in changes} == {("truce", False)}
    overdue, _ = play(on_trial, line("Envoys met"), line("Envoys met", id="x", minutes=600))
    assert [(one["reason"], one["told"]) for one in overdue] == [("overdue", False)]


# --- the clock ------------------------------------------------------------------------------------


def clock(*stamps: str | None) -> list[str]:
    """Return where the clock stands at each line, by day and hour."""
    lines = [json.dumps({"id": str(n), "title": "x", "published": stamp}) for n, stamp in enumerate(stamps)]
    return [f"{at:%Y-%m-%dT%H}" for _, at, _ in timed(read_items(lines, SOURCES))]


def test_the_clock_is_the_highest_time_so_far_and_what_says_none_takes_it() -> None:
    assert clock("2025-03-18T12", "2025-03-18T09", None, "2025-03-18T13") == [
        "2025-03-18T12",
        "2025-03-18T12",
        "2025-03-18T12",
        "2025-03-18T13",
    ]


def test_first_seen_counts_before_published() -> None:
    moved = line(YES, minutes=-600, seen="2025-03-18T12:30:00Z")
    changes, _ = play(RULES, line("Envoys met"), moved)
    assert brief(changes) == [(minutes(30), "first_report", "accepted", [YES])]
    assert changes[0]["severity"] == "urgent"  # ten hours late is no flash


@pytest.mark.parametrize("strays", [1, 3])
def test_a_clock_in_2031_does_not_carry_the_time_away(strays: int) -> None:
    stamps = ["2025-03-18T12", *["2031-01-01T00"] * strays, *["2025-03-18T13"] * 4, "2025-03-19T01"]
    assert clock(*stamps) == [*["2025-03-18T12"] * (strays + 1), *["2025-03-18T13"] * 4, "2025-03-19T01"]


def test_a_file_that_begins_with_a_stray_begins_at_the_line_after_it() -> None:
    assert clock("2031-01-01T00", "2025-03-18T12", "2025-03-18T13") == [
        "2025-03-18T12",
        "2025-03-18T12",
        "2025-03-18T13",
    ]
    assert clock(None, "2025-03-18T12")[0] == "2025-03-18T12"


def test_a_story_with_long_pauses_keeps_its_times() -> None:
    stamps = ("2025-02-18T12", "2025-03-11T12", "2025-05-20T12", "2026-08-20T05")
    assert clock(*stamps) == [*stamps[:3], "2025-05-20T12"]  # more than a year ahead, and nobody left to ask
    assert clock(*stamps, "2026-08-20T06") == [*stamps, "2026-08-20T06"]


def test_the_last_line_may_be_a_month_ahead_and_not_six_years() -> None:
    assert clock("2025-03-18T12", "2025-04-18T12")[1] == "2025-04-18T12"
    assert clock("2025-03-18T12", "2031-04-18T12")[1] == "2025-03-18T12"


def test_a_file_without_any_time_is_judged_all_the_same() -> None:
    changes, _ = play(RULES, line(YES, minutes=None))
    assert brief(changes) == [(NEVER, "first_report", "accepted", [YES])]


def test_no_more_is_read_ahead_than_the_clock_needs() -> None:
    read = []

    def lines() -> Iterator[str]:
        for number in range(1000):
            read.append(number)
            yield line("Envoys met", minutes=number)

    next(timed(read_items(lines(), SOURCES)))
    assert len(read) <= AHEAD + 2


# --- the same item again --------------------------------------------------------------------------


def test_the_same_text_again_changes_nothing() -> None:
    changes, _ = play(RULES, line(YES, id="a"), line(YES, id="a", minutes=5), line(YES, id="a", minutes=9))
    assert len(changes) == 1


def test_an_edit_takes_back_what_stood_on_the_text_alone() -> None:
    edited = "Russia is still studying the 30-day ceasefire"
    changes, _ = play(RULES, line(YES, id="a"), line(edited, id="a", minutes=5))
    assert [(one["reason"], one["to"]) for one in changes] == [("first_report", "accepted"), ("retracted", None)]


def test_an_edit_that_says_otherwise_corrects() -> None:
    changes, _ = play(RULES, line(YES, id="a"), line(NO, id="a", minutes=5))
    assert [(one["reason"], one["to"]) for one in changes] == [("first_report", "accepted"), ("corrected", "rejected")]


def test_the_same_article_under_a_new_address_is_an_edit_named_as_the_file_names_it() -> None:
    url = "https://wire.example/2025/03/18/{}-a88341"
    first = line(YES, id="a", url=url.format("russia-accepts"))
    changes, _ = play(RULES, first, line(NO, id="b", minutes=5, url=url.format("russia-rejects")))
    assert [(one["reason"], one["evidence"]) for one in changes] == [("first_report", ["a"]), ("corrected", ["b"])]
    apart, _ = play(RULES, first, line(NO, id="b", minutes=5, url=url.format("x"), source="daily"))
    assert [one["reason"] for one in apart] == ["first_report", "answer_changed"]


@pytest.mark.parametrize(
    ("link", "article"),
    [
        ("https://a.example/2025/03/13/putin-agrees-a88341", "a88341"),
        ("https://a.example/breaking-news/article-851844", "851844"),
        ("https://a.example/en/third-call/a-72610113?maca=rss", "72610113"),
        ("https://a.example/world/1956791", "1956791"),
        ("https://a.example/war-in-ukraine_6741761_4.html", "6741761"),
        ("https://a.example/x-6e0e5a3c-0b7e-4a55-9d0c-0f5a1b2c3d4e", "6e0e5a3c-0b7e-4a55-9d0c-0f5a1b2c3d4e"),
        ("https://a.example/live/2025-03-18", None),
        ("https://a.example/daily-brief-20250318", None),
        ("https://a.example/world/2025/mar/20/eu-ready-to-impose-more-sanctions", None),
        ("https://a.example/", None),
        ("http://[bad", None),
    ],
)
def test_an_article_is_known_by_the_number_that_ends_its_address(link: str, article: str | None) -> None:
    assert article_of(link) == article


def test_what_is_remembered_is_bounded() -> None:
    recent: Recent[int] = Recent(10)
    for number in range(100):
        recent[number] = number
    assert [number for number in range(100) if recent.get(number) is not None] == list(range(80, 100))
    assert recent.get(90) == 90


# --- hostile files --------------------------------------------------------------------------------


def test_one_wire_story_from_three_hundred_feeds_in_a_minute_is_one_change() -> None:
    lines = [line(YES, id=f"i{n}", source=f"paper {n}", minutes=n / 300) for n in range(300)]
    changes, _ = play(RULES, *lines)
    assert [one["reason"] for one in changes] == ["first_report"]


def test_sources_that_contradict_each_other_in_turn_are_not_told_as_many_changes() -> None:
    lines = [
        line(f"{(YES, NO)[n % 2]}, report {n}", id=f"i{n}", source=f"paper {n % 4}", minutes=2 * n) for n in range(40)
    ]
    changes, _ = play(RULES, *lines)
    assert len(changes) <= len(lines) / 5


def test_items_that_come_hours_too_late_leave_the_same_answer() -> None:
    early, late = line(YES, id="a", minutes=0), line(NO, id="b", source="daily", minutes=180)
    changes, _ = play(RULES, late, early)
    assert changes[0]["to"] == "rejected"
    assert all(one["at"] == minutes(180) for one in changes)


def test_an_official_page_edited_three_times_says_what_it_says_last() -> None:
    texts = (YES, NO, f"{YES} in full", "Putin meets workers")
    lines = [line(text, id="page", source="kremlin", minutes=5 * n) for n, text in enumerate(texts)]
    changes, _ = play(RULES, *lines)
    assert [(one["reason"], one["to"], one["standing"]) for one in changes] == [
        ("first_report", "accepted", "confirmed"),
        ("corrected", "rejected", "confirmed"),
        ("corrected", "accepted", "confirmed"),
    ]


def test_a_bad_line_is_named_and_harms_no_other() -> None:
    changes, bad = play(RULES, line("Envoys met"), "{not json", "[]", "", line(YES, minutes=1))
    assert [one.number for one in bad] == [2, 3]
    assert [one["reason"] for one in changes] == ["first_report"]


def test_the_ends_of_the_calendar_are_no_times() -> None:
    stamps = ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    odd = [line(f"Dam bursts, {stamp}", published=stamp) for stamp in stamps]
    changes, bad = play(
        RULES, *odd, line("Dam bursts again", minutes=1), *odd[1:], line("Dam bursts once more", minutes=30)
    )
    assert [one.number for one in bad] == [1]
    assert [one["at"] for one in changes] == [minutes(1), minutes(30)]


def test_sorting_puts_lines_in_the_order_of_time_and_keeps_their_numbers() -> None:
    lines = [line("b", minutes=9), line("no time", minutes=None), "{bad", line("a", minutes=1), line("c", minutes=9)]
    ordered = list(in_order((f"{one}\n".encode() for one in lines), SOURCES))
    assert [number for number, _ in ordered] == [4, 1, 2, 3, 5]
    assert [text.strip().decode() for _, text in ordered] == [lines[number - 1] for number, _ in ordered]
    assert datetime(2025, 3, 18, 12, tzinfo=UTC) == NOON
