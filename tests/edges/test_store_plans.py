"""Every index serves the query it is there for, however much there is; asked of the database itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from alerts.model.delivery import DeliveryState
from alerts.store.store import Store
from alerts.store.tables import metadata
from storeroom import NOON, begin, fill, owe, told

SERVED: dict[str, Callable[[Store], object]] = {
    "ix_feeds_next_at_id": lambda store: store.due_feeds(NOON, NOON, 9),
    "ix_feeds_lease_until_host": lambda store: store.due_feeds(NOON, NOON, 9),
    "ix_hosts_next_at_host": lambda store: store.due_feeds(NOON, NOON, 9),
    "ix_items_seen_at_id": lambda store: store.items(since=NOON),
    "ix_versions_seen_at_item_id_n": lambda store: list(store.texts(since=NOON)),
    "ix_evidence_question_at_id": lambda store: store.pending_questions(NOON),
    "ix_evidence_question_id": lambda store: store.evidence_of("truce"),
    "ix_evidence_item_id": lambda store: store.questions_of(["1"]),
    "ix_cases_wake_at": lambda store: store.pending_questions(NOON),
    "ix_changes_at_id": lambda store: store.changes(since=NOON),
    "ix_deliveries_address_question_id": lambda store: store.due_deliveries(NOON, NOON, 9),
    "ix_deliveries_state_id": lambda store: store.deliveries(DeliveryState.DEAD),
    "ix_deliveries_sent_at": lambda store: store.counts(),
    "ix_deliveries_thread_address_id": lambda store: store.told_addresses("truce"),
    "ix_deliveries_address_sent_at": lambda store: begin(store, 1, now=NOON, steady=NOON, lease=9),
    "ix_acks_thread_at": lambda store: begin(store, 1, now=NOON, steady=NOON, lease=9),
    "ix_silences_until": lambda store: store.silences(since=NOON),
    "ix_labels_question_at": lambda store: store.complaints("truce"),
}
"""Index → the question it answers."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(str(path)) as opened:
        fill(opened, "1", "2")
        owe(opened, "truce", "desk/1")
        yield opened


def plans(path: Path, ask: Callable[[], object]) -> str:
    """How SQLite finds the answer to everything that is asked meanwhile."""
    asked: list[tuple[str, object]] = []

    def note(_: Connection, __: object, statement: str, parameters: object, *___: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(path)) as connection:
        found = [connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall() for text, values in asked]  # type: ignore[arg-type]
    return "\n".join(str(row[-1]) for rows in found for row in rows)


def test_every_index_of_the_schema_has_its_query() -> None:
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    assert {index.name for index in indexes if not index.unique} == SERVED.keys()


@pytest.mark.parametrize("index", SERVED)
def test_an_index_serves_its_query(store: Store, path: Path, index: str) -> None:
    assert index in plans(path, lambda: SERVED[index](store))


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.due_feeds(NOON, NOON, 9),
        lambda store: store.claim_feed("wire", now=NOON, steady=NOON, lease=9),
        lambda store: store.known_items("wire", ["1", "2"]),
        lambda store: store.pending_questions(NOON),
        lambda store: store.apply("truce", lambda case, _: told(case, "desk/1")),
        lambda store: store.evidence([1, 2]),
        lambda store: store.items(),
        lambda store: store.lapse(NOON),
        lambda store: begin(store, 1, now=NOON, steady=NOON, lease=9),
        lambda store: store.told_addresses("truce"),
    ],
)
def test_what_is_asked_all_day_reads_no_table_from_end_to_end(
    store: Store, path: Path, ask: Callable[[Store], object]
) -> None:
    lines = plans(path, lambda: ask(store)).splitlines()
    assert lines
    assert not {f"SCAN {table}" for table in metadata.tables} & set(lines)
