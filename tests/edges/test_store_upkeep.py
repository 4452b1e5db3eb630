"""A database serves for years: what is owed too long is seen, old words go, and what explains an answer never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.model.delivery import GiveUp, Hold
from alerts.model.outbox import HoldBack
from alerts.store.store import Store
from alerts.store.upkeep import PAGE
from storeroom import NOON, begin, feed, fill, new_item, owe, poll

YEAR = timedelta(days=365)
LONG = "The envoys said that talks would go on next week."


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        opened.put_feeds([feed("wire")], now=NOON)
        yield opened


def keep(store: Store, key: str, *, at: datetime = NOON, version: int = 1, questions: tuple[str, ...] = ()) -> None:
    """Store one text with a summary, first seen at a time."""
    new = new_item("wire", key, f"News {key}, {version}", version=version)
    new = replace(new, item=replace(new.item, seen=at, summary=LONG))
    assert store.record_poll(poll("wire", 0, new, questions=questions))


# --- retention --------------------------------------------------------------------------------


def test_an_old_item_that_no_question_looked_at_keeps_its_headline_only(store: Store) -> None:
    keep(store, "old")
    keep(store, "young", at=NOON + YEAR)
    gone = store.forget(NOON + timedelta(days=1))
    assert (gone.summaries, gone.versions) == (1, 0)
    assert (store.item("wire/old").title, store.item("wire/old").summary) == ("News old, 1", None)
    assert store.item("wire/young").summary == LONG


def test_what_a_question_looked_at_keeps_every_word(store: Store) -> None:
    keep(store, "seen", questions=("truce",))
    keep(store, "seen", version=2)
    store.forget(NOON + YEAR)
    first, second = store.versions("wire/seen")
    assert (first.title, first.summary) == ("News seen, 1", LONG)
    assert second.summary is None
    assert [one.item.summary for one in store.evidence_of("truce")] == [LONG]


def test_a_superseded_version_goes_and_the_latest_stays(store: Store) -> None:
    for version in (1, 2, 3):
        keep(store, "edited", version=version)
    assert store.forget(NOON + YEAR).versions == 2
    [left] = store.versions("wire/edited")
    assert (left.version, left.title) == (3, "News edited, 3")


def test_a_forgotten_item_that_its_feed_still_lists_is_not_taken_for_a_new_one(store: Store) -> None:
    keep(store, "pinned")
    known = store.known_items("wire", ["pinned"])
    store.forget(NOON + YEAR)
    assert store.known_items("wire", ["pinned"]) == known


def test_a_dry_run_says_what_would_go_and_takes_nothing(store: Store) -> None:
    keep(store, "old")
    assert store.forget(NOON + YEAR, dry_run=True).summaries == 1
    assert store.item("wire/old").summary == LONG
    assert store.forget(NOON + YEAR).summaries == 1


def test_many_items_of_one_moment_are_all_looked_at_and_only_once(store: Store) -> None:
    new = [new_item("wire", f"{n:05}", f"News {n}") for n in range(PAGE + 7)]
    long = [replace(one, item=replace(one.item, summary=LONG)) for one in new]
    assert store.record_poll(poll("wire", 0, *long))
    assert store.forget(NOON + timedelta(days=1)).summaries == PAGE + 7
    keep(store, "later", at=NOON + timedelta(days=2))
    assert store.forget(NOON + timedelta(days=3)).summaries == 1


# --- the auditor ------------------------------------------------------------------------------


def test_a_quiet_store_owes_nothing(store: Store) -> None:
    audit = store.audit(NOON, NOON)
    assert (audit.waiting, audit.owed, audit.dead, audit.lapsed, audit.late_feeds) == (0, 0, 0, 0, 0)
    assert (audit.waiting_since, audit.owed_since, audit.first_item_at) == (None, None, None)


def test_the_auditor_sees_what_waits_since_when(store: Store) -> None:
    fill(store, "1", "2", feed_id="other")
    owe(store, "plant", "desk/1", "desk/2")
    later = NOON + timedelta(minutes=10)
    audit = store.audit(later, later)
    assert (audit.waiting, audit.waiting_since, audit.first_item_at) == (2, NOON, NOON)
    assert (audit.owed, audit.owed_since) == (2, NOON)
    assert (audit.late_feeds, audit.late_since) == (2, NOON)


def test_the_auditor_sees_a_send_without_receipt_and_one_that_was_given_up(store: Store) -> None:
    owe(store, "plant", "desk/1", "desk/2")
    begun = [begin(store, id_, now=NOON, steady=NOON, lease=60) for id_ in (1, 2)]
    assert begun[1] is not None
    store.receipt(begun[1], GiveUp("no such chat"), now=NOON)
    assert (store.audit(NOON, NOON).lapsed, store.audit(NOON, NOON).dead) == (0, 1)
    later = NOON + timedelta(minutes=2)
    assert store.audit(later, later).lapsed == 1


def test_a_feed_that_is_being_polled_is_not_late(store: Store) -> None:
    later = NOON + timedelta(minutes=5)
    assert store.audit(later, later).late_feeds == 1
    assert store.claim_feed("wire", now=later, steady=later, lease=90) is not None
    assert store.audit(later + YEAR, later).late_feeds == 0


def test_what_is_held_for_its_readers_sake_is_not_owed_until_then(store: Store) -> None:
    owe(store, "plant", "desk/1")
    morning = NOON + timedelta(hours=8)

    held = store.claim_delivery(1, lambda _: HoldBack(morning, Hold.QUIET), now=NOON, steady=NOON, lease=60)
    assert held is not None
    assert not held.deliveries
    night = NOON + timedelta(hours=7)
    assert store.audit(night, night).owed == 0
    later = morning + timedelta(minutes=40)
    assert (store.audit(later, later).owed, store.audit(later, later).owed_since) == (1, morning)
