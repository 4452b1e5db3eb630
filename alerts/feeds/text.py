"""Markup becomes the plain text that reading sees; every step is linear in the length of what came.

What is left out, and why: tags; what scripts and styles hold; control characters (databases refuse NUL); marks
nobody sees — zero-width characters, soft hyphens and the bidirectional controls — because they hide a word from
matching or turn a sentence around on the recipient's screen. An emoji joined of several falls apart into its parts.
"""

from __future__ import annotations

import html
import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]+"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:._-]*)(?=[\s/>])")
_FOREIGN = re.compile("[-:=]")
_TAG_STOP = re.compile("[<>\"']")
_TAG_END = re.compile("[<>]")
_QUOTED_AT_MOST = 4_096
_BLOCK_NAMES = (
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html iframe img legend li main nav ol optgroup option p pre script "
    "section select style summary table tbody td template textarea tfoot th thead title tr ul video"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINES = (
    "a abbr acronym applet area audio b base basefont bdi bdo big blink button canvas cite code col colgroup data "
    "datalist del dfn dir em embed font frame frameset hgroup i input ins isindex kbd keygen label link map mark "
    "marquee math menu meta meter nobr noframes noscript object output param picture plaintext progress q rb rp rt "
    "rtc ruby s samp slot small source span strike strong sub sup svg time track tt u var wbr xmp"
)
HTML_NAMES = _BLOCKS | frozenset(_INLINES.split())
_SILENT = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_COMMENT_END = re.compile("-->")
_CDATA = "<![CDATA["


def fold(text: str) -> str:
    """Return one line: runs of white space become a space, what cannot be seen is gone."""
    return " ".join(_UNSEEN.sub("", text).split())


def unescape(text: str) -> str:
    """Decode character references once; only those closed by ``;``, so that *Q&A* and URLs stay what they are."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def from_html(markup: str) -> str:
    """Return the words of a piece of HTML, or of plain text: tags removed, entities decoded once, folded.

    A ``<`` that opens no tag (*5 < 6*) is text. Markup that was escaped once more than its place asks for comes out
    as text, never as markup.
    """
    return fold(unescape(_without_tags(markup)))


def from_title(markup: str) -> str:
    """Return the words of a headline: as ``from_html``, and once more where it was escaped twice.

    Headlines are often plain text: only names that HTML knows, or a tag with attributes, are tags in them
    (*<Exclusive> Talks resume*).
    """
    once = _without_tags(markup, HTML_NAMES)
    if "&" in once:
        once = _without_tags(unescape(once), HTML_NAMES)
    return fold(unescape(once))


def _without_tags(markup: str, known: frozenset[str] | None = None) -> str:
    """Cut tags (those of known names, if these are given), comments and declarations; a block's tag leaves a space."""
    if "<" not in markup:
        return markup
    kept: list[str] = []
    absent: set[object] = {_CDATA}  # what is not there, or was looked for in vain: never looked for again
    at = 0
    while (opens := markup.find("<", at)) >= 0:
        kept.append(markup[at:opens])
        tag = _TAG.match(markup, opens)
        at, instead = _after_tag(markup, tag, known, absent) if tag else _after_mark(markup, opens, absent)
        kept.append(instead)
    kept.append(markup[at:])
    text = "".join(kept)
    return text if _CDATA in absent else text.replace("]]>", "")


def _after_tag(markup: str, tag: re.Match[str], known: frozenset[str] | None, absent: set[object]) -> tuple[int, str]:
    """Return where text goes on after the tag, and what stands in its place."""
    end = _tag_end(markup, tag.end(), absent)
    name = tag[1].lower()
    if end < 0 or (known and name not in known and not _FOREIGN.search(markup, tag.start(), end)):
        return tag.start() + 1, "<"
    if name in _SILENT and markup[tag.start() + 1] != "/":
        end = max(end, _find(_SILENT[name], markup, end, absent))
    return end, " " if name in _BLOCKS else ""


def _after_mark(markup: str, opens: int, absent: set[object]) -> tuple[int, str]:
    """Return where text goes on after a ``<`` that opens no tag, and what stands in its place."""
    if markup.startswith(_CDATA, opens):
        absent.discard(_CDATA)
        return opens + len(_CDATA), ""
    if markup.startswith("<!--", opens):
        end = _find(_COMMENT_END, markup, opens + 2, absent)
        if end >= 0:
            return end + 3, ""
    stop = _TAG_END.search(markup, opens + 2) if markup.startswith(("<!", "<?"), opens) else None
    if stop and stop[0] == ">":
        return stop.end(), ""
    return (opens + 4, "") if markup.startswith("<!--", opens) else (opens + 1, "<")


def _tag_end(markup: str, at: int, absent: set[object]) -> int:
    """Return the index after the ``>`` of a tag whose name ended at ``at``, or -1 where the ``<`` opened none.

    A ``>`` within a quoted value does not end the tag, until one tag of the text is found with its quotes astray;
    ``absent`` remembers that from call to call, and with it the whole text is read in linear time.
    """
    start = at
    while _TAG_STOP not in absent:
        stop = _TAG_STOP.search(markup, at)
        if stop is None or stop[0] == "<":
            break
        if stop[0] == ">":
            return stop.end()
        at = markup.find(stop[0], stop.end(), stop.end() + _QUOTED_AT_MOST) + 1
        if at == 0:
            break
    if at != start:
        absent.add(_TAG_STOP)
    stop = _TAG_END.search(markup, start)
    return stop.end() if stop and stop[0] == ">" else -1


def _find(mark: re.Pattern[str], markup: str, at: int, absent: set[object]) -> int:
    """Return where the mark stands from ``at`` on, or -1."""
    found = None if mark in absent else mark.search(markup, at)
    if found is None:
        absent.add(mark)
        return -1
    return found.start()
