"""Moments: times and spans become the words a reader understands, in UTC and in the reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def moment(at: datetime, zone: str, now: datetime) -> str:
    """Return ``14:32 UTC (15:32 Vienna)``; with the day where it is not today's (UTC), with the year where needed."""
    at = at.astimezone(UTC)
    local = at.astimezone(zone_of(zone))
    said = f"{_day(at, now.astimezone(UTC))}{at:%H:%M} UTC"
    if local.utcoffset() == timedelta(0):
        return said
    other_day = f", {local.day} {local:%B}" if local.date() != at.date() else ""
    return f"{said} ({local:%H:%M} {_city(zone)}{other_day})"


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units: ``45 s``, ``12 min``, ``5 h 18 min``, ``3 days``."""
    seconds = max(0, int(length.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days >= 2:
        return f"{days} days"
    if hours:
        rest = minutes % 60
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _day(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return ""
    year = f" {at.year}" if at.year != now.year else ""
    return f"{at.day} {at:%B}{year}, "


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")  # settings refuse an unknown zone; an alert goes out all the same
