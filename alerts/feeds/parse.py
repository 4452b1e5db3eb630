"""A body becomes items: decode | tell what it is | mend | read.

Pure: the same body, headers and address always give the same feed, and nothing is fetched, read or written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.parsers.expat import ExpatError
from xml.sax import SAXException

from alerts.feeds.dialects import jsonfeed, sitemap, syndication
from alerts.feeds.encoding import decode
from alerts.feeds.links import document_base
from alerts.feeds.notfeed import other_markup, page, plain, refuse_bytes
from alerts.feeds.prolog import Document, open_document
from alerts.feeds.salvage import mend
from alerts.feeds.survey import survey
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import ParsedFeed

LIBRARY_FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, ExpatError, LookupError, RuntimeError),
    *(SAXException, SyntaxError, TypeError, ValueError),
)
"""What the XML libraries were seen to raise on documents made to break them, or may by their sources."""

_FEED_ROOTS = frozenset({"channel", "feed", "rdf", "rss", "urlset"})


def parse(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
    """Return the feed in a body: RSS 0.9–2.0, RDF, Atom 0.3/1.0, JSON Feed, or a (news) sitemap.

    Always the whole body, and no item is dropped, but of a body that was cut off the one the cut went through.
    Titles and summaries are plain text on one line (see ``text``), links absolute, times aware UTC with a date alone
    at 00:00, ids as written; empty is None. ``salvaged`` says that the markup was not well-formed; a wrong content
    type or charset is only a note. Header names count without case; ``url`` is where the body came from.

    Raises FeedError alone: EMPTY, NOT_A_FEED, BROKEN (a feed no item could be saved from), HOSTILE, ENCODING.
    """
    try:
        return _parse(body, {name.lower(): value for name, value in headers.items()}, url)
    except (MemoryError, RecursionError) as error:
        raise FeedError(FeedFault.HOSTILE, "the document needs more memory than it may: tell the site") from error


def _parse(body: bytes, headers: dict[str, str], url: str) -> ParsedFeed:
    refuse_bytes(body)
    decoded = decode(body, headers)
    text = decoded.text.strip("\0\t\n\r \ufeff")
    base = document_base(url, headers)
    is_json = text.startswith(("{", "["))
    feed = jsonfeed.read(text, base) if is_json else _markup(open_document(text), headers, base)
    return replace(feed, notes=decoded.notes + feed.notes)


@dataclass(frozen=True, slots=True)
class _Sound:
    """Markup that is well-formed, or was made so: ``fault`` was wrong with it, ``cut`` says that its end is missing."""

    text: str
    ids: tuple[str, ...]
    fault: str | None = None
    cut: bool = False


def _markup(document: Document, headers: Mapping[str, str], base: str) -> ParsedFeed:
    if document.is_page:
        raise page(document.text, headers, base)
    if not document.root:
        raise plain(document.text)
    if document.root == "sitemapindex":
        raise other_markup(document.root)
    sound, language = _sound(document.text), headers.get("content-language")
    try:
        feed = _read(sound, document.root, base, language)
    except LIBRARY_FAULTS:
        feed = _second_reading(document, base, language)
    return _judged(feed, document, sound)


def _sound(text: str) -> _Sound:
    looked = survey(text)
    if looked.fault or looked.heavy:
        return _mended(text, looked.fault, lean=looked.heavy)
    return _Sound(text, looked.ids)


def _mended(text: str, fault: str | None, *, lean: bool) -> _Sound:
    mended = mend(text, lean=lean)
    looked = survey(mended.text)
    if looked.heavy and not lean:
        return _mended(text, fault, lean=True)
    return _Sound(mended.text, looked.ids, fault, mended.cut)


def _second_reading(document: Document, base: str, language: str | None) -> ParsedFeed:
    """Read what the library stumbled over once more, without the elements that no item is read from."""
    try:
        return _read(_mended(document.text, None, lean=True), document.root, base, language)
    except LIBRARY_FAULTS as error:
        raise FeedError(FeedFault.BROKEN, f"the document cannot be read ({error}): tell the site") from error


def _read(sound: _Sound, root: str, base: str, language: str | None) -> ParsedFeed:
    if root == "urlset":
        return sitemap.read(sound.text, base)
    return syndication.read(sound.text, sound.ids, root=root, base=base, language=language)


def _judged(feed: ParsedFeed, document: Document, sound: _Sound) -> ParsedFeed:
    """Say what was wrong with the document; FeedError where nothing of a feed came out of it."""
    if not feed.items and document.root not in _FEED_ROOTS:
        raise other_markup(document.root)
    if not feed.items and sound.cut:
        why = f"the feed was cut off before its first item ({sound.fault})"
        raise FeedError(FeedFault.BROKEN, f"{why}: the next poll asks again")
    notes = feed.notes
    if sound.fault:
        notes = (f"not well-formed ({sound.fault}); mended", *notes)
    if document.junk:
        notes = ("something that is no part of the feed stood before it", *notes)
    salvaged = feed.salvaged or document.junk or sound.fault is not None
    return replace(feed, salvaged=salvaged, notes=notes)
