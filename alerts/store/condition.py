"""The database that holds the items is looked at, and not touched: what schema it has, whether it is sound."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import inspect

from alerts.model.errors import StoreError
from alerts.model.upkeep import Condition, Fit
from alerts.store import dialect, sqlite
from alerts.store.connect import Database, connect, file_of
from alerts.store.migrations import HEAD
from alerts.store.upgrade import schema_version

ORPHANS = "rows in {tables} belong to something that is not there"


def examine(url: str, *, whole: bool = False) -> Condition:
    """Return how the database of a URL or path is, without making, upgrading or writing it.

    ``whole`` also compares every index with its table and every row with what it belongs to (a second a few hundred
    megabytes). StoreError where it cannot be asked at all: no such server, no permission.
    """
    path = file_of(url)
    if path is None:
        database = connect(url)
        try:
            return _server(database)
        finally:
            database.close()
    if not path.exists() or not path.stat().st_size:
        return Condition(place=str(path), fit=Fit.EMPTY, schema=None, head=HEAD)
    return _file(path, whole=whole)


def _file(path: Path, *, whole: bool) -> Condition:
    """Ask SQLite itself. What a killed process left in a journal is put right by that, as at any opening."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=sqlite.PATIENCE)) as asked:
            asked.execute("PRAGMA query_only=ON")
            found = asked.execute(f"PRAGMA {'integrity_check' if whole else 'quick_check'}(1)").fetchone()[0]
            damage = None if found == "ok" else sqlite.one_line(str(found))
            orphans = sorted({row[0] for row in asked.execute("PRAGMA foreign_key_check")}) if whole else []
            if damage is None and orphans:
                damage = ORPHANS.format(tables=", ".join(orphans))
            journal = str(asked.execute("PRAGMA journal_mode").fetchone()[0])
            tables = {row[0] for row in asked.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            versions = asked.execute("SELECT version_num FROM alembic_version") if "alembic_version" in tables else ()
            schema = next((str(row[0]) for row in versions), None)
    except sqlite3.DatabaseError as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        if not name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise StoreError(sqlite.explain(error, path)) from error
        damage, journal, schema, tables = sqlite.one_line(str(error)), None, None, set()
    fit = Fit.DAMAGED if damage else _fit(schema, bool(tables))
    size = path.stat().st_size
    return Condition(place=str(path), fit=fit, schema=schema, head=HEAD, damage=damage, journal=journal, size=size)


def _server(database: Database) -> Condition:
    with database.read() as connection:
        schema, size = schema_version(connection), dialect.size(connection)
        fit = _fit(schema, bool(inspect(connection).get_table_names()))
    return Condition(place=str(database).removeprefix("database "), fit=fit, schema=schema, head=HEAD, size=size)


def _fit(schema: str | None, has_tables: bool) -> Fit:
    if schema is None:
        return Fit.FOREIGN if has_tables else Fit.EMPTY
    if schema == HEAD:
        return Fit.READY
    return Fit.OLDER if schema < HEAD else Fit.NEWER
