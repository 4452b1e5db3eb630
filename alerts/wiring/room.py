"""Room on the disk for what items leave behind: when it gets short, polling waits and sending goes on."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.engine.dispatch import Dispatch

MEGABYTE = 1024 * 1024

LEAST = 64 * MEGABYTE
"""Bytes free below which polling waits; sending needs far less."""

BALLAST = 8 * MEGABYTE
"""Size of a file that is given back when something else fills the disk to the brim: room for the last receipts."""

BALLAST_NAME = "ballast"

log = logging.getLogger(__name__)


class Room:
    """Watches the disk of the home folder."""

    def __init__(
        self, home: Path, *, least: int = LEAST, ballast: int = BALLAST, free: Callable[[], int] | None = None
    ) -> None:
        self._home, self._least, self._ballast = home, least, ballast
        self._free = free or (lambda: shutil.disk_usage(home).free)
        self._file = home / BALLAST_NAME

    def look(self, dispatch: Dispatch) -> None:
        """Stop or resume polling, and give the ballast back or take it again; says so once each time."""
        free = self._free()
        if free < self._least and dispatch.polls:
            dispatch.polls = False
            log.error(
                "%d MB are free on the disk of %s: polling waits, sending goes on. Free some space, "
                "or set ALERTS_KEEP_DAYS",
                free // MEGABYTE,
                self._home,
            )
        elif free > 2 * self._least and not dispatch.polls:
            dispatch.polls = True
            log.warning("there is room again on the disk of %s: polling goes on", self._home)
        if free < self._ballast:
            self._file.unlink(missing_ok=True)
        elif free > 2 * self._least + self._ballast and not self._file.exists():
            self._fill()

    def _fill(self) -> None:
        try:
            with self._file.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._ballast)
        except OSError as error:
            log.warning("%s cannot be made: %s", self._file, error.strerror)
