"""The list of feeds: what seeds and operator say, whose turn it is, and who may write."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from alerts.model.errors import FeedFault, NotFoundError
from alerts.model.feed import FeedKind, Reliability, Validators
from alerts.model.ledger import FeedCounts
from alerts.store.store import Store
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
