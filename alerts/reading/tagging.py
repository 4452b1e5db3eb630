"""The words of a sentence become spans: the longest phrase the vocabulary knows, else the word alone."""

from __future__ import annotations

from alerts.reading.entries import NOTHING, SMALL_I, Entry
from alerts.reading.known import Known
from alerts.reading.normalise import Text

_BREAKS = frozenset(",;:—–()|!?[]")


class Span:
    """One phrase of a sentence: words ``first``..``end`` of the text, the gap before it, what it may be."""

    __slots__ = ("before", "capital", "end", "entry", "first", "joined", "possessive", "text")

    def __init__(self, text: str, first: int, end: int, entry: Entry) -> None:
        self.text = text
        self.first = first
        self.end = end
        self.entry = entry
        self.before = ""
        self.joined = False  # written together with the span before it (X-backed)
        self.possessive = False  # followed by 's
        self.capital = False

    def __repr__(self) -> str:
        return f"<{self.text}{chr(39) if self.possessive else ''}>"

    def says(self, word: str) -> bool:
        """Whether this is a function word of that class."""
        return word in self.entry.words

    def hints(self, cue: str) -> bool:
        """Whether this is a cue of that class."""
        return cue in self.entry.cues


def tag(text: Text, first: int, end: int, known: Known) -> list[Span]:
    """Return the spans of words ``first``..``end``, left to right, longest phrase first."""
    words, gaps, longer = text.words, text.gaps, known.longer
    spans: list[Span] = []
    at = first
    while at < end:
        word = words[at]
        if word == "s" and spans and gaps[at] == "'":
            spans[-1].possessive = True
            at += 1
            continue
        span: Span | None = None
        if (seconds := longer.get(word)) and at + 1 < end and (counts := seconds.get(words[at + 1])):
            span = _longest(text, at, end, (counts, known))
            if (
                span is not None
                and span.end - at == 2
                and words[at + 1] == "on"
                and spans
                and spans[-1].says("setting")
            ):
                span = None  # in a call on the war, nobody calls on another
        if span is None:
            span = _single(text, at, known)
        if at > first:
            before = gaps[at]
            span.before = "." if before == "," and word[0].isdigit() else before  # 46,000 is one number
            span.joined = before == "-" or before == "–"
        spans.append(span)
        at = span.end
    return spans


def _is_set(spans: list[Span]) -> bool:
    return bool(spans) and spans[-1].says("setting")


def _single(text: Text, at: int, known: Known) -> Span:
    word = text.words[at]
    if word not in known.table:
        return Span(word, at, at + 1, NOTHING)
    entry = known.entry(word)
    if entry.capitals and not text.surface(at).isupper():
        entry = NOTHING
    if word == "i" and SMALL_I in known.table and text.surface(at) == "i":
        entry = known.entry(SMALL_I)
    return Span(word, at, at + 1, entry)


def _longest(text: Text, at: int, limit: int, what: tuple[tuple[int, ...], Known]) -> Span | None:
    """Return the longest phrase of two words or more that stands here, None when none does."""
    counts, known = what
    words, table = text.words, known.table
    for count in counts:
        end = at + count
        if end > limit:
            continue
        phrase = " ".join(words[at:end])
        if phrase not in table:
            continue
        entry = known.entry(phrase)
        if not entry.loose and _is_broken(text.gaps, at, end):
            continue
        if entry.capitals and not text.surface(at, end).replace(".", "").isupper():
            continue
        return Span(phrase, at, end, entry)
    return None


def _is_broken(gaps: tuple[str, ...], at: int, end: int) -> bool:
    """Whether punctuation stands inside the phrase that separates rather than joins; quotes may open in it."""
    return any(
        gap not in {" ", "-", "'", ".", "–", ". "} and not _BREAKS.isdisjoint(gap.strip(" '\"") or " ")
        for gap in gaps[at + 1 : end]
    )
