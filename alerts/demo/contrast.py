"""The same texts go past plain keyword alerts, and the messages of both are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts.model.item import Item, Source

if TYPE_CHECKING:
    from alerts.demo.story import Publication, Story
    from alerts.judging.match import Matcher

TERMS = "the same words in all their forms, the same AND, OR and exclusions, one message an article"
"""How the keyword alerts are set up: as well as a keyword alert can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Over the same ``texts``, ``copies`` among them: messages of keyword alerts, and messages ``sent``."""

    texts: int
    copies: int
    keyword: int
    sent: int


def contrast(story: Story, matcher: Matcher, *, sent: int) -> Contrast:
    """Count what a keyword alert for each rule of ``matcher`` sends, over all that the story publishes once begun.

    A keyword alert knows an article by its address: an edit does not ring again, a copy under another masthead does.
    """
    new = [one for one in story.publications if one.at > story.start]
    rung = {(one.guid, verdict.question) for one in new for verdict in matcher.verdicts(_item(story, one))}
    return Contrast(
        texts=len({one.guid for one in new}),
        copies=sum(one.copy_of is not None for one in new),
        keyword=len(rung),
        sent=sent,
    )


def _item(story: Story, one: Publication) -> Item:
    outlet = story.outlets[one.outlet]
    source = Source(id=outlet.id, title=outlet.title, owner=outlet.owner)
    return Item(id=one.guid, source=source, title=one.title, summary=one.summary, lang=outlet.lang, published=one.at)
