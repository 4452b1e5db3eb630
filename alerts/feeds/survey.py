"""One quick pass over the markup before it is parsed: is it well-formed, and would parsing it cost more than it may?

The parser behind this takes quadratic time for some documents. What no honest feed holds is refused here; what an
honest one may hold (a very long author, thousands of categories) is found, so that it can be trimmed. The ids of
items are noted as they are written: the parser would take them for references and complete them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from alerts.model.errors import FeedError, FeedFault

MOST_ATTRIBUTES = 200
DEEPEST = 200
_MOST_NAMESPACES = 200
_MOST_CATEGORIES = 1_000
_MOST_PAIRS = _MOST_CATEGORIES**2 // 2
"""The parser compares each category of an item with all before it."""
_MOST_INSTRUCTIONS = 1_000
LONGEST_NAME = 4_000
LONGEST_RUN = 64
LONGEST_BASE = 2_000
_RUN = re.compile(rf"[\w.+-]{{{LONGEST_RUN + 1}}}", re.ASCII)
NAMES = frozenset({"author", "contributor", "creator", "email", "managingeditor", "name", "publisher", "webmaster"})
_ITEMS = frozenset({"entry", "item"})
_IDS = frozenset({"guid", "id"})
_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"
CATEGORIES = frozenset({"category", "keywords", "subject", "tags"})


@dataclass(frozen=True, slots=True)
class Survey:
    """``fault`` says where and why the document is not well-formed, None = it is; ``heavy`` asks for trimming.

    ``ids`` are those of all items in order, ``""`` where an item has none; meant for a document without a fault.
    """

    fault: str | None
    heavy: bool
    ids: tuple[str, ...] = ()


def survey(text: str) -> Survey:
    """Look the markup over, in linear time. FeedError(HOSTILE) for what is refused."""
    tally = _Tally()
    try:
        tally.parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        return Survey(f"line {error.lineno}, column {error.offset + 1}: {why}", tally.heavy)
    return Survey(None, tally.heavy, tuple(tally.ids))


def refuse(why: str) -> FeedError:
    """Return the error for a document that no honest feed would be."""
    return FeedError(FeedFault.HOSTILE, f"the document has {why}; it is not read: tell the site, or remove the feed")


@dataclass(slots=True)
class _Tally:
    parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate("utf-8", " "))
    depth: int = 0
    namespaces: set[str] = field(default_factory=set)
    categories: int = 0  # of the item that is open
    pairs: int = 0
    instructions: int = 0
    written: int = 0
    counting: int = 0  # the depth at which an element began whose text is counted
    heavy: bool = False
    ids: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # of the id that is being read
    item: tuple[int, str] = (0, "")  # the depth and the namespace of the item that is open

    def __post_init__(self) -> None:
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartNamespaceDeclHandler = self.namespace
        self.parser.ProcessingInstructionHandler = self.instruction

    def start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise refuse(f"tags nested deeper than {DEEPEST}")
        space, _, local = name.rpartition(" ")
        local = local.lower()
        if attributes:
            self.attributes(attributes)
        if local in _ITEMS:
            self.item = (self.depth, space)
            self.categories = 0
            self.ids.append("")
            if _ABOUT in attributes[::2]:
                self.ids[-1] = attributes[attributes.index(_ABOUT) + 1]
        elif local in _IDS and (self.depth - 1, space) == self.item:
            self.ids[-1] = ""
            self.count(self.pieces.append)
        if local in CATEGORIES:
            self.compare(1)
        if local in NAMES or local in CATEGORIES:
            self.count(self.words if local in NAMES else self.keywords)

    def count(self, reader: Callable[[str], None]) -> None:
        """Have the text of this element read, unless that of one around it is."""
        if not self.counting:
            self.counting = self.depth
            self.written = 0
            self.parser.CharacterDataHandler = reader

    def attributes(self, attributes: list[str]) -> None:
        if len(attributes) > 2 * MOST_ATTRIBUTES:
            raise refuse(f"a tag of more than {MOST_ATTRIBUTES} attributes")
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            self.heavy = self.heavy or (len(value) > LONGEST_BASE and name.endswith("base"))

    def end(self, _name: str) -> None:
        if self.depth == self.counting:
            self.counting = 0
            self.parser.CharacterDataHandler = None
            if self.pieces:
                self.ids[-1] = "".join(self.pieces)
                self.pieces.clear()
        self.depth -= 1

    def namespace(self, prefix: str | None, uri: str) -> None:
        self.namespaces.add(f"{prefix} {uri}")
        if len(self.namespaces) > _MOST_NAMESPACES:
            raise refuse(f"more than {_MOST_NAMESPACES} namespaces")

    def instruction(self, _target: str, _words: str) -> None:
        self.instructions += 1
        self.heavy = self.heavy or self.instructions > _MOST_INSTRUCTIONS

    def words(self, text: str) -> None:
        self.written += len(text)
        self.heavy = self.heavy or self.written > LONGEST_NAME or _RUN.search(text) is not None

    def keywords(self, text: str) -> None:
        self.compare(text.count(","))

    def compare(self, more: int) -> None:
        self.categories += more
        self.pairs += more * self.categories
        self.heavy = self.heavy or self.pairs > _MOST_PAIRS
