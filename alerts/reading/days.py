"""A sentence is asked for the day of its event: *on Tuesday*, *tomorrow*, *18 March*, seen from its publication.

Words of six languages; the year that is not written is the one that fits. A day that somebody said it on (*said on
Monday*) is not the event's. Where two days are named, or a span of days, none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache

from alerts.reading.lexicons import word_list
from alerts.reading.normalise import Text, normalise

NIGHT = 9
"""Before this hour (UTC) the day before goes on elsewhere: *later on Thursday* is not a week away."""
READ = 1_000
"""Letters that are read."""
_LONGEST = 3  # words of a phrase
_NEAR = 3  # words between a weekday and its date, or a word of saying and its day
_BEHIND = timedelta(days=60)
"""So far on the other side of today a date without a year is looked for: news is late, and plans are old."""
_NUMERIC = re.compile(r"(?<![\d.-])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?![\d-]|\.\d)")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|го|е|ого|й|та|те)?")
_CYRILLIC = re.compile("[Ѐ-ӿ]")


class _Role(Enum):
    """What a phrase does in naming a day."""

    WEEKDAY = "weekday"
    MONTH = "month"
    OFFSET = "offset"
    NEXT = "next"
    LAST = "last"
    NEXT_FOLLOWS = "next_follows"
    LAST_FOLLOWS = "last_follows"
    WEEK = "week"
    SAYING = "saying"
    RANGE = "ranges"
    OF = "of"
    NOTHING = "not_a_day"


_OFFSETS = {"today": 0, "tomorrow": 1, "yesterday": -1, "after_tomorrow": 2, "before_yesterday": -2}
_Meaning = tuple[_Role, int]


@dataclass(frozen=True, slots=True)
class _Word:
    """A phrase of the text that means something here, with the place of its first and last word."""

    role: _Role
    value: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that the text names; ``weekday`` where a weekday alone names it."""

    day: date
    place: int
    weekday: int | None = None
    is_of_saying: bool = False


def day_named(text: str, published: datetime, lang: str | None, *, ahead: bool) -> date | None:
    """Return the calendar day a sentence names for its event, None when it names none, or several.

    ``published`` is aware; the day is counted in UTC. ``ahead`` says that the event is to come: *on Tuesday* is then
    the coming one (today, if it is one, and at night the one just over), otherwise the latest. ``lang`` None: English,
    or Russian and Ukrainian.
    """
    source = text[:READ]
    read = normalise(source)
    words = _words(read, _table(_languages(lang, source)))
    moment = published.astimezone(UTC)
    today, is_night = moment.date(), moment.hour < NIGHT
    days = _Reading(read, words, today, ahead=ahead, is_night=is_night).days()
    if days is None:
        return None
    numeric = [day for found in _NUMERIC.finditer(source) if (day := _numeric(found)) is not None]
    named = {one.day for one in days if not one.is_of_saying} | set(numeric)
    if not named and not ahead:
        named = {one.day for one in days}
    if len(named) > 1:  # what is to come was not yesterday, nor what is past tomorrow
        named = {day for day in named if (day >= today if ahead else day <= today)}
    return named.pop() if len(named) == 1 else None


class _Reading:
    """A text on its way from words to days."""

    def __init__(self, read: Text, words: Sequence[_Word], today: date, *, ahead: bool, is_night: bool) -> None:
        self._read = read
        self._words = words
        self._today = today
        self._ahead = ahead
        self._is_night = is_night
        self._by_first = {word.first: word for word in words}
        self._by_last = {word.last: word for word in words}

    def days(self) -> list[_Day] | None:
        """Return the days named, a weekday beside its own date left out; None where a span of days is named."""
        dated: list[_Day] = []
        for word in self._words:
            if word.role is _Role.MONTH and (numbers := self._numbers(word)) is not None:
                if len(numbers) > 1:
                    return None
                if (day := self._dated(numbers[0], word)) is not None:
                    dated.append(_Day(day, word.first, is_of_saying=self._is_of_saying(word.first)))
        others = [self._day(word) for word in self._words if word.role in {_Role.WEEKDAY, _Role.OFFSET}]
        return dated + [one for one in others if not any(_belongs(one, day) for day in dated)]

    def _day(self, word: _Word) -> _Day:
        said = self._is_of_saying(word.first)
        if word.role is _Role.OFFSET:
            return _Day(self._day_at(word.value), word.first, is_of_saying=said)
        return _Day(self._day_at(self._to_weekday(word)), word.first, weekday=word.value, is_of_saying=said)

    def _day_at(self, offset: int) -> date:
        try:
            return self._today + timedelta(days=offset)
        except OverflowError:
            return self._today

    def _to_weekday(self, word: _Word) -> int:
        """How many days from today a weekday is."""
        behind = (self._today.weekday() - word.value) % 7
        turn = self._turn(word)
        if any(near.role is _Role.WEEK for near in self._around(word)) and turn:
            return word.value - self._today.weekday() + 7 * turn
        if turn > 0:
            return 7 - behind
        if turn < 0:
            return -(behind or 7)
        if not self._ahead or (behind == 1 and self._is_night):
            return -behind
        return (7 - behind) % 7

    def _turn(self, word: _Word) -> int:
        """Return 1 for *next*, -1 for *last*, else 0."""
        around = self._around(word)
        if any(near.role is _Role.WEEK for near in around):
            roles = {near.role for near in around}
        else:
            before, after = self._by_last.get(word.first - 1), self._by_first.get(word.last + 1)
            roles = {before.role} if before is not None else set()
            if after is not None and after.role in {_Role.NEXT_FOLLOWS, _Role.LAST_FOLLOWS}:
                roles.add(after.role)
        if roles & {_Role.NEXT, _Role.NEXT_FOLLOWS}:
            return 1
        return -1 if roles & {_Role.LAST, _Role.LAST_FOLLOWS} else 0

    def _around(self, word: _Word) -> list[_Word]:
        places = range(word.first - _NEAR, word.last + _NEAR + 1)
        return [near for place in places if (near := self._by_first.get(place)) is not None]

    def _is_of_saying(self, place: int) -> bool:
        for before in range(place - 1, max(place - 1 - _NEAR, -1), -1):
            word = self._by_last.get(before)
            if word is not None and word.role is _Role.SAYING:
                return True
            if "," in self._read.gaps[before + 1] or "." in self._read.gaps[before + 1]:
                return False
        return False

    def _numbers(self, month: _Word) -> list[int] | None:
        """Return the days of the month beside its name, before it or behind: two of them are a span."""
        if month.value < 0 and self._read.surface(month.first)[0].islower():
            return None
        behind = self._number(month.last + 1)
        place = month.first - 1
        between = self._by_first.get(place)
        place -= between is not None and between.role is _Role.OF
        if (before := self._number(place)) is not None:
            return [before] if self._number_joined(place - 1) is None else [0, before]
        if behind is None:
            return None
        joined = month.last + 2 < len(self._read.words) and self._is_joined(month.last + 2)
        return [behind, 0] if joined else [behind]

    def _number(self, place: int) -> int | None:
        if not 0 <= place < len(self._read.words):
            return None
        found = _ORDINAL.fullmatch(self._read.words[place])
        return int(found[1]) if found is not None and 1 <= int(found[1]) <= 31 else None

    def _number_joined(self, place: int) -> int | None:
        """A day of the month that is joined with the one behind it: *17-18*, *17 to 18*."""
        if place < 0:
            return None
        joins = self._by_first.get(place)
        if joins is not None and joins.role is _Role.RANGE:
            return self._number(place - 1)
        return self._number(place) if self._read.gaps[place + 1].strip() in {"-", "–", "/", ","} else None

    def _is_joined(self, place: int) -> bool:
        """Whether another day of the month follows: *March 17-18*, *March 17 and 18*."""
        joins = self._by_first.get(place)
        if joins is not None and joins.role is _Role.RANGE:
            return self._number(place + 1) is not None
        return self._number(place) is not None and self._read.gaps[place].strip() in {"-", "–", "/"}

    def _dated(self, day: int, month: _Word) -> date | None:
        place = month.last + 1
        if self._number(place) == day:
            place += 1
        year = self._read.words[place] if place < len(self._read.words) else ""
        if len(year) == 4 and year.isdecimal() and year[:2] in {"19", "20"}:
            return _date(int(year), abs(month.value), day)
        earliest = self._day_at(-_BEHIND.days if self._ahead else _BEHIND.days - 365)
        years = (self._today.year - 1, self._today.year, self._today.year + 1)
        found = [one for year in years if (one := _date(year, abs(month.value), day)) is not None and one >= earliest]
        return found[0] if found else None


def _belongs(weekday: _Day, dated: _Day) -> bool:
    """Whether a weekday only says again what the date beside it says: *Tuesday, 18 March*."""
    near = abs(weekday.place - dated.place) <= _NEAR
    return near and weekday.weekday is not None and weekday.weekday == dated.day.weekday()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(found: re.Match[str]) -> date | None:
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    return _date(int(year), int(month), int(day))


# --- words --------------------------------------------------------------------------------------


def _languages(lang: str | None, text: str) -> tuple[str, ...]:
    known = (lang or "").partition("-")[0].lower()
    if known in word_list("days"):
        return (known,)
    return ("uk", "ru") if _CYRILLIC.search(text) else ("en",)


@cache
def _table(languages: tuple[str, ...]) -> Mapping[tuple[str, ...], _Meaning]:
    """Phrase → what it does, of these languages; the first of them goes first."""
    table: dict[tuple[str, ...], _Meaning] = {}

    def add(phrases: Iterable[str], role: _Role, value: int = 0) -> None:
        for phrase in phrases:
            table.setdefault(normalise(phrase).words, (role, value))

    for lang in languages:
        lists = word_list("days")[lang]
        add(lists["not_a_day"], _Role.NOTHING)
        for number, forms in enumerate(lists["weekdays"]):
            add(forms, _Role.WEEKDAY, number)
        sign = -1 if "months" in lists["capitals"] else 1  # below zero: only in capitals
        for number, forms in enumerate(lists["months"], 1):
            add(forms, _Role.MONTH, sign * number)
        for key, offset in _OFFSETS.items():
            add(lists[key], _Role.OFFSET, offset)
        for role in _Role:
            if role.value in lists and role is not _Role.NOTHING:
                add(lists[role.value], role)
    return table


def _words(read: Text, table: Mapping[tuple[str, ...], _Meaning]) -> list[_Word]:
    """The phrases of a text, the longest at each place."""
    found: list[_Word] = []
    place = 0
    while place < len(read.words):
        for length in range(_LONGEST, 0, -1):
            meaning = table.get(read.words[place : place + length])
            if meaning is not None:
                found.append(_Word(*meaning, place, place + length - 1))
                place += length - 1
                break
        place += 1
    return found
