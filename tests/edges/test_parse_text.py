"""Markup becomes plain text: what was a tag is gone, what was text stays, and the work grows as the text does."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.feeds.salvage import mend
from alerts.feeds.text import fold, from_html, from_title
from alerts.model.errors import FeedError

TAGS = ["p", "b", "a href='x'", 'img alt="a > b"', "br/", "div class=x", "script", "o:p", "my-element"]
WORDS = st.text(alphabet="абвгabc ,.!?", min_size=1, max_size=8)


@st.composite
def marked_up(draw: st.DrawFn) -> tuple[str, str]:
    """Return words with tags strewn between them, and the words alone."""
    parts = draw(st.lists(st.tuples(WORDS, st.sampled_from(TAGS)), min_size=1, max_size=20))
    markup = "".join(f"{words}<{tag}>" for words, tag in parts if tag != "script")
    return markup, "".join(words for words, tag in parts if tag != "script")


@given(marked_up())
def test_tags_are_gone_and_words_are_left(pair: tuple[str, str]) -> None:
    markup, words = pair
    for text in (from_html(markup), from_title(markup)):
        assert "<" not in text
        assert text.replace(" ", "") == "".join(words.split())


@given(st.text(alphabet="абвabc &;<>!? 123", max_size=60))
def test_text_that_holds_no_tag_loses_no_letter(text: str) -> None:
    spaced = text.replace("<", "< ").replace("&", "& ")
    assert from_html(spaced) == fold(spaced)


@given(st.text(max_size=200))
def test_what_comes_out_is_one_line_that_can_be_stored(text: str) -> None:
    for line in (from_html(text), from_title(text)):
        line.encode("utf-8")
        assert line == " ".join(line.split())
        assert not any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in line)


@given(st.text(alphabet="<>/!-[]CDATAscriptb \"'=&;lt", max_size=80))
def test_nothing_that_runs_survives_in_a_headline(text: str) -> None:
    for markup in (f"{text}<script>alert(1)</script>", f"{text} &lt;script&gt;alert(1)&lt;/script&gt;"):
        assert "<script>" not in from_title(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("a<b", "a<b"),
        ("a <b and <i>c</i>", "a <b and c"),
        ("<p>One</p><p>Two<br>Three</p>", "One Two Three"),
        ("<li>One<li>Two", "One Two"),
        ("<b>One</b>Two", "OneTwo"),
        ("<SCRIPT>1</SCRIPT >Text<style>p{}</style>", "Text"),
        ("<script>never closed", "never closed"),
        ("a<!-- > -->b<!-->c", "abc"),
        ("a <!-- never closed", "a never closed"),
        ("<!DOCTYPE html><?php echo ?>Text", "Text"),
        ("<a title='it's'>Putin doesn't agree</a>", "Putin doesn't agree"),
        ('<a title="1 > 0">yes</a> <a title="broken>no</a>', "yes no"),
        ("<![CDATA[<b>Title</b>]]>", "Title"),
        ("Q&A at AT&amp;T &ndash; R&D", "Q&A at AT&T – R&D"),
        ("&#1055;&#x443;&#99999999; &nosuch; &#146;", "Пу&#99999999; &nosuch; ’"),
        ("John <john@news.example>", "John <john@news.example>"),
        ("zero\u200bwidth, soft\u00adhyphen, \u202etfel\u202c, \ufeffmark", "zerowidth, softhyphen, tfel, mark"),
        ("nul\x00 bell\x07 escape\x1b del\x7f", "nul bell escape del"),
        ("two\u00a0\u2003lines\r\n\tof text", "two lines of text"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert from_html(markup) == text


def test_a_headline_is_decoded_twice_and_a_summary_once() -> None:
    assert from_title("Q&amp;amp;A &amp;quot;yes&amp;quot;") == 'Q&A "yes"'
    assert from_html("Q&amp;amp;A") == "Q&amp;A"


def test_a_word_in_angle_brackets_is_a_word_of_the_headline() -> None:
    assert from_title("<Exclusive> Talks <em>resume</em>") == "<Exclusive> Talks resume"


def operations(work: Callable[[str], object], text: str) -> int:
    """Count the calls that the work takes, those into C among them."""
    count = 0

    def tick(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        work(text)
    finally:
        sys.setprofile(before)
    return count


def mended(text: str) -> None:
    """Mend markup, or refuse it."""
    with suppress(FeedError):
        mend(f"<rss>{text}")


MARKS = """< | <a | <a " | <a b=' | <!-- | <![CDATA[ | <script> | <! | <? | </ | & | &lt;!-- | <p> | <a> | x<b> |
]]><a "< | <a'" | <item> | <title> | <a/> | <a></a> | <![CDATA[x]]> | <item><title>"""


@pytest.mark.parametrize("work", [from_html, from_title, mended])
@pytest.mark.parametrize("mark", re.split(r"\s\|\s", MARKS))
def test_the_work_grows_as_the_text_does(work: Callable[[str], object], mark: str) -> None:
    """Eight times the text takes at most nine times the calls, for every mark that could make one look back."""
    short, long = operations(work, mark * 150), operations(work, mark * 1_200)
    assert long <= 9 * short + 100
