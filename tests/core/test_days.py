"""The day a sentence names for its event, seen from the day it was published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.reading.days import day_named
from alerts.reading.lexicons import word_list

CASES = [
    line
    for line in (Path(__file__).parent / "data" / "days.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SUNDAY = datetime(2025, 3, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize("line", CASES)
def test_a_sentence_names_a_day_or_none(line: str) -> None:
    lang, published, when, expected, text = (part.strip() for part in line.split(" | ", 4))
    moment = datetime.fromisoformat(published).replace(tzinfo=UTC)
    found = day_named(text, moment, lang or None, ahead=when == "ahead")
    assert found == (None if expected == "-" else date.fromisoformat(expected))


def test_days_are_counted_in_utc() -> None:
    late_in_the_east = datetime(2025, 3, 17, 2, tzinfo=timezone(timedelta(hours=9)))  # still Sunday in UTC
    assert day_named("They speak tomorrow", late_in_the_east, "en", ahead=True) == date(2025, 3, 17)


WEEKDAYS = [
    (lang, form, n)
    for lang, one in word_list("days").items()
    for n, forms in enumerate(one["weekdays"])
    for form in forms
]


@pytest.mark.parametrize("lang", sorted(word_list("days")))
def test_every_language_has_every_list_and_no_form_twice(lang: str) -> None:
    one = word_list("days")[lang]
    assert one.keys() == word_list("days")["en"].keys()
    assert (len(one["weekdays"]), len(one["months"])) == (7, 12)
    forms = [form for group in (*one["weekdays"], *one["months"]) for form in group]
    assert len(forms) == len(set(forms))


@given(st.sampled_from(WEEKDAYS), st.integers(0, 400))
def test_a_weekday_is_the_coming_one_or_the_latest(word: tuple[str, str, int], later: int) -> None:
    lang, form, number = word
    published = SUNDAY + timedelta(days=later)
    ahead, past = (day_named(f"x {form} x", published, lang, ahead=ahead) for ahead in (True, False))
    assert ahead is not None
    assert past is not None
    assert ahead.weekday() == past.weekday() == number
    assert timedelta() <= ahead - published.date() < timedelta(days=7)
    assert timedelta() <= published.date() - past < timedelta(days=7)


@given(st.dates(date(2024, 6, 1), date(2026, 6, 1)), st.integers(-50, 290), st.booleans())
def test_a_date_without_a_year_is_the_one_that_fits(day: date, before: int, names_first: bool) -> None:
    published = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=before)
    written = f"{day:%B} {day.day}" if names_first else f"{day.day} {day:%b}."
    assert day_named(f"Set for {written}", published, "en", ahead=True) == day


@given(st.text(max_size=300), st.sampled_from([None, "en", "ru", "uk", "de", "fr", "pl", "xx"]), st.booleans())
def test_any_text_is_read(text: str, lang: str | None, ahead: bool) -> None:
    day_named(text, SUNDAY, lang, ahead=ahead)


@given(
    st.lists(st.sampled_from(["Tuesday", "18", "March", "-", "to", "next", "week", ",", "said", "on", "2025", "of"]))
)
def test_words_of_days_in_any_order_are_read(words: list[str]) -> None:
    day_named(" ".join(words), SUNDAY, "en", ahead=True)


@pytest.mark.parametrize("text", ["Tuesday " * 50_000, "18 March " * 50_000, "1-" * 100_000, "next week " * 50_000])
@pytest.mark.parametrize("year", [1, 9999])
def test_a_hostile_text_or_clock_is_read_at_once(text: str, year: int) -> None:
    day_named(text, datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, tzinfo=UTC), "en", ahead=True)
    day_named("yesterday tomorrow last Tuesday 18 March", datetime(year, 1, 1, tzinfo=UTC), "en", ahead=False)
