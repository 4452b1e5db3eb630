"""Bytes become text: byte order mark, then the server's charset, then the XML declaration, then the bytes themselves.

Declarations lie in two ways that would silence a rule, and both are caught: bytes that are valid UTF-8 are UTF-8
whatever single-byte charset they were declared to be, and Cyrillic declared as something Western, or as UTF-8, is
known by its words. UTF-7 is refused: it hides markup from whoever looks at the bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

from alerts.model.errors import FeedError, FeedFault

_MARKS = (  # the longer ones first: UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_WIDE = (  # how an unmarked document begins: XML 1.0, appendix F; JSON's braces alike
    (re.compile(rb"\0\0\0[<{\s]"), "utf-32-be"),
    (re.compile(rb"[<{\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[<{\s]\0"), "utf-16-be"),
    (re.compile(rb"[<{\s]\0[^\0]"), "utf-16-le"),
)
_EBCDIC = "<?xm".encode("cp037")
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][\w.:-]{0,39}", re.ASCII)
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "koi8-r": "koi8-u"}
_NOT_FOR_DOCUMENTS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-8-sig"})
_SEVEN_BIT = ("iso2022", "hz")
_MULTIBYTE = ("big5", "cp932", "cp949", "cp950", "euc", "gb18030", "johab", "shift")
_WESTERN = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15", "mac-roman"})
_CYRILLIC = ("cp1251", "koi8-u", "iso8859-5", "cp866")
_CYRILLIC_WORD = re.compile("[А-Яа-яЁЂЃЄІЇЎҐёђѓєіїўґ]{3,}")
_FREQUENT = frozenset("оеаинтсрвлі")  # two letters in three; Greek, Hebrew or Arabic misread as Cyrillic has few
_SAMPLE = 65_536
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, without a byte order mark; ``notes`` say when it was not read as it was declared."""

    text: str
    notes: tuple[str, ...] = ()


def decode(body: bytes, headers: Mapping[str, str]) -> Decoded:
    """Return the body as text; ``headers`` have lower-case names. Raises FeedError(ENCODING) for UTF-7 alone."""
    for mark, codec in _MARKS:
        if body.startswith(mark) and not (codec == "utf-16-le" and body[2:4] == b"\0\0"):
            return _replacing(body[len(mark) :], codec)
    if body.startswith(codecs.BOM_UTF8):
        return _narrow(body[len(codecs.BOM_UTF8) :], ["utf-8"])
    if body.startswith(_EBCDIC):
        return _ebcdic(body)
    for beginning, codec in _WIDE:
        if beginning.match(body):
            return _replacing(body, codec)
    declared = _declared(body, headers)
    return _narrow(body, [name for name in declared if not name.startswith(("utf-16", "utf-32"))])


def _declared(body: bytes, headers: Mapping[str, str]) -> list[str]:
    """Return the codecs the server and the document name, in that order; names nobody knows are left out."""
    charset = _CHARSET.search(headers.get("content-type", ""))
    declaration = _DECLARATION.search(body[:1_024].decode("latin-1"))
    names = [name for found in (charset, declaration) if found and (name := _codec(found[1]))]
    if names[:1] == ["utf-7"]:
        raise FeedError(FeedFault.ENCODING, "the body is declared UTF-7, which is not read: ask the site for UTF-8")
    return [name for name in names if name != "utf-7"]


def _codec(name: str) -> str | None:
    """Return the codec's own name, widened to the superset that documents really use; None when there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        known = codecs.lookup(name).name
        b" ".decode(known, "replace")  # a LookupError for what is no text encoding (zlib, rot13)
    except (LookupError, UnicodeError):
        return None
    return None if known in _NOT_FOR_DOCUMENTS else _SUPERSETS.get(known, known)


def _narrow(body: bytes, declared: list[str]) -> Decoded:
    """Read a body whose ASCII is ASCII."""
    utf8 = _utf8(body)
    if utf8 is not None:
        if len(utf8) == len(body):
            trusted = [name for name in declared if name.startswith(_SEVEN_BIT)]
        else:
            trusted = [name for name in declared[:1] if name.startswith(_MULTIBYTE)]
        return _first_that_fits(body, trusted) or Decoded(utf8, _remark(declared, "utf-8", len(utf8) < len(body)))
    return (
        _first_that_fits(body, [name for name in declared if name != "utf-8"])
        or _damaged(body, "utf-8", declared)
        or _cyrillic(body, declared)
        or (_damaged(body, declared[0], declared) if declared else None)
        or _first_that_fits(body, ["cp1252"], declared)
        or Decoded(body.decode("iso8859-2"), _remark(declared, "iso8859-2", True))
    )


def _first_that_fits(body: bytes, names: list[str], declared: list[str] | None = None) -> Decoded | None:
    for name in names:
        text = _strictly(body, name)
        if text is not None:
            better = _cyrillic(body, declared or names) if name in _WESTERN else None
            return better or Decoded(text, _remark(declared or names, name, declared is not None or name != names[0]))
    return None


def _utf8(body: bytes) -> str | None:
    """Read valid UTF-8, also when it was cut off within a letter."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeError:
        return None


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _replacing(body: bytes, codec: str) -> Decoded:
    """Read a body that says in its first bytes how it is written; what is cut or damaged becomes U+FFFD."""
    text = body.decode(codec, "replace").lstrip("\ufeff")
    damage = (f"read as {codec} with damaged characters",) if "\ufffd" in text else ()
    return Decoded(text, damage)


def _damaged(body: bytes, codec: str, declared: list[str]) -> Decoded | None:
    """Read a body in which no more than one byte in twenty of those beyond ASCII is astray."""
    text = body.decode(codec, "replace")
    if text.count("\ufffd") * 20 > len(body.translate(None, _ASCII)):
        return None
    return Decoded(text, (*_remark(declared, codec, bool(declared)), f"read as {codec} with damaged characters"))


def _cyrillic(body: bytes, declared: list[str]) -> Decoded | None:
    """Read a body as the Cyrillic charset in which its words look most like Russian or Ukrainian, if in any."""
    beyond = _NOT_ASCII.search(body)
    if beyond is None:
        return None
    sample = body[beyond.start() : beyond.start() + _SAMPLE]
    codec = max(_CYRILLIC, key=lambda name: _likeness(sample, name))
    if not _likeness(sample, codec):
        return None
    return Decoded(body.decode(codec, "replace"), _remark(declared, codec, True))


def _likeness(sample: bytes, codec: str) -> float:
    """How much of what is beyond ASCII stands in words of frequent letters, 0 when too little of it does."""
    text = sample.decode(codec, "replace")
    words = "".join(_CYRILLIC_WORD.findall(text))
    frequent = sum(letter in _FREQUENT for letter in words)
    beyond = len(sample.translate(None, _ASCII))
    if len(words) < 0.7 * beyond or frequent < 0.5 * len(words):
        return 0.0
    return frequent / beyond


def _ebcdic(body: bytes) -> Decoded:
    declaration = _DECLARATION.search(body[:1_024].decode("cp037"))
    codec = _codec(declaration[1]) if declaration else None
    return _first_that_fits(body, [codec or "cp037", "cp037"]) or Decoded(body.decode("latin-1"))


def _remark(declared: list[str], codec: str, differs: bool) -> tuple[str, ...]:
    if not differs or declared[:1] == [codec]:
        return ()
    return (f"declared {declared[0]}, read as {codec}" if declared else f"no charset declared, read as {codec}",)
