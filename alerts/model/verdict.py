"""Verdicts: what one item says about one question, with the words it was read from; evidence stores them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from alerts.model.item import Item
from alerts.model.origin import Origin
from alerts.model.sketch import Sketch


class VerdictKind(StrEnum):
    """An answer asserted, claimed by who cannot settle it, denied as a report, or not to be settled.

    ``settled`` is no reading of a text: the desk's own ruling, an answer or none (*void*).
    """

    ASSERTED = "asserted"
    CLAIMED = "claimed"
    DENIED = "denied"
    UNCLEAR = "unclear"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Word:
    """A deciding word: ``role`` it plays (match, actor, event, …), ``field`` title or summary, offsets there."""

    text: str
    role: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one item says about one question; ``answer`` is None only for *unclear* and for a ruling that it is void.

    ``because`` are the sentences it was read from, ``why`` the reasons in words, ``words`` the deciding ones.
    ``object`` is the thing of the claim, ``day`` the day the sentence names for it; both tell occasions apart.
    """

    question: str
    answer: str | None
    kind: VerdictKind
    speaker: str | None = None
    because: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    why: tuple[str, ...] = ()
    object: str | None = None
    day: date | None = None

    @property
    def label(self) -> str:
        """The verdict as a test line writes it: ``answer``, ``answer/claimed``, ``answer/denied``, ``unclear``."""
        if self.answer is None:
            return self.kind.value
        return self.answer if self.kind is VerdictKind.ASSERTED else f"{self.answer}/{self.kind}"


class Silence(StrEnum):
    """Why evidence fills the state but is never told."""

    PRIMING = "priming"  # stood in the feed before we first saw it, and is older than 30 minutes
    BASELINE = "baseline"  # older than the rule's activation
    UNROUTED = "unrouted"  # the rule's status is test: stored and shown, never pushed


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stored verdict. ``copy_key`` is equal for texts that are copies of one another.

    ``silence`` says why it must not be told, None = it may be told. ``at`` is when it was first seen (UTC).
    ``origin`` is the independent source behind it, None = the item's own; ``sketch`` is what tells its copies.
    """

    id: int
    item: Item
    verdict: Verdict
    rule_hash: str
    copy_key: str
    at: datetime
    silence: Silence | None = None
    origin: Origin | None = None
    sketch: Sketch | None = None
