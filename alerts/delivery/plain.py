"""Plain: text from outside becomes text that can only be read; it mentions, links, marks up and reverses nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

BREAK = "\u200b"
"""A zero-width space: invisible, and no service looks past it for a name, a tag or a domain."""

ISOLATE, ISOLATE_END = "\u2068", "\u2069"
"""Around right-to-left text, so that it cannot reorder what stands beside it (UAX 9, first strong isolate)."""

JOINERS = "\u200c\u200d"
"""The two invisible characters that Persian spelling and emoji need."""

LONGEST = 2000
"""Characters of any one text that are looked at."""

MARKS = 4
"""Accents kept on one letter; more of them only climb over the neighbouring lines."""

_BLANK = {"Cc", "Zs", "Zl", "Zp"}  # line breaks and NUL among them: none may reach a header
_GONE = {"Cf", "Cs"}  # direction marks, zero widths, tags, halves of surrogate pairs

_AFTER = re.compile(
    r"""
      [@＠﹫<]                                 # mentions and tags: @everyone <!channel> <b>
    | [#＃](?=\w*[^\W\d])                      # hashtags, #channel; not "#1"
    | \$(?=[A-Za-z$])                          # cashtags, formulas
    | (?<!\S)/(?=[A-Za-z])                     # commands a tap would send to a bot
    | &(?=\#?\w{1,32};)                        # entities, where a service would turn them back
    | :(?=//)                                  # https://
    | \b(?i:mailto|tel|sms|tg|xmpp|magnet|data|javascript):(?=\S)
    | (?<=[\w)\]])[.。．｡](?=[^\W\d_]{2})       # domains: bank.example
    | (?<=\d)\.(?=\d+\.\d+\.\d+)               # addresses: 192.0.2.1
    | \](?=[\[(:])                             # masked links: [bank.example](https://…)
    """,
    re.VERBOSE,
)
_AFTER_MARKUP = re.compile(r":(?=\d*[a-z_+-][a-z0-9_+-]*:)|\|(?=\|)")
_EDGE_UNDERSCORE = re.compile(r"__+|(?<![^\W_])_|_(?![^\W_])")
_LOOKALIKES = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})


def plain(text: str, *, markup: bool = True, longest: int = LONGEST) -> str:
    """Return one line that reads like ``text`` and does nothing, at most ``longest`` characters and ``…``.

    Everywhere: no line breaks, control or direction characters; mentions, tags, commands, entities, domains and
    masked links are broken by an invisible space. ``markup`` also swaps ``*``, `````, ``~`` and the ``_`` at a
    word's edge for look-alikes, for services that read them. Right-to-left text is isolated from what surrounds it.
    """
    text = text[: min(LONGEST, 8 * longest + 64)]
    if not (text.isascii() and text.isprintable()):
        text = "".join(_kept(unicodedata.normalize("NFC", text)))
    line = clip(" ".join(text.split()), longest)
    if markup:
        line = _AFTER_MARKUP.sub(_broken, _EDGE_UNDERSCORE.sub("ˍ", line.translate(_LOOKALIKES)))
    line = _AFTER.sub(_broken, line)
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in line):
        return f"{ISOLATE}{line}{ISOLATE_END}"
    return line


def clip(text: str, longest: int) -> str:
    """Return the text, cut between two words where it is longer than ``longest`` characters, ``…`` at its end."""
    if len(text) <= longest:
        return text
    cut = text[: max(0, longest)]
    space = cut.rfind(" ")
    if space > longest // 2:
        cut = cut[:space]
    return cut.rstrip(" ,;:–—-" + JOINERS) + "…"


def _kept(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if unicodedata.combining(char) else 0
        if category in _BLANK:
            yield " "
        elif marks <= MARKS and (category not in _GONE or char in JOINERS) and not _is_noncharacter(char):
            yield char


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def _broken(match: re.Match[str]) -> str:
    return match.group() + BREAK
