"""A database moves house and is copied away: every row, compared, or nothing; and a copy can be lived in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from alerts.model.delivery import Delivered
from alerts.model.errors import StoreError
from alerts.model.upkeep import Fit
from alerts.store.backups import back_up, keep_newest
from alerts.store.condition import examine
from alerts.store.connect import connect
from alerts.store.copying import copy
from alerts.store.migrations import HEAD
from alerts.store.store import Store
from postgres import Postgres
from storeroom import NOON, begin, feed, fill, owe


def furnish(store: Store) -> None:
    """A store with something in every table."""
    fill(store, *(str(n) for n in range(1_234)), questions=("truce", "plant"))
    store.put_feeds([feed("wire"), feed("other", carries=("an-agency",), pace=60)], now=NOON)
    store.activate([("truce", "r1", "question: Дамба? 'quoted' \\ back\n")], now=NOON)
    owe(store, "truce", "desk/1", "night/2")
    sent = begin(store, 1, now=NOON, steady=NOON, lease=60)
    assert sent is not None
    store.receipt(sent, Delivered("message-7"), now=NOON)
    store.remember("brief", "monday")


@pytest.fixture
def full(url: str) -> str:
    with Store.open(url) as store:
        furnish(store)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'other.db'}"
        return
    server: Postgres = request.getfixturevalue("server")
    with server.database(empty=True) as made:
        yield made


def move(source: str, target: str) -> int:
    """Copy a database as ``alerts db copy`` does; return how many rows were copied."""
    Store.open(target).close()
    with closing(connect(source)) as old, closing(connect(target)) as new:
        return sum(one.rows for one in copy(old, new))


def test_a_copy_holds_every_row_and_life_goes_on_in_it(full: str, empty: str) -> None:
    assert move(full, empty) > 4_900
    with Store.open(full) as old, Store.open(empty) as new:
        assert new.items(limit=9_999) == old.items(limit=9_999)
        assert new.evidence_of("plant", limit=9_999) == old.evidence_of("plant", limit=9_999)
        assert (new.feeds(), new.changes(), new.deliveries()) == (old.feeds(), old.changes(), old.deliveries())
        assert (new.case_for("truce"), new.rule_text("truce")) == (old.case_for("truce"), old.rule_text("truce"))
        assert new.recall("brief") == "monday"
        owe(new, "truce", "desk/1")  # the next ids are free
        fill(new, "new", feed_id="third")
        assert new.deliveries()[0].id == old.deliveries()[0].id + 1
        assert new.check() is None


def test_a_database_that_holds_something_is_never_copied_over(full: str, empty: str) -> None:
    with Store.open(empty) as store:
        store.add_feed(feed("mine"), now=NOON)
    with pytest.raises(StoreError, match=r"it is not empty \(feeds\)"):
        move(full, empty)
    with Store.open(empty) as store:
        assert [one.feed.id for one in store.feeds()] == ["mine"]


def test_a_copy_that_breaks_off_leaves_nothing(full: str, empty: str) -> None:
    def break_off(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT INTO versions"):
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(KeyboardInterrupt):
            move(full, empty)
    finally:
        event.remove(Engine, "before_cursor_execute", break_off)
    with Store.open(empty) as store:
        assert (store.counts().items, store.counts().feeds) == (0, 0)
    assert move(full, empty) > 4_900


def test_a_row_that_comes_out_different_undoes_the_copy(full: str, tmp_path: Path) -> None:
    target = tmp_path / "altered.db"
    Store.open(str(target)).close()
    with closing(sqlite3.connect(target)) as behind:
        behind.execute(
            "CREATE TRIGGER spoil AFTER INSERT ON versions WHEN new.item_id = 'wire/77'"
            " BEGIN UPDATE versions SET title = 'Ruined' WHERE item_id = 'wire/77'; END"
        )
    with pytest.raises(StoreError, match="table versions came out different, so nothing was copied"):
        move(full, str(target))
    with Store.open(str(target)) as store:
        assert store.counts().items == 0


# --- backup and restore -----------------------------------------------------------------------


def test_the_restore_drill_a_copy_made_in_use_takes_the_place_of_what_was_lost(full: str, tmp_path: Path) -> None:
    copy = tmp_path / "away" / "alerts-1.db"
    with Store.open(full) as store:
        done = back_up(full, copy)
        owe(store, "truce", "desk/1")  # the daemon went on
        before = store.items(limit=9_999)
    assert (done.fit, done.schema) == (Fit.READY, HEAD)
    lost = tmp_path / "restored" / "alerts.db"
    lost.parent.mkdir()
    copy.rename(lost)
    with Store.open(str(lost)) as restored:
        assert restored.items(limit=9_999) == before
        assert len(restored.deliveries()) == 2
        assert [one.id for one in restored.deliveries() if one.sent_at] == [1]
        assert restored.due_deliveries(NOON, NOON, 9) == [2]


def test_a_copy_of_a_damaged_database_is_no_copy(tmp_path: Path) -> None:
    path, target = tmp_path / "alerts.db", tmp_path / "copy.db"
    with Store.open(str(path)) as store:
        furnish(store)
    body = bytearray(path.read_bytes())
    body[9 * 4096 : 10 * 4096] = b"\xa5" * 4096
    path.write_bytes(body)
    with pytest.raises(StoreError, match=r"damaged|malformed|disk image"):
        back_up(str(path), target)
    assert not list(tmp_path.glob("copy*"))


def test_a_copy_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database at .*alerts\.db; check ALERTS_HOME"):
        back_up(str(tmp_path / "alerts.db"), tmp_path / "copy.db")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="name a folder that may be written"):
        back_up(str(tmp_path / "alerts.db"), tmp_path / "file" / "copy.db")


def test_only_dated_copies_make_room(tmp_path: Path) -> None:
    names = [f"alerts-2025031{day}-120000.db" for day in range(5)]
    for name in (*names, "alerts.db", "mine.db"):
        (tmp_path / name).touch()
    assert [path.name for path in keep_newest(tmp_path, 2)] == names[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[3:], "alerts.db", "mine.db"])


# --- how a database is ------------------------------------------------------------------------


def test_a_sound_database_is_ready(full: str) -> None:
    found = examine(full, whole=True)
    assert (found.fit, found.schema, found.damage) == (Fit.READY, HEAD, None)
    assert found.size > 4096


def test_looking_makes_nothing(tmp_path: Path) -> None:
    assert examine(str(tmp_path / "folder" / "alerts.db")).fit is Fit.EMPTY
    assert not list(tmp_path.iterdir())


def test_an_empty_database_of_a_server_is_empty(server: Postgres) -> None:
    with server.database(empty=True) as made:
        assert examine(made).fit is Fit.EMPTY


@pytest.mark.parametrize(
    ("sql", "fit"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", Fit.NEWER),
        ("UPDATE alembic_version SET version_num = '0000'", Fit.OLDER),
        ("DROP TABLE alembic_version", Fit.FOREIGN),
    ],
)
def test_a_schema_that_is_not_ours_is_told_apart(full: str, sql: str, fit: Fit) -> None:
    with closing(connect(full)) as database, database.write() as connection:
        connection.exec_driver_sql(sql)
    assert examine(full).fit is fit


def test_damage_is_told_in_a_line_and_the_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    with Store.open(str(path)) as store:
        furnish(store)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    before = path.read_bytes()
    found = examine(str(path))
    assert found.fit is Fit.DAMAGED
    assert found.damage
    assert "\n" not in found.damage
    assert path.read_bytes() == before
    path.write_text("feeds: [wire]\n" * 99, "utf-8")
    assert examine(str(path)).fit is Fit.DAMAGED


def test_a_row_that_belongs_to_nothing_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    with Store.open(str(path)) as store:
        furnish(store)
    with closing(sqlite3.connect(path)) as behind:
        behind.execute("DELETE FROM items WHERE id = 'wire/5'")
        behind.commit()
    assert examine(str(path)).fit is Fit.READY
    assert examine(str(path), whole=True).damage == "rows in aliases, versions belong to something that is not there"


def test_what_a_kill_left_in_a_journal_is_put_right_by_a_look(tmp_path: Path) -> None:
    """A hot journal: the file alone would be a mixture of two moments."""
    path = tmp_path / "alerts.db"
    with Store.open(str(path)) as store:
        furnish(store)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=DELETE")
        writer.execute("PRAGMA cache_size=2")
        writer.execute("UPDATE versions SET title = 'half'")
        (tmp_path / "killed.db").write_bytes(path.read_bytes())
        (tmp_path / "killed.db-journal").write_bytes((tmp_path / "alerts.db-journal").read_bytes())
        writer.rollback()
    assert examine(str(tmp_path / "killed.db"), whole=True).fit is Fit.READY
    with Store.open(str(tmp_path / "killed.db")) as store:
        assert store.items(grep="half") == []
