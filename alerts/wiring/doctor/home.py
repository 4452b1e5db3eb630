"""Where items will be kept and how we were told to keep them: settings, folders, port, service manager."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.engine.diagnosis import Finding, bad, doubtful, well

if TYPE_CHECKING:
    from alerts.settings import Settings

SECRETS = (".env", "alerts.toml")
"""Files that may hold secrets; nobody else should read them."""


def read() -> Settings:
    """Read the settings; ConfigError names every wrong one."""
    from alerts.settings import read_settings

    return read_settings()


def look(settings: Settings) -> Iterator[Finding]:
    """Yield how settings, home folder, port and service manager are."""
    yield well("settings", _from(settings))
    yield from _secrets()
    yield _writable(settings.home)
    yield _sqlite()
    yield _port(settings)
    yield from _service()


def _from(settings: Settings) -> str:
    """Say where each setting that was made comes from; values are not shown, some are secret."""
    from alerts.settings import origins

    made = [f"{name} ({where})" for name, where in sorted(origins().items())]
    return f"{len(made)} set: {', '.join(made)}" if made else f"all defaults; kept in {settings.home}"


def _secrets() -> Iterator[Finding]:
    for name in SECRETS:
        path = Path(name)
        if path.is_file() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield doubtful("secrets", f"{path.resolve()} can be read by others", f"chmod 600 {path}")


def _writable(home: Path) -> Finding:
    """Write and remove a file in the home folder, or in the nearest folder above that is there."""
    folder = home.resolve()
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"alerts")
    except OSError as error:
        fix = f"give it to the user the daemon runs as: chown {os.getuid()} {folder}, or set ALERTS_HOME"
        return bad("home", f"{folder} cannot be written: {error.strerror}", fix)
    free = shutil.disk_usage(folder).free
    return well("home", f"{home} can be written, {free / 1e9:.1f} GB free")


def _sqlite() -> Finding:
    from alerts.store.sqlite import wal_is_safe

    version = sqlite3.sqlite_version
    if wal_is_safe(sqlite3.sqlite_version_info):
        return well("sqlite", f"{version}, write-ahead log")
    return well("sqlite", f"{version}, rollback journal: its write-ahead log can lose rows (mended in 3.51.3)")


def _port(settings: Settings) -> Finding:
    """Bind the page's address, unless a daemon holds it."""
    from alerts.wiring.house import is_running

    if settings.web.listen == "off":
        return well("page", "off")
    host, _, port = settings.web.listen.rpartition(":")
    if is_running(settings):
        return well("page", f"{settings.web.listen}: a daemon runs here")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host.strip("[]"), int(port)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return bad(
            "page", f"{settings.web.listen} cannot be listened on: {reason}", "set ALERTS_WEB__LISTEN to a free one"
        )
    return well("page", f"{settings.web.listen} is free")


def _service() -> Iterator[Finding]:
    """Under systemd, say whether it would notice a daemon that hangs."""
    if "INVOCATION_ID" not in os.environ:
        return
    if "NOTIFY_SOCKET" in os.environ and "WATCHDOG_USEC" in os.environ:
        yield well("systemd", f"watchdog of {int(os.environ['WATCHDOG_USEC']) / 1e6:.0f} s")
    else:
        fix = "Type=notify and WatchdogSec= in the unit, as in deploy/systemd/alerts.service"
        yield doubtful("systemd", "this unit has no watchdog: a daemon that hangs is not restarted", fix)
