"""A time of an item goes to the database as UTC and comes back aware; a naive one is refused."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC to the microsecond; sorts by time (ISO text in SQLite, timestamptz in PostgreSQL).

    A naive datetime raises ValueError: which moment it means depends on the machine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as aware UTC; SQLite keeps no zone, so what has none is UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_utc(value: datetime) -> datetime:
    """Return the same moment in UTC; ValueError for a naive one."""
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise ValueError(f"naive time {value.isoformat()}: a time in the store needs its zone, for example +00:00")
    return value.astimezone(UTC)
