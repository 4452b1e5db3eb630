"""What happens to items is said a line an event: readable on a terminal, JSON for programs elsewhere."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

QUIET = ("apscheduler", "pymorphy3", "pymorphy3_dicts_ru", "aiohttp", "procrastinate", "alembic", "uvicorn")
"""Libraries whose warnings are worth a line, and nothing less."""


def speak(*, verbose: bool, form: str = "auto", stream: TextIO | None = None) -> None:
    """Let the daemon say what it does on standard error.

    ``form`` is ``human``, ``json``, or ``auto``: human on a terminal, JSON elsewhere. Times are UTC. A JSON line has
    ``at``, ``level``, ``event``, ``from``, and ``exception`` where there is one.
    """
    import structlog

    stream = stream or sys.stderr
    human = form == "human" or (form == "auto" and stream.isatty())
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%SZ" if human else "iso", utc=True, key="at"),
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if human:
        # The plain traceback: the rich one shows the values of variables, and secrets are among them.
        plain = structlog.dev.plain_traceback
        last.append(
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(), pad_event_to=0, timestamp_key="at", exception_formatter=plain
            )
        )
    else:
        before.append(_from)
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    said = logging.StreamHandler(stream)
    said.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
    logging.basicConfig(handlers=[said], level=logging.INFO if verbose else logging.WARNING, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _from(_: object, __: str, event: EventDict) -> EventDict:
    """Say which part of the program speaks."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["from"] = record.name
    return event
