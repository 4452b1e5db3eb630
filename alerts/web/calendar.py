"""Expected windows leave as a calendar, so that a phone knows when an answer is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote as percent

from alerts.model.question import Expect, Question
from alerts.web.quoting import shown

OCTETS = 75
"""A content line is no longer than this; longer ones are folded (RFC 5545 §3.1)."""


def calendar(questions: Iterable[Question], *, base: str, now: datetime) -> str:
    """Return an iCalendar document with an event for each window of each question."""
    events = [line for one in questions for expect in one.expect for line in _event(one, expect, base, now)]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//alerts//expected//EN", "X-WR-CALNAME:alerts: expected"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, *events, "END:VCALENDAR"])


def _event(question: Question, expect: Expect, base: str, now: datetime) -> Iterator[str]:
    answer = expect.answer.replace("_", " ")
    yield "BEGIN:VEVENT"
    yield f"UID:{question.id}-{expect.answer}-{expect.start:%Y%m%dT%H%MZ}@alerts"
    yield f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART:{expect.start:%Y%m%dT%H%M%SZ}"
    yield f"DTEND:{max(expect.start, expect.end):%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{_escaped(f'Expected: {answer}. {question.text}')}"
    yield f"URL:{base}/questions/{percent(question.id, safe='')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return shown(text)


def _folded(line: str) -> str:
    """Fold between characters, never inside one."""
    parts, octets = [""], 0
    for char in line:
        size = len(char.encode())
        if octets + size > OCTETS:
            parts.append(" ")
            octets = 1
        parts[-1] += char
        octets += size
    return "\r\n".join(parts)
