"""A text is searched for the news agency whose report it carries: by-line, place line, brackets, *Agency reported*.

An agency's name alone is no credit: a story about an agency, its staff or its photographs is not its report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from alerts.reading.lexicons import word_list
from alerts.reading.normalise import fold

READ_TITLE, READ = 500, 2_000
"""Letters of a title, and of a story, that are searched."""
MOST_NAMED = 20
"""Names looked at in one text."""

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s'’\"“”«»„`-]|\n")
_CYRILLIC_END = re.compile("[бвгджзклмнпрстфхцчшщ]$")
_CASES = ("а", "у", "ом", "е", "ові", "і")
_NEAR = 90  # letters to either side of a name that are looked at
_STORY_END = re.compile(r"[\s.…]*$|[\s.]*\n|\s*[-–—]+\s")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{1,60})$")
_CLOSED = re.compile(r"([^()\[\]\n]{0,60})[)\]]")
_COLON = re.compile(r"(?: (\w{1,20}))?:\s")
_SEPARATORS = re.compile(r"[\s/,;&+|-]*(?:\b(?:and|und|et|и|та|i|with)\b)?[\s/,;&+|-]*")


class Credit(NamedTuple):
    """An agency's id, and the words that credit it as they stand in the text."""

    agency: str
    words: str


@dataclass(frozen=True, slots=True)
class _Cues:
    """The words beside a name that make it a credit, folded; phrases are tuples of words."""

    before: frozenset[tuple[str, ...]]
    after: frozenset[tuple[str, ...]]
    between: frozenset[str]
    agency: frozenset[str]
    theirs: frozenset[str]
    about: frozenset[str]
    pictures: frozenset[str]


class Credits:
    """Finds the agency a text credits; made once from the agencies' names by id."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._agency = {form: agency for agency, listed in names.items() for name in listed for form in _forms(name)}
        self._firsts = frozenset(word[0] for form in self._agency if (word := _WORD.search(form)))
        longest_first = sorted(self._agency, key=len, reverse=True)
        self._names = re.compile(
            rf"(?<!\w)(?<!\w-)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)(?!-\w)"
        )
        self._cues = _cues()

    def in_text(self, title: str, story: str) -> Credit | None:
        """Return the agency whose report this is: what the title says goes before the story, a credit before a cue."""
        title = title[:READ_TITLE]
        text = f"{title}\n{story[:READ]}"
        if self._firsts.isdisjoint(_WORD.findall(text)):
            return None
        named = [one for one, _ in zip(self._names.finditer(text), range(MOST_NAMED), strict=False)]
        heading = [one for one in named if one.end() <= len(title)]
        for found in heading:
            if self._is_signed(text, found) or self._is_label(text, found, len(title)) or self._is_cited(text, found):
                return self._credit(text, found)
        rest = named[len(heading) :]
        for is_credit in (self._is_signed, self._is_head, self._is_cited):
            for found in rest:
                if is_credit(text, found):
                    return self._credit(text, found)
        return None

    def in_byline(self, author: str | None) -> Credit | None:
        """Return the agency that a by-line names."""
        if not author or self._firsts.isdisjoint(_WORD.findall(author[:READ])):
            return None
        found = self._names.search(author[:READ])
        return None if found is None else Credit(self._agency[found[0]], author.strip()[:60])

    def named(self, name: str) -> str | None:
        """Return the agency of exactly this name."""
        return self._agency.get(name.strip())

    def _credit(self, text: str, found: re.Match[str]) -> Credit:
        line = text.rfind("\n", 0, found.start()) + 1
        start, end = max(line, found.start() - 24), min(len(text), found.end() + 16)
        if start > line:  # whole words only
            start = text.find(" ", start, found.start()) + 1 or found.start()
        words = text[start:end].partition("\n")[0]
        if start + len(words) == end < len(text):
            words = words[: max(words.rfind(" "), found.end() - start)]
        return Credit(self._agency[found[0]], " ".join(words.split()))

    def _is_signed(self, text: str, found: re.Match[str]) -> bool:
        """Whether the name stands in brackets with other agencies alone, or between strokes, and then the story."""
        before, after = text[max(0, found.start() - 62) : found.start()], text[found.end() : found.end() + 64]
        if before.rstrip(" ").endswith("/") and after.lstrip(" ").startswith("/"):
            return before.rstrip(" /").endswith((".", ",", "\n")) or not before.rstrip(" /")
        opening = _BRACKETED.search(before) or (re.search(r"[(\[]()$", before))
        closing = _CLOSED.match(after)
        if opening is None or closing is None:
            return False
        inside = f"{opening[1]}{found[0]}{closing[1]}"
        left = _SEPARATORS.sub("", self._names.sub("", inside))
        return not left and _STORY_END.match(after, closing.end()) is not None

    def _is_label(self, text: str, found: re.Match[str], end: int) -> bool:
        """Whether a title begins or ends with the name alone: *Agency: …*, *… - Agency*, *… By Agency*."""
        tail = text[found.end() : end].strip(" .)]")
        before = text[max(0, found.start() - 4) : found.start()]
        if not tail and re.search(r"[-–—|:]\s*$|\sBy $", before):
            return True
        return self._is_head(text, found)

    def _is_head(self, text: str, found: re.Match[str]) -> bool:
        """Whether the name opens a sentence as its speaker: *Agency: …*, *Agency sources: …*."""
        colon = _COLON.match(text, found.end())
        if colon is None or (colon[1] and fold(colon[1]) not in self._cues.between):
            return False
        before = text[max(0, found.start() - 3) : found.start()]
        return not before.strip(" ") or re.search(r"[.!?…\n–—|-]\s*$", before) is not None

    def _is_cited(self, text: str, found: re.Match[str]) -> bool:
        """Whether a word of saying stands beside the name, and the name is no staff, house, picture or topic."""
        before = _tokens(text[max(0, found.start() - _NEAR) : found.start()])
        after = _tokens(text[found.end() : found.end() + _NEAR])
        cues = self._cues
        if after[:1] and after[0] in cues.theirs:
            return False
        if any(token in cues.pictures for token in (*before[-6:], *after[:2])):
            return False
        if any(token in cues.about for token in before[-3:]):
            return False
        return _says_before(before, cues) or _says_after(after, cues)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text).replace("'", " "))


def _says_before(before: list[str], cues: _Cues) -> bool:
    at, is_agency = len(before), False
    while at and (before[at - 1] in cues.between or before[at - 1] in cues.agency):
        if _ends_with(before[:at], cues.before):
            return True
        is_agency = is_agency or before[at - 1] in cues.agency
        at -= 1
    spare = 2 if is_agency else 0  # what kind of agency: words nobody can list
    for skipped in range(spare + 1):
        if skipped and not (at - skipped >= 0 and before[at - skipped][0].isalnum()):
            return False
        if _ends_with(before[: at - skipped], cues.before):
            return True
    return False


def _ends_with(words: list[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(tuple(words[-length:]) in phrases for length in (1, 2, 3) if len(words) >= length)


def _says_after(after: list[str], cues: _Cues) -> bool:
    for at in range(min(4, len(after))):
        if any(tuple(after[at : at + length]) in cues.after for length in (1, 2, 3)):
            return True
        if after[at] not in cues.between and after[at] not in cues.agency:
            return False
    return False


def _forms(name: str) -> Iterator[str]:
    """The name as it is written, in capitals, and in its Cyrillic cases."""
    yield name
    yield name.upper()
    if not name.isupper() and _CYRILLIC_END.search(name):
        yield from (f"{name}{case}" for case in _CASES)


def _cues() -> _Cues:
    """The words of all languages together; days may stand where *between* words do."""
    lists = list(word_list("credits").values())
    days = [day for one in word_list("days").values() for forms in one["weekdays"] for day in forms]

    def phrases(key: str) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(_tokens(phrase)) for one in lists for phrase in one[key])

    def words(key: str, *more: str) -> frozenset[str]:
        return frozenset(
            token for phrase in (*(word for one in lists for word in one[key]), *more) for token in _tokens(phrase)
        )

    return _Cues(
        before=phrases("before"),
        after=phrases("after"),
        between=words("between", *days),
        agency=words("agency"),
        theirs=words("theirs"),
        about=words("about"),
        pictures=words("pictures"),
    )
