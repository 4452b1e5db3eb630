"""One tree of errors; a message says what, which, why and what to do, in one line.

AlertsError
├── ConfigError        settings or a path are wrong                          (exit 3)
├── AuthoringError     an authored file has problems; carries all of them    (exit 3)
├── FeedError          one feed could not be fetched or read; carries a FeedFault
├── StoreError         the database cannot be used: newer schema, locked, damaged   (exit 4)
└── NotFoundError      something asked for by name is not there              (exit 2)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class AlertsError(Exception):
    """Root of everything this package raises on purpose; ``str()`` is one line for a tired operator."""


class ConfigError(AlertsError):
    """Settings, or a folder they name, cannot be used."""


class StoreError(AlertsError):
    """The database cannot be opened or written."""


class NotFoundError(AlertsError):
    """A feed, rule, item or delivery that was asked for by name does not exist."""


class FeedFault(StrEnum):
    """Why a poll failed; decides pacing and what the operator is told."""

    UNREACHABLE = "unreachable"  # DNS, refused, TLS
    TIMEOUT = "timeout"  # the total deadline passed, a drip included
    BLOCKED = "blocked"  # an address we do not dial (private network, odd port, other scheme)
    REDIRECT = "redirect"  # too many hops, or to nowhere
    STATUS = "status"  # an HTTP status that is not a feed (4xx, 5xx)
    GONE = "gone"  # 410
    THROTTLED = "throttled"  # 429, or 503 with Retry-After
    TOO_LARGE = "too_large"  # decoded body over the cap, or a decompression bomb
    ENCODING = "encoding"  # content-encoding that lies or is unknown
    EMPTY = "empty"  # a 200 with no body
    NOT_A_FEED = "not_a_feed"  # HTML, JSON of another kind, a challenge page
    BROKEN = "broken"  # a feed no item could be saved from
    HOSTILE = "hostile"  # parsing exceeded its time or memory limit, or a pre-scan refused it


class FeedError(AlertsError):
    """One feed failed once; others are not concerned.

    ``retry_after`` is in seconds, from the server's Retry-After where it gave one.
    """

    def __init__(
        self, fault: FeedFault, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in an authored file, at ``line``:``col`` (both from 1).

    ``code`` is ``E…`` for errors and ``W…`` for warnings; ``hint`` is the mend, often *Did you mean …?*
    """

    path: str
    line: int
    col: int
    code: str
    text: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the file cannot be used because of this."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        tail = f" {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.col}: {self.code}: {self.text}{tail}"


class AuthoringError(AlertsError):
    """An authored file (rule, seed, routes, story) has errors; ``problems`` holds all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
