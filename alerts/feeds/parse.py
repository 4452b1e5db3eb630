"""A body becomes items: decode | tell what it is | cut out what was read before | mend | read.

Pure: the same body, headers and address always give the same feed, and nothing is fetched, read or written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.parsers.expat import ExpatError
from xml.sax import SAXException

from alerts.feeds.cut import Cut, Remembered, cut, digest
from alerts.feeds.dialects import jsonfeed, sitemap, syndication
from alerts.feeds.encoding import decode
from alerts.feeds.identity import strong_names
from alerts.feeds.links import document_base
from alerts.feeds.notfeed import other_markup, page, plain, refuse_bytes
from alerts.feeds.prolog import Document, open_document
from alerts.feeds.salvage import mend
from alerts.feeds.survey import survey
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import ParsedFeed, ParsedItem, Reading

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
    return _guarded(body, headers, url, None).feed


def read_new(body: bytes, headers: Mapping[str, str], url: str, remembered: bytes) -> Reading:
    """As ``parse``, but items that an earlier reading ``remembered`` may be left out, if they stand there unchanged.

    Whole readings and new ones together hold every item; each item is equal to that of a whole reading.
    """
    return _guarded(body, headers, url, remembered)


def _guarded(body: bytes, headers: Mapping[str, str], url: str, remembered: bytes | None) -> Reading:
    try:
        return _opened(body, {name.lower(): value for name, value in headers.items()}, url, remembered)
    except (MemoryError, RecursionError) as error:
        raise FeedError(FeedFault.HOSTILE, "the document needs more memory than it may: tell the site") from error


def _opened(body: bytes, headers: dict[str, str], url: str, remembered: bytes | None) -> Reading:
    refuse_bytes(body)
    decoded = decode(body, headers)
    text = decoded.text.strip("\0\t\n\r \ufeff")
    context = _Context(document_base(url, headers), headers)
    if text.startswith(("{", "[")):
        reading = Reading(feed=jsonfeed.read(text, context.base))
    else:
        reading = _markup(open_document(text), context, remembered)
    return replace(reading, feed=replace(reading.feed, notes=decoded.notes + reading.feed.notes))


@dataclass(frozen=True, slots=True)
class _Context:
    """What a document inherits from its response."""

    base: str
    headers: Mapping[str, str]

    @property
    def language(self) -> str | None:
        return self.headers.get("content-language")


@dataclass(frozen=True, slots=True)
class _Sound:
    """Markup that is well-formed, or was made so: ``fault`` was wrong with it, ``cut`` says that its end is missing."""

    text: str
    ids: tuple[str, ...]
    as_written: bool = False
    fault: str | None = None
    cut: bool = False


def _markup(document: Document, context: _Context, remembered: bytes | None) -> Reading:
    if document.is_page:
        raise page(document.text, context.headers, context.base)
    if not document.root:
        raise plain(document.text)
    if document.root == "sitemapindex":
        raise other_markup(document.root)
    if remembered is None or document.junk:
        return Reading(feed=_whole(document, context)[0])
    return _cut(document, context, remembered)


def _cut(document: Document, context: _Context, remembered: bytes) -> Reading:
    taken = cut(document.text)
    if taken is None:
        return Reading(feed=_whole(document, context)[0])
    frame = digest(f"{taken.frame}\n{context.base}\n{context.language}")
    digests = [digest(block) for block in taken.blocks]
    known = Remembered.unpack(remembered)
    if known.frame == frame:
        reading = _new_only(document, context, taken, digests, known)
        if reading is not None:
            return reading
    feed, sound = _whole(document, context)
    provable = _is_provable(feed, sound, len(digests))
    return Reading(feed=feed, remembered=_remember(frame, digests, feed.items) if provable else b"")


def _remember(frame: bytes, digests: Sequence[bytes], items: Sequence[ParsedItem]) -> bytes:
    return Remembered(frame, tuple(zip(digests, map(strong_names, items), strict=True))).pack()


def _new_only(
    document: Document, context: _Context, taken: Cut, digests: Sequence[bytes], known: Remembered
) -> Reading | None:
    """Read the blocks that are not remembered; None where that might differ from reading the whole."""
    old = dict(known.blocks)
    new = [block for block, one in zip(taken.blocks, digests, strict=True) if one not in old]
    if len(new) == len(digests):
        return None
    feed = ParsedFeed(title=None, lang=None, kind=syndication.kind_of(document.root), items=())
    if new:
        read = _blocks(document, context, taken, new)
        if read is None:
            return None
        feed = read
    named = [strong_names(item) for item in feed.items]
    in_use = {name for one in digests if one in old for name in old[one]}
    if in_use.intersection(name for names in named for name in names):
        return None  # a name that two items share names neither: whoever recognises them must see both
    names = iter(named)
    blocks = tuple((one, old[one] if one in old else next(names)) for one in digests)
    return Reading(feed=feed, remembered=Remembered(known.frame, blocks).pack(), left_out=len(digests) - len(new))


def _blocks(document: Document, context: _Context, taken: Cut, blocks: Sequence[str]) -> ParsedFeed | None:
    """Read these blocks within their document; None where not each of them is an item, as it is written."""
    try:
        feed, sound = _whole(replace(document, text=taken.with_blocks(blocks)), context)
    except FeedError:
        return None
    return feed if _is_provable(feed, sound, len(blocks)) else None


def _is_provable(feed: ParsedFeed, sound: _Sound, blocks: int) -> bool:
    """Whether every block is one item, and nothing was mended."""
    return sound.as_written and not feed.salvaged and blocks == len(sound.ids) == len(feed.items)


def _whole(document: Document, context: _Context) -> tuple[ParsedFeed, _Sound]:
    """Read every item of a document."""
    sound = _sound(document.text)
    try:
        feed = _read(sound, document.root, context)
    except LIBRARY_FAULTS:
        feed = _second_reading(document, context)
        sound = replace(sound, as_written=False)
    return _judged(feed, document, sound), sound


def _sound(text: str) -> _Sound:
    looked = survey(text)
    if looked.fault or looked.heavy:
        return _mended(text, looked.fault, lean=looked.heavy)
    return _Sound(text, looked.ids, as_written=True)


def _mended(text: str, fault: str | None, *, lean: bool) -> _Sound:
    mended = mend(text, lean=lean)
    looked = survey(mended.text)
    if looked.heavy and not lean:
        return _mended(text, fault, lean=True)
    return _Sound(mended.text, looked.ids, fault=fault, cut=mended.cut)


def _second_reading(document: Document, context: _Context) -> ParsedFeed:
    """Read what the library stumbled over once more, without the elements that no item is read from."""
    try:
        return _read(_mended(document.text, None, lean=True), document.root, context)
    except LIBRARY_FAULTS as error:
        raise FeedError(FeedFault.BROKEN, f"the document cannot be read ({error}): tell the site") from error


def _read(sound: _Sound, root: str, context: _Context) -> ParsedFeed:
    if root == "urlset":
        return sitemap.read(sound.text, context.base)
    return syndication.read(sound.text, sound.ids, root=root, base=context.base, language=context.language)


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
