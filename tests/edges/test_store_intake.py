"""A poll is kept whole: items, versions, evidence, validators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, event

from alerts.model.errors import FeedFault, NotFoundError, StoreError
from alerts.model.ledger import KnownItem
from alerts.model.verdict import Silence
from alerts.store.store import Store
from storeroom import NOON, SOON, feed, fill, found, new_item, poll, told


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        opened.put_feeds([feed("wire"), feed("other")], now=NOON)
        yield opened


@contextmanager
def statements() -> Iterator[list[str]]:
    """What reaches any database while the block runs: the first word of each statement but BEGIN, and COMMIT."""
    seen: list[str] = []

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement.split()[0])

    def commit(_: Connection) -> None:
        seen.append("COMMIT")

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        event.remove(Engine, "commit", commit)


def test_an_item_comes_back_with_its_source(store: Store) -> None:
    new = new_item("wire", "1", "Перемир’я")
    item = replace(
        new.item, summary="Сказав речник", link="https://wire.example/1", author="A. B.", lang="uk", published=SOON
    )
    store.record_poll(poll("wire", 0, replace(new, item=item)))
    assert store.item("wire/1") == item


def test_known_items_are_those_of_this_feed_in_their_latest_version(store: Store) -> None:
    store.record_poll(poll("wire", 0, new_item("wire", "1"), new_item("wire", "2")))
    store.record_poll(poll("other", 0, new_item("other", "1")))
    store.record_poll(poll("wire", 0, new_item("wire", "2", "Envoys left", version=2)))
    assert store.known_items("wire", ["1", "2", "3"]) == {
        "1": KnownItem("wire/1", 1, "hash of Envoys met again", "Envoys met again", "1"),
        "2": KnownItem("wire/2", 2, "hash of Envoys left", "Envoys left", "2"),
    }
    assert store.known_items("wire", []) == {}


def test_a_feed_with_thousands_of_items_is_known_whole(store: Store) -> None:
    keys = [str(n) for n in range(2_100)]
    store.record_poll(poll("wire", 0, *(new_item("wire", key) for key in keys)))
    assert store.known_items("wire", keys).keys() == set(keys)


def test_new_words_are_a_version_not_an_item(store: Store) -> None:
    store.record_poll(poll("wire", 0, new_item("wire", "1", "Truce agreed")))
    store.record_poll(replace(poll("wire", 0, new_item("wire", "1", "Truce denied", version=2)), at=SOON))
    assert [item.title for item in store.versions("wire/1")] == ["Truce agreed", "Truce denied"]
    assert store.item("wire/1").version == 2
    assert (store.counts().items, store.counts().versions, store.feed("wire").health.items) == (1, 2, 1)


def test_what_is_stored_already_is_left_as_it_is(store: Store) -> None:
    first = poll("wire", 0, new_item("wire", "1"), questions=["truce"])
    store.record_poll(first)
    store.record_poll(first)
    assert (store.counts().items, store.counts().versions, store.counts().waiting) == (1, 1, 1)


def test_one_text_may_say_several_things(store: Store) -> None:
    """Another answer, an unclear verdict, or another speaker is evidence of its own; the same again is not."""
    item = new_item("wire", "1")
    plain, unclear = found(item), found(item, answer=None)
    spoken = replace(plain, verdict=replace(plain.verdict, speaker="kremlin"))
    poll_ = replace(poll("wire", 0, item), evidence=(plain, unclear, spoken, plain, unclear))
    store.record_poll(poll_)
    assert store.counts().waiting == 3


def test_evidence_comes_back_as_it_was_found(store: Store) -> None:
    item = new_item("wire", "1", "Truce agreed")
    one = replace(found(item), silence=Silence.PRIMING)
    store.record_poll(replace(poll("wire", 0, item), evidence=(one,)))
    [kept] = store.evidence_of("truce")
    assert (kept.verdict, kept.rule_hash, kept.copy_key, kept.silence) == (
        one.verdict,
        "r1",
        "Truce agreed",
        Silence.PRIMING,
    )
    assert (kept.item, kept.at) == (store.item("wire/1"), NOON)
    assert store.evidence([kept.id, 99]) == [kept]


def test_validators_are_renewed_only_when_the_poll_brings_some(store: Store) -> None:
    store.record_poll(poll("wire", 0, etag="e1"))
    store.record_poll(poll("wire", 0, new_item("wire", "1")))
    store.record_poll(replace(poll("wire", 0, etag="e2"), fault=FeedFault.BROKEN, error="cut off"))
    assert store.feed("wire").validators.etag == "e1"
    store.record_poll(poll("wire", 0, etag="e2"))
    assert store.feed("wire").validators.etag == "e2"


def test_a_poll_that_cannot_be_kept_leaves_nothing(store: Store) -> None:
    """Evidence of an item that does not exist: nothing of the poll stays, the validators least of all."""
    stray = found(new_item("wire", "never stored"))
    bad = replace(poll("wire", 0, new_item("wire", "1"), etag="e1"), evidence=(stray,))
    with pytest.raises(StoreError, match=r"(?i)foreign key constraint .* please report it"):
        store.record_poll(bad)
    assert store.counts().items == 0
    assert store.feed("wire").validators.etag is None
    assert store.record_poll(poll("wire", 0, new_item("wire", "1")))


def test_a_poll_with_nothing_new_is_one_update(store: Store) -> None:
    with statements() as seen:
        store.record_poll(poll("wire", 0))
    assert seen == ["UPDATE", "COMMIT"]


def test_from_the_feed_to_the_outbox_there_are_two_commits(store: Store) -> None:
    with statements() as seen:
        store.record_poll(poll("wire", 0, new_item("wire", "1"), new_item("wire", "2"), questions=["truce"], etag="e"))
        store.apply("truce", lambda case, _: told(case, "desk/1", "desk/2"))
    assert seen.count("COMMIT") == 2
    assert len(store.deliveries()) == 2


@pytest.mark.parametrize("field", ["at", "next_at"])
def test_a_naive_time_is_refused(store: Store, field: str) -> None:
    naive = datetime(2025, 3, 18, 12, 0)  # noqa: DTZ001  # this is what the test is about
    wrong = replace(poll("wire", 0, new_item("wire", "1")), **{field: naive})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="naive time 2025-03-18T12:00:00"):
        store.record_poll(wrong)
    assert store.counts().items == 0


def test_a_time_of_another_zone_comes_back_in_utc(store: Store) -> None:
    kyiv = datetime.fromisoformat("2025-03-18T14:00:00.000001+02:00")
    store.record_poll(replace(poll("wire", 0), next_at=kyiv))
    kept = store.feed("wire").health.next_at
    assert kept == kyiv
    assert kept.isoformat() == "2025-03-18T12:00:00.000001+00:00"


# --- what people see of it --------------------------------------------------------------------


@pytest.fixture
def shelf(store: Store) -> Store:
    for minute, (feed_id, title) in enumerate(
        [("wire", "Dam north"), ("other", "ДАМБА на півдні"), ("wire", "Straße closed"), ("other", "Dam south")]
    ):
        new = new_item(feed_id, str(minute), title)
        seen = replace(new, item=replace(new.item, seen=NOON + timedelta(minutes=minute)))
        store.record_poll(poll(feed_id, 0, seen))
    return store


def test_items_are_the_newest_first(shelf: Store) -> None:
    titles = [item.title for item in shelf.items()]
    assert titles == ["Dam south", "Straße closed", "ДАМБА на півдні", "Dam north"]
    assert [item.title for item in shelf.items(limit=2)] == titles[:2]
    assert shelf.items(limit=0) == []


@pytest.mark.parametrize(("grep", "count"), [("dam", 2), ("дамба", 1), ("STRASSE", 1), ("no such word", 0), ("%", 0)])
def test_grep_has_no_case_in_any_alphabet(shelf: Store, grep: str, count: int) -> None:
    assert len(shelf.items(grep=grep)) == count


def test_items_since_a_time_include_that_moment(shelf: Store) -> None:
    assert len(shelf.items(since=NOON + timedelta(minutes=2))) == 2


@pytest.mark.parametrize("source", ["other", "THE OTHER", "other-house", "Other.Example"])
def test_a_source_is_an_id_a_title_an_owner_or_a_host(shelf: Store, source: str) -> None:
    assert {item.source.id for item in shelf.items(source=source)} == {"other"}


def test_items_of_a_removed_feed_are_still_there(shelf: Store) -> None:
    shelf.remove_feed("other")
    assert len(shelf.items(source="other")) == 2


def test_an_unknown_source_or_item_is_an_error(shelf: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no feed 'othr'.+'other'"):
        shelf.items(source="othr")
    with pytest.raises(NotFoundError, match="no item 'x'"):
        shelf.item("x")


def test_grep_reads_page_after_page_without_losing_any(store: Store) -> None:
    """More items than a page holds, all first seen in the same moment."""
    fill(store, *(f"{n:04}" for n in range(2_345)), questions=())
    assert len({item.id for item in store.items(grep="news", limit=9_999)}) == 2_345
    assert len(store.items(limit=9_999)) == 2_345
