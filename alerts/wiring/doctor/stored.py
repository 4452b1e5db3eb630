"""What is kept of the items: is the database sound, of this release, and is anything left undone in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alerts.engine.diagnosis import Finding, Grade, bad, judge_backlog, judge_room, well
from alerts.model.upkeep import Fit
from alerts.wiring.clock import SystemClock
from alerts.wiring.databases import advice, check
from alerts.wiring.house import is_running, open_store

if TYPE_CHECKING:
    from alerts.settings import Settings


def look(settings: Settings) -> Iterator[Finding]:
    """Yield how the database is, what is owed in it, and for how long the disk lasts."""
    found = check(settings, whole=False)
    text, _, fix = advice(found).partition("; ")
    grade = Grade.FAIL if found.fit in {Fit.NEWER, Fit.FOREIGN, Fit.DAMAGED} else Grade.OK
    if found.fit is Fit.OLDER:
        grade = Grade.WARN
    yield Finding(check="database", grade=grade, text=text, fix=fix if grade is not Grade.OK else "")
    if found.fit is not Fit.READY:
        return
    running = is_running(settings)
    yield well("daemon", "running" if running else "not running: alerts run")
    clock = SystemClock()
    with open_store(settings) as store:
        audit = store.audit(clock.now(), clock.steady(), questions=_in_force(settings))
        failing = [state for state in store.feeds() if state.health.fault]
        on_list = len(store.feeds())
    yield from judge_backlog(audit, running=running)
    if on_list and len(failing) == on_list:
        yield bad("polling", "no feed answered at its last poll", "alerts feeds test")
    if settings.database_url is None:
        free = shutil.disk_usage(settings.home).free
        yield judge_room(free, found.size, audit.first_item_at, clock.now())


def _in_force(settings: Settings) -> set[str] | None:
    """Return the ids of the rules there are; None where they cannot be read, which is told elsewhere."""
    from alerts.model.errors import AlertsError
    from alerts.wiring.authored import read_authored

    try:
        return {one.id for one in read_authored(settings.rules, settings.seeds).questions}
    except AlertsError:
        return None
