"""A feed that moved for good is fetched from its new address, once that has proved to be the same feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.model.feed import Learnt

SETTLED = timedelta(days=7)
"""A permanent redirect is believed when it has led to the same place for so long: some are a mistake of an hour."""
LOST_AFTER = 3
"""After so many failures in a row at the new address the written one is tried again."""


def moved(learnt: Learnt, written: str, to: str | None, now: datetime, *, is_known: bool) -> Learnt:
    """Return what is learnt of a feed's address after it answered.

    ``written`` is the address on the list, ``to`` where permanent redirects led from where it was asked, None = there
    were none. ``is_known`` says that the body there had items of this feed: without that it may be another's. The
    step from http to https at the same place is believed at once; a login never leaves the address it was written in.
    """
    if to is None or "@" in written.partition("://")[2].partition("/")[0]:
        return learnt if learnt.moved_to is None else replace(learnt, moved_to=None, moved_since=None)
    asked = learnt.address or written
    if learnt.moved_to != to or learnt.moved_since is None:
        learnt = replace(learnt, moved_to=to, moved_since=now)
    since = learnt.moved_since or now
    is_step = asked.startswith("http://") and to == f"https://{asked.removeprefix('http://')}"
    if is_known and (is_step or now - since >= SETTLED):
        return replace(learnt, address=to, moved_to=None, moved_since=None)
    return learnt


def lost(learnt: Learnt, failures: int) -> Learnt:
    """Return what is learnt after so many failures in a row."""
    return replace(learnt, address=None) if learnt.address is not None and failures >= LOST_AFTER else learnt
