"""A list of feeds is read from OPML and written back: anybody's list, our own words in our own namespace.

An ``<outline>`` with ``xmlUrl`` is a feed, one without is a category. A feed's category is the path of its
categories, ``my-story/agencies``, and each part of the path is a name that rules may use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypedDict, TypeVar, Unpack
from xml.sax.saxutils import quoteattr

from alerts.feeds.address import canonical_url, id_from, registrable, same_place
from alerts.feeds.outline import NAMESPACE, Outline, UnreadableError, read_outlines
from alerts.model.errors import ConfigError, Problem
from alerts.model.feed import Feed, FeedKind, Reliability

OURS = ("id", "owner", "kind", "reliability", "lang", "speaks_for", "carries", "pace", "checked")
TITLE_LIMIT = 200
PACE_SHORTEST, PACE_LONGEST = 10, 86400

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANG = re.compile(r"[a-z]{2,3}")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Choice = TypeVar("Choice", bound=StrEnum)


class Given(TypedDict, total=False):
    """What somebody says of a feed when adding it; what is missing or None is derived from the address."""

    id: str | None
    title: str | None
    owner: str | None
    kind: FeedKind
    reliability: Reliability
    lang: str | None
    category: str


def feed_from_url(url: str, **given: Unpack[Given]) -> Feed:
    """Return a feed for an address; ConfigError when it is none. Unless given, id, title and owner are its host's."""
    address = canonical_url(url)
    if address is None:
        raise ConfigError(f"'{url}' is not the address of a feed; write https://host/path")
    owner = given.get("owner") or registrable(address)
    return Feed(
        id=given.get("id") or id_from("", address),
        url=address,
        title=given.get("title") or owner,
        owner=owner,
        kind=given.get("kind", FeedKind.OUTLET),
        reliability=given.get("reliability", Reliability.C),
        lang=given.get("lang"),
        category=given.get("category", ""),
    )


def read_opml(text: bytes, path: str) -> tuple[list[Feed], list[Problem]]:
    """Return the feeds of a list, in its order, and everything wrong with it; ``path`` only names it.

    What is foreign is put up with and said (W…); what stands in our own namespace must be right (E…), and a feed
    with such a mistake is there with the default instead. Of addresses that repeat the first stays.

    Errors: E201 no XML, E202 entities, E203 no OPML, E204 address, E205 kind, E206 reliability, E207 id, E208 id
    taken, E209 pace, E210 checked, E211 attribute, E212 language. Warnings: W204 address of a foreign list, W213
    address repeated, W214 official but speaks for nobody, W215 bare ``&``.
    """
    try:
        outlines, problems = read_outlines(text, path)
    except UnreadableError as error:
        return [], [error.problem]
    reading = _Reading(path, problems)
    return reading.feeds(outlines), sorted(problems, key=lambda problem: (problem.line, problem.col))


def write_opml(feeds: Sequence[Feed], title: str) -> str:
    """Return the list as OPML 2.0, which any reader takes and ``read_opml`` gives back."""
    root = _Folder()
    for feed in feeds:
        root.at(feed.category).feeds.append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:a="{NAMESPACE}">',
        f"  <head><title>{_quoted(title)[1:-1]}</title></head>",
        "  <body>",
        *root.lines("    "),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


# --- reading ----------------------------------------------------------------------------------


class _Reading:
    """Turns outlines into feeds with unique ids and addresses, and says what is wrong with them."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self._path, self._problems = path, problems
        self._ids: dict[str, int] = {}
        self._copies: Counter[str] = Counter()

    def feeds(self, outlines: Sequence[Outline]) -> list[Feed]:
        kept = list(self._addressed(outlines))
        authored = [self._authored_id(outline) for outline, _ in kept]
        return [self._feed(outline, url, name) for (outline, url), name in zip(kept, authored, strict=True)]

    def _addressed(self, outlines: Sequence[Outline]) -> Iterator[tuple[Outline, str]]:
        lines: dict[str, int] = {}
        for outline in outlines:
            said = outline.said["xmlurl"]
            url = canonical_url(said)
            if url is None:
                code = "E204" if outline.ours else "W204"
                self._say(outline, code, f"'{said}' is not the address of a feed.", "Write https://host/path.")
            elif (place := same_place(url)) in lines:
                self._say(outline, "W213", f"'{url}' stands on line {lines[place]} already.", "Remove one of them.")
            else:
                lines[place] = outline.line
                yield outline, url

    def _authored_id(self, outline: Outline) -> str | None:
        name = outline.ours.get("id")
        if name is None:
            return None
        if not ID.fullmatch(name):
            self._say(outline, "E207", f"id '{name}' is not lower-case words with '-'.", "Write it like 'bbc-world'.")
            return None
        if name in self._ids:
            self._say(outline, "E208", f"id '{name}' is taken by line {self._ids[name]}.", "Give it another.")
            return None
        self._ids[name] = outline.line
        return name

    def _feed(self, outline: Outline, url: str, name: str | None) -> Feed:
        said, ours = outline.said, outline.ours
        self._check_names(outline)
        title = (said.get("title") or said.get("text", ""))[:TITLE_LIMIT]
        feed = Feed(
            id=name or self._free_id(id_from(title, url), outline.line),
            url=url,
            title=title or registrable(url),
            owner=ours.get("owner") or registrable(url),
            kind=self._choice(outline, "kind", FeedKind, "E205") or FeedKind.OUTLET,
            reliability=self._choice(outline, "reliability", Reliability, "E206") or Reliability.C,
            lang=self._lang(outline),
            category=outline.category,
            speaks_for=ours.get("speaks_for"),
            carries=tuple(ours.get("carries", "").replace(",", " ").split()),
            pace=self._pace(outline),
            checked=self._checked(outline),
        )
        if feed.kind is FeedKind.OFFICIAL and feed.speaks_for is None:
            self._say(outline, "W214", f"'{feed.id}' is official but speaks for nobody.", "Add speaks_for.")
        return feed

    def _free_id(self, wanted: str, line: int) -> str:
        name = wanted
        while name in self._ids:
            self._copies[wanted] += 1
            name = f"{wanted}-{self._copies[wanted] + 1}"
        self._ids[name] = line
        return name

    def _check_names(self, outline: Outline) -> None:
        for name in outline.ours:
            if name not in OURS:
                self._say(outline, "E211", f"unknown attribute '{name}'.", _near(name, OURS))

    def _choice(self, outline: Outline, key: str, of: type[Choice], code: str) -> Choice | None:
        said = outline.ours.get(key)
        try:
            return None if said is None else of(said)
        except ValueError:
            known = [one.value for one in of]
            self._say(outline, code, f"unknown {key} '{said}'.", _near(said or "", known))
            return None

    def _lang(self, outline: Outline) -> str | None:
        stated = outline.ours.get("lang")
        said = stated or outline.said.get("language", "")
        lang = said.lower().replace("_", "-").partition("-")[0]
        if LANG.fullmatch(lang):
            return lang
        if stated is not None:
            self._say(outline, "E212", f"'{stated}' is not a language code.", "Write it like 'en'.")
        return None

    def _pace(self, outline: Outline) -> int | None:
        said = outline.ours.get("pace")
        if said is None:
            return None
        if said.isascii() and said.isdigit() and PACE_SHORTEST <= int(said[:9]) <= PACE_LONGEST:
            return int(said)
        bounds = f"Write seconds from {PACE_SHORTEST} to {PACE_LONGEST}."
        self._say(outline, "E209", f"pace '{said}' is not a polite interval.", bounds)
        return None

    def _checked(self, outline: Outline) -> str | None:
        said = outline.ours.get("checked")
        if said is None or said == "never":
            return None
        try:
            return date.fromisoformat(said).isoformat()
        except ValueError:
            self._say(outline, "E210", f"checked '{said}' is not a day.", "Write 2025-03-18, or never.")
            return None

    def _say(self, outline: Outline, code: str, text: str, hint: str) -> None:
        self._problems.append(Problem(self._path, outline.line, outline.col, code, text, hint))


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else f"Known are: {', '.join(known)}."


# --- writing ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    feeds: list[Feed] = field(default_factory=list)

    def at(self, category: str) -> _Folder:
        folder = self
        for part in filter(None, category.split("/")):
            folder = folder.folders.setdefault(part, _Folder())
        return folder

    def lines(self, indent: str) -> Iterator[str]:
        for feed in self.feeds:
            yield f"{indent}<outline {' '.join(_attributes(feed))}/>"
        for name, folder in self.folders.items():
            yield f"{indent}<outline text={_quoted(name)}>"
            yield from folder.lines(indent + "  ")
            yield f"{indent}</outline>"


def _attributes(feed: Feed) -> Iterator[str]:
    yield f'text={_quoted(feed.title)} type="rss" xmlUrl={_quoted(feed.url)}'
    said = {
        "id": feed.id,
        "owner": feed.owner,
        "kind": feed.kind.value,
        "reliability": feed.reliability.value,
        "lang": feed.lang,
        "speaks_for": feed.speaks_for,
        "carries": " ".join(feed.carries),
        "pace": feed.pace,
        "checked": feed.checked or "never",
    }
    yield from (f"a:{key}={_quoted(str(value))}" for key, value in said.items() if value)


def _quoted(text: str) -> str:
    return quoteattr(NOT_XML.sub("", text), {'"': "&quot;"})
