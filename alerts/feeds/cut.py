"""Items that were read before are cut out of a body, so that only new ones are parsed: the *delta cut*.

A cut is offered only where it is provably the same as parsing the whole: the items stand one behind the other with
nothing but white space between them, right within the frame of the feed, and what stands around them is well-formed
without them. Whoever parses must then find as many items as there are blocks: with that, every block begins with a
real start tag (not with one in a comment or CDATA) and, as the next one follows at once, ends with its own end tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self
from xml.parsers import expat

_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_PLAIN = ("<item", "<entry")
_SPACE = re.compile(r"\s*")
_FRAMES = ({"rss", "channel"}, {"feed"}, {"rdf:RDF"})
_SIZE = 8
"""Bytes of a digest; two of a feed's blocks are alike by chance once in 10¹³ feeds."""
_NAMES = 2
"""Names of an item that are kept with its block: its id and its link."""
_ROW = _SIZE * (1 + _NAMES)
_MOST = 2_000
"""Blocks remembered of one body; a longer one is parsed whole."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A document taken apart; ``head + blocks + tail``, white space between blocks aside, is the document."""

    head: str
    blocks: tuple[str, ...]
    tail: str
    frame: str

    def with_blocks(self, blocks: Iterable[str]) -> str:
        """Return the document with these blocks alone."""
        return "\n".join([self.head, *blocks, self.tail])


def cut(text: str) -> Cut | None:
    """Take markup that begins with its root apart, in linear time; None where that is not provably safe."""
    found = _ITEM.search(text)
    if found is None or found[0] not in _PLAIN:
        return None
    begin, end = found[0], f"</{found[0][1:]}>"
    blocks, at = [], found.start()
    while text.startswith(begin, at):
        stop = text.find(end, at)
        if stop < 0:
            return None
        blocks.append(text[at : stop + len(end)])
        at = _past_space(text, stop + len(end))
    head, tail = text[: found.start()], text[at:]
    if len(blocks) > _MOST or len(_ITEM.findall(text)) != len(blocks):
        return None
    frame = _frame(head, tail)
    return None if frame is None else Cut(head, tuple(blocks), tail, frame)


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _frame(head: str, tail: str) -> str | None:
    """Return the elements the items stand in, with all that is inherited from them; None where that is no feed."""
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    opened: list[tuple[str, list[str]]] = []
    parser.StartElementHandler = lambda name, attributes: opened.append((name, attributes))
    parser.EndElementHandler = lambda _: opened.pop()
    try:
        parser.Parse(head.encode("utf-8", "replace"), False)
        frame, names = repr(opened), {name for name, _ in opened}
        parser.Parse(tail.encode("utf-8", "replace"), True)
    except (expat.ExpatError, IndexError):
        return None
    return frame if names in _FRAMES else None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of the items of a body: under which frame they stood, and of each block its digest and names.

    Names are digests in hex, at most two an item.
    """

    frame: bytes = b""
    blocks: tuple[tuple[bytes, tuple[str, ...]], ...] = ()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Read what ``pack`` wrote; anything else remembers nothing."""
        if len(packed) % _ROW != _SIZE:
            return cls()
        rows = (packed[at : at + _ROW] for at in range(_SIZE, len(packed), _ROW))
        return cls(packed[:_SIZE], tuple((row[:_SIZE], tuple(_unpacked_names(row[_SIZE:]))) for row in rows))

    def pack(self) -> bytes:
        """Return it as bytes, 24 an item."""
        return self.frame + b"".join(digest + _packed_names(names) for digest, names in self.blocks)


def _packed_names(names: tuple[str, ...]) -> bytes:
    return b"".join(bytes.fromhex(name) for name in names[:_NAMES]).ljust(_SIZE * _NAMES, b"\0")


def _unpacked_names(row: bytes) -> Iterator[str]:
    for at in range(0, len(row), _SIZE):
        name = row[at : at + _SIZE]
        if name.strip(b"\0"):
            yield name.hex()


def digest(text: str) -> bytes:
    """Return the digest under which a block, or a frame, is remembered."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()
