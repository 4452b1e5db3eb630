"""Copies of one text are told apart from new texts: forty mastheads, one wire story.

Two texts are held for one only where their words are the same, in the same order: of the title, or of the whole
beginning of the story below it. Likeness decides nothing: *accepts* and *rejects* are one word apart. What may differ
is what a desk does to a wire story without changing it: case, accents, articles, the masthead behind the title, the
place and the credit before the story, where the story is cut, and a title written anew over the very same story.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice

from alerts.judging.sketch import ASKED, KIND, NEGATED, SHORT_TITLE
from alerts.judging.sketch import Sketch as Sketch
from alerts.judging.sketch import sketch_of as sketch_of
from alerts.model.case import Text
from alerts.model.item import Item
from alerts.model.verdict import Evidence
from alerts.reading.normalise import normalise

WINDOW = timedelta(hours=72)
"""How long a text is remembered, so that its copies stay silent."""

LONG_TITLE = 7
"""A title of so many words heads one story, whatever standfirst a desk wrote below it."""
LONG_STORY = 10
"""So many words, the same from the first, are nobody's own."""
MOST_MOVED = 3
"""Words of an attribution that may stand before the title or after it."""
MOST = 1000
"""So many texts of a question are remembered."""
MOST_GROUPS = 200_000
"""Texts held at once, whatever their times say."""
MOST_COMPARED = 200
"""Texts of one drawer that are compared, the newest first: a feed that repeats a title must not stop the rest."""


def copy_key(item: Item) -> str:
    """Return a key that is equal for texts with the same words in title and summary, else different.

    Case, accents, punctuation, spacing and look-alike letters make no difference; a word more or less does, and so
    does a question mark: to hold two texts for one is to lose the second, so only what reads the same is a copy.
    """
    read = "\n".join(_read(text) for text in (item.title, item.summary or ""))
    return blake2b(read.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _read(text: str) -> str:
    asked = " ?" if "?" in text else ""
    return " ".join(normalise(text).words) + asked


def remembered(texts: Sequence[Text], at: datetime) -> tuple[Text, ...]:
    """Return the texts still remembered at a time: those of ``WINDOW``, and of a flood the newest."""
    return tuple(one for one in texts[-MOST:] if at - one.at < WINDOW)


def copy_of(texts: Iterable[Text], one: Evidence, label: str) -> Text | None:
    """Return the remembered text that this one is a copy of and that said the same, None where it is new."""
    return next((text for text in texts if text.label == label and _is_copy(text, one)), None)


def _is_copy(text: Text, one: Evidence) -> bool:
    if text.key == one.copy_key:
        return True
    return text.sketch is not None and one.sketch is not None and same_text(text.sketch, one.sketch)


# --- the same text ------------------------------------------------------------------------------


def same_text(one: Sketch, other: Sketch) -> bool:
    """Whether two texts are copies of one wire story; symmetric, and False wherever it is not certain."""
    if one.label != other.label:
        return False
    if not (one.title and other.title):
        return one.title == other.title and one.story == other.story and bool(one.story)
    if _same_title(one, other):
        return _stories_agree(one, other)
    return _same_story(one, other) and _titles_agree(one, other)


def _same_title(one: Sketch, other: Sketch) -> bool:
    """Whether the titles are one: word for word, one cut short, or with an attribution moved to the other end."""
    if one.title == other.title:
        return True
    short, long = sorted((one, other), key=lambda sketch: len(sketch.title))
    if short.cut and len(short.title) - 1 >= SHORT_TITLE:
        kept = short.title[:-1]  # the last word may be half a word
        if long.title[: len(kept)] == kept:
            return True
    return _is_moved(one.title, other.title)


def _is_moved(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    if len(one) != len(other) or len(one) <= MOST_MOVED or ASKED in (one[-1], other[-1]):
        return False
    return any(one[n:] + one[:n] == other or other[n:] + other[:n] == one for n in range(1, MOST_MOVED + 1))


def _stories_agree(one: Sketch, other: Sketch) -> bool:
    """Whether the stories below one title can be one."""
    short, long = sorted((one.story, other.story), key=len)
    title = min(len(one.title), len(other.title))
    if title < SHORT_TITLE and len(short) < LONG_STORY:
        return short == long
    if long[: len(short)] == short:
        return True
    if title < LONG_TITLE or _kinds(short) != _kinds(long):
        return False
    shared = sum((Counter(short) & Counter(long)).values())
    return shared * 3 < len(short) * 2  # a standfirst of its own; the same one but for a word says something else


def _kinds(words: Iterable[int]) -> frozenset[int]:
    """The numbers, days and negations among the words."""
    return frozenset(word for word in words if word & KIND)


def _same_story(one: Sketch, other: Sketch) -> bool:
    """Whether the stories are the same from the first word on, long enough to be nobody's own."""
    length = min(len(one.story), len(other.story))
    return length >= LONG_STORY and one.story[:length] == other.story[:length]


def _titles_agree(one: Sketch, other: Sketch) -> bool:
    """Whether two titles over the same story can say the same."""
    first, second = Counter(one.title), Counter(other.title)
    shared = first & second
    count = sum(shared.values())
    if count * 3 >= max(len(one.title), len(other.title)) * 2:  # the same but for a word or two: those decide
        return False
    if [word for word in one.title if word in shared] != [word for word in other.title if word in shared]:
        return False
    story = frozenset(one.story) & frozenset(other.story)
    if not _numbers_agree(first, second, story):
        return False
    if one.label:
        return all(len(story & title.keys()) >= max(2, len(title) // 3) for title in (first, second))
    return ((first | second) - shared).keys() <= story


def _numbers_agree(first: Iterable[int], second: Iterable[int], story: frozenset[int]) -> bool:
    mine, theirs = _kinds(first), _kinds(second)
    if {word for word in mine ^ theirs if word & NEGATED}:
        return False
    return mine == theirs or (not (mine and theirs) and (mine | theirs) <= story)


# --- the index ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """The first of some copies."""

    sketch: Sketch
    at: datetime
    key: str


class Copies:
    """Texts of the last 72 hours by their own times; a text is compared with the first of each group only.

    A time far off (a clock in 2031) finds no copies and throws out no others. Memory holds what 72 hours bring,
    never more than ``MOST_GROUPS`` texts.
    """

    def __init__(self, stored: Iterable[tuple[Sketch, datetime, str]] = ()) -> None:
        self._drawers: dict[int, dict[int, _Group]] = {}
        self._groups: deque[tuple[int, _Group]] = deque()
        self._filed = 0
        for sketch, at, key in stored:
            self.add(sketch, at, key)

    def __len__(self) -> int:
        """How many groups are held."""
        return len(self._groups)

    def add(self, sketch: Sketch, at: datetime, key: str) -> str:
        """Return the key of the group that a text first seen ``at`` belongs to: its own when it is no copy."""
        for drawer in _looked_in(sketch):
            for group in islice(reversed(self._drawers.get(drawer, {}).values()), MOST_COMPARED):
                if abs(at - group.at) <= WINDOW and same_text(group.sketch, sketch):
                    return group.key
        self._forget(at)
        self._file(_Group(sketch, at, key))
        return key

    def _file(self, group: _Group) -> None:
        self._filed += 1
        self._groups.append((self._filed, group))
        for drawer in _filed_in(group.sketch):
            self._drawers.setdefault(drawer, {})[self._filed] = group

    def _forget(self, at: datetime) -> None:
        """Drop what is out of the window, two at most: one absurd time must not empty it."""
        for _ in range(2):
            if not self._groups:
                return
            number, oldest = self._groups[0]
            if len(self._groups) < MOST_GROUPS and abs(at - oldest.at) <= WINDOW:
                return
            self._groups.popleft()
            for drawer in _filed_in(oldest.sketch):
                del self._drawers[drawer][number]
                if not self._drawers[drawer]:
                    del self._drawers[drawer]


def _filed_in(sketch: Sketch) -> list[int]:
    """The drawers of a text: the words of its title, the story's beginning, the title's first words."""
    return [*_drawers(sketch), *_beginnings(sketch, "cut" if sketch.cut else "whole")]


def _looked_in(sketch: Sketch) -> list[int]:
    """The drawers that may hold a copy of a text: two whole titles need not be compared for being cut."""
    return [*_drawers(sketch), *_beginnings(sketch, "cut", *(["whole"] if sketch.cut else []))]


def _drawers(sketch: Sketch) -> list[int]:
    drawers = [hash(("title", sketch.label, tuple(sorted(sketch.title))))] if sketch.title else []
    if len(sketch.story) >= LONG_STORY or (sketch.story and not sketch.title):
        drawers.append(hash(("story", sketch.label, sketch.story[:LONG_STORY])))
    return drawers


def _beginnings(sketch: Sketch, *ends: str) -> list[int]:
    first = sketch.title[:SHORT_TITLE]
    return [hash((end, sketch.label, first)) for end in ends] if len(sketch.title) > SHORT_TITLE else []
