"""The date a feed wrote becomes a UTC time; feeds write it in forty ways and a dozen languages.

One reader for all dialects: RFC 822/2822/5322 and asctime, RFC 3339, ISO 8601 and W3C-DTF, epoch seconds and
milliseconds, numeric dates (``18.03.2025``; with slashes the American order unless only the other one exists), and
months by name. A date alone is 00:00 UTC; a time without a zone is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from alerts.feeds.datewords import is_zone, month, zone

_LONGEST = 120
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_EPOCHS = {9: 1, 10: 1, 12: 1_000, 13: 1_000, 15: 1_000_000, 16: 1_000_000}  # digits → ticks a second

_CLOCK = re.compile(r"(?<![\d:+-])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?![\d:])\s*(?:([ap])\.?m\b\.?)?")
_STAMP = re.compile(r"(\d{9,16})(?:\.\d+)?")
_COMPACT = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:[t ]?(?P<hour>\d{2})(?P<minute>\d{2})?(?P<second>\d{2})?)?(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_SHORT = (  # ISO 8601 and W3C-DTF with less than a day, by the day of the year, or with two digits for the year
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?"),
    re.compile(r"(?P<year>\d{4}|\d{2})-?(?P<nth>\d{3})"),
    re.compile(r"(?P<year>\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})"),
    re.compile(r"-(?P<year>\d{2})-?(?P<month>\d{2})"),
)
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,3})\s?[-/.]\s?(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|(?<!-)\d{2})\.?")
_ZONE_OF_A_DAY = re.compile(r"(?<=\d\d-\d\d)[+-]\d\d:\d\d$|\s[+-]\d{4}$|(?<=\d)z$")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_FILLER_WORDS = "st nd rd th t at um le de del of the г р в о год года року і и a"
_FILLERS = frozenset(_FILLER_WORDS.split())
_ASIDE = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\])$")  # (Coordinated Universal Time), [Europe/Vienna]
_ASIAN = str.maketrans({"년": "-", "월": "-", "年": "-", "月": "-", "일": " ", "日": " "})
_HALF_DAY = re.compile(r"(오전|오후)\s*([\d:]+)")
_SEOUL = "오전", "오후", "년"


def read_date(raw: str) -> datetime | None:
    """Return the UTC time a feed's date string names; None where it names none of the years 1970 to 2100."""
    text = _ASIDE.sub("", " ".join(raw.lower().replace("'", "").replace("’", "").split()))
    if not text or len(text) > _LONGEST:
        return None
    for reader in (_stamp, _compact, _clocked, _dated, _short):
        try:
            moment = reader(text)
        except (OverflowError, ValueError):
            continue
        if moment and _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return moment
    return None


def _stamp(text: str) -> datetime | None:
    """Seconds, milliseconds or microseconds since 1970."""
    found = _STAMP.fullmatch(text)
    ticks = _EPOCHS.get(len(found[1])) if found else None
    if found is None or ticks is None or _is_compact(found[1]):
        return None
    return datetime.fromtimestamp(int(found[1]) // ticks, UTC)


def _is_compact(digits: str) -> bool:
    return len(digits) == 12 and digits[:2] in ("19", "20") and digits[4:6] <= "12"


def _compact(text: str) -> datetime | None:
    """``20250318T140000Z`` and its like."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    clock = _since_midnight(found["hour"], found["minute"], found["second"])
    return _moment(day, clock, zone(found["zone"] or "")[0] if found["hour"] else UTC)


def _clocked(text: str) -> datetime | None:
    """A day, a time of day and perhaps a zone, the day on either side."""
    korean = any(word in text for word in _SEOUL)
    text = _HALF_DAY.sub(lambda half: f"{half[2]} {'am' if half[1] == '오전' else 'pm'}", text.translate(_ASIAN))
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    tail = text[clock.end() :].strip(" ,")
    where, rest = zone(tail or ("kst" if korean else ""))
    return _moment(_day(f"{text[: clock.start()].rstrip(' ,-')} {rest}"), _since_midnight(*clock.groups()), where)


def _since_midnight(hour: str | None, minute: str | None, second: str | None, half: str | None = None) -> timedelta:
    """24:00:00 is the next midnight, a leap second the next second; ValueError for 25 o'clock."""
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours > 24 or minutes > 59 or seconds > 60 or (hours == 24 and minutes + seconds > 0):
        raise ValueError(f"{hour}:{minute}:{second}")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _dated(text: str) -> datetime | None:
    """A day without a time; a zone behind it says nothing."""
    return _moment(_day(_ZONE_OF_A_DAY.sub("", text.translate(_ASIAN))), timedelta(), UTC)


def _short(text: str) -> datetime | None:
    found = next(filter(None, (form.fullmatch(text) for form in _SHORT)), None)
    if found is None:
        return None
    parts = found.groupdict()
    day = date(_year(parts["year"]), int(parts.get("month") or 1), int(parts.get("day") or 1))
    return _moment(day + timedelta(days=int(parts.get("nth") or 1) - 1), timedelta(), UTC)


def _day(text: str) -> date:
    """Return the day the words name, a weekday or another word before it aside; ValueError when they name none."""
    found = _WORD.findall(text)
    if found and not found[0].isdecimal() and month(found[0]) is None:
        text = text[text.index(found[0]) + len(found[0]) :].lstrip(" ,.-")
        del found[0]
    text = text.strip(" ,.-").removesuffix("t")
    numeric = _YEAR_FIRST.fullmatch(text)
    if numeric:
        return date(int(numeric[1]), int(numeric[2]), int(numeric[3]))
    numeric = _YEAR_LAST.fullmatch(text)
    if numeric:
        first, second = int(numeric[1]), int(numeric[3])
        american = numeric[2] == "/" and first <= 12
        return date(_year(numeric[4]), *((first, second) if american or second > 12 else (second, first)))
    return _named_day(found)


def _named_day(words: list[str]) -> date:
    """Read *18 March 2025*, *Mar 18, 2025*, *18 березня 2025 р.*, *Nov. 2020*."""
    numbers = [word for word in words if word.isdecimal()]
    names = [word for word in words if not word.isdecimal() and word not in _FILLERS]
    months = [month(name) for name in names if not is_zone(name)]
    if not months or None in months or not 1 <= len(numbers) <= 2:
        raise ValueError(words)
    year = next((number for number in numbers if len(number) == 4), numbers[-1])
    numbers.remove(year)
    return date(_year(year), months[-1] or 0, int(numbers[0]) if numbers else 1)


def _year(digits: str) -> int:
    """Two digits are 1970 to 2069."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= 70 else 2000)


def _moment(day: date, clock: timedelta, where: tzinfo) -> datetime:
    return (datetime(day.year, day.month, day.day, tzinfo=where) + clock).astimezone(UTC)
