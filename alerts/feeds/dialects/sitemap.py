"""News sitemaps (Google's): what a site published in the last two days; plain sitemaps give links alone."""

from __future__ import annotations

from xml.etree import ElementTree

from alerts.feeds.dialects.moments import Moments
from alerts.feeds.links import absolute
from alerts.feeds.text import fold, from_title
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem


def read(markup: str, base: str) -> ParsedFeed:
    """Return the ``url`` elements of a well-formed ``urlset`` as items; an item's id is its link."""
    moments = Moments()
    pages = [_words(url) for url in ElementTree.fromstring(markup) if _local(url) == "url"]
    languages = {page["language"] for page in pages if "language" in page}
    return ParsedFeed(
        title=next((from_title(page["name"]) for page in pages if "name" in page), None) or None,
        lang=languages.pop() if len(languages) == 1 else None,
        kind=FeedFormat.SITEMAP,
        items=tuple([_item(page, base, moments) for page in pages]),
        notes=moments.notes,
    )


def _item(page: dict[str, str], base: str, moments: Moments) -> ParsedItem:
    link = absolute(base, page.get("loc", ""))
    return ParsedItem(
        id=link,
        link=link,
        title=from_title(page.get("title", "")) or None,
        published=moments.read(page.get("publication_date")),
        updated=moments.read(page.get("lastmod")),
        lang=page.get("language"),
    )


def _words(url: ElementTree.Element) -> dict[str, str]:
    """Return the texts of the page and of its news, by local name; pictures and videos have titles of their own."""
    words: dict[str, str] = {}
    parts = [*url, *(part for news in url if _local(news) == "news" for part in news.iter())]
    for part in parts:
        if part.text and part.text.strip():
            words.setdefault(_local(part), fold(part.text))
    return words


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower()
