"""Broken markup becomes well-formed, losing as little as can be; what is whole in it stays as it was written.

Bare ``&`` and ``<``, entities nobody declared, unknown prefixes, control characters, tags that are never closed or
never opened, a second document behind the first, CDATA without an end: all of it is mended, in linear time. Of a
document that was cut off, the item the cut went through is left out: half a headline can say the opposite of the
whole, half an item has another id, and the next poll brings it all.
"""

from __future__ import annotations

import html
import html.entities
import re
from dataclasses import dataclass, field

from alerts.feeds.survey import DEEPEST, LONGEST_BASE, LONGEST_NAME, LONGEST_RUN, MOST_ATTRIBUTES, NAMES, refuse

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
_MARK = re.compile(r"<(/?)([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?=[\s/><\"']|$)", re.ASCII)
_TAG_END = re.compile(r"""[^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+>|[^<>]*+>""")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w.:-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?", re.ASCII)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][\w.-]{0,63});)?", re.ASCII)
_PREFIX = re.compile(r"xmlns:(?!xml)[a-z_][\w.-]*", re.ASCII)
_LONG_RUN = re.compile(rf"([\w.+-]{{{LONGEST_RUN}}})[\w.+-]+", re.ASCII)
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ATTRIBUTE_NAMES = (
    "base href ispermalink lang lastmod mode rdf:about rel src type uri url version xml:base xml:lang xmlns"
)
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "param", "track", "wbr"})
_CLOSES_ITSELF = frozenset({"dd", "dt", "li", "option", "p", "td", "tr"})
_ITEMS = frozenset({"entry", "item"})
_FRAMES = frozenset({"channel", "feed", "rdf", "rss", "urlset"})
_WRITING_NAMES = (
    "abstract body content copyright description encoded fullitem info rights subtitle summary tagline title"
)
_WRITING = frozenset(_WRITING_NAMES.split())
_FIELD_NAMES = (
    "author category comments content:encoded dc:creator dc:date description enclosure guid id link pubdate published "
    "updated"
)
_FIELDS = frozenset(_FIELD_NAMES.split())
_READ_NAMES = (
    "created date group guid id issued language lastbuilddate lastmod link loc modified news pubdate publication "
    "publication_date published source updated url"
)
_READ = _FRAMES | _ITEMS | _WRITING | NAMES | frozenset(_READ_NAMES.split())
_FOREIGN = ("cc:", "geo:", "georss:", "gml:", "itunes:", "media:", "psc:")
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """Well-formed markup. ``cut`` says that the document ended before its root did."""

    text: str
    cut: bool


def mend(text: str, *, lean: bool = False) -> Mended:
    """Mend markup that begins with its root; ``lean`` leaves out every element that no item is read from.

    FeedError(HOSTILE) for what ``survey`` refuses too.
    """
    mending = _Mending(_ILLEGAL.sub("", text), lean)
    mending.run()
    return mending.finish()


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open: its name in small letters, and where it begins in what is written."""

    name: str
    at: int

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def is_writing(self) -> bool:
        """Whether what stands in it is text or HTML."""
        return self.local in _WRITING and self.name != "media:content"


@dataclass(slots=True)
class _Mending:
    text: str
    lean: bool
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    skipping: int = 0  # the depth of the element that is left out, with all in it
    naming: int = 0  # the depth of the element whose text is kept short
    room: int = 0
    closed: bool = False

    def run(self) -> None:
        at = 0
        while (opens := self.text.find("<", at)) >= 0:
            self.words(self.text[at:opens])
            at = self.mark(opens)
        self.words(self.text[at:])

    def finish(self) -> Mended:
        """Close what is open; of the item that a cut went through keep nothing, nor of a title or the like."""
        kept = 1
        while kept < len(self.stack) and self.stack[kept].local in _FRAMES:
            kept += 1
        if not self.closed and kept < len(self.stack):
            del self.out[self.stack[kept].at :]
            del self.stack[kept:]
        self.close_down_to(0)
        declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in self.prefixes.items())
        if self.out:
            self.out[0] = f"{self.out[0][:-1]}{declared}>"
        return Mended("".join(self.out), not self.closed)

    def mark(self, opens: int) -> int:
        """Read what the ``<`` at ``opens`` begins; return where the text goes on."""
        found = _MARK.match(self.text, opens)
        if found:
            return self.tag(found)
        if self.text.startswith("<!--", opens):
            end = self.find("-->", opens + 4)
            return end + 3 if end >= 0 else opens + 4
        if self.text.startswith("<![CDATA[", opens):
            return self.cdata(opens + 9)
        if self.text.startswith("<?", opens):
            end = self.find(">", opens)
            return end + 1 if end >= 0 else len(self.text)
        self.words("<")
        return opens + 1

    def find(self, mark: str, at: int) -> int:
        """Find a mark; one that is not to come any more is not looked for again."""
        place = -1 if mark in self.absent else self.text.find(mark, at)
        if place < 0:
            self.absent.add(mark)
        return place

    def tag(self, found: re.Match[str]) -> int:
        name, begins = found[2].lower(), found.end()
        tail = _TAG_END.match(self.text, begins)
        ends = tail.end() if tail else self.find("<", begins)
        if ends < 0 and not found[1]:
            return len(self.text)  # the document was cut within this tag
        if found[1]:
            self.end_tag(name)
        elif tail or name.rpartition(":")[2] in _READ:
            self.start_tag(name, self.text[begins : ends - 1 if tail else ends])
        else:
            self.words("<")
            return found.start() + 1
        return ends if tail or not found[1] else begins

    def cdata(self, at: int) -> int:
        """Take CDATA over as text; where its end is missing, it ends with the element it stands in."""
        end, other = self.find("]]>", at), self.find("<![CDATA[", at)
        if end < 0 or 0 <= other < end:
            limit = other if other >= 0 else len(self.text)
            name = self.stack[-1].name if self.stack else "rss"
            stop = self.text.find(f"</{name}", at, limit)
            stop = after = stop if stop >= 0 else limit
        else:
            stop, after = end, end + 3
        self.write(html.escape(self.text[at:stop], quote=False))
        return after

    def words(self, text: str) -> None:
        if text:
            self.write(_REFERENCE.sub(_reference, text).replace("]]>", "]]&gt;").replace("<", "&lt;"))

    def write(self, text: str) -> None:
        if self.skipping or not self.stack:
            return
        if self.naming:
            text = _LONG_RUN.sub(r"\1", html.unescape(text))[: self.room]
            self.room -= len(text)
            text = html.escape(text, quote=False)
        self.out.append(text)

    def start_tag(self, name: str, body: str) -> None:
        self.imply(name)
        if len(self.stack) >= DEEPEST:
            raise refuse(f"tags nested deeper than {DEEPEST}")
        attributes = self.attributes(body)
        if self.closed and len(self.stack) == 1 and name == self.stack[0].name:
            self.closed = False  # a second document: its items follow those of the first
            return
        local = name.rpartition(":")[2]
        empty = name in _VOID or body.endswith("/")
        depth = len(self.stack) + 1
        if self.lean and not self.skipping and depth > 1 and self.is_unread(name, local):
            self.skipping = depth
        if not self.naming and local in NAMES:
            self.naming, self.room = depth, LONGEST_NAME
        self.stack.append(_Open(name, len(self.out)))
        if not self.skipping:
            self.out.append(f"<{self.qualified(name)}{attributes}>")
        if empty and depth > 1:
            self.close_down_to(depth - 1)
        self.closed = self.closed or (empty and depth == 1)

    def imply(self, name: str) -> None:
        """Close what the start of this element closes without saying so."""
        place = next((place for place, element in enumerate(self.stack) if _closes(name, element)), 0)
        if place:
            self.close_down_to(place)
        elif name in _CLOSES_ITSELF and len(self.stack) > 1 and self.stack[-1].name == name:
            self.close_down_to(len(self.stack) - 1)

    def is_unread(self, name: str, local: str) -> bool:
        """Whether no item is read from the element; within text every element is text, but for foreign ones."""
        foreign = name.startswith(_FOREIGN)
        return local not in _READ and (foreign or not any(element.is_writing for element in self.stack))

    def end_tag(self, name: str) -> None:
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place].name == name:
                self.close_down_to(max(place, 1))
                self.closed = self.closed or place == 0
                return

    def close_down_to(self, place: int) -> None:
        while len(self.stack) > place:
            depth = len(self.stack)
            element = self.stack.pop()
            if not self.skipping or depth < self.skipping:
                self.out.append(f"</{self.qualified(element.name)}>")
            self.skipping = 0 if depth == self.skipping else self.skipping
            self.naming = 0 if depth == self.naming else self.naming

    def qualified(self, name: str) -> str:
        """Return the name with a prefix that will be declared."""
        prefix, _, local = name.rpartition(":")
        if prefix.startswith("xml"):
            return local
        if prefix:
            self.declare(prefix, _NAMESPACES.get(prefix, f"urn:undeclared:{prefix}"))
        return name

    def declare(self, prefix: str, uri: str) -> None:
        if len(self.prefixes) > MOST_ATTRIBUTES:
            raise refuse(f"more than {MOST_ATTRIBUTES} namespaces")
        self.prefixes.setdefault(prefix, uri)

    def attributes(self, body: str) -> str:
        """Return the attributes that items are read from, each once; namespaces are declared at the root."""
        kept: dict[str, str] = {}
        for count, found in enumerate((found for found in _ATTRIBUTE.finditer(body) if found[2]), 1):
            if count > MOST_ATTRIBUTES:
                raise refuse(f"a tag of more than {MOST_ATTRIBUTES} attributes")
            name, value = found[1].lower(), _attribute_value(found[2])
            if name.startswith("xmlns"):
                value = "".join(html.unescape(value).split())  # white space in it breaks the parser's names apart
                value = "" if value.startswith(_RESERVED) else html.escape(value)
            if _PREFIX.fullmatch(name) and value:
                self.declare(name[6:], value)
            elif name in _ATTRIBUTES and not (name.endswith("base") and len(value) > LONGEST_BASE):
                kept.setdefault(name, value)
        if "rdf:about" in kept:
            self.declare("rdf", _NAMESPACES["rdf"])
        return "".join(f' {name}="{value}"' for name, value in kept.items())


def _closes(name: str, element: _Open) -> bool:
    """Whether the start of the one says that the other was left open: items hold no items, headlines no dates."""
    if name in _ITEMS:
        return element.local in _ITEMS or element.is_writing
    return name in _FIELDS and element.is_writing and element.name != name


def _reference(found: re.Match[str]) -> str:
    """Return the reference as XML may hold it."""
    number, name = found.groups()
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return f"&#{code};" if code <= 0x10FFFF and not _ILLEGAL.match(chr(code)) else ""
    if name in _XML:
        return found[0]
    if name in html.entities.name2codepoint:
        return f"&#{html.entities.name2codepoint[name]};"
    meant = html.entities.html5.get(f"{name};")
    if name and meant:
        return "".join(f"&#{ord(letter)};" for letter in meant)
    return f"&amp;{found[0][1:]}"


def _attribute_value(quoted: str) -> str:
    value = quoted[1:-1] if quoted[:1] in ('"', "'") else quoted
    value = _REFERENCE.sub(_reference, value)
    return value.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
