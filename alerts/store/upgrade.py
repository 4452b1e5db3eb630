"""The tables are brought to this release before the first item comes, after a copy was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from alerts import __version__
from alerts.model.errors import StoreError
from alerts.store import sqlite
from alerts.store.connect import Database
from alerts.store.dialect import hold
from alerts.store.migrations import HEAD

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database, *, head: str = HEAD, folder: Path = MIGRATIONS) -> str | None:
    """Bring the tables up to ``head``, all steps or none; an older SQLite file is copied to ``<file>.<schema>.bak``.

    Returns the schema that was found, None where there was none. StoreError when the file is damaged, belongs to
    something else, or was written by a newer release.
    """
    found = _inspect(database)
    if found == head:
        return found
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(folder))
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(
            f"{database}: a newer release than this {__version__} wrote it (schema {found}, here {head}); "
            "install that release, or restore a copy that this one wrote"
        )
    if found is not None and database.path is not None:
        sqlite.backup(database.path, database.path.with_name(f"{database.path.name}.{found}.bak"))
    with database.write() as connection:
        _climb(connection, script, head)
    return found


def schema_version(connection: Connection) -> str | None:
    """Return the schema the tables have, None where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _inspect(database: Database) -> str | None:
    with database.read() as connection:
        if database.path is not None and database.path.stat().st_size <= sqlite.CHECKED_AT_OPEN:
            damage = sqlite.damage(connection)
            if damage is not None:
                raise StoreError(f"{database}: the file is damaged ({damage}); {sqlite.RESTORE}")
        found = schema_version(connection)
        if found is None and inspect(connection).get_table_names():
            raise StoreError(f"{database}: it holds the tables of something else; name another file or database")
        return found


def _climb(connection: Connection, script: ScriptDirectory, head: str) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    hold(connection, "schema")
    context = MigrationContext.configure(connection)
    found = context.get_current_revision()  # again: another process may have climbed while we waited for the lock
    with Operations.context(context):
        for step in reversed([*script.iterate_revisions(head, found)]):
            step.module.upgrade()
        context.stamp(script, head)
