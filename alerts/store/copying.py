"""Every item and all that came of it moves to another database, compared row by row, or nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from alerts.model.errors import StoreError
from alerts.model.upkeep import CopiedTable
from alerts.store.connect import Database
from alerts.store.tables import metadata

PAGE = 1000
"""Rows in memory at once."""

Progress = Callable[[str, int], None]


def copy(source: Database, target: Database, *, progress: Progress | None = None) -> tuple[CopiedTable, ...]:
    """Copy every row of ``source``, as it is at one moment, into the empty tables of ``target``.

    Both must have the schema of this release. One transaction: a copy that is killed, fails, or does not compare
    equal leaves the target as empty as it was. StoreError says why. ``progress`` hears table and rows so far.
    """
    with source.read() as old, target.write() as new:
        _refuse_full(new, target)
        copied = tuple(_copy_table(old, new, table, progress) for table in metadata.sorted_tables)
        _count_on(new)
    return copied


def _refuse_full(connection: Connection, target: Database) -> None:
    full = [table.name for table in metadata.sorted_tables if connection.execute(select(table).limit(1)).first()]
    if full:
        raise StoreError(f"{target}: it is not empty ({', '.join(full)}); name a new file or an empty database")


def _copy_table(old: Connection, new: Connection, table: Table, progress: Progress | None) -> CopiedTable:
    count = total = written = checked = 0
    with _rows(old, table) as pages:
        for page in pages:
            new.execute(table.insert(), [dict(row._mapping) for row in page])
            count, total = count + len(page), total + sum(map(_fingerprint, page))
            if progress is not None:
                progress(table.name, count)
    with _rows(new, table) as pages:
        for page in pages:
            written, checked = written + len(page), checked + sum(map(_fingerprint, page))
    if (count, _spelt(total)) != (written, _spelt(checked)):
        raise StoreError(f"table {table.name} came out different, so nothing was copied; please report it")
    return CopiedTable(table=table.name, rows=count, checksum=_spelt(total))


@contextmanager
def _rows(connection: Connection, table: Table) -> Iterator[Iterator[Sequence[Row[Any]]]]:
    """Read a table page by page, through a cursor of the server's that is closed whatever happens."""
    with connection.execute(select(table).execution_options(yield_per=PAGE)) as result:
        yield result.partitions()


def _fingerprint(row: Row[Any]) -> int:
    """Return a number that any database gives the same row; summed, so that the order in which rows come is free."""
    values = repr([getattr(value, "isoformat", lambda value=value: value)() for value in row])
    return int.from_bytes(blake2b(values.encode(), digest_size=8).digest())


def _spelt(total: int) -> str:
    return f"{total % 2**64:016x}"


def _count_on(connection: Connection) -> None:
    """Let the next id be the one after the last copied; PostgreSQL counts apart from the rows."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        id_ = table.autoincrement_column
        if id_ is not None:
            last = select(func.max(id_)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, id_.name)
            connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))
