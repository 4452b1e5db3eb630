"""The one door to everything an item leaves behind: what was found, judged, told, and what is still owed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import delete, select

from alerts.model.errors import StoreError
from alerts.store import dialect, sqlite
from alerts.store.acts import Acts
from alerts.store.cases import Cases
from alerts.store.connect import connect
from alerts.store.dialect import insert_new
from alerts.store.feeds import Feeds
from alerts.store.glances import Glances
from alerts.store.history import History
from alerts.store.intake import Intake
from alerts.store.outbox import Outbox
from alerts.store.pulse import Pulses
from alerts.store.rules import Rules
from alerts.store.tables import meta
from alerts.store.upgrade import schema_version, upgrade
from alerts.store.upkeep import Upkeep
from alerts.store.views import Views


class Store(Feeds, Intake, Rules, Cases, Outbox, Acts, Views, Glances, History, Upkeep, Pulses):
    """The database, as the engine and the faces see it.

    Every method is one transaction (views may be several), blocks, and may be called from several threads: writers
    queue, readers do not. Times are aware; a naive one is a ValueError. Whatever the database cannot do is a
    StoreError in one line. What a method wrote is on the disk when it returns.
    """

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database of a SQLAlchemy URL, or the SQLite file of a path; make it if it is not there.

        An older schema is upgraded after a copy was made beside the file. StoreError when it cannot be used:
        damaged, of a newer release, not writable, or something else's.
        """
        database = connect(url)
        try:
            upgrade(database)
        except StoreError:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close the database; the store cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def schema_version(self) -> str:
        """Return the number of the schema, as its migration is numbered."""
        with self._database.read() as connection:
            return schema_version(connection) or ""

    def server_time(self) -> datetime | None:
        """Return what time it is for the database's server, aware UTC; None where the database is a file."""
        with self._database.read() as connection:
            return dialect.server_time(connection)

    def check(self) -> str | None:
        """Read the whole SQLite file; return what is wrong with it in one line, None when it is sound."""
        if self._database.path is None:
            return None
        with self._database.read() as connection:
            return sqlite.damage(connection, whole=True)

    def backup(self, path: Path) -> None:
        """Copy a SQLite database to ``path`` while it is in use; StoreError where that cannot be."""
        if self._database.path is None:
            raise StoreError(f"{self._database} is a server's; copy it with pg_dump")
        sqlite.backup(self._database.path, path)

    def remember(self, key: str, value: str | None) -> None:
        """Keep a short text under a name over restarts; None forgets it."""
        with self._database.write() as connection:
            connection.execute(delete(meta).where(meta.c.key == key))
            if value is not None:
                connection.execute(meta.insert(), {"key": key, "value": value})

    def remember_once(self, key: str, value: str) -> str:
        """Keep a short text under a name unless one is kept already; return the one that is."""
        with self._database.write() as connection:
            insert_new(connection, meta, [{"key": key, "value": value}])
            return str(connection.scalar(select(meta.c.value).where(meta.c.key == key)))

    def recall(self, key: str) -> str | None:
        """Return what was kept under a name, None when nothing was."""
        with self._database.read() as connection:
            return connection.scalar(select(meta.c.value).where(meta.c.key == key))
