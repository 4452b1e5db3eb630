"""What keeps items from being told is named, each with its mend; judged from what was seen, without looking itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from alerts.engine.survey import Seen
from alerts.model.upkeep import Audit

CLOCK_WARN, CLOCK_FAIL = 5.0, 60.0
"""Seconds the clock may differ from what web servers say before times in messages mislead."""

CLOCK_VOICES = 3
"""Servers that have to say what time it is before they are believed."""

ROOM = 256 * 1024 * 1024
"""Bytes of free disk below which an operator is warned."""

ROOM_DAYS = 30
"""Days of room left, at the growth so far, below which an operator is warned."""


class Grade(StrEnum):
    """How bad a finding is; only ``fail`` makes the doctor's exit code 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what it is, how it is, and, unless it is well, what to do."""

    check: str
    grade: Grade
    text: str
    fix: str = ""


def well(check: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check=check, grade=Grade.OK, text=text)


def doubtful(check: str, text: str, fix: str) -> Finding:
    """Return a finding that may cost something later."""
    return Finding(check=check, grade=Grade.WARN, text=text, fix=fix)


def bad(check: str, text: str, fix: str) -> Finding:
    """Return a finding that costs alerts now."""
    return Finding(check=check, grade=Grade.FAIL, text=text, fix=fix)


def judge_feeds(seen: Sequence[Seen]) -> Iterator[Finding]:
    """Sort the dead feeds from the living; no living feed at all is a failure, a dead one a warning."""
    dead = [one for one in seen if one.error is not None]
    alive = len(seen) - len(dead)
    if not seen:
        yield bad("feeds", "no feed is on the list", "alerts feeds import FILE.opml, or alerts feeds add URL")
    elif not alive:
        yield bad(
            "feeds", f"none of {len(seen)} feeds answers", "check this machine's network, then: alerts feeds test"
        )
    else:
        yield well("feeds", f"{alive} of {len(seen)} feeds answer with items")
    for one in dead:
        yield doubtful("feed", str(one.error), f"look at {one.url}; if it is gone: alerts feeds remove {one.feed}")


def judge_clock(seen: Sequence[Seen]) -> Finding:
    """Compare our clock with what the feeds' servers say."""
    offsets = [one.offset for one in seen if one.offset is not None]
    if len(offsets) < CLOCK_VOICES:
        return well("clock", f"not compared: {len(offsets)} servers said what time it is, {CLOCK_VOICES} are wanted")
    off = median(offsets)
    text = f"{abs(off):.0f} s {'behind' if off > 0 else 'ahead of'} the median of {len(offsets)} servers"
    fix = "switch time synchronisation on: timedatectl set-ntp true"
    if abs(off) >= CLOCK_FAIL:
        return bad("clock", text, fix)
    return doubtful("clock", text, fix) if abs(off) >= CLOCK_WARN else well("clock", text)


def judge_room(free: int, size: int, first_item: datetime | None, now: datetime) -> Finding:
    """Say for how many days the disk lasts at the growth so far."""
    days = (now - first_item) / timedelta(days=1) if first_item is not None else 0.0
    left = free / (size / days) if days >= 1 and size else None
    text = f"{free / 1e9:.1f} GB free" + (f", {left:.0f} days at the growth so far" if left is not None else "")
    fix = "free some space, set ALERTS_KEEP_DAYS, or move ALERTS_HOME to a larger disk"
    if free < ROOM:
        return bad("disk", text, fix)
    return doubtful("disk", text, fix) if left is not None and left < ROOM_DAYS else well("disk", text)


def judge_backlog(audit: Audit, *, running: bool) -> Iterator[Finding]:
    """Say what is owed, and what a killed daemon left under way."""
    if audit.dead:
        fix = "alerts deliveries list --state dead; mend the channel; alerts deliveries resend ID"
        yield bad("deliveries", f"{audit.dead} were given up", fix)
    if audit.lapsed:
        fix = "nothing where a daemon runs: it sends them again, marked" if running else "start it: alerts run"
        yield doubtful("leftovers", f"{audit.lapsed} sends began and have no receipt", fix)
    late = _since(audit.owed_since, audit.at)
    if late >= timedelta(hours=1):
        yield doubtful(
            "outbox",
            f"{audit.owed} deliveries are owed, the oldest for {late}",
            "alerts deliveries list --state pending",
        )
    if _since(audit.waiting_since, audit.at) >= timedelta(minutes=5):
        fix = "look in the log for what failed, then: alerts check" if running else "start the daemon: alerts run"
        yield doubtful("judging", f"{audit.waiting} pieces of evidence wait to be judged", fix)
    if not (audit.dead or audit.lapsed or audit.owed or audit.waiting):
        yield well("backlog", "nothing is owed, nothing waits")


def _since(moment: datetime | None, now: datetime) -> timedelta:
    if moment is None:
        return timedelta()
    return timedelta(seconds=round((now - moment).total_seconds()))
