"""Redact: what an address holds never leaves the send, neither in a log record nor in a receipt."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit

MASK = "***"

LONG_ENOUGH = 4
"""A part this long is masked wherever it stands; a shorter name or password only as a word of its own."""

_EXCEPTIONS = ("Socket Exception:", "I/O Exception:", "Notification Exception:")
"""How Apprise's debug lines begin that say why a send failed."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """What went wrong while an address was in use, as this thread logged it.

    ``lines`` are warnings and the exceptions behind them, never a payload: a headline cannot pass for an error.
    They hold secrets; ``scrub`` removes them.
    """

    scrub: Callable[[str], str]
    lines: list[str] = field(default_factory=list, repr=False)


_current: ContextVar[Overheard | None] = ContextVar("alerts_delivery_overheard", default=None)


@contextmanager
def overhear(url: str) -> Iterator[Overheard]:
    """Collect what this thread logs, by any logger at any level, and mask the parts of ``url`` in every record.

    Apprise, and the HTTP library below it, log tokens at their debug levels, and say only there why a send failed.
    """
    _scrub_records()
    overheard = Overheard(scrub=scrubber(url))
    token = _current.set(overheard)
    try:
        yield overheard
    finally:
        _current.reset(token)


def scrubber(url: str) -> Callable[[str], str]:
    """Return a function that masks every part of an Apprise URL in a text, as written or percent-encoded."""
    split = _split(url)
    credentials = {part for part in re.split("[:@]", split.netloc.rpartition("@")[0]) if part}
    parts = {url, *re.split(r"[/:@?#,;]+", f"{split.netloc}/{split.path}/{split.fragment}"), *credentials}
    parts |= {piece.partition("=")[2] for piece in split.query.split("&")}
    spellings = {said for part in parts for said in (part, unquote(part), unquote_plus(part), quote(unquote(part), ""))}
    long = sorted((part for part in spellings if len(part) >= LONG_ENOUGH), key=len, reverse=True)
    short = {spelt for part in credentials for spelt in (part, unquote(part)) if len(spelt) < LONG_ENOUGH}
    pattern = "|".join([*map(re.escape, long), *(rf"(?<!\w){re.escape(part)}(?!\w)" for part in sorted(short))])
    found = re.compile(pattern or r"(?!)", re.IGNORECASE)
    return lambda text: found.sub(MASK, text)


def _split(url: str) -> SplitResult:
    rest = url.partition("://")[2] if "://" in url else url
    try:
        return urlsplit(f"//{rest}")
    except ValueError:  # a bracket that opens no address
        return urlsplit(f"//{re.sub(r'[][]', '', rest)}")


@cache
def _scrub_records() -> None:
    make = logging.getLogRecordFactory()

    def scrubbed(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        overheard = _current.get()
        if overheard is not None:
            said = _said(record)
            if record.levelno >= logging.WARNING or said.startswith(_EXCEPTIONS):
                overheard.lines.append(said)
            record.msg, record.args, record.exc_info = overheard.scrub(said), (), None
        return record

    logging.setLogRecordFactory(scrubbed)


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit their format
        return str(record.msg)
