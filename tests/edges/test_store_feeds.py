"""The list of feeds: what seeds and operator say, whose turn it is, and who may write."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import update

from alerts.model.errors import FeedFault, NotFoundError
from alerts.model.feed import Feed, FeedKind, Learnt, Reliability, Validators
from alerts.model.ledger import FeedCounts
from alerts.store.store import Store
from alerts.store.tables import feeds
from storeroom import NOON, SOON, feed, new_item, poll


def ids(store: Store) -> list[str]:
    return [state.feed.id for state in store.feeds()]


# --- the list ---------------------------------------------------------------------------------


def test_a_feed_comes_back_as_it_was_authored(store: Store) -> None:
    authored = feed(
        "agency",
        kind=FeedKind.AGENCY,
        reliability=Reliability.B,
        lang="uk",
        category="agencies",
        speaks_for="ukraine",
        carries=("wire", "Новини"),
        pace=60,
        checked="2025-03-01",
    )
    store.put_feeds([authored], now=NOON)
    state = store.feed("agency")
    assert state.feed == authored
    assert state.validators == Validators()
    assert (state.health.next_at, state.health.interval, state.health.failures) == (NOON, 60, 0)


def test_seeds_add_change_and_drop_their_own_feeds(store: Store) -> None:
    assert store.put_feeds([feed("a"), feed("b"), feed("c")], now=NOON) == FeedCounts(added=3)
    second = [feed("a"), feed("b", title="B renamed"), feed("d")]
    assert store.put_feeds(second, now=NOON) == FeedCounts(added=1, updated=1, dropped=1, unchanged=1)
    assert ids(store) == ["a", "b", "d"]
    assert store.feed("b").feed.title == "B renamed"
    assert store.put_feeds(second, now=NOON) == FeedCounts(unchanged=3)


def test_a_dropped_feed_comes_back_with_its_health(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    store.record_poll(poll("a", 0, new_item("a", "1"), etag="e1"))
    store.put_feeds([], now=NOON)
    assert ids(store) == []
    assert store.put_feeds([feed("a")], now=NOON) == FeedCounts(updated=1)
    assert store.feed("a").validators.etag == "e1"


def test_seeds_never_undo_what_the_operator_added_or_removed(store: Store) -> None:
    store.put_feeds([feed("seeded")], now=NOON)
    store.add_feed(feed("mine", title="Mine"), now=NOON)
    store.remove_feed("seeded")
    store.put_feeds([feed("seeded"), feed("mine", title="Theirs")], now=NOON)
    assert ids(store) == ["mine"]
    assert store.feed("mine").feed.title == "Mine"
    store.put_feeds([], now=NOON)
    assert ids(store) == ["mine"]


def test_seeds_change_only_the_fields_that_the_operator_left_alone(store: Store) -> None:
    store.put_feeds([feed("a", title="Seed", pace=600)], now=NOON)
    store.add_feed(feed("a", title="Seed", pace=60), now=NOON)
    store.put_feeds([feed("a", title="Seed renamed", pace=900)], now=NOON)
    assert (store.feed("a").feed.title, store.feed("a").feed.pace) == ("Seed renamed", 60)


def test_the_operator_brings_a_removed_feed_back_at_once(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    store.record_poll(poll("a", 0))
    store.remove_feed("a")
    store.add_feed(feed("a"), now=NOON)
    assert store.due_feeds(NOON, NOON, 9) == ["a"]


@pytest.mark.parametrize("by_operator", [False, True])
def test_a_new_address_starts_afresh(store: Store, by_operator: bool) -> None:
    """Validators of the old address are not sent to the new one, and its old items do not flood anybody."""
    store.put_feeds([feed("a")], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=60)
    assert lease is not None
    store.record_poll(poll("a", lease.fence, etag="e1"))
    moved = feed("a", url="https://moved.example/rss")
    later = NOON + timedelta(minutes=1)
    if by_operator:
        store.add_feed(moved, now=later)
    else:
        store.put_feeds([moved], now=later)
    state = store.feed("a")
    assert state.validators == Validators()
    assert state.health.primed_at is None
    assert store.due_feeds(later, later, 9) == ["a"]
    assert not store.record_poll(poll("a", lease.fence, etag="of the old address"))


def test_feeds_are_listed_by_category(store: Store) -> None:
    store.put_feeds([feed("a", category="agencies"), feed("b", category="local")], now=NOON)
    assert [state.feed.id for state in store.feeds(category="local")] == ["b"]


def test_an_unknown_feed_is_answered_with_the_nearest_one(store: Store) -> None:
    store.put_feeds([feed("un-news")], now=NOON)
    with pytest.raises(NotFoundError, match=r"no feed 'un-newz'. Did you mean 'un-news'\?"):
        store.feed("un-newz")
    with pytest.raises(NotFoundError, match="alerts feeds list"):
        store.remove_feed("zzz")


# --- whose turn it is -------------------------------------------------------------------------


def test_due_feeds_are_the_longest_overdue_first(store: Store) -> None:
    store.put_feeds([feed("b"), feed("a"), feed("later")], now=NOON)
    store.add_feed(feed("oldest"), now=NOON - timedelta(hours=1))
    store.record_poll(poll("later", 0))
    assert store.due_feeds(NOON, NOON, 9) == ["oldest", "a", "b"]
    assert store.due_feeds(NOON, NOON, 2) == ["oldest", "a"]
    assert "later" in store.due_feeds(SOON, NOON, 9)


def test_a_claimed_feed_belongs_to_one_until_its_lease_lapses(store: Store) -> None:
    store.put_feeds([feed("a", pace=60)], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=30)
    assert lease is not None
    assert (lease.state.feed.id, lease.until) == ("a", NOON + timedelta(seconds=30))
    after = NOON + timedelta(seconds=61)
    assert store.claim_feed("a", now=after, steady=NOON, lease=30) is None
    assert store.due_feeds(after, NOON, 9) == []
    again = store.claim_feed("a", now=after, steady=NOON + timedelta(seconds=30), lease=30)
    assert again is not None
    assert again.fence == lease.fence + 1


def test_a_feed_whose_poll_never_ended_waits_its_interval(store: Store) -> None:
    """A feed that kills the daemon must not kill it again at once."""
    store.put_feeds([feed("a", pace=600)], now=NOON)
    store.claim_feed("a", now=NOON, steady=NOON, lease=30)
    store.recover(NOON)
    assert store.due_feeds(NOON + timedelta(seconds=599), NOON, 9) == []
    assert store.due_feeds(NOON + timedelta(seconds=600), NOON, 9) == ["a"]


def test_a_feed_that_is_not_due_or_not_there_cannot_be_claimed(store: Store) -> None:
    store.put_feeds([feed("a")], now=SOON)
    assert store.claim_feed("a", now=NOON, steady=NOON, lease=30) is None
    assert store.claim_feed("nobody", now=SOON, steady=NOON, lease=30) is None


def test_several_feeds_are_claimed_in_one_commit(store: Store) -> None:
    store.put_feeds([feed("a"), feed("b"), feed("c")], now=NOON)
    store.claim_feed("b", now=NOON, steady=NOON, lease=30)
    leases = store.claim_feeds(["a", "b", "c"], now=NOON, steady=NOON, lease=30)
    assert {lease.state.feed.id for lease in leases} == {"a", "c"}
    assert store.due_feeds(NOON, NOON, 9) == []


def test_of_many_threads_one_gets_the_feed(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    start, won = Barrier(8), []

    def claim() -> None:
        start.wait()
        lease = store.claim_feed("a", now=NOON, steady=NOON, lease=30)
        if lease is not None:
            won.append(lease.fence)

    threads = [Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [1]


# --- who may write ----------------------------------------------------------------------------


def test_a_late_poll_writes_nothing(store: Store) -> None:
    """The first worker was slow; its lease lapsed and another polled meanwhile."""
    store.put_feeds([feed("a")], now=NOON)
    slow = store.claim_feed("a", now=NOON, steady=NOON, lease=30)
    quick = store.claim_feed("a", now=SOON, steady=SOON, lease=30)
    assert slow is not None
    assert quick is not None
    assert not store.record_poll(poll("a", slow.fence, new_item("a", "1"), questions=["truce"], etag="stale"))
    assert store.counts().items == 0
    assert store.pending_questions(NOON) == []
    assert store.feed("a").validators == Validators()
    assert store.record_poll(poll("a", quick.fence, new_item("a", "1")))


def test_a_poll_of_a_removed_feed_writes_nothing(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=30)
    store.remove_feed("a")
    assert lease is not None
    assert not store.record_poll(poll("a", lease.fence, new_item("a", "1")))


def test_a_poll_frees_the_feed_for_its_next_turn(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=3600)
    assert lease is not None
    store.record_poll(poll("a", lease.fence))
    assert store.due_feeds(SOON, NOON, 9) == ["a"]


def test_health_tells_how_polling_goes(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    failed = replace(poll("a", 0), fault=FeedFault.TIMEOUT, error="feed 'a' did not answer in 20 s", interval=900.0)
    store.record_poll(failed)
    store.record_poll(failed)
    health = store.feed("a").health
    assert (health.failures, health.fault, health.error) == (2, "timeout", "feed 'a' did not answer in 20 s")
    assert (health.polled_at, health.ok_at, health.primed_at, health.interval) == (NOON, None, None, 900)
    store.record_poll(poll("a", 0, new_item("a", "1"), new_item("a", "2")))
    store.record_poll(replace(poll("a", 0), at=SOON))
    health = store.feed("a").health
    assert (health.failures, health.fault, health.error) == (0, None, None)
    assert (health.primed_at, health.ok_at, health.items) == (NOON, SOON, 2)


# --- one thing at a time of a host ------------------------------------------------------------


def of_host(*names: str, host: str = "press.example") -> list[Feed]:
    return [feed(name, url=f"https://{host}/{name}.xml") for name in names]


def test_of_a_public_host_one_feed_is_asked_at_a_time(store: Store) -> None:
    store.put_feeds([*of_host("a", "b", "c"), *of_host("d", host="www.press.example"), feed("other")], now=NOON)
    assert store.due_feeds(NOON, NOON, 9) == ["a", "other"]
    leases = store.claim_feeds(["a", "b", "other"], now=NOON, steady=NOON, lease=60)
    assert sorted(lease.state.feed.id for lease in leases) == ["a", "other"]
    soon = NOON + timedelta(seconds=9)
    assert store.due_feeds(soon, soon, 9) == []
    assert store.claim_feeds(["b", "c", "d"], now=soon, steady=soon, lease=60) == []
    store.record_poll(poll("a", leases[0].fence))
    assert store.due_feeds(soon, soon, 9) == ["b"]


def test_between_two_requests_to_a_host_there_is_a_pause(store: Store) -> None:
    store.put_feeds(of_host("a", "b"), now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=60)
    assert lease is not None
    store.record_poll(poll("a", lease.fence))
    assert store.due_feeds(NOON, NOON, 9) == []
    assert store.claim_feed("b", now=NOON, steady=NOON, lease=60) is None
    assert store.next_turn(NOON) == NOON + timedelta(seconds=1)
    after = NOON + timedelta(seconds=1)
    assert store.claim_feed("b", now=after, steady=after, lease=60) is not None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3:8080", "[::1]:1200", "localhost", "rsshub", "bridge.lan", "feeds.internal"]
)
def test_a_host_of_ones_own_network_is_asked_as_often_as_one_likes(store: Store, host: str) -> None:
    store.put_feeds(of_host("a", "b", host=host), now=NOON)
    assert len(store.claim_feeds(["a", "b"], now=NOON, steady=NOON, lease=60)) == 2
    assert store.next_turn(NOON) is None


def test_a_host_with_many_feeds_keeps_no_other_waiting(store: Store) -> None:
    crowd = of_host(*(f"crowd-{n:03}" for n in range(200)))
    store.put_feeds([*crowd, *(feed(f"z{n}") for n in range(9))], now=NOON)
    due = store.due_feeds(NOON, NOON, 10)
    assert len([one for one in due if one.startswith("crowd")]) == 1
    assert len(due) == 10


def test_a_host_that_finds_it_too_much_is_left_alone_with_all_its_feeds(store: Store) -> None:
    store.put_feeds([*of_host("a", "b"), feed("other")], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=60)
    assert lease is not None
    failed = replace(poll("a", lease.fence), fault=FeedFault.THROTTLED, error="429", host_rests=600.0)
    store.record_poll(failed)
    assert store.due_feeds(NOON + timedelta(seconds=599), NOON, 9) == ["other"]
    later = NOON + timedelta(seconds=600)
    assert len(set(store.due_feeds(later, later, 9)) & {"a", "b"}) == 1, "one after the other, never all at once"


def test_a_host_that_was_asked_too_often_is_asked_more_slowly_for_a_while(store: Store) -> None:
    store.put_feeds(of_host(*"abcdefgh"), now=NOON)
    now, pauses = NOON, []
    for name in "abcdefgh":
        lease = store.claim_feed(name, now=now, steady=now, lease=60)
        assert lease is not None
        throttled = name in "abc"
        fault = {"fault": FeedFault.THROTTLED, "error": "429", "host_rests": 60.0} if throttled else {}
        store.record_poll(replace(poll(name, lease.fence), at=now, next_at=now + timedelta(hours=9), **fault))  # type: ignore[arg-type]
        before, turn = now, store.next_turn(now)
        if turn is None:
            break
        pauses.append((turn - before).total_seconds())
        now = turn
    assert pauses[:3] == [60, 60, 60]
    assert pauses[3] > 3
    assert pauses[3:] == sorted(pauses[3:], reverse=True)


def test_one_server_that_is_busy_in_one_feed_keeps_its_others(store: Store) -> None:
    store.put_feeds(of_host("a", "b"), now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=60)
    assert lease is not None
    store.record_poll(replace(poll("a", lease.fence), fault=FeedFault.STATUS, error="503"))
    after = NOON + timedelta(seconds=1)
    assert store.due_feeds(after, after, 9) == ["b"]


def test_ten_thousand_feeds_of_a_hundred_hosts_are_claimed_one_a_host(store: Store) -> None:
    many = [feed(f"f{n}", url=f"https://h{n % 100}.example/{n}") for n in range(10_000)]
    store.put_feeds(many, now=NOON)
    due = store.due_feeds(NOON, NOON, 500)
    assert len({int(one[1:]) % 100 for one in due}) == len(due) == 100
    assert len(store.claim_feeds(due, now=NOON, steady=NOON, lease=60)) == 100


def test_feeds_are_woken_when_the_clock_was_put_back(store: Store) -> None:
    store.put_feeds([*of_host("a"), feed("b")], now=NOON)
    lease = store.claim_feed("a", now=NOON, steady=NOON, lease=60)
    assert lease is not None
    store.record_poll(replace(poll("a", lease.fence), at=NOON, next_at=SOON))
    back = NOON - timedelta(hours=1)
    assert store.due_feeds(back, SOON, 9) == []
    assert store.wake_feeds(back) == 1
    assert store.due_feeds(back, SOON, 9) == ["a"]


# --- what polling learns ----------------------------------------------------------------------


def test_what_was_learnt_is_kept_until_something_else_is_learnt_or_the_address_changes(store: Store) -> None:
    store.put_feeds([feed("a")], now=NOON)
    learnt = Learnt(window=20, rate=4.5, new_at=NOON, lags=(60.0, 90.0), offset=14400.0, remarks=("clock: so",))
    store.record_poll(replace(poll("a", 0, etag="1"), learnt=learnt, remembered=b"12345678"))
    assert (store.feed("a").learnt, store.feed("a").remembered) == (learnt, b"12345678")
    store.record_poll(poll("a", 0))
    store.record_polls([replace(poll("a", 0), fault=FeedFault.STATUS, error="500")])
    assert (store.feed("a").learnt, store.feed("a").remembered) == (learnt, b"12345678")
    store.put_feeds([feed("a", url="https://new.example/rss")], now=NOON)
    assert (store.feed("a").learnt, store.feed("a").remembered) == (Learnt(), b"")
    assert store.feed("a").validators == Validators()


def test_what_another_release_learnt_is_learnt_again(store: Store) -> None:
    store.put_feeds([feed("a"), feed("b")], now=NOON)
    with store._database.write() as connection:
        connection.execute(update(feeds).where(feeds.c.id == "a").values(learnt='{"v":9,"moods":[]}'))
    assert [state.learnt for state in store.feeds()] == [Learnt(), Learnt()]


# --- several in one commit --------------------------------------------------------------------


def test_polls_kept_together_are_kept_as_if_each_were_alone(store: Store) -> None:
    store.put_feeds([feed(name) for name in "abcd"], now=NOON)
    broken = replace(poll("b", 0), fault=FeedFault.STATUS, error="500")
    late = poll("d", 7, new_item("d", "1"))
    assert store.record_polls([poll("a", 0, etag="1"), broken, poll("c", 0, new_item("c", "1")), late]) == [
        *(True, True, True, False)
    ]
    states = {state.feed.id: state for state in store.feeds()}
    assert states["a"].validators.etag == "1"
    assert (states["b"].health.failures, states["b"].health.error) == (1, "500")
    assert (states["c"].health.items, states["d"].health.items) == (1, 0)
    assert store.record_polls([poll("a", 9), poll("b", 0)]) == [False, True]
    assert store.feed("a").validators.etag == "1"
