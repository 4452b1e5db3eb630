"""The kinds and states an operator may name: small, so that the command line knows them without the other nouns."""

from __future__ import annotations

from enum import StrEnum


class FeedKind(StrEnum):
    """What stands behind a feed; decides who it may speak for."""

    OFFICIAL = "official"
    AGENCY = "agency"
    OUTLET = "outlet"
    STATE = "state"
    AGGREGATOR = "aggregator"
    SOCIAL = "social"


class Reliability(StrEnum):
    """The Admiralty source grade, A (completely reliable) to F (cannot be judged)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Loudness(StrEnum):
    """How loudly an alert is told, as an operator may name it; the same values as ``Severity``."""

    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"


class DeliveryState(StrEnum):
    """``pending → sending → sent``; or ``unknown`` (perhaps sent), ``dead`` (given up, operator told), ``muted``."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    MUTED = "muted"  # not sent on purpose: a silence, an acknowledgement, a claim overtaken; the reason is kept
