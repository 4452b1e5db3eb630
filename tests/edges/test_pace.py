"""A feed is polled soon enough for the news, never sooner than its server asks, and never not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.feeds.pace import (
    Pace,
    after_failure,
    after_success,
    busier,
    fresh_for,
    host_rests,
    http_date,
    retry_after,
    words,
)
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Feed, FeedHealth, FeedKind, FeedState, Learnt, Validators

NOW = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
DATE = "Tue, 18 Mar 2025 12:00:00 GMT"
MINUTE, HOUR, DAY = 60, 3600, 86400


def state(*, failures: int = 0, **feed: Any) -> FeedState:
    return FeedState(
        feed=Feed(**({"id": "x", "url": "https://x.example/", "title": "X", "owner": "x"} | feed)),
        validators=Validators(),
        health=FeedHealth(next_at=NOW, interval=300, failures=failures),
    )


def failed(fault: FeedFault = FeedFault.STATUS, *, wait: float | None = None) -> FeedError:
    return FeedError(fault, "feed 'x' failed", retry_after=wait)


@pytest.mark.parametrize(
    ("feed", "seconds"),
    [
        ({}, 300),
        ({"kind": FeedKind.AGENCY}, 120),
        ({"kind": FeedKind.OFFICIAL}, 120),
        ({"kind": FeedKind.STATE}, 300),
        ({"pace": 900}, 900),
        ({"pace": 60, "kind": FeedKind.AGENCY}, 60),
    ],
)
def test_the_usual_interval_is_the_lists_or_the_kinds(feed: dict[str, Any], seconds: float) -> None:
    assert after_success(state(**feed), {}, u=0).seconds == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE=600"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=86400"}, 900),
        ({"cache-control": "max-age=60"}, 300),
        ({"cache-control": "s-maxage=800"}, 300),
        ({"cache-control": "max-age=600", "age": "500"}, 300),
        ({"cache-control": "max-age=800", "age": "100"}, 700),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
        ({"cache-control": "no-cache, max-age=600"}, 300),
        ({"cache-control": "no-store"}, 300),
        ({"cache-control": "max-age=soon"}, 300),
        ({"expires": "Tue, 18 Mar 2025 12:10:00 GMT", "date": DATE}, 600),
        ({"expires": "Tue, 18 Mar 2025 12:10:00 GMT"}, 300),
        ({"expires": "0", "date": DATE}, 300),
        ({"expires": "Tue, 18 Mar 2025 11:00:00 GMT", "date": DATE}, 300),
        ({"expires": "Tue, 18 Mar 2025 12:10:00 GMT", "date": DATE, "cache-control": "max-age=700"}, 700),
    ],
)
def test_what_a_server_calls_fresh_slows_us_down_but_not_beyond_a_quarter_of_an_hour(
    headers: dict[str, str], seconds: float
) -> None:
    assert after_success(state(), headers, u=0).seconds == seconds


def test_an_expected_window_goes_before_the_default_and_the_cache_but_not_before_the_list() -> None:
    hints = {"cache-control": "max-age=900"}
    assert after_success(state(), hints, u=0, ceiling=45) == Pace(45, "an expected window is open")
    assert after_success(state(), {}, u=0, ceiling=5).seconds == 30
    assert after_success(state(pace=60), {}, u=0, ceiling=30).seconds == 60
    assert after_success(state(pace=60), {}, u=0, ceiling=600).seconds == 60


@pytest.mark.parametrize("fault", [fault for fault in FeedFault if fault is not FeedFault.UNREACHABLE])
def test_failures_double_the_interval_up_to_six_hours(fault: FeedFault) -> None:
    paces = [after_failure(state(failures=before), failed(fault), u=0).seconds for before in range(12)]
    assert paces[:4] == [300, 600, 1200, 2400]
    assert paces[-1] == 6 * HOUR


def test_a_host_nobody_finds_is_tried_at_least_once_a_day() -> None:
    dead = failed(FeedFault.UNREACHABLE)
    assert after_failure(state(failures=1), dead, u=0).seconds == 600
    assert after_failure(state(failures=10_000), dead, u=0).seconds == DAY


@pytest.mark.parametrize(("wait", "seconds"), [(0, 300), (5, 300), (3000, 3000), (DAY, DAY), (10 * DAY, DAY)])
def test_retry_after_replaces_the_doubling(wait: float, seconds: float) -> None:
    pace = after_failure(state(failures=9), failed(FeedFault.THROTTLED, wait=wait), u=0)
    assert pace.seconds == seconds
    assert "asked to be left alone" in pace.why


@pytest.mark.parametrize(
    ("pace", "why"),
    [
        (after_success(state(kind=FeedKind.AGENCY), {}, u=0), "every 2 min, as usual for kind agency"),
        (after_success(state(pace=90), {}, u=0), "its list says every 1.5 min"),
        (after_success(state(), {"cache-control": "max-age=600"}, u=0), "its server calls the answer fresh for 10 min"),
        (after_failure(state(), failed(), u=0), "failed once (status)"),
        (after_failure(state(failures=4), failed(FeedFault.TIMEOUT), u=0), "failed 5 times in a row (timeout)"),
        (after_failure(state(), failed(wait=7200), u=0), "its server asked to be left alone for 2 h"),
    ],
)
def test_every_pace_says_why(pace: Pace, why: str) -> None:
    assert pace.why == why


@given(u=st.floats(0, 1, exclude_max=True), failures=st.integers(0, 10**6), wait=st.none() | st.floats(0, 1e9))
def test_the_spread_is_a_tenth_and_only_ever_later(u: float, failures: int, wait: float | None) -> None:
    before, error = state(failures=failures), failed(wait=wait)
    bare, spread = after_failure(before, error, u=0), after_failure(before, error, u=u)
    assert bare.seconds <= spread.seconds <= bare.seconds * 1.1
    assert spread.seconds <= 1.1 * DAY


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_is_too_odd_to_read(one: str, other: str) -> None:
    headers = {"cache-control": one, "expires": other, "date": one, "age": other}
    assert fresh_for(headers) >= 0
    wait = retry_after(one, NOW)
    assert wait is None or 0 <= wait <= DAY


@pytest.mark.parametrize(
    "text",
    [DATE, "Tue, 18 Mar 2025 12:00:00 -0000", "Tuesday, 18-Mar-25 12:00:00 GMT", "Tue, 18 Mar 2025 14:00:00 +0200"],
)
def test_http_dates_are_read_as_utc(text: str) -> None:
    assert http_date(text) == NOW


# --- windows that roll over, windows that are expected, hosts that rest -----------------------


def learnt(**fields: Any) -> FeedState:
    return replace(state(), learnt=Learnt(**fields))


@pytest.mark.parametrize(
    ("window", "rate", "seconds"),
    [(20, 60, 300), (20, 200, 180), (20, 600, 60), (20, 6000, 30), (1000, 600, 300), (0, 600, 300), (20, 0, 300)],
)
def test_half_a_window_is_still_there_at_the_next_poll(window: int, rate: float, seconds: float) -> None:
    """``rate`` is items an hour; a feed is never asked more often than twice a minute, nor less often than usual."""
    busy = learnt(window=window, rate=rate, new_at=NOW)
    assert after_success(busy, {}, u=0, now=NOW).seconds == seconds


def test_a_busy_hour_is_forgotten_in_a_day_or_two() -> None:
    busy = learnt(window=20, rate=600, new_at=NOW)
    paces = [after_success(busy, {}, u=0, now=NOW + timedelta(hours=hours)).seconds for hours in (0, 12, 24, 36)]
    assert paces == [60, 120, 240, 300]


def test_the_lists_own_pace_is_the_shortest_however_busy_the_feed_is() -> None:
    busy = replace(learnt(window=20, rate=6000, new_at=NOW), feed=state(pace=120).feed)
    assert after_success(busy, {}, u=0, now=NOW).seconds == 120


def test_the_rate_is_that_of_the_busiest_time() -> None:
    known = busier(Learnt(window=20), NOW, new=10, elapsed=600)
    assert known.rate == 60
    later = NOW + timedelta(hours=1)
    assert busier(replace(known, new_at=NOW), later, new=1, elapsed=3600).rate > 50
    assert busier(replace(known, new_at=NOW), later, new=200, elapsed=3600).rate == 200


@pytest.mark.parametrize("u", [0, 0.5, 0.999])
def test_what_is_promised_as_the_longest_is_never_passed(u: float) -> None:
    assert 40 < after_success(state(), {}, u=u, ceiling=45).seconds <= 45
    assert after_failure(state(failures=5), failed(), u=u, ceiling=45).seconds <= 45
    busy = learnt(window=20, rate=600, new_at=NOW)
    assert 53 < after_success(busy, {}, u=u, now=NOW).seconds <= 60


def test_an_expected_window_shortens_a_failing_feeds_pause_but_not_one_its_server_asked_for() -> None:
    assert after_failure(state(failures=9), failed(), u=0, ceiling=60).seconds == 60
    assert after_failure(state(failures=9, pace=120), failed(), u=0, ceiling=60).seconds == 120
    assert after_failure(state(failures=9), failed(wait=900), u=0, ceiling=60).seconds == 900
    assert after_failure(state(failures=1), failed(FeedFault.THROTTLED), u=0, ceiling=60).seconds == 600


@pytest.mark.parametrize(
    ("status", "wait", "rest"),
    [(429, None, 60), (429, 5, 60), (429, 900, 900), (503, 900, None), (500, None, None), (403, 900, None)],
)
def test_only_too_many_requests_rest_the_whole_host(status: int, wait: float | None, rest: float | None) -> None:
    error = FeedError(FeedFault.THROTTLED, "feed 'x' answered", status=status, retry_after=wait)
    assert host_rests(error) == rest


@pytest.mark.parametrize("seconds", [0.4, 30, 59, 60, 5400])
def test_a_span_is_said_in_words(seconds: float) -> None:
    assert words(seconds) in {"0.4 s", "30 s", "59 s", "1 min", "1.5 h"}
