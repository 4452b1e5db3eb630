"""A delivery without a good receipt is tried again for two days, ever more slowly, and then given up."""

from __future__ import annotations

from datetime import timedelta
from math import inf, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery.retry import CEILING, DOUBTS, GIVE_UP_AFTER, next_try
from alerts.model.delivery import RetryLater, Unknown

REFUSED, DOUBT = RetryLater("refused"), Unknown("lost")
ALMOST_ONE = 1 - 2**-53


@given(st.integers(1, 10_000), st.floats(0, ALMOST_ONE), st.floats(0, 47.9))
def test_a_refusal_waits_at_least_a_second_and_at_most_an_hour(attempts: int, u: float, hours: float) -> None:
    wait = next_try(attempts, REFUSED, u=u, age=timedelta(hours=hours))
    assert wait is not None
    assert 1.0 <= wait <= CEILING


def test_the_longest_wait_doubles_with_every_refusal() -> None:
    waits = [next_try(attempts, REFUSED, u=ALMOST_ONE) or 0 for attempts in range(1, 12)]
    assert waits[:4] == pytest.approx([5, 10, 20, 40])
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(CEILING)


def test_jitter_is_full_so_that_a_crowd_does_not_return_at_once() -> None:
    assert next_try(11, REFUSED, u=0.0) == 1.0
    assert next_try(11, REFUSED, u=0.5) == pytest.approx(CEILING / 2)


@given(st.integers(1, 100), st.floats(0, ALMOST_ONE), st.floats(1, CEILING))
def test_we_never_return_before_the_service_wishes(attempts: int, u: float, after: float) -> None:
    assert (next_try(attempts, RetryLater("429", after=after), u=u) or 0) >= after


@pytest.mark.parametrize("after", [-5.0, 0.0, nan, inf, -inf])
def test_a_senseless_wish_is_no_wish(after: float) -> None:
    assert next_try(1, RetryLater("429", after=after), u=0.5) == pytest.approx(2.5)


def test_a_wish_beyond_an_hour_is_an_hour() -> None:
    assert next_try(1, RetryLater("429", after=86_400.0), u=0.9) == CEILING


@pytest.mark.parametrize("receipt", [REFUSED, DOUBT])
def test_a_delivery_is_given_up_at_its_age(receipt: RetryLater | Unknown) -> None:
    assert next_try(2, receipt, u=0.5, age=GIVE_UP_AFTER - timedelta(seconds=1)) is not None
    assert next_try(2, receipt, u=0.5, age=GIVE_UP_AFTER) is None


def test_a_lost_reply_is_repeated_soon_but_not_for_ever() -> None:
    first = next_try(1, DOUBT, u=0.0)
    assert first is not None
    assert 30 <= first <= 60
    assert next_try(DOUBTS - 1, DOUBT, u=0.5) is not None
    assert next_try(DOUBTS, DOUBT, u=0.5) is None


def test_an_outage_of_a_weekend_costs_some_dozens_of_tries() -> None:
    dice, age, tries = Random(7), timedelta(0), 1
    while (wait := next_try(tries, REFUSED, u=dice.random(), age=age)) is not None:
        age += timedelta(seconds=wait)
        tries += 1
    assert age >= GIVE_UP_AFTER
    assert 60 < tries < 200
