"""What the words of a date mean: months in the languages feeds are written in, and the names of time zones."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS_EAST = """
    z 0 ut 0 utc 0 gmt 0 wet 0 west 1 bst 1 met 1 mest 2 mez 1 mesz 2 cet 1 cest 2 eet 2 eest 3 idt 3 trt 3
    msk 3 мск 3 msd 4 samt 4 yekt 5 omst 6 krat 7 irkt 8 yakt 9 vlat 10 magt 11 pett 12
    wat 1 cat 2 sast 2 eat 3 irst 3.5 gst 4 pkt 5 ist 5.5 npt 5.75 ict 7 wib 7 sgt 8 hkt 8 jst 9 kst 9
    awst 8 acst 9.5 acdt 10.5 aest 10 aedt 11 nzst 12 nzdt 13
    nst -3.5 ndt -2.5 at -4 ast -4 adt -3 et -5 est -5 edt -4 ct -6 cst -6 cdt -5 mt -7 mst -7 mdt -6
    pt -8 pst -8 pdt -7 akst -9 akdt -8 hst -10 brt -3 art -3
    a -1 b -2 c -3 d -4 e -5 f -6 g -7 h -8 i -9 k -10 l -11 m -12 n 1 o 2 p 3 q 4 r 5 s 6 t 7 u 8 v 9 w 10 x 11 y 12
"""  # one letter is a military zone, with the sign that RFC 822 gave it
_ZONES = {name: timezone(timedelta(hours=float(hours))) for name, hours in re.findall(r"(\w+) ([-.0-9]+)", _HOURS_EAST)}
_ZONE_NAME = re.compile(r"(?:etc/)?([^\W\d_]+(?:/[a-z_]+)*)\.?\s*")
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])[+-]?(\d{1,2})(?::?(\d{2}))?(?::\d{2})?(?!\d)\s*(?:[a-z]{1,5}\b\s*)?")

# How months begin, January to December; of several beginnings the longest that fits decides.
_MONTHS = {
    beginning: number
    for language in (
        "jan feb mar apr may jun jul aug sep oct nov dec",  # English, and what others share with it
        "jän fév mär avr mai juin juil aoû set okt - dez",  # German, French, Portuguese
        "ene - mrz abr mei jui lug ago wrz ott - dic",  # Spanish, Italian, Dutch, Polish
        "gen fev mrt kwi maj giu lip sie - paź lis déc",
        "sty lut - - mag cze - - - out - gru",
        "янв фев мар апр май июн июл авг сен окт ноя дек",  # Russian
        "- - - - мая - - - - - - -",
        "січ лют бер кві тра чер лип сер вер жов лис гру",  # Ukrainian
        "ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ",  # Greek
        "- - μαρ - μαΐ ιουν ιουλ αυγ - - νοε -",
        "- - már ápr máj jún júl - sze - - -",  # Hungarian
    )
    for number, beginning in enumerate(language.split(), 1)
    if beginning != "-"
}


def month(word: str) -> int | None:
    """Return 1 to 12 for a month's name in small letters, whole or cut short, else None."""
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])


def zone(tail: str) -> tuple[tzinfo, str]:
    """Read what follows a time of day, in small letters: its zone, and what is left.

    No zone, or a short name nobody knows, is UTC; ValueError when it is neither zone nor date.
    """
    offset = _OFFSET.match(tail)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-size if offset[1] == "-" else size), tail[offset.end() :]
    name = _ZONE_NAME.match(tail)
    if name is None or (name[1] not in _ZONES and month(name[1])):
        return UTC, tail
    return _named(name[1]), tail[name.end() :]


def is_zone(word: str) -> bool:
    """Whether the word, in small letters, names a zone (by more than one letter)."""
    return len(word) > 1 and word in _ZONES


def _named(name: str) -> tzinfo:
    if name in _ZONES:
        return _ZONES[name]
    if "/" in name:
        try:
            return ZoneInfo(name.title())
        except (LookupError, OSError):
            return UTC
    if len(name) > 5:
        raise ValueError(name)
    return UTC
