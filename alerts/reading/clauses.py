"""A sentence's spans fall into clauses, each with the link that ties it to the ones before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from alerts.reading.tagging import Span


class Link(StrEnum):
    """How a clause hangs on what stands before it."""

    MAIN = "main"
    COLON = "colon"
    DASH = "dash"
    COMMA = "comma"  # a comma, and a clause of its own after it
    AND = "and"
    CONTRAST = "contrast"
    AS = "as"
    RELATIVE = "relative"
    BACKGROUND = "background"
    CONDITION = "condition"
    PRESUPPOSED = "presupposed"
    ASIDE = "aside"  # in brackets


SUBORDINATE = frozenset((Link.BACKGROUND, Link.CONDITION, Link.PRESUPPOSED, Link.RELATIVE, Link.ASIDE))


@dataclass(slots=True)
class Clause:
    """Spans ``start``..``end``; ``parent`` is the clause it continues or hangs on, by its place, None = none."""

    start: int
    end: int
    link: Link
    parent: int | None = None


def clauses(spans: list[Span]) -> list[Clause]:
    """Return the clauses of a sentence in order; together they hold every span once."""
    found = [Clause(0, len(spans), Link.MAIN)]
    for place in range(1, len(spans)):
        link = _link(spans, place, found[-1])
        if link is not None:
            found[-1].end = place
            found.append(Clause(place, len(spans), link, len(found) - 1))
    if spans and found[0].start == 0:
        found[0].link = _opening(spans[0], len(spans))
    return found


def is_finite(span: Span) -> bool:
    """Whether the span may be the finite verb of a clause (a plain base form is not)."""
    return span.entry.is_finite


_TAKES_THAT = frozenset(("say", "hope", "believe", "deny", "possible", "probable", "ask", "planned"))


def _opening(span: Span, length: int) -> Link:
    if length > 1 and span.hints("background"):
        return Link.BACKGROUND
    if length > 1 and span.hints("condition"):
        return Link.CONDITION
    return Link.MAIN


def _link(spans: list[Span], place: int, current: Clause) -> Link | None:
    span = spans[place]
    gap = span.before
    marked = _by_gap(spans, place)
    if marked is not None or gap.startswith("("):
        return marked
    if ")" in gap and current.link is Link.ASIDE:
        return Link.COMMA
    word = _by_word(spans, place, current)
    if word is not None:
        return word
    if span.says("that") and any(spans[at].entry.cues & _TAKES_THAT for at in range(current.start, place)):
        return None
    if "," in gap and not _is_list(spans, current.start, place) and _starts_clause(spans, place):
        return Link.COMMA
    return None


_HEARS = frozenset(
    ("tell", "tells", "told", "telling", "informs", "informed", "assures", "assured", "accuses", "accused")
)


def _is_list(spans: list[Span], start: int, place: int) -> bool:
    """Whether names alone stand before the comma: *Ann, Bob agreed …* has one subject in two parts."""
    if not spans[place].entry.entity:
        return False
    at = place - 1
    while at >= start and spans[at].entry.entity:
        at -= 1
    names = at < place - 1
    tells = at >= start and spans[at].hints("say") and bool(spans[at].entry.cue_forms)
    return at < start or (names and tells and spans[at].text not in _HEARS)  # says Ann, Bob agreed


def _by_gap(spans: list[Span], place: int) -> Link | None:
    gap = spans[place].before
    if gap in {" ", "-", ", ", "'", "–", ".", " '", "' "}:
        return None
    bare = gap.strip()
    if "(" in bare:
        return Link.ASIDE
    if bare[:1] == ":" or bare[1:2] == ":" or bare[-1:] == ":":
        return Link.COLON
    if ";" in bare or "|" in bare or "—" in bare or "?" in bare or "!" in bare or "..." in bare or "•" in bare:
        return Link.DASH
    if gap.startswith(" ") and ("-" in bare or "–" in bare):
        return Link.DASH
    return None


def _by_word(spans: list[Span], place: int, current: Clause) -> Link | None:
    span = spans[place]
    if not (span.entry.words or span.entry.cues):
        return None
    if span.hints("background"):
        return None if place + 1 == len(spans) else Link.BACKGROUND
    if span.hints("condition"):
        return Link.CONDITION
    if span.hints("presuppose") and not span.says("relative"):
        return Link.PRESUPPOSED
    return _by_joint(spans, place, current)


def _by_joint(spans: list[Span], place: int, current: Clause) -> Link | None:
    """The link of a conjunction or a relative, None when it only joins nouns."""
    span = spans[place]
    if span.says("contrast"):
        return Link.CONTRAST if place + 1 < len(spans) else None
    if span.says("as") and _has_verb(spans, place + 1):
        return Link.AS
    if span.says("relative") or (span.says("that") and _is_relative_that(spans, place)):
        return Link.RELATIVE
    if span.says("subordinate"):
        return Link.BACKGROUND
    if span.says("conjunction") and _has_finite(spans, current.start, place) and _starts_clause(spans, place + 1):
        return None if _joins_names(spans, current.start, place) else Link.AND
    return None


def _joins_names(spans: list[Span], start: int, place: int) -> bool:
    """Whether *and* stands between two names that are one subject: *says Ann and Bob spoke*."""
    before, after = spans[place - 1], spans[min(place + 1, len(spans) - 1)]
    if not ((before.entry.entity or before.says("pronoun")) and (after.entry.entity or after.entry.adjective)):
        return False
    at = place - 2
    while at > start and (spans[at].entry.entity or spans[at].says("conjunction") or spans[at].says("determiner")):
        at -= 1
    return at >= start and (bool(spans[at].entry.cue_forms) or spans[at].says("that"))


def _has_finite(spans: list[Span], start: int, end: int) -> bool:
    """Whether a clause already has its verb; before it has, *and* only joins names."""
    return any(
        is_finite(spans[at]) and not (at > start and _is_noun_here(spans, at)) for at in range(start, end)
    ) or any(spans[at].entry.cue_forms or spans[at].entry.ways for at in range(start + 1, end))


def _is_relative_that(spans: list[Span], place: int) -> bool:
    before = spans[place - 1]
    return not before.entry.cues & {"say", "hope", "believe", "deny", "possible", "probable", "ask", "planned"} and (
        bool(before.entry.kinds or before.entry.things or before.entry.carries)
    )


def _starts_clause(spans: list[Span], place: int) -> bool:
    """Whether a finite verb stands here, perhaps after adverbs, or after a subject that begins here."""
    for at in range(place, min(place + 9, len(spans))):
        span = spans[at]
        if at > place and ("," in span.before or ";" in span.before or ":" in span.before or span.says("conjunction")):
            return False
        if is_finite(span) and not (at > place and _is_noun_here(spans, at)):
            return True
        if at > place and span.hints("say") and "b" in span.entry.cue_forms and _is_plural(spans[at - 1]):
            return True
        if span.says("relative") or span.hints("background") or span.hints("condition") or span.says("contrast"):
            return False
    return False


def _is_plural(span: Span) -> bool:
    return span.entry.unnamed or (span.text.endswith("s") and not span.entry.entity)


def _has_verb(spans: list[Span], place: int) -> bool:
    for at in range(place, min(place + 8, len(spans))):
        if at > place and is_finite(spans[at]):
            return True
    return len(spans) > place + 1 and bool(spans[place].entry.entity)


def _is_noun_here(spans: list[Span], at: int) -> bool:
    """Whether a word that may be a verb stands where only a noun can: after *the*, *new*, *of*."""
    before = spans[at - 1]
    return (
        before.says("determiner")
        or before.possessive
        or (before.says("preposition") and not before.says("to"))
        or bool(before.entry.adjective)
    )
