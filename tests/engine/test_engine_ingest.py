"""Nothing is lost, nothing floods, nobody is fooled: what feeds do to a poller, played on hand time."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.engine.dispatch import Dispatch
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import Feed, FeedState
from fakes import HandClock, item, rss
from newsroom import Newsroom


def wire(room: Newsroom) -> FeedState:
    return room.store.feed("wire")


def window(room: Newsroom, first: int, count: int, *, at: bool = True) -> list[str]:
    """Items as they stand in a feed, the newest first, each a minute apart."""
    now = room.clock.now()
    return [
        item(f"News {n}", guid=f"g{n}", at=now - timedelta(minutes=first + count - n) if at else None)
        for n in range(first + count - 1, first - 1, -1)
    ]


def remark(room: Newsroom, about: str) -> str:
    return next((line for line in wire(room).learnt.remarks if line.startswith(f"{about}:")), "")


# --- nothing is lost --------------------------------------------------------------------------


def test_a_window_that_rolled_over_whole_is_a_gap_that_is_said_once(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    room.publish("wire", *window(room, 0, 20))
    room.work(minutes=2)
    room.publish("wire", *window(room, 15, 20))
    room.work(minutes=2)
    assert remark(room, "gap") == ""
    room.publish("wire", *window(room, 100, 20))
    with caplog.at_level(logging.WARNING):
        room.work(minutes=30)
        room.work(minutes=5)
    said = [record.message for record in caplog.records if "come and gone unseen" in record.message]
    assert len(said) == 1
    assert said[0].startswith("feed 'wire' gap: between 2025-03-18 12:")
    assert remark(room, "gap") in said[0]
    assert wire(room).health.items == 55
    room.work(hours=25)
    assert remark(room, "gap") == ""


def test_a_feed_that_rolls_over_fast_is_asked_more_often(room: Newsroom) -> None:
    room.store.add_feed(Feed(id="slow", url="https://slow.example/rss", title="S", owner="s"), now=room.clock.now())
    room.publish("slow", *window(room, 0, 20))
    room.work()
    assert room.store.feed("slow").health.interval >= 300
    for n in range(1, 4):
        room.publish("slow", *window(room, 15 * n, 20))
        room.work(minutes=6)
    busy = room.store.feed("slow").health.interval
    assert 60 < busy < 250
    room.work(hours=30)
    assert room.store.feed("slow").health.interval >= 300


def test_a_server_that_always_says_304_is_found_out_and_believed_no_more(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    room.publish("wire", item("News before"))
    room.work(minutes=2)
    room.fetch.liars.add("wire")
    room.publish("wire", item("Dam bursts above the valley"))
    told: list[str] = []
    with caplog.at_level(logging.WARNING):
        for _ in range(400):
            told += room.work(minutes=2)
    assert len(told) == 1
    assert "304: its server says that nothing is new when something is" in remark(room, "304") + ":"
    assert len([one for one in caplog.records if "304:" in one.message]) == 1
    room.publish("wire", item("Dam repaired"))
    room.work(minutes=2)
    assert len(room.store.items(grep="repaired")) == 1


def test_an_honest_server_is_never_called_a_liar(room: Newsroom) -> None:
    for n in range(200):
        room.publish("wire", *window(room, n, 5))
        room.work(minutes=2)
    assert not wire(room).learnt.liar


def test_of_a_cut_body_the_tail_is_asked_for_again(room: Newsroom) -> None:
    whole = rss(*(item(f"Report {n}", guid=str(n)) for n in range(10)))
    room.fetch.bodies["wire"] = whole[: len(whole) * 6 // 10]
    room.work(minutes=2)
    part = wire(room).health.items
    assert 0 < part < 10
    assert wire(room).validators.etag != "cut"
    room.fetch.bodies["wire"] = whole
    room.work(minutes=2)
    assert wire(room).health.items == 10
    assert wire(room).learnt.gap_at is None


def test_a_feed_that_is_empty_for_once_floods_nobody_when_it_is_back(room: Newsroom) -> None:
    items = [item(f"Dam report {n}", guid=str(n)) for n in range(50)]
    room.publish("wire", *items)
    room.work(minutes=2)
    room.work(minutes=20)
    room.publish("wire")
    assert room.work(minutes=2) == []
    room.publish("wire", *items)
    assert room.work(minutes=20) == []
    assert wire(room).health.items == 50


# --- no false identity ------------------------------------------------------------------------


def test_a_feed_whose_guids_all_change_tells_nothing_twice(room: Newsroom) -> None:
    at = room.clock.now()
    room.publish("wire", *(item(f"Dam report {n}", guid=f"http://wire.example/{n}", at=at) for n in range(9)))
    room.work(minutes=2)
    room.work(minutes=20)
    room.publish("wire", *(item(f"Dam report {n}", guid=f"https://wire.example/{n}", at=at) for n in range(9)))
    assert room.work(minutes=20) == []
    room.publish("wire", *(item(f"Dam report {n}", guid=f"new-{n}", at=at) for n in range(9)))
    assert room.work(minutes=20) == []
    assert wire(room).health.items == 9


def test_a_correction_under_the_same_guid_is_a_version_and_is_told(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts", guid="1"))
    assert len(room.work(minutes=2)) == 1
    room.publish("wire", item("Dam does not burst", guid="1"))
    assert len(room.work(minutes=20)) == 1
    [kept] = room.store.items(source="wire")
    assert [one.title for one in room.store.versions(kept.id)] == ["Dam bursts", "Dam does not burst"]


def test_a_headline_that_goes_to_and_fro_is_collapsed_and_its_last_words_are_not_lost(room: Newsroom) -> None:
    for n in range(60):
        room.publish("wire", item("Dam bursts" if n % 2 else "Dam is full", guid="1"))
        room.work(minutes=2)
    [kept] = room.store.items(source="wire")
    assert len(room.store.versions(kept.id)) == 4
    room.publish("wire", item("Dam is full", guid="1"))
    for _ in range(26):
        room.work(hours=1)
    assert room.store.item(kept.id).title == "Dam is full"


def test_one_text_that_comes_back_every_day_is_news_every_day(room: Newsroom) -> None:
    for day in range(3):
        room.publish("wire", item("Alarm in the valley", guid=f"day-{day}", at=room.clock.now()))
        room.work(hours=24)
    assert wire(room).health.items == 3


# --- no flood ---------------------------------------------------------------------------------


def test_old_posts_that_are_announced_again_one_by_one_are_stored_and_told_to_nobody(room: Newsroom) -> None:
    began = room.clock.now()
    for n in range(6):  # a feed that dates its news truly
        room.publish("wire", item(f"Weather {n}", guid=f"w{n}", at=room.clock.now()))
        room.work(minutes=2)
    told: list[str] = []
    for n in range(60):
        old = began - timedelta(days=30 + 11 * n, hours=n)
        room.publish("wire", item(f"Dam report {n}", guid=f"old-{n}", at=old))
        told += room.work(minutes=2)
    assert told == []
    assert wire(room).health.items == 66
    room.publish("wire", item("Dam bursts", guid="fresh", at=room.clock.now()))
    assert len(room.work(minutes=2)) == 1


# --- clocks and dates -------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "words"), [(-4, "4 h behind"), (2, "2 h ahead"), (-7, "7 h behind")])
def test_a_feed_that_stamps_local_time_as_utc_is_corrected_and_it_is_said(
    room: Newsroom, hours: int, words: str
) -> None:
    published = room.clock.now()
    for n in range(8):
        room.clock.go(minutes=7)
        published = room.clock.now() - timedelta(minutes=2)
        room.publish("wire", item(f"News {n}", guid=str(n), at=published + timedelta(hours=hours)))
        room.work()
    assert words in remark(room, "clock")
    newest = room.store.items(source="wire", limit=1)[0]
    assert newest.published == published
    for n in range(8, 16):  # it mended its clock
        room.clock.go(minutes=7)
        room.publish("wire", item(f"News {n}", guid=str(n), at=room.clock.now() - timedelta(minutes=2)))
        room.work()
    assert remark(room, "clock") == ""


def test_a_slow_desk_is_no_wrong_clock(room: Newsroom) -> None:
    for n, late in enumerate([200, 20, 95, 140, 33, 61, 17, 250, 75]):
        room.clock.go(minutes=7)
        room.publish("wire", item(f"News {n}", guid=str(n), at=room.clock.now() - timedelta(minutes=late)))
        room.work()
    assert wire(room).learnt.offset == 0


@pytest.mark.parametrize("years", [-11, 6])
def test_one_date_on_everything_means_nothing_after_a_while(room: Newsroom, noon: datetime, years: int) -> None:
    constant = noon.replace(year=noon.year + years)
    for n in range(5):
        room.publish("wire", item(f"News {n}", guid=str(n), at=constant))
        room.work(minutes=5)
    assert "dates: they do not say when" in remark(room, "dates") + " "
    room.publish("wire", item("Dam bursts", guid="dam", at=constant))
    assert len(room.work(minutes=5)) == 1


def test_a_date_in_the_future_is_the_moment_of_first_sight(room: Newsroom) -> None:
    room.publish("wire", item("News", at=room.clock.now() + timedelta(days=9)))
    room.work(minutes=2)
    assert room.store.items(source="wire")[0].published == room.clock.now()


# --- health -----------------------------------------------------------------------------------


def test_a_feed_that_falls_silent_against_its_own_rhythm_is_said_once(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(6):
        room.publish("wire", item(f"News {n}", guid=str(n), at=room.clock.now()))
        room.work(hours=1)
    with caplog.at_level(logging.WARNING):
        for _ in range(72):
            room.work(hours=1)
    assert "silent: nothing new since 2025-03-18" in remark(room, "silent")
    assert len([one for one in caplog.records if "silent:" in one.message]) == 1
    with caplog.at_level(logging.WARNING):
        room.publish("wire", item("News again", at=room.clock.now()))
        room.work(hours=1)
    assert remark(room, "silent") == ""
    assert "feed 'wire' silent: no longer so" in [one.message for one in caplog.records]


def test_every_way_a_poll_can_fail_leaves_a_next_time(room: Newsroom) -> None:
    for fault in FeedFault:
        room.fetch.bodies["wire"] = FeedError(fault, f"feed 'wire' {fault}")
        before = room.clock.now()
        room.work(hours=25)
        assert wire(room).health.fault == fault
        assert room.clock.now() < wire(room).health.next_at <= room.clock.now() + timedelta(hours=27), before


def test_a_feed_that_was_gone_for_three_hours_goes_on_where_it_was(room: Newsroom) -> None:
    room.publish("wire", *window(room, 0, 5))
    room.work(minutes=2)
    for status, fault in ((404, FeedFault.STATUS), (410, FeedFault.GONE)):
        room.fetch.bodies["wire"] = FeedError(fault, f"feed 'wire' answered {status}", status=status)
        for _ in range(90):
            room.work(minutes=2)
    room.publish("wire", *window(room, 3, 5))
    room.work(hours=6)
    assert (wire(room).health.failures, wire(room).health.items) == (0, 8)


# --- moving -----------------------------------------------------------------------------------


def test_a_permanent_move_is_believed_after_a_week(room: Newsroom) -> None:
    old, new = wire(room).feed.url, "https://news.wire.example/feed"
    room.fetch.moved[old] = new
    for n in range(8):
        room.publish("wire", *window(room, n, 5))
        room.work(days=1)
    assert new not in room.fetch.urls
    room.work(days=1)
    room.publish("wire", *window(room, 8, 5))
    room.work(days=1)
    room.work(days=1)
    assert room.fetch.urls[-1] == new or room.fetch.urls[-2] == new
    assert wire(room).feed.url == old
    assert new in remark(room, "moved")


def test_a_move_to_what_is_not_this_feed_is_never_believed(room: Newsroom) -> None:
    room.publish("wire", *window(room, 0, 5))
    room.work(minutes=2)
    room.fetch.moved[wire(room).feed.url] = "https://squatter.example/feed"
    for n in range(12):
        room.publish("wire", *window(room, 100 * n + 100, 5))
        room.work(days=1)
    assert wire(room).learnt.address is None


def test_the_step_to_https_is_believed_at_once_and_given_up_when_it_fails(room: Newsroom) -> None:
    plain = Feed(id="wire", url="http://wire.example/rss", title="Wire", owner="wire", pace=60)
    room.store.add_feed(plain, now=room.clock.now())
    room.fetch.moved[plain.url] = "https://wire.example/rss"
    for n in range(3):
        room.publish("wire", *window(room, n, 5))
        room.work(minutes=2)
    assert room.fetch.urls[-1].startswith("https:")
    room.fetch.bodies["wire"] = FeedError(FeedFault.UNREACHABLE, "feed 'wire' is not reached")
    for _ in range(4):
        room.work(hours=25)
    assert wire(room).learnt.address is None


# --- our own clock ----------------------------------------------------------------------------


class TwoClocks(HandClock):
    """A wall clock that somebody puts back; the steady one goes on."""

    back = timedelta()

    def now(self) -> datetime:
        return self.steady() - self.back


def test_a_clock_put_back_an_hour_costs_no_hour_of_news(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    clock = TwoClocks(room.clock.now())
    outside = replace(room.outside, clock=clock)
    dispatch = Dispatch(room.store, outside, room.dispatch.in_force)
    clock.go(minutes=2)
    asyncio.run(dispatch.work_off())
    asked = len(room.fetch.asked)
    clock.back = timedelta(hours=1)
    clock.go(minutes=2)
    with caplog.at_level(logging.WARNING):
        asyncio.run(dispatch.work_off())
    assert len(room.fetch.asked) == asked + 2
    assert "the clock was put back: 2 feeds are asked now" in caplog.text
    clock.back = timedelta(hours=-1)
    clock.go(minutes=2)
    asyncio.run(dispatch.work_off())
    assert len(room.fetch.asked) == asked + 4


# --- many feeds -------------------------------------------------------------------------------


def test_a_crowd_of_feeds_is_worked_off_between_two_ticks(room: Newsroom) -> None:
    """More than there are places: as places become free, the next ones are claimed; no second is waited for."""
    now = room.clock.now()
    for n in range(400):
        room.store.add_feed(Feed(id=f"f{n}", url=f"http://127.0.0.1/{n}", title="F", owner="f"), now=now)

    async def one_tick() -> None:
        dispatch = Dispatch(room.store, room.outside, room.dispatch.in_force)
        await dispatch.tick()
        while dispatch._tasks:
            await asyncio.wait(dispatch._tasks)

    asyncio.run(one_tick())
    assert len({feed for feed in room.fetch.asked if feed.startswith("f")}) == 400
