"""How an item gets to the database: one transaction that writes, or one that reads; errors come out in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from alerts.model.errors import StoreError
from alerts.store import sqlite
from alerts.store.sqlite import REPORT

CONNECTIONS = 64
"""Connections to a server at most: a judging thread holds one and reads on another, and 32 threads may judge."""


class Database:
    """The two ways into one database; safe to use from several threads.

    ``path`` is the file of a SQLite database, None for a server. Raises only StoreError, and ValueError for a
    value that no database takes (a naive time).
    """

    def __init__(self, writer: Engine, reader: Engine, *, path: Path | None) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: committed when the block ends, undone when it raises."""
        with self._in_our_words(), self._writer.connect() as connection:
            try:
                with connection.begin():
                    yield connection
            except DBAPIError:
                connection.invalidate()  # after a failed sync nobody knows what the page cache holds: begin afresh
                raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one moment."""
        with self._in_our_words(), self._reader.connect() as connection:
            yield connection

    def open(self) -> None:
        """Open the writing connection; it settles the journal before others come."""
        with self._in_our_words(), self._writer.connect():
            pass

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(self._explain(error)) from error
        except StatementError as error:
            raise ValueError(str(error.orig)) from error
        except PoolTimeout as error:
            raise StoreError(
                f"{self}: every connection is taken; look for what holds one so long, or restart"
            ) from error

    def _explain(self, error: DBAPIError) -> str:
        if self.path is not None:
            return sqlite.explain(error.orig, self.path)
        advice = "check that the server runs and lets us in" if isinstance(error, OperationalError) else REPORT
        return f"{self}: {sqlite.one_line(str(error.orig))}; {advice}"

    def __str__(self) -> str:
        return f"database {self.path or self._writer.url.render_as_string(hide_password=True)}"


class Keeper:
    """Keeps one kind of row in a database; the store is made of these."""

    def __init__(self, database: Database) -> None:
        self._database = database


def connect(url: str) -> Database:
    """Return the database of a SQLAlchemy URL, or of a path; StoreError where it cannot be."""
    path = file_of(url)
    if path is None:
        return _server(_parse(url))
    sqlite.make_room(path)
    return _opened(Database(*sqlite.engines(path), path=path))


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite URL or path, None for a server's; StoreError where neither can be."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("a database in memory forgets: name a file, for example sqlite:///alerts.db")
    return Path(str(parsed.database))


def _parse(url: str) -> URL:
    try:
        return make_url(url) if "://" in url else URL.create("sqlite", database=url)
    except ArgumentError:
        raise StoreError("the database URL cannot be read; it should look like sqlite:///alerts.db") from None


def _server(url: URL) -> Database:
    try:
        engine = create_engine(url, pool_pre_ping=True, max_overflow=CONNECTIONS - 5)
    except (ImportError, NoSuchModuleError) as error:
        known = f"no driver for {url.drivername} ({sqlite.one_line(str(error))})"
        raise StoreError(f"{known}; use sqlite:///…, or install one: pip install 'psycopg[binary]'") from error
    # REPEATABLE READ: what is read in one transaction is of one moment, as in SQLite.
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _opened(Database(engine, reader, path=None))


def _opened(database: Database) -> Database:
    try:
        database.open()
    except StoreError:
        database.close()
        raise
    return database
