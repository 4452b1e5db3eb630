"""Every database a release ever wrote becomes one of this release, with what was in it; also when killed midway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from alerts.model.delivery import Delivered, DeliveryState
from alerts.store.connect import connect
from alerts.store.migrations import HEAD
from alerts.store.store import Store
from alerts.store.upgrade import MIGRATIONS, schema_version, upgrade
from postgres import Postgres
from storeroom import NOON, begin, fill, owe

RELEASED = [step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
AT = "2025-03-18 12:00:00+00:00"

FIRST = f"""
INSERT INTO feeds (id, url, title, owner, kind, reliability, category, carries, origin, listing, edited, next_at,
  interval, failures, item_count, fence) VALUES ('old', 'https://old.example/rss', 'Old', 'old', 'agency', 'B', '',
  '[]', 'seed', 'active', '[]', '{AT}', 300, 0, 1, 7);
INSERT INTO items (id, feed_id, key, version, seen_at) VALUES ('old/1', 'old', '1', 2, '{AT}');
INSERT INTO versions (item_id, n, title, text_hash, seen_at) VALUES ('old/1', 1, 'Dam holds', 'h1', '{AT}');
INSERT INTO versions (item_id, n, title, text_hash, seen_at) VALUES ('old/1', 2, 'Дамба', 'h2', '{AT}');
INSERT INTO alerts (id, revision, question, body) VALUES ('dam-1', 1, 'dam', '{{"v":1}}');
INSERT INTO deliveries (alert_id, revision, question, urgency, address, state, attempts, next_at, created_at,
  may_repeat) VALUES ('dam-1', 1, 'dam', 1, 'desk/1', 'sent', 1, '{AT}', '{AT}', false);
INSERT INTO attempts (delivery_id, n, began_at, ended) VALUES (1, 1, '{AT}', 'delivered');
INSERT INTO meta (key, value) VALUES ('brief', 'monday');
"""
"""What the tables of schema 0001 may hold."""


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'alerts.db'}"
        return
    server: Postgres = request.getfixturevalue("server")
    with server.database(empty=True) as made:
        yield made


def written_by(url: str, schema: str) -> None:
    """Make a database as the release with that schema left it."""
    with closing(connect(url)) as database:
        upgrade(database, head="0001")
        with database.write() as connection:
            for statement in filter(str.strip, FIRST.split(";\n")):
                connection.execute(text(statement.replace(":", "\\:")))
        upgrade(database, head=schema)


@pytest.mark.parametrize("schema", RELEASED)
def test_what_an_older_release_wrote_is_read_and_lived_in(empty: str, schema: str) -> None:
    written_by(empty, schema)
    with Store.open(empty) as store:
        assert store.schema_version() == HEAD
        assert [one.title for one in store.versions("old/1")] == ["Dam holds", "Дамба"]
        assert store.feed("old").feed.title == "Old"
        assert store.counts().deliveries == {DeliveryState.SENT: 1}
        assert store.recall("brief") == "monday"
        fill(store, "new", questions=("truce",))
        owe(store, "truce", "desk/1")
        [due] = store.due_deliveries(NOON, NOON, 9)
        sent = begin(store, due, now=NOON, steady=NOON, lease=60)
        assert sent is not None
        assert store.receipt(sent, Delivered(), now=NOON)
        assert store.check() is None


UPGRADER = """
import os, signal, sys
from contextlib import closing
from sqlalchemy import Engine, event
from alerts.store.connect import connect
from alerts.store.upgrade import upgrade
left = int(sys.argv[2])
def count(connection, cursor, statement, *_):
    global left
    if statement.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
with closing(connect(sys.argv[1])) as database:
    event.listen(Engine, "before_cursor_execute", count)
    upgrade(database)
"""


@pytest.mark.parametrize("steps", [0, 3, 12])
def test_an_upgrade_that_is_killed_leaves_the_old_schema_and_goes_through_at_the_next_start(
    empty: str, steps: int
) -> None:
    written_by(empty, "0001")
    done = subprocess.run([sys.executable, "-c", UPGRADER, empty, str(steps)], timeout=60, check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    with closing(connect(empty)) as database, database.read() as connection:
        assert schema_version(connection) == "0001"
    with Store.open(empty) as store:
        assert store.schema_version() == HEAD
        assert store.check() is None
        assert store.counts().versions == 2
