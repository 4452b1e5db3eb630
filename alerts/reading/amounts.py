"""Numbers near a verb of killing or wounding become the amount it counts."""

from __future__ import annotations

from alerts.reading.parsed import Parsed

_LEFT, _RIGHT = 6, 9
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_WORDS = {
    **dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True)),
    **dict(zip(_TEENS, range(10, 20), strict=True)),
    **dict(zip(_TENS, range(20, 100, 10), strict=True)),
    "a dozen": 12,
    "two dozen": 24,
    "dozens": 24,
    "scores": 40,
    "a hundred": 100,
    "hundreds": 200,
    "thousands": 2_000,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
    "half a million": 500_000,
    "nearly a million": 900_000,
    "a million": 1_000_000,
    "one million": 1_000_000,
    "more than a million": 1_000_000,
    "millions": 2_000_000,
    "десятки": 20,
    "десятки тысяч": 20_000,
    "сотни": 200,
    "тысячи": 2_000,
    "десятки тисяч": 20_000,
    "сотні": 200,
    "тисячі": 2_000,
}
"""Number words that the word lists name; a vague one counts as the least it says."""


def amount_near(parsed: Parsed, place: int) -> int | None:
    """Return the largest number of people within a few words of the event, in its clause; None when there is none."""
    clause = parsed.clause(place)
    best: int | None = None
    for at in range(max(clause.start, place - _LEFT), min(clause.end, place + _RIGHT)):
        value = None if _is_age(parsed, at) else _value(parsed, at)
        if value is not None and (best is None or value > best):
            best = value
    return best


def _is_age(parsed: Parsed, at: int) -> bool:
    """Whether a number is somebody's age: *aged 91*, *a 6-year-old*, *Ivan, 24,*, *dies at 79*."""
    span = parsed.spans[at]
    following = parsed.spans[at + 1] if at + 1 < len(parsed.spans) else None
    if at and (parsed.spans[at - 1].text in _AGE or (parsed.spans[at - 1].text == "at" and following is None)):
        return True
    if following is not None and following.joined and following.text.startswith(("year", "летн", "річн")):
        return True
    return span.before == ", " and (following is None or "," in following.before)


_PERIODS = ("year", "month", "week", "day", "hour", "minute")
_AGE = frozenset(("aged", "age", "day", "over", "days"))


def _value(parsed: Parsed, at: int) -> int | None:
    span = parsed.spans[at]
    following = parsed.spans[at + 1] if at + 1 < len(parsed.spans) else None
    if following is not None and (following.says("not_people") or following.text.startswith(_PERIODS)):
        return None
    if span.text in _WORDS:
        return _WORDS[span.text]
    if not span.text.isdigit():
        return None
    if (
        following is not None
        and following.text.isdigit()
        and len(following.text) == 3
        and following.before in {",", "."}
    ):
        return int(span.text) * 1000 + int(following.text)
    if len(span.text) == 4 and span.text[:2] in {"19", "20"}:
        return None
    if at and parsed.spans[at - 1].text.isdigit() and span.before in {",", "."}:
        return None
    return int(span.text) if len(span.text) < 9 else None
