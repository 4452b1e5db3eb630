"""The operator's hand on the database that keeps the items: look, upgrade, copy, move, prune."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.model.errors import ConfigError, StoreError
from alerts.wiring.house import is_running, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from alerts.model.upkeep import Condition, CopiedTable, Forgotten
    from alerts.settings import Settings

BACKUPS = "backups"
"""Folder of copies in the home folder."""

SHORTEST = timedelta(days=30)
"""What is younger is never pruned: a changed rule reads the last weeks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did: the schema before (None = none) and after, and where the copy of before is."""

    before: str | None
    after: str
    copy: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A copy that was put away, and older ones that were removed."""

    path: Path
    size: int
    schema: str | None
    removed: tuple[Path, ...]


def check(settings: Settings, *, whole: bool = True, file: Path | None = None) -> Condition:
    """Return how the database, or a copy of one, is; nothing is changed."""
    from alerts.store.condition import examine

    if file is not None and not file.is_file():
        raise ConfigError(f"there is no file {file}. See the copies in {settings.home / BACKUPS}")
    return examine(str(file) if file else settings.store_url, whole=whole)


def advice(found: Condition) -> str:
    """Return what a condition means, and what to do about it, in one line."""
    place = f"database {found.place}"
    return {
        "ready": f"{place}: sound, schema {found.schema}, {found.size / 1e6:.1f} MB",
        "empty": f"{place}: nothing there yet; alerts run makes it",
        "older": f"{place}: sound, schema {found.schema}; the next start or alerts db upgrade makes it {found.head}",
        "newer": f"{place}: a newer release wrote it (schema {found.schema}, here {found.head}); install that release, "
        "or restore a copy that this one wrote",
        "foreign": f"{place}: it holds the tables of something else; name another file or database",
        "damaged": f"{place}: damaged ({found.damage}); stop alerts, keep the file for study, and put the newest copy "
        "in its place (alerts db check FILE tells whether one is sound)",
    }[found.fit]


def upgrade(settings: Settings) -> Upgraded:
    """Bring the schema to this release, after a copy of a SQLite file was made; a new database is made."""
    from alerts.store.connect import connect
    from alerts.store.migrations import HEAD
    from alerts.store.upgrade import upgrade as climb

    if settings.database_url is None:
        settings.home.mkdir(parents=True, exist_ok=True)
    with closing(connect(settings.store_url)) as database:
        before = climb(database)
        kept = None
        if database.path is not None and before not in (None, HEAD):
            kept = database.path.with_name(f"{database.path.name}.{before}.bak")
    return Upgraded(before=before, after=HEAD, copy=kept)


def back_up(
    settings: Settings,
    *,
    now: datetime,
    file: Path | None = None,
    keep: int | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> BackedUp:
    """Put a copy away while the daemon runs, tried from end to end; with ``keep``, older copies beside it go."""
    from alerts.store import backups

    target = file or settings.home / BACKUPS / f"alerts-{now:%Y%m%d-%H%M%S}.db"
    found = backups.back_up(settings.store_url, target, progress=progress)
    removed = backups.keep_newest(target.parent, keep) if keep else []
    return BackedUp(path=target, size=found.size, schema=found.schema, removed=tuple(removed))


def copy_to(
    settings: Settings, url: str, *, progress: Callable[[str, int], None] | None = None
) -> tuple[CopiedTable, ...]:
    """Copy the whole database into the empty one of ``url``, compared table by table; StoreError if a daemon runs."""
    from alerts.store.connect import connect, file_of
    from alerts.store.copying import copy
    from alerts.store.upgrade import upgrade as climb

    if is_running(settings):
        raise StoreError(f"a daemon runs on {settings.home}; stop it first, or what it keeps meanwhile is left behind")
    file = file_of(settings.store_url)
    if file is not None and not file.exists():
        raise StoreError(f"there is no database at {file}; check ALERTS_HOME and ALERTS_DATABASE_URL")
    with closing(connect(settings.store_url)) as source, closing(connect(url)) as target:
        climb(source)
        climb(target)
        return copy(source, target, progress=progress)


def prune(settings: Settings, *, now: datetime, keep: timedelta, dry_run: bool = False) -> Forgotten:
    """Take the words of items older than ``keep`` that no question looked at; ConfigError for less than 30 days."""
    if keep < SHORTEST:
        raise ConfigError(f"at least {SHORTEST.days} days are kept: a changed rule reads the last weeks again")
    with open_store(settings) as store:
        return store.forget(now - keep, dry_run=dry_run)
