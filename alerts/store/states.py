"""In which states a row of an item's way can be that only the store knows."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Who put a feed on the list."""

    SEED = "seed"
    OPERATOR = "operator"


class Listing(StrEnum):
    """Whether a feed is polled; a row stays for the sake of its items."""

    ACTIVE = "active"
    DROPPED = "dropped"  # the seeds no longer list it; comes back with them
    REMOVED = "removed"  # the operator removed it; only the operator brings it back


class AttemptEnd(StrEnum):
    """How a send ended; an attempt without an end has no receipt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GAVE_UP = "gave_up"
    UNKNOWN = "unknown"
