"""What a text said is shown with the words that decided, each in its role; nothing in it acts or reorders the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.delivery.links import shown_link
from alerts.model.item import Item
from alerts.model.verdict import Evidence, VerdictKind, Word

LONGEST = 360
"""Characters of a quoted text."""

LEAD = 120
"""Characters kept before the first word that decided, where a text is longer than that."""

JOINERS = "\u200c\u200d"
"""The two invisible characters that Persian spelling and emoji need."""

_BLANK = {"Cc", "Zl", "Zp"}
_GONE = {"Cf", "Cs", "Cn", "Co"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quoted text; ``role`` is what its words decided (actor, event, object, cue, match), or empty."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A piece of evidence as a page shows it.

    ``label`` is the verdict as a test line writes it, ``leaning`` one of *asserted claimed denied unclear settled*;
    ``origin`` is the independent source behind it and ``origin_why`` how it was found.
    """

    id: int
    item: str
    label: str
    answer: str | None
    leaning: VerdictKind
    speaker: str | None
    pieces: tuple[Piece, ...]
    title: str
    source: str
    source_kind: str
    reliability: str
    origin: str
    origin_why: str
    lang: str | None
    link: str | None
    published: datetime | None
    at: datetime
    version: int
    silence: str | None
    why: tuple[str, ...]


def quoted(one: Evidence, origin: str | None = None) -> Quoted:
    """Return evidence for a page; ``origin`` is the voice it was counted for, where it was counted for another's."""
    item, verdict = one.item, one.verdict
    own = one.origin.id if one.origin is not None else item.source.owner
    return Quoted(
        id=one.id,
        item=item.id,
        label=verdict.label,
        answer=verdict.answer,
        leaning=verdict.kind,
        speaker=verdict.speaker,
        pieces=pieces(one),
        title=shown(item.title, LONGEST),
        source=shown(item.source.title, 80),
        source_kind=item.source.kind.value,
        reliability=item.source.reliability.value,
        origin=origin or own,
        origin_why=shown(_why(one, own, origin), 160),
        lang=item.lang,
        link=shown_link(item.link),
        published=item.published,
        at=one.at,
        version=item.version,
        silence=None if one.silence is None else one.silence.value,
        why=tuple(shown(line, LONGEST) for line in verdict.why),
    )


def _why(one: Evidence, own: str, counted: str | None) -> str:
    if counted is not None and counted != own:
        return f"carries the words of {counted}"
    return one.origin.why if one.origin is not None else ""


def pieces(one: Evidence) -> tuple[Piece, ...]:
    """Return the sentence a verdict was read from, cut where the words stand that decided."""
    words = one.verdict.words
    field = words[0].field if words else "title"
    text = _field(one.item, field)
    start, end = _sentence(text, one.verdict.because)
    mine = sorted((word for word in words if word.field == field), key=lambda word: word.start)
    start, end, cut = _clipped(start, end, mine[0].start if mine else start)
    found = tuple(piece for piece in _cut(text, start, end, mine) if piece.text)
    before, after = (Piece("… "),) * cut[0], (Piece("…"),) * cut[1]
    return (*before, *found, *after) or (Piece(shown(one.item.title, LONGEST)),)


def _field(item: Item, field: str) -> str:
    return item.title if field == "title" else item.summary or ""


def _sentence(text: str, because: tuple[str, ...]) -> tuple[int, int]:
    """Return where the sentence stands, the whole text where it cannot be found in it word for word."""
    at = text.find(because[0]) if because else -1
    return (at, at + len(because[0])) if at >= 0 else (0, len(text))


def _clipped(start: int, end: int, first: int) -> tuple[int, int, tuple[bool, bool]]:
    if end - start <= LONGEST:
        return start, end, (False, False)
    begin = max(start, min(first, end) - LEAD)
    return begin, min(end, begin + LONGEST), (begin > start, begin + LONGEST < end)


def _cut(text: str, start: int, end: int, words: list[Word]) -> Iterator[Piece]:
    at = start
    for word in words:
        if at <= word.start < word.end <= end:
            yield Piece(shown(text[at : word.start]))
            yield Piece(shown(text[word.start : word.end]), word.role)
            at = word.end
    yield Piece(shown(text[at:end]))


def shown(text: str, longest: int | None = None) -> str:
    """Return a text without characters that are not seen, or turn round what stands beside them."""
    cut = text if longest is None or len(text) <= longest else text[:longest].rstrip() + "…"
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(_kept(cut))


def _kept(text: str) -> Iterator[str]:
    for char in text:
        category = unicodedata.category(char)
        if category in _BLANK:
            yield " "
        elif category not in _GONE or char in JOINERS:
            yield char
