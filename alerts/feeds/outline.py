"""A list of feeds, as XML, becomes outlines with their place in the file; entities and other documents are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from alerts.model.errors import Problem

NAMESPACE = "urn:alerts:feeds"
CATEGORY_DEPTH = 32
"""Categories nested deeper count as the last one: lists in the wild nest by accident, not by meaning."""

BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed as a list writes it; ``said`` are OPML's own attributes in lower case, ``ours`` our namespace's."""

    line: int
    col: int
    said: dict[str, str]
    ours: dict[str, str]
    category: str


class UnreadableError(Exception):
    """The list as a whole cannot be read; carries the one problem that says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_outlines(text: bytes, path: str) -> tuple[list[Outline], list[Problem]]:
    """Return the outlines with an address, in order; raises UnreadableError.

    An ``&`` that nobody escaped, the usual slip in lists written by hand, is mended and said.
    """
    try:
        return _Scan(path).run(text), []
    except expat.ExpatError as error:
        broken = error
    mended = BARE_AMPERSAND.sub(b"&amp;", text)
    if mended == text:
        raise UnreadableError(_broken(path, broken)) from broken
    try:
        outlines = _Scan(path).run(mended)
    except expat.ExpatError as error:
        raise UnreadableError(_broken(path, error)) from error
    slip = Problem(path, broken.lineno, broken.offset + 1, "W215", "a bare & was read as &amp;.", "Write &amp; for it.")
    return outlines, [slip]


def _broken(path: str, error: expat.ExpatError) -> Problem:
    why = expat.ErrorString(error.code)
    return Problem(path, error.lineno, error.offset + 1, "E201", f"not well-formed XML: {why}.", "Mend it there.")


def _one_line(text: str) -> str:
    """Return the text with every run of blanks as one space."""
    return " ".join(text.split())


def _local(name: str) -> str:
    """Return an element's name without its namespace; some lists declare one for OPML, some shout."""
    return name.rpartition(" ")[2].lower()


class _Scan:
    """One walk over the document; nothing of it is kept but outlines."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        self._is_root = True
        self._categories = [""]
        self._found: list[Outline] = []

    def run(self, text: bytes) -> list[Outline]:
        self._parser.Parse(text, True)
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        if self._is_root and tag != "opml":
            raise self._refusal("E203", f"the document is <{tag[:40]}>, not <opml>.", "Give a list of feeds.")
        self._is_root = False
        if tag != "outline":
            return
        said = {key.lower(): _one_line(value) for key, value in attributes.items() if " " not in key}
        above = self._categories[-1]
        if "xmlurl" in said:
            self._found.append(self._outline(said, attributes))
        elif len(self._categories) <= CATEGORY_DEPTH:
            folder = (said.get("text") or said.get("title", "")).replace("/", "-")
            above = "/".join(filter(None, (above, folder)))
        self._categories.append(above)

    def _outline(self, said: dict[str, str], attributes: dict[str, str]) -> Outline:
        own = f"{NAMESPACE} "
        ours = {key.removeprefix(own): _one_line(value) for key, value in attributes.items() if key.startswith(own)}
        line, col = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return Outline(line, col, said, ours, self._categories[-1])

    def _end(self, name: str) -> None:
        if _local(name) == "outline":
            self._categories.pop()

    def _entity(self, name: str, *_: object) -> None:
        raise self._refusal("E202", f"declares the entity '{name[:40]}'.", "A list needs none: remove its DOCTYPE.")

    def _refusal(self, code: str, text: str, hint: str) -> UnreadableError:
        line, col = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return UnreadableError(Problem(self._path, line, col, code, text, hint))
