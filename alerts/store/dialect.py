"""Where SQLite and PostgreSQL say the same thing about an item in other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose keys are not there yet; return how many that were."""
    if not rows:
        return 0
    return connection.execute(_insert_new(connection.dialect.name, table), rows).rowcount


def insert_or_renew(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows; of those whose keys are there already, write the other columns anew."""
    if rows:
        connection.execute(_insert_or_renew(connection.dialect.name, table), rows)


@cache
def _insert_or_renew(dialect: str, table: Table) -> Insert:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    keys = {column.name for column in table.primary_key}
    anew = {column.name: column for column in insert.excluded if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=sorted(keys), set_=anew)


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


def hold(connection: Connection, what: str) -> None:
    """Keep others from what this names until the transaction ends.

    For what has no row to lock yet. SQLite has nothing to do: BEGIN IMMEDIATE already keeps every other writer out.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def server_time(connection: Connection) -> datetime | None:
    """Return what time it is for a database server, None for a file."""
    if connection.dialect.name != "postgresql":
        return None
    now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def size(connection: Connection) -> int:
    """Return the size of the database in bytes."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    return int(connection.execute(text(pages)).scalar_one())
