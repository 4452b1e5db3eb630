"""A story as it was written: outlets, and what each puts into its feed at what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.model.feed import Feed, FeedFormat, FeedKind, Reliability

PACE = 30
"""Seconds of the story between two polls: each time its clock jumps, every feed is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented source; the keys of a feed list, and the format it publishes in."""

    id: str
    title: str
    format: FeedFormat
    kind: FeedKind
    owner: str
    reliability: Reliability
    lang: str
    speaks_for: str | None = None
    carries: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """Its front page, under a name that is reserved for examples (RFC 2606)."""
        return f"https://{self.id}.example/"

    def as_feed(self, url: str, *, category: str) -> Feed:
        """Return the feed that is polled at ``url``."""
        return Feed(
            id=self.id,
            url=url,
            title=self.title,
            owner=self.owner,
            kind=self.kind,
            reliability=self.reliability,
            lang=self.lang,
            category=category,
            speaks_for=self.speaks_for,
            carries=self.carries,
            pace=PACE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One line of the story: an outlet publishes a text, or puts new words to one it published.

    ``guid`` is shared by a text and its edits; ``answers`` is what a careful editor reads in the words, as
    ``question=answer`` or ``question=answer/claimed``.
    """

    at: datetime
    outlet: str
    guid: str
    title: str
    summary: str | None = None
    copy_of: str | None = None
    is_edit: bool = False
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A text as it stands in a feed: its latest words, the day it was published, the day they were last touched."""

    guid: str
    title: str
    summary: str | None
    link: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story, read and checked: ``outlets`` by id, ``publications`` in the order of time.

    Its clock sets off at ``start``; what was published by then stands in the feeds already.
    """

    id: str
    title: str
    start: datetime
    outlets: Mapping[str, Outlet]
    publications: tuple[Publication, ...]

    def until(self, now: datetime) -> tuple[Publication, ...]:
        """Return what has been published by ``now``."""
        return tuple(one for one in self.publications if one.at <= now)

    def between(self, after: datetime, until: datetime) -> tuple[Publication, ...]:
        """Return what is published later than ``after``, up to ``until``."""
        return tuple(one for one in self.publications if after < one.at <= until)

    def after(self, now: datetime) -> datetime | None:
        """Return when the next publication is due, None when the story is told."""
        return next((one.at for one in self.publications if one.at > now), None)

    def standing(self, outlet_id: str, now: datetime) -> tuple[Standing, ...]:
        """Return what stands in the outlet's feed at ``now``, newest first; an edit keeps its text's place."""
        texts: dict[str, Standing] = {}
        home = self.outlets[outlet_id].home
        for one in self.until(now):
            if one.outlet == outlet_id:
                first = texts.get(one.guid)
                texts[one.guid] = Standing(
                    guid=one.guid,
                    title=one.title,
                    summary=one.summary,
                    link=home + one.guid.partition("/")[2],
                    published=first.published if first else one.at,
                    updated=one.at,
                )
        return tuple(reversed(texts.values()))
