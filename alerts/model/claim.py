"""Claims: actor · event · object found in one sentence, with factuality, context, speaker and the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.model.verdict import Word


class Factuality(StrEnum):
    """What the sentence commits to, in FactBank's sense (Saurí & Pustejovsky 2009)."""

    ASSERTED = "asserted"
    DENIED = "denied"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNCOMMITTED = "uncommitted"


class Context(StrEnum):
    """When or under which condition the event stands: PLOVER's contexts, and *yes, if*."""

    CURRENT = "current"
    PLANNED = "planned"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    CONDITIONAL = "conditional"


UNNAMED = "unnamed"
"""The speaker of a report nobody named stands behind: sources, officials, media, a report."""

EVENTS: Mapping[str, str] = {
    "agree": "AGREE",
    "reject": "REJECT",
    "propose": "CONSULT",
    "welcome": "SUPPORT",
    "demand": "DEMAND",
    "discuss": "CONSULT",
    "decide": "AGREE",
    "study": "CONSULT",
    "defer": "REJECT",
    "withdraw": "REJECT",
    "announce": "CONSULT",
    "hold": "CONSULT",
    "begin": "CONSULT",
    "end": "CONSULT",
    "postpone": "REJECT",
    "cancel": "REJECT",
    "speak-by-phone": "CONSULT",
    "transfer": "CONCEDE",
    "refuse-transfer": "REJECT",
    "lose": "ASSAULT",
    "restore": "AID",
    "hit": "ASSAULT",
    "restart": "COOPERATE",
    "shut-down": "RETREAT",
    "impose": "SANCTION",
    "ease": "CONCEDE",
    "extend": "SANCTION",
    "sign": "AGREE",
    "cede": "CONCEDE",
    "refuse-cession": "REJECT",
    "recognise": "SUPPORT",
    "admit": "AGREE",
    "rule-out": "REJECT",
    "schedule": "CONSULT",
    "kill": "ASSAULT",
    "injure": "ASSAULT",
}
"""Every event a claim may name, with its PLOVER type. The type documents; it decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One reading of one sentence. Ids are seed ids; ``None`` means that the sentence does not say.

    ``speakers`` are those the claim passes through, outermost first; empty = the text says it itself.
    ``report_denied`` says that the innermost speaker denies it. ``during`` are things the sentence sets it in
    (a call). ``amount`` is the largest number the event counts. ``field`` and ``sentence`` say where it stands,
    ``quote`` is that sentence as written.
    """

    event: str
    actors: tuple[str, ...] = ()
    object: str | None = None
    recipient: str | None = None
    factuality: Factuality = Factuality.ASSERTED
    context: Context = Context.CURRENT
    speakers: tuple[str, ...] = ()
    report_denied: bool = False
    during: tuple[str, ...] = ()
    amount: int | None = None
    field: str = "title"
    sentence: int = 0
    quote: str = ""
    words: tuple[Word, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSelector:
    """What an answer looks for; an empty key fits anything.

    ``speakers`` replaces who may settle the answer (ids, ``anyone`` or ``parties``).
    """

    events: tuple[str, ...]
    actors: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    factuality: Factuality = Factuality.ASSERTED
    context: Context = Context.CURRENT
    during: tuple[str, ...] = ()
    amount: int | None = None
    speakers: tuple[str, ...] = ()
