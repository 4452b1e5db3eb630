"""A text becomes its sketch: the words that decide whether another text is its copy, and nothing of its dress.

What a desk does to a wire story without changing it is taken off: case, accents, articles, *BREAKING:* before the title
and the masthead behind it, the place and the credit before the story, and where the story is cut.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from alerts.model.feed import FeedKind
from alerts.model.item import Item
from alerts.model.sketch import Sketch as Sketch
from alerts.reading.lexicons import word_list
from alerts.reading.normalise import normalise

MOST_TITLE = 24
"""Words of a title that are compared."""
MOST_STORY = 32
"""Words of the story that are compared."""
READ_TITLE, READ_STORY = 500, 600
"""Letters of the title, and of the story, that are looked at."""
SHORT_TITLE = 4
"""A title of fewer words (*Morning briefing*) heads many stories."""

PLAIN, COUNTED, NEGATED = 0, 1, 2
KIND = 3
"""The bits of a word's number that say whether it counts (or dates), or negates."""
ASKED = 8 | NEGATED
"""A question mark, as a word."""


def sketch_of(item: Item, *, label: str = "", outlets: Container[str] = frozenset()) -> Sketch:
    """Return the sketch of an item's text.

    ``label`` (answer and kind of its verdict) must be equal too for two texts to be one. ``outlets`` are names of
    outlets and agencies as ``outlet_key`` spells them: behind a title or before a story they are no part of it.
    """
    codes = _codes((item.lang or "").partition("-")[0].lower())
    known = _Outlets(item, outlets)
    heading = _without_masthead(_without_opener(item.title[:READ_TITLE]), known)
    title = _coded(heading, codes)[: MOST_TITLE - 1]
    story = _coded(_body(item.summary or "", known), codes)
    if story[: len(title)] == title and len(story) - len(title) <= SHORT_TITLE:
        story = ()
    return Sketch(
        title=(*title, ASKED) if "?" in heading else title,
        story=story[:MOST_STORY],
        label=label,
        cut=int(heading.endswith(("...", "…"))),
    )


def outlet_key(name: str) -> str:
    """Return an outlet's name as it is compared: small letters and digits without accents, nothing between them."""
    return "".join(normalise(name).words)


class _Outlets:
    """Which names are of outlets: those known, and whoever carries the item."""

    def __init__(self, item: Item, known: Container[str]) -> None:
        self._known = known
        self._item = item
        self._own: tuple[str, ...] | None = None
        self.relays = item.source.kind is FeedKind.AGGREGATOR

    def __contains__(self, name: str) -> bool:
        key = outlet_key(name)
        if len(key) < 2:
            return False
        if self._own is None:
            source, host = self._item.source, _host(self._item.link)
            own = (source.title, source.title.partition(":")[0], source.id, host, host.rpartition(".")[0])
            self._own = tuple(filter(None, (outlet_key(one.removeprefix("www.")) for one in own)))
        return key in self._known or key in self._own


def _host(link: str | None) -> str:
    try:
        return urlsplit(link or "").hostname or ""
    except ValueError:
        return ""


_TAIL = re.compile(r"\s+([|•·—–-])\s+|\s*(\|)\s*")
_SITE = re.compile(r"(?:www\.)?[\w-]{2,30}(?:\.[a-z]{2,6}){1,2}", re.IGNORECASE)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]\s*$")
_PLACE = re.compile(r"\s*[^\W\d_][^()\n]{0,70}?\(([^()]{2,40})\)\s*[-–—]+\s*|\s*\(([^()]{2,40})\)\s*[-–—]*\s*")
_CAPITALS = re.compile(r"\s*([^\W\d_a-zа-яёіїєґ][^\W\d_a-zа-яёіїєґ .,/'’-]{2,40}?)(?:, [^-–—]{2,20}?)?\s*[-–—]+\s+")
_CREDIT = re.compile(r"\s*([^\n:–—-]{2,30}?)(?:\s*:|\s+[-–—])\s+")


def _without_opener(title: str) -> str:
    for _ in range(2):
        opener = _opener().match(title)
        if opener is None or opener.end() == len(title):
            return title
        title = title[opener.end() :]
    return title


@cache
def _opener() -> re.Pattern[str]:
    words = sorted({word for one in word_list("copies").values() for word in one["openers"]}, key=len, reverse=True)
    return re.compile(rf"\s*[\[(]?(?:{'|'.join(map(re.escape, words))})(?:\s\d{{1,2}})?[\])]?\s*[-–—:|!]+\s*", re.I)


def _without_masthead(title: str, known: _Outlets) -> str:
    """Take off what stands behind a title: *Headline - Outlet*, *Headline | Outlet*, *Headline (Agency)*."""
    for _ in range(3):
        start = max(0, len(title) - 60)
        cut = next(reversed(list(_TAIL.finditer(title, start))), None)
        bracket = _BRACKET.search(title, start)
        if bracket is not None and _all_known(bracket[1], known):
            title = title[: bracket.start()]
        elif cut is not None and cut.start() > 0 and _is_masthead(title[cut.end() :], cut[1] or cut[2], known):
            title = title[: cut.start()]
        else:
            break
    return title.rstrip()


def _is_masthead(tail: str, sign: str, known: _Outlets) -> bool:
    tail = tail.strip()
    if not tail or len(tail.split()) > 5:
        return False
    return sign == "|" or known.relays or _SITE.fullmatch(tail) is not None or tail in known


def _all_known(names: str, known: _Outlets) -> bool:
    return all(name in known for name in re.split(r"[/,;&+]| and ", names))


def _body(story: str, known: _Outlets) -> str:
    """Take off what stands before a story (place, credit) and the invitation to read on behind it."""
    story = story[:READ_STORY]
    place = _PLACE.match(story)
    if place is not None and (place[1] or _all_known(place[2], known)):
        story = story[place.end() :]
    elif (capitals := _CAPITALS.match(story)) is not None:
        story = story[capitals.end() :]
    elif (credit := _CREDIT.match(story)) is not None and credit[1] in known:
        story = story[credit.end() :]
    story = _more().sub("", story)
    stripped = story.rstrip("[]() \n\t")
    if len(story) == READ_STORY or stripped.endswith(("…", "...")):  # the last word may be half a word
        story = stripped.rstrip(".… ")
        story = story[: max(story.rfind(" "), 0)]
    return story


@cache
def _more() -> re.Pattern[str]:
    words = sorted({word for one in word_list("copies").values() for word in one["more"]}, key=len, reverse=True)
    return re.compile(rf"[\s.…(\[]*\b(?:{'|'.join(map(re.escape, words))})\b[\s.…)\]»>→]*$", re.I)


# --- words --------------------------------------------------------------------------------------

_CODES_HELD = 60_000
_JOINS = frozenset(("-", "'", "."))
_ENDINGS = (("skyy", "sky"), ("skiy", "sky"), ("skyi", "sky"), ("skii", "sky"), ("skij", "sky"), ("ski", "sky"))


class _Codes(dict[str, int]):
    """Word → its number, worked out at first sight; 0 for a word that says nothing."""

    def __init__(self, fixed: dict[str, int]) -> None:
        super().__init__(fixed)

    def __missing__(self, word: str) -> int:
        code = _code(word, COUNTED if any(letter.isdigit() for letter in word) else PLAIN)
        if len(self) < _CODES_HELD:
            self[word] = code
        return code


def _code(word: str, kind: int) -> int:
    for end, plain in _ENDINGS:  # one name, many ways to write it in Latin letters
        if word.endswith(end):
            word = word[: -len(end)] + plain
            break
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return (int.from_bytes(digest, "big") & ~KIND) | 16 | kind


@cache
def _codes(lang: str) -> _Codes:
    lists = word_list("copies")
    if lang not in lists and lang:
        return _codes("")
    fixed: dict[str, int] = {}
    for one in lists.values():
        fixed |= {key: _code(key, NEGATED) for key in _keys(one["negations"])}
        fixed |= {key: _code(key, COUNTED) for key in _keys([*one["counts"], *chain(*one["numbers"].values())])}
    for one in word_list("days").values():
        named = chain(*one["weekdays"], *one["months"], one["today"], one["tomorrow"], one["yesterday"])
        fixed |= {key: fixed.get(key, _code(key, COUNTED)) for key in _keys(named)}
    own: dict[str, Any] = lists.get(lang, {})
    for value, words in own.get("numbers", {}).items():
        fixed |= {key: _code(value, COUNTED) for key in _keys(words)}
    return _Codes(fixed | dict.fromkeys(_keys(own.get("unsaid", ())), 0))


def _keys(words: Iterable[str]) -> list[str]:
    """How ``_words`` spells each; one of several words is left out."""
    return [found[0] for word in words if len(found := _words(word)) == 1]


def _coded(text: str, codes: _Codes) -> tuple[int, ...]:
    return tuple([code for word in _words(text) if (code := codes[word])])


def _words(text: str) -> list[str]:
    """The words of a text; *cease-fire*, *U.S.*, *can't* and *1,000* are one each, *30-day* and *town's* two."""
    read = normalise(text)
    words: list[str] = []
    for gap, word in zip(read.gaps, read.words, strict=False):
        before = words[-1] if words else ""
        if before and (_belongs(before, gap, word)):
            words[-1] = f"{before}.{word}" if gap == "." and before.isdigit() else before + word
        else:
            words.append(word)
    return words


def _belongs(before: str, gap: str, word: str) -> bool:
    if before[-1].isdigit() or word[0].isdigit():
        return gap in {",", "."} and before[-1].isdigit() and word.isdigit()
    if gap == "'":
        return word == "t" and before[-1] == "n"
    return gap == "-" or (gap == "." and len(word) == 1 and len(before) < 4)
