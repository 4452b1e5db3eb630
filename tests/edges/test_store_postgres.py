"""Several daemons share a PostgreSQL server: nothing is claimed, judged or sent by two, and errors say what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from alerts.model.case import Case
from alerts.model.delivery import Delivered, DeliveryState
from alerts.model.errors import StoreError
from alerts.model.ledger import Applied
from alerts.store.connect import connect
from alerts.store.migrations import HEAD
from alerts.store.store import Store
from alerts.store.tables import metadata
from postgres import Postgres
from storeroom import NOON, begin, feed, fill, owe, told

WORKERS = 4


@pytest.fixture
def stores(server: Postgres) -> Iterator[list[Store]]:
    """What several processes have: a store each, on one database."""
    with server.database() as url, ExitStack() as opened:
        yield [opened.enter_context(Store.open(url)) for _ in range(WORKERS)]


def together(stores: list[Store], work: Callable[[Store], Any]) -> list[Any]:
    """Let every store do its work at the same moment; return what each got."""
    start, got = Barrier(len(stores)), []

    def begin(store: Store) -> None:
        start.wait()
        got.append(work(store))

    threads = [Thread(target=begin, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(stores)
    return got


# --- many at once -----------------------------------------------------------------------------


def test_a_feed_is_polled_by_one_of_many(stores: list[Store]) -> None:
    ids = [f"feed-{n:03}" for n in range(200)]
    stores[0].put_feeds([feed(id_) for id_ in ids], now=NOON)

    def claim(store: Store) -> list[str]:
        mine: list[str] = []
        while due := store.due_feeds(NOON, NOON, 16):
            leases = store.claim_feeds(due, now=NOON, steady=NOON, lease=90)
            mine += [one.state.feed.id for one in leases]
        return mine

    assert sorted(id_ for mine in together(stores, claim) for id_ in mine) == ids


def test_a_delivery_is_sent_by_one_of_many_and_an_address_gets_one_at_a_time(stores: list[Store]) -> None:
    for n in range(30):
        owe(stores[0], f"question-{n}", "desk/1", "night/2", "duty/3")
    flying: set[str] = set()

    def send(store: Store) -> int:
        sent = 0
        while store.counts().deliveries.get(DeliveryState.PENDING):
            for id_ in store.due_deliveries(NOON, NOON, 9):
                delivery = begin(store, id_, now=NOON, steady=NOON, lease=90)
                if delivery is not None:
                    assert delivery.address not in flying
                    flying.add(delivery.address)
                    store.counts()  # what a send takes: the others have time to try the same address
                    flying.remove(delivery.address)
                    assert store.receipt(delivery, Delivered(), now=NOON)
                    sent += 1
        return sent

    assert sum(together(stores, send)) == 90


def test_a_question_is_judged_by_one_of_many_and_nothing_twice(stores: list[Store]) -> None:
    fill(stores[0], *(str(n) for n in range(200)), questions=("truce", "plant"))

    def judge(store: Store) -> int:
        taken = 0

        def count(case: Case, evidence: list[Any]) -> Applied:
            nonlocal taken
            taken += len(evidence)
            return told(case, "desk/1")

        while pending := store.pending_questions(NOON):
            for question in pending:
                store.apply(question, count, limit=7)
        return taken

    assert sum(together(stores, judge)) == 400
    for question in ("truce", "plant"):
        seqs = [one.seq for one in reversed(stores[0].changes(question, limit=999))]
        assert seqs == list(range(1, len(seqs) + 1))


def test_several_make_the_tables_of_an_empty_database_at_once(server: Postgres) -> None:
    with server.database(empty=True) as url:
        opened: list[str] = []

        def begin() -> None:
            with Store.open(url) as store:
                opened.append(store.schema_version())

        threads = [Thread(target=begin) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened == [HEAD] * WORKERS


def test_what_is_read_in_one_transaction_is_of_one_moment(server: Postgres) -> None:
    count = "SELECT count(*) FROM feeds"
    with (
        server.database() as url,
        Store.open(url) as store,
        closing(connect(url)) as database,
        database.read() as connection,
    ):
        before = connection.exec_driver_sql(count).scalar_one()
        store.add_feed(feed("new"), now=NOON)
        assert connection.exec_driver_sql(count).scalar_one() == before == 0


# --- the tables -------------------------------------------------------------------------------


def test_migrations_and_models_agree_on_a_server(server: Postgres) -> None:
    with server.database() as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []


LAWS = """
SELECT conrelid::regclass::text || ': ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def test_migrations_make_the_very_checks_and_indexes_of_the_models(server: Postgres) -> None:
    with server.database() as migrated, server.database(empty=True) as made:
        engine = create_engine(made, poolclass=NullPool)
        metadata.create_all(engine)
        laws = []
        for url in (migrated, made):
            with create_engine(url, poolclass=NullPool).connect() as connection:
                found = connection.exec_driver_sql(LAWS).scalars().all()
                laws.append({one for one in found if "alembic" not in one})
        assert laws[0] == laws[1]


# --- what cannot be used ----------------------------------------------------------------------


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        Store.open(url).close()
    line = str(refused.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", "a newer release than this"),
        ("DROP TABLE alembic_version", "it holds the tables of something else"),
    ],
)
def test_a_database_that_is_not_ours_is_refused(server: Postgres, sql: str, words: str) -> None:
    with server.database() as url:
        with closing(connect(url)) as database, database.write() as connection:
            connection.exec_driver_sql(sql)
        assert words in refusal(url)


def test_a_server_that_is_not_there_is_told_in_a_line_without_the_password() -> None:
    line = refusal("postgresql+psycopg://alerts:hunter2@127.0.0.1:1/alerts")
    assert "check that the server runs and lets us in" in line
    assert "hunter2" not in line


CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


def test_a_server_that_went_away_is_an_error_once_and_then_used_again(server: Postgres) -> None:
    """The connections of a pool die with the server; the next try makes new ones."""
    with server.database() as url, Store.open(url) as store:
        store.add_feed(feed("wire"), now=NOON)
        with create_engine(url, poolclass=NullPool).connect() as other:
            other.exec_driver_sql(CUT)
        assert store.feed("wire").feed.id == "wire"
        assert store.due_feeds(NOON + timedelta(days=1), NOON, 9) == ["wire"]
