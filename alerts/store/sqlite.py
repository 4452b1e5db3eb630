"""What only SQLite needs while it keeps the items: journal, locks, checks, copies, its errors in our words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from alerts.model.errors import StoreError

PATIENCE = 30.0
"""Seconds to wait for a lock that another process holds."""

READERS = 32
"""Reading connections at most; they are opened as they are needed."""

CHECKED_AT_OPEN = 256 * 1024 * 1024
"""A file up to this many bytes is checked whole whenever it is opened (1.3 ms of CPU a megabyte)."""

MAGIC = b"SQLite format 3\0"

RESTORE = (
    "stop alerts, keep the file for study, and put the newest copy in its place (*.bak, or one of alerts db backup)"
)

REPORT = "this is a fault in alerts, please report it"

WORDS = {
    "SQLITE_FULL": "the disk is full, nothing of this was written; free some space, then it goes on",
    "SQLITE_READONLY": "it cannot be written; check who owns the file and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; check that its folder exists and may be written",
    "SQLITE_PERM": "it may not be opened; check who owns the file and its folder",
    "SQLITE_BUSY": f"another program has held it for {PATIENCE:.0f} s; close that one (a sqlite3 shell, a copier)",
    "SQLITE_CORRUPT": f"the file is damaged; {RESTORE}",
    "SQLITE_NOTADB": f"this is no SQLite file; check the path, or, if it was one, {RESTORE}",
    "SQLITE_IOERR": "the disk does not read or write; look at the system log and check the disk, then start again",
}
"""What an operator should know, by SQLite's primary result code."""


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite keeps committed rows in WAL mode.

    3.7.0 to 3.51.2 may lose or damage them when two connections write and checkpoint at once (the WAL-reset bug,
    https://sqlite.org/wal.html); the repair went back to 3.50.7 and 3.44.6.
    """
    minor, patch = version[1:]
    return version >= (3, 51, 3) or (minor == 50 and patch >= 7) or (minor == 44 and patch >= 6)


def engines(path: Path) -> tuple[Engine, Engine]:
    """Return an engine with one writing connection, and one whose connections only read."""
    url = URL.create("sqlite", database=str(path))
    arguments = {"check_same_thread": False, "timeout": PATIENCE}
    writer = create_engine(url, connect_args=arguments, pool_size=1, max_overflow=0, pool_timeout=2 * PATIENCE)
    reader = create_engine(url, connect_args=arguments, pool_size=4, max_overflow=READERS - 4)
    # FULL and EXTRA: a commit is on the disk before it is acknowledged, power cut included.
    journal = ("WAL", "FULL") if wal_is_safe(sqlite3.sqlite_version_info) else ("DELETE", "EXTRA")
    _prepare(writer, f"journal_mode={journal[0]}", f"synchronous={journal[1]}", "foreign_keys=ON")
    _prepare(reader, "query_only=ON")
    # IMMEDIATE: the lock is taken before the first read, so what was read cannot be overtaken before the write.
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return writer, reader


def _prepare(engine: Engine, *pragmas: str) -> None:
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", prepare)


def make_room(path: Path) -> None:
    """Make the folder of the database; StoreError where that cannot be, or where something else stands in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        head = _head(path) if path.exists() else b""
    except OSError as error:
        raise StoreError(f"database {path}: {error.strerror}; name a file in a folder that may be written") from error
    if head and head != MAGIC:
        raise StoreError(f"database {path}: {WORDS['SQLITE_NOTADB']}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(MAGIC))


def damage(connection: Connection, *, whole: bool = False) -> str | None:
    """Return what is wrong with the file in one line, None when it is sound; ``whole`` compares indexes with tables."""
    found = connection.exec_driver_sql(f"PRAGMA {'integrity_check' if whole else 'quick_check'}(1)").scalar_one()
    return None if found == "ok" else one_line(str(found))


def backup(source: Path, target: Path) -> None:
    """Copy the database while it is in use; the copy is whole or not there at all."""
    if target.resolve() == source.resolve():
        raise StoreError(f"no copy of {source}: that is the database itself; name another file")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(source, timeout=PATIENCE)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"no copy of {source} at {target}: {error}; check the folder and the free space") from error


def explain(error: BaseException | None, path: Path) -> str:
    """Return SQLite's error as one line that says what to do."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for code, words in WORDS.items():
        if name.startswith(code):
            return f"database {path}: {words}"
    return f"database {path}: {one_line(str(error))}; {REPORT}"


def one_line(text: str) -> str:
    """Return the text without line breaks."""
    return " ".join(text.split())
