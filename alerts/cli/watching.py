"""A check is run again whenever a file changes; the author sees where one run ends and the next begins."""

from __future__ import annotations

import time
from collections.abc import Callable

import typer

from alerts.cli.show import say, utc
from alerts.model.errors import ConfigError

INTERVAL = 0.4
"""Seconds between two looks at the files."""


def run_on_change(once: Callable[[], bool], look: Callable[[], object], *, watch: bool) -> None:
    """Run ``once`` and leave: exit 0 where it returned True, else 1; with ``watch`` only Ctrl-C ends it, with 0.

    ``look`` returns a value that differs when a file changed.
    """
    if not watch:
        raise typer.Exit(0 if once() else 1)
    try:
        _watch(once, look)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _watch(once: Callable[[], bool], look: Callable[[], object]) -> None:
    from alerts.wiring.clock import SystemClock

    seen = None
    while True:
        now = _tried(look)
        if now != seen:
            seen = now
            say(f"── {utc(SystemClock().now())} ──")
            _tried(once)
            say("Watching; Ctrl-C ends.")
        time.sleep(INTERVAL)


def _tried(step: Callable[[], object]) -> object:
    """Return what the step returns; a folder that is away for a moment is said, and waited for."""
    try:
        return step()
    except ConfigError as error:
        say(str(error))
        return str(error)
