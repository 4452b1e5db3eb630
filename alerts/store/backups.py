"""A copy of all items is put away, tried before it counts, and the oldest copies make room for it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alerts.model.errors import StoreError
from alerts.model.upkeep import Condition, Fit
from alerts.store import sqlite
from alerts.store.condition import examine
from alerts.store.connect import connect, file_of
from alerts.store.copying import Progress, copy
from alerts.store.upgrade import upgrade

PATTERN = "alerts-*.db"
"""How copies with a time in their name are called; only such are ever removed."""


def back_up(url: str, target: Path, *, progress: Progress | None = None) -> Condition:
    """Copy a database into the SQLite file ``target`` while it is in use; return how the copy is.

    A SQLite file is copied page by page as it is; a server's database row by row, as it is at one moment. The copy
    is read from end to end before it gets its name: it is whole and sound, or not there. StoreError says why not.
    """
    part = target.with_name(f"{target.name}.part")
    path = file_of(url)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"no copy at {target}: {error.strerror}; name a folder that may be written") from error
    try:
        if path is None:
            part.unlink(missing_ok=True)
            _rows(url, part, progress)
        else:
            _pages(path, target, part)
        found = examine(str(part), whole=True)
        if found.fit not in {Fit.READY, Fit.OLDER}:
            raise StoreError(
                f"the copy of {url if path else 'the database'} is {found.fit} ({found.damage}); "
                f"look after the database itself: alerts db check"
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return examine(str(target))


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Remove all but the newest ``number`` copies in a folder; return those that went."""
    gone = sorted(folder.glob(PATTERN))[:-number]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _pages(source: Path, target: Path, part: Path) -> None:
    if not source.exists():
        raise StoreError(f"no copy: there is no database at {source}; check ALERTS_HOME and ALERTS_DATABASE_URL")
    if target.resolve() == source.resolve():
        raise StoreError(f"no copy of {source}: that is the database itself; name another file")
    sqlite.backup(source, part)


def _rows(url: str, part: Path, progress: Progress | None) -> None:
    with closing(connect(url)) as source, closing(connect(str(part))) as target:
        upgrade(target)
        copy(source, target, progress=progress)
