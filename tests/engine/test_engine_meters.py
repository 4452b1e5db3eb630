"""Every figure is read from the tables, has a name that is documented, and says what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.engine.meters import FEEDS_SHOWN, NAMES, Readings, meters, read
from alerts.model.delivery import RetryLater
from alerts.model.upkeep import Pace, Pulse
from fakes import item
from newsroom import Newsroom


def readings(room: Newsroom) -> Readings:
    dispatch = room.dispatch
    return read(
        room.store,
        room.clock.now(),
        room.clock.steady(),
        in_force=dispatch.in_force,
        looked_at=room.clock.steady() - timedelta(seconds=3),
    )


def figures(room: Newsroom) -> dict[tuple[str, ...], float]:
    """Every figure by its name and labels."""
    return {(one.name, *labels): value for one in meters(readings(room)) for labels, value in one.samples}


def test_the_figures_of_a_told_item(room: Newsroom) -> None:
    published = room.clock.now()
    room.publish("wire", item("Dam bursts above the valley", at=published))
    room.work(minutes=2)
    found = figures(room)
    assert found["alerts_items",] == 1
    assert found["alerts_feeds", "ok"] == 2
    assert found["alerts_deliveries", "sent"] == 1
    assert found["alerts_seen_lag_seconds", "wire", "50"] == 120
    assert found["alerts_told_seconds", "desk", "90"] == 0
    assert found["alerts_last_delivery_timestamp_seconds",] == room.clock.now().timestamp()
    assert found["alerts_rules_in_force",] == 1
    assert found["alerts_beat_age_seconds",] == 3


def test_what_is_late_and_owed_grows_with_time(room: Newsroom) -> None:
    room.send.receipts = [RetryLater("overloaded", after=7200)]
    room.publish("wire", item("Dam bursts above the valley"))
    room.work(minutes=2)
    room.clock.go(minutes=30)
    found = figures(room)
    assert found["alerts_deliveries_owed_seconds",] == 1800
    assert found["alerts_feeds_late",] == 2
    assert 1700 < found["alerts_poll_lateness_seconds",] <= 1800


def test_every_name_is_documented_and_measured(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts above the valley"))
    room.work(minutes=2)
    measured = [one.name for one in meters(readings(room))]
    assert sorted(measured) == sorted(NAMES)
    assert all(one.help for one in meters(readings(room)))


def test_ten_thousand_feeds_do_not_drown_whoever_stores_the_figures(room: Newsroom) -> None:
    from dataclasses import replace

    many = {f"feed-{n}": Pace(count=n, median=1, p90=2) for n in range(10_000)}
    busy = replace(readings(room), pulse=Pulse(seen=many, told={}, standing={}))
    [lag] = [one for one in meters(busy) if one.name == "alerts_seen_lag_seconds"]
    assert len(lag.samples) == 2 * FEEDS_SHOWN
    assert (("feed-9999", "50"), 1) in lag.samples


@pytest.mark.parametrize("lag", [-3600, 0])
def test_a_stamp_from_the_future_is_no_negative_lag(room: Newsroom, lag: int) -> None:
    room.publish("wire", item("Dam bursts", at=room.clock.now() + timedelta(minutes=2, seconds=-lag)))
    room.work(minutes=2)
    assert figures(room)["alerts_seen_lag_seconds", "wire", "50"] == 0
