"""Receipts: what Apprise logged about a send becomes what happened to the message.

Apprise swallows status codes and exceptions; its log lines are the only place that tells *refused* from *not sent*
from *perhaps sent*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from alerts.model.delivery import Delivered, GiveUp, Receipt, RetryLater, Unknown

AFTER_TOO_MANY = 60.0
"""Seconds to wait after *too many requests*: Apprise does not pass on the service's own wish."""

_HTTP_STATUS = re.compile(r"\berror=(\d{3})\b")
_SMTP_STATUS = re.compile(r"\((\d{3}), b?['\"]|was refused: (\d{3}) ")

_NEVER_LEFT = re.compile(
    r"Max retries exceeded|Connection refused|Name or service not known|nodename nor servname|getaddrinfo|"
    r"Temporary failure in name resolution|No route to host|Network is unreachable|CERTIFICATE_VERIFY_FAILED|SSLError|"
    r"Connection error while submitting email|Failed to (establish|resolve)|timed out\. \(connect",
    re.IGNORECASE,
)
"""No connection: the message cannot have arrived. urllib3 says *max retries* of failed connects only."""

_PERHAPS = re.compile(
    r"Read timed out|timed out|Connection aborted|RemoteDisconnected|Connection reset|Broken pipe|IncompleteRead|"
    r"Connection broken|Connection unexpectedly closed|raised an exception|connection error|Socket Exception",
    re.IGNORECASE,
)
"""The request may have left before the line broke."""

_MEANINGS = {
    400: "it does not take this message",
    401: "the token or password is wrong or was revoked",
    403: "it forbids this: the token was revoked, or the channel no longer lets us in",
    404: "the address does not exist (any more)",
    410: "the address is gone",
    413: "the message is too long for it",
    429: "too many messages",
}
_AGAIN = frozenset({408, 425, 429})


def receipt_of(is_sent: bool, lines: Sequence[str]) -> Receipt:
    """Return the receipt of one send from whether Apprise calls it a success and from its log lines, oldest first.

    ``why`` is in our own words and never quotes a line. Where the lines leave it open whether the message left,
    it is ``Unknown``: a repeat that says so is better than a loss.
    """
    if is_sent:
        return Delivered()
    text = "\n".join(lines)
    if status := _last(_HTTP_STATUS, text):
        return _after_http(status)
    if status := _last(_SMTP_STATUS, text):
        return _after_smtp(status)
    if _NEVER_LEFT.search(text):
        return RetryLater("the service cannot be reached")
    if _PERHAPS.search(text):
        return Unknown("the line to the service broke before it answered")
    return RetryLater("the service did not take it and did not say why")


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    found = [next(filter(None, match.groups())) for match in pattern.finditer(text)]
    return int(found[-1]) if found else None


def _after_http(status: int) -> Receipt:
    meaning = _MEANINGS.get(status)
    why = f"the service answered {status}{f': {meaning}' if meaning else ''}"
    if status < 300:
        why = "the service answered, and refused it all the same"
    if status == 429:
        return RetryLater(why, after=AFTER_TOO_MANY)
    if 400 <= status < 500 and status not in _AGAIN:
        return GiveUp(why)
    return RetryLater(why)


def _after_smtp(status: int) -> Receipt:
    login = ": the login is wrong" if status in {530, 534, 535, 538} else ""
    why = f"the mail server answered {status}{login}"
    return GiveUp(why) if status >= 500 else RetryLater(why)
