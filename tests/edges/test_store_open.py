"""A database is opened, made, upgraded, copied; or refused in one line that says what to do."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.pool import Pool

from alerts.model.errors import StoreError
from alerts.store.connect import connect
from alerts.store.migrations import HEAD
from alerts.store.sqlite import explain, wal_is_safe
from alerts.store.store import Store
from alerts.store.tables import metadata
from alerts.store.upgrade import MIGRATIONS, upgrade
from storeroom import NOON, feed, fill, new_item, poll


def refusal(path: Path | str) -> str:
    """The one line in which a database is refused."""
    with pytest.raises(StoreError) as refused:
        Store.open(str(path)).close()
    line = str(refused.value)
    assert "\n" not in line
    return line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a closed store with some items in it."""
    path = tmp_path / "alerts.db"
    with Store.open(str(path)) as store:
        fill(store, *(str(n) for n in range(500)))
    return path


def run_sql(path: Path, *statements: str) -> None:
    """Do something to the file behind the store's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# --- what can be used -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sqlite:///{}", "{}"])
def test_a_url_or_a_path_makes_the_folder_and_the_database(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / "folder" / "alerts.db"
    with Store.open(name.format(path)) as store:
        assert store.schema_version() == HEAD
    assert path.is_file()


def test_several_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    opened: list[str] = []

    def begin() -> None:
        with Store.open(str(tmp_path / "alerts.db")) as store:
            opened.append(store.schema_version())

    threads = [Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [HEAD] * 4


def test_what_was_kept_is_there_after_a_restart(path: Path) -> None:
    with Store.open(str(path)) as store:
        assert store.counts().items == 500
        assert store.check() is None


def test_a_copy_is_made_while_the_store_is_in_use(path: Path, tmp_path: Path) -> None:
    with Store.open(str(path)) as store:
        store.backup(tmp_path / "copy.db")
        store.remove_feed("wire")
    with Store.open(str(tmp_path / "copy.db")) as copy:
        assert copy.counts().items == 500
        assert copy.feed("wire").feed == feed("wire")


def test_a_copy_never_takes_the_place_of_the_database_itself(path: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with Store.open(str(path)) as store, pytest.raises(StoreError, match="that is the database itself"):
        store.backup(tmp_path / "folder" / ".." / path.name)


def test_a_copy_that_cannot_be_made_says_so(path: Path, tmp_path: Path) -> None:
    with Store.open(str(path)) as store, pytest.raises(StoreError, match=r"no copy of .* check the folder"):
        store.backup(tmp_path / "no such folder" / "copy.db")


def test_a_text_is_remembered_over_a_restart(path: Path) -> None:
    with Store.open(str(path)) as store:
        assert store.recall("brief") is None
        store.remember("brief", "monday")
        store.remember("brief", "tuesday")
    with Store.open(str(path)) as store:
        assert store.recall("brief") == "tuesday"
        store.remember("brief", None)
        assert store.recall("brief") is None


# --- journal ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.0", False),
        ("3.49.2", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.50.12", True),
        ("3.51.0", False),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", True),
        ("4.0.0", True),
    ],
)
def test_wal_is_used_only_where_it_keeps_what_was_committed(version: str, safe: bool) -> None:
    major, minor, patch = map(int, version.split("."))
    assert wal_is_safe((major, minor, patch)) is safe


def test_a_database_left_in_wal_gets_the_journal_this_sqlite_is_safe_with(path: Path) -> None:
    run_sql(path, "PRAGMA journal_mode=WAL")
    Store.open(str(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        [[mode]] = connection.execute("PRAGMA journal_mode").fetchall()
    assert mode == ("wal" if wal_is_safe(sqlite3.sqlite_version_info) else "delete")


def test_every_connection_is_set_up_for_what_it_is_for(path: Path) -> None:
    database = connect(str(path))
    with database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() in {2, 3}
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    with database.read() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.connection.cursor().execute("DELETE FROM feeds")
    database.close()


# --- schema -----------------------------------------------------------------------------------


def test_migrations_and_models_agree(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrations_make_the_very_tables_of_the_models(path: Path, tmp_path: Path) -> None:
    """Checks and partial indexes too, which a comparison of metadata does not see."""

    def schema(file: Path) -> dict[str, list[str]]:
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        return {name: parts(sql) for name, sql in found if name != "alembic_version"}

    def parts(sql: str) -> list[str]:
        """What stands between the commas outside brackets; a column that was added later comes last."""
        head, _, body = " ".join(sql.split()).removesuffix(")").partition("(")
        return [head, *sorted(part.strip() for part in re.split(r",(?![^()]*\))", body))]

    engine = create_engine(f"sqlite:///{tmp_path / 'models.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert schema(path) == schema(tmp_path / "models.db")


def test_the_head_is_the_newest_migration() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [HEAD]
    steps = [step.revision for step in script.walk_revisions()]
    assert steps == sorted(steps, reverse=True), "numbered, forward"


LATER = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "{number}", "{before}"
def upgrade():
    op.add_column("meta", sa.Column("added_{number}", sa.String()))
    {more}
"""


@pytest.fixture
def later(tmp_path: Path) -> Callable[..., Path]:
    """Migrations of releases to come: this one's, and made-up ones after it."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def add(number: str, before: str, more: str = "pass") -> Path:
        text = LATER.format(number=number, before=before, more=more)
        (folder / "versions" / f"m{number}_later.py").write_text(text, "utf-8")
        return folder

    return add


def columns(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(meta)")}


def test_an_older_schema_is_upgraded_after_a_copy_was_made(path: Path, later: Callable[..., Path]) -> None:
    later("8888", HEAD)
    folder = later("9999", "8888")
    database = connect(str(path))
    upgrade(database, head="9999", folder=folder)
    upgrade(database, head="9999", folder=folder)
    database.close()
    assert columns(path) >= {"added_8888", "added_9999"}
    with Store.open(f"{path}.{HEAD}.bak") as copy:
        assert copy.counts().items == 500


def test_an_upgrade_that_fails_leaves_the_old_schema(path: Path, later: Callable[..., Path]) -> None:
    later("8888", HEAD)
    folder = later("9999", "8888", more="op.execute('INSERT INTO nowhere VALUES (1)')")
    database = connect(str(path))
    with pytest.raises(StoreError, match="no such table: nowhere"):
        upgrade(database, head="9999", folder=folder)
    database.close()
    assert columns(path) == {"key", "value"}
    with Store.open(str(path)) as store:
        assert (store.schema_version(), store.counts().items) == (HEAD, 500)


# --- what cannot be used ----------------------------------------------------------------------


def test_a_newer_schema_is_refused(path: Path) -> None:
    run_sql(path, "UPDATE alembic_version SET version_num = '0999'")
    line = refusal(path)
    assert "schema 0999" in line
    assert "install that release" in line
    assert not list(path.parent.glob("*.bak"))


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    run_sql(tmp_path / "other.db", "CREATE TABLE songs (title)")
    before = (tmp_path / "other.db").read_bytes()
    assert "tables of something else" in refusal(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alerts.db").write_text("feeds: [wire]\n" * 9, "utf-8")
    assert "no SQLite file; check the path" in refusal(tmp_path / "alerts.db")


@pytest.mark.parametrize("page", [1, 3, 9, -2])
def test_a_damaged_file_is_refused(path: Path, page: int) -> None:
    body = bytearray(path.read_bytes())
    start = page * 4096 % len(body)
    body[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(body)
    line = refusal(path)
    assert "the file is damaged" in line
    assert "put the newest copy in its place" in line


def test_a_file_cut_short_is_refused(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert "the file is damaged" in refusal(path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "in a folder that may be written" in refusal(tmp_path / "file" / "alerts.db")
    assert "Is a directory" in refusal(tmp_path)


READ_ONLY = """
import os, sys
from pathlib import Path
from alerts.model.errors import StoreError
from alerts.store.store import Store
from alerts.store.migrations.versions import m0001_first_tables
import alembic.migration, alembic.operations, alembic.script
if os.getuid() == 0:
    os.setuid(65534)
try:
    with Store.open(sys.argv[1]) as store:
        print(store.counts().items)
        store.remove_feed("wire")
except StoreError as error:
    print(error)
"""


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that others may read, and nobody may write."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


@pytest.mark.parametrize("existing", [False, True])
def test_a_folder_that_is_read_only_is_refused(path: Path, read_only: Path, existing: bool) -> None:
    """What is there can still be looked at."""
    if existing:
        shutil.copy(path, read_only / "alerts.db")
        (read_only / "alerts.db").chmod(0o444)
    read_only.chmod(0o555)
    command = [sys.executable, "-c", READ_ONLY, str(read_only / "alerts.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ)
    lines = done.stdout.splitlines()
    assert not done.stderr
    if existing:
        assert lines[0] == "500"
        assert "cannot be written; check who owns the file" in lines[1]
    else:
        assert "check that its folder exists and may be written" in lines[0]


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(path: Path) -> None:
    pages = path.stat().st_size // 4096 + 3

    def small(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Pool, "connect", small)
    try:
        store = Store.open(str(path))
        long = [new_item("wire", f"long-{n}", "A long headline " * 99) for n in range(50)]
        with pytest.raises(StoreError, match="the disk is full, nothing of this was written; free some space"):
            store.record_poll(poll("wire", 0, *long, etag="lost"))
        assert store.counts().items == 500
        assert store.feed("wire").validators.etag is None
        pages = 9_999
        assert store.record_poll(poll("wire", 0, *long, etag="kept"))
        assert store.counts().items == 550
        store.close()
    finally:
        event.remove(Pool, "connect", small)


def test_a_locked_database_says_who_to_look_for(path: Path) -> None:
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0)) as other:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as busy:
            other.execute("BEGIN IMMEDIATE")
    assert "another program has held it" in explain(busy.value, path)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "a database in memory forgets"),
        ("sqlite:///:memory:", "a database in memory forgets"),
        ("://", "the database URL cannot be read"),
        ("nosuch://server/alerts", "no driver for nosuch"),
    ],
)
def test_an_address_that_cannot_be_is_refused(url: str, words: str) -> None:
    assert words in refusal(url)


def test_a_password_never_stands_in_an_error() -> None:
    assert "hunter2" not in refusal("nosuch://alerts:hunter2@server/alerts")
    assert "hunter2" not in refusal("sqlite+hunter2://")


def test_a_case_written_by_a_newer_release_says_so(path: Path) -> None:
    with Store.open(str(path)) as store:
        store.put_feeds([feed("wire")], now=NOON)
        run_sql(path, """INSERT INTO cases VALUES ('truce', '{"v":9}', 0, 1, NULL, NULL)""")
        with pytest.raises(StoreError, match="the case of 'truce' cannot be read: Case has layout version 9"):
            store.case_for("truce")
