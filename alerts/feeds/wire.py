"""What crosses the pipe between the pool and its child: lengths and JSON.

Never pickle: a child that a hostile body has taken over must not be able to speak code.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem, Reading

TASK = struct.Struct("!II")
"""Lengths of the head and of the body that follow."""
ANSWER = struct.Struct("!I")
"""Length of the answer that follows; 0 from a child that is ready for its first task."""
LONGEST_ANSWER = 64 * 1024 * 1024


def task(body: bytes, headers: Mapping[str, str], url: str, remembered: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the frames of one task."""
    about = {"headers": dict(headers), "url": url, "remembered": b64encode(remembered).decode()}
    head = json.dumps(about).encode()
    return TASK.pack(len(head), len(body)), head, body


def asked(head: bytes) -> tuple[dict[str, str], str, bytes]:
    """Return headers, address and what is remembered, of a task."""
    about = json.loads(head)
    return about["headers"], about["url"], b64decode(about["remembered"])


def answer(outcome: Reading | FeedError, *, last: bool) -> bytes:
    """Return an answer with its length; ``last`` says that the child ends after it."""
    if isinstance(outcome, FeedError):
        told: dict[str, Any] = {"fault": outcome.fault, "error": str(outcome)}
    else:
        remembered = b64encode(outcome.remembered).decode()
        told = {"feed": asdict(outcome.feed), "remembered": remembered, "left_out": outcome.left_out}
    frame = json.dumps(told | {"last": last}, default=datetime.isoformat).encode()
    return ANSWER.pack(len(frame)) + frame


def outcome(frame: bytes) -> tuple[Reading | FeedError, bool]:
    """Return what an answer says, and whether it is the child's last; ValueError for what is no answer."""
    try:
        told = json.loads(frame)
        if "fault" in told:
            return FeedError(FeedFault(told["fault"]), str(told["error"])), bool(told["last"])
        remembered, left_out = b64decode(told["remembered"], validate=True), int(told["left_out"])
        return Reading(feed=_feed(told["feed"]), remembered=remembered, left_out=left_out), bool(told["last"])
    except (LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"not an answer: {error}") from error


def _feed(told: dict[str, Any]) -> ParsedFeed:
    return ParsedFeed(
        **told
        | {
            "kind": FeedFormat(told["kind"]),
            "items": tuple([_item(item) for item in told["items"]]),
            "notes": tuple(told["notes"]),
        }
    )


def _item(told: dict[str, Any]) -> ParsedItem:
    published, updated = told["published"], told["updated"]
    return ParsedItem(
        **told
        | {
            "published": datetime.fromisoformat(published) if published else None,
            "updated": datetime.fromisoformat(updated) if updated else None,
        }
    )
