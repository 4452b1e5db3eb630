"""Documents made to break the parser: they give items or one FeedError, and never cost what they were made to cost."""

from __future__ import annotations

import re
import sys
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.feeds.parse import parse
from alerts.feeds.salvage import mend
from alerts.feeds.survey import survey
from alerts.model.errors import FeedError, FeedFault
from alerts.model.feed import ParsedFeed

URL = "https://news.example/feed.xml"


def rss(item: str, head: str = "") -> bytes:
    """Return a feed of an item with this in it, and an honest one."""
    honest = "<item><title>Honest</title><guid isPermaLink='false'>honest</guid></item>"
    return f"{head}<rss version='2.0'><channel><item>{item}</item>{honest}</channel></rss>".encode()


def fault(body: bytes) -> FeedFault:
    """Return the fault for which the body is refused."""
    with pytest.raises(FeedError) as caught:
        parse(body, {}, URL)
    return caught.value.fault


def read(body: bytes) -> ParsedFeed:
    """Return the feed; its honest item came through."""
    feed = parse(body, {}, URL)
    assert feed.items[-1].title == "Honest"
    return feed


def test_a_tag_of_16000_attributes_is_refused() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(16_000))
    assert fault(rss(f"<x {attributes}/>")) is FeedFault.HOSTILE
    assert fault(rss(f"<x {attributes}>broken & open")) is FeedFault.HOSTILE


def test_16000_namespaces_are_refused() -> None:
    assert fault(rss("".join(f"<x xmlns='urn:{number}'/>" for number in range(16_000)))) is FeedFault.HOSTILE


def test_tags_nested_20000_deep_are_refused() -> None:
    assert fault(rss("<a>" * 20_000 + "</a>" * 20_000)) is FeedFault.HOSTILE
    assert fault(rss("<a>" * 20_000)) is FeedFault.HOSTILE


def test_honest_html_that_closes_nothing_is_not_deep() -> None:
    feed = read(rss("<title>List</title><description>" + "<p>One<ul><li>Two<li>Three</ul>" * 50 + "</description>"))
    assert feed.items[0].title == "List"


@pytest.mark.parametrize("author", ["a" * 16_000, "a." * 8_000, "<![CDATA[" + "b" * 16_000 + "]]>", "&#97;" * 16_000])
def test_an_endless_author_is_cut_short_and_costs_no_item(author: str) -> None:
    feed = read(rss(f"<title>Long</title><author>{author}</author>"))
    assert feed.items[0].title == "Long"
    assert len(feed.items[0].author or "") <= 4_000
    assert not feed.salvaged


def test_a_long_list_of_authors_is_left_alone() -> None:
    names = ", ".join(["Ivanenko O."] * 300)
    assert read(rss(f"<author>{names}</author>")).items[0].author == names


def test_30000_categories_cost_no_item() -> None:
    assert not read(rss("".join(f"<category>{number}</category>" for number in range(30_000)))).salvaged


@pytest.mark.parametrize("mark", ["&lt;!--", "&lt;!", "&lt;a ", "&lt;script&gt;", "&amp;lt;!--"])
@pytest.mark.parametrize("field", ["title", "description"])
def test_350_kilobytes_of_escaped_marks_are_text_like_any_other(mark: str, field: str) -> None:
    assert len(read(rss(f"<{field}>{mark * (350_000 // len(mark))}</{field}>")).items) == 2


def test_entities_made_of_entities_are_not_put_in() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    feed = read(rss("<title>&l9;</title>", f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{levels}]>'))
    assert feed.items[0].title == "&l9;"


def test_an_entity_that_would_blow_the_document_up_is_refused() -> None:
    head = f'<!DOCTYPE bomb [<!ENTITY a "{"a" * 250}">]>'
    assert fault(rss(f"<title>{'&a;' * 50_000}</title>", head)) is FeedFault.HOSTILE


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/passwd"', 'PUBLIC "x" "http://127.0.0.1:9/"'])
def test_an_external_entity_is_neither_read_nor_fetched(entity: str) -> None:
    feed = read(rss("<title>&secret;</title>", f"<!DOCTYPE x [<!ENTITY secret {entity}>]>"))
    assert feed.items[0].title == "&secret;"


@pytest.mark.parametrize("codec", ["unicode_escape", "punycode", "idna", "undefined", "zlib", "rot13", "nonsense"])
def test_a_codec_that_is_no_charset_is_not_used(codec: str) -> None:
    feed = read(rss(r"<title>\u0041</title>", f'<?xml version="1.0" encoding="{codec}"?>'))
    assert feed.items[0].title == r"\u0041"


def test_nul_and_control_characters_are_left_out() -> None:
    feed = read(rss("<title>Nu\x00l and \x0bbell\x07</title><guid isPermaLink='false'>a\x00b</guid>"))
    assert (feed.items[0].title, feed.items[0].id) == ("Nul and bell", "ab")


def test_a_guid_of_attributes_only_crashes_nothing() -> None:
    assert read(rss("<guid isPermaLink='false' foo='bar'/><title>No id</title>")).items[0].id is None


def test_json_that_nests_without_end_is_refused() -> None:
    assert fault(b"[" * 200_000) is FeedFault.NOT_A_FEED
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + b"[" * 200_000
    assert fault(body) in {FeedFault.BROKEN, FeedFault.HOSTILE}


def test_json_with_lone_surrogates_and_endless_numbers_is_read() -> None:
    body = (
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "a\\ud800b"}, {"id": 1e999}]}'
    )
    assert [item.title for item in parse(body, {}, URL).items] == ["ab", None]
    assert (
        fault(b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + b"9" * 9_000 + b"]}") is FeedFault.BROKEN
    )


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"])
def test_a_body_that_is_still_compressed_says_so(magic: bytes) -> None:
    assert fault(magic + bytes(200)) is FeedFault.ENCODING


@pytest.mark.parametrize("magic", [b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04"])
def test_a_file_of_another_kind_is_no_feed(magic: bytes) -> None:
    assert fault(magic + bytes(range(256))) is FeedFault.NOT_A_FEED


REAL = b"<rss version='2.0'><channel><title>t</title><item><title>Real</title></item></channel></rss>"


@pytest.mark.parametrize("before", [b"<feed/>", b"<?xml version='1.0'?><feed/>", b"<rss/>", b"<html/>", b"oops "])
def test_a_feed_behind_something_else_is_read_and_is_salvaged(before: bytes) -> None:
    feed = parse(before + REAL, {}, URL)
    assert [item.title for item in feed.items] == ["Real"]
    assert feed.salvaged


def test_of_two_feeds_in_one_body_both_are_read() -> None:
    assert [item.title for item in parse(REAL + REAL.replace(b"Real", b"Too"), {}, URL).items] == ["Real", "Too"]


def test_ten_thousand_items_are_all_read_in_order() -> None:
    items = "".join(f"<item><title>{number}</title></item>" for number in range(10_000))
    feed = parse(f"<rss><channel>{items}</channel></rss>".encode(), {}, URL)
    assert [item.title for item in feed.items] == [str(number) for number in range(10_000)]


PIECES = """<item> | </item> | <title> | </title> | <a b=' | <a b="c" b=d> | <dc:x> | <x xmlns:y=''> | <![CDATA[ |
]]> | <!-- | --> | <? | <!DOCTYPE a [ | & | &nbsp; | &#0; | &#xD800; | \x00 | \ufffe | <br> | <p> | <rss> | </rss> |
/> | < | > | " | ' | words | я | <author> | </author> | <xml:a> | <a xmlns='http://www.w3.org/2000/xmlns/'> |
<category> | <entry/>"""
SOUP = st.lists(st.sampled_from(re.split(r"\s\|\s", PIECES)), max_size=60).map("".join)


@given(SOUP, st.booleans())
def test_what_is_mended_is_always_well_formed(soup: str, lean: bool) -> None:
    assert survey(mend(f"<rss>{soup}", lean=lean).text).fault is None


@given(SOUP)
@example("<item><title>words")
def test_any_markup_gives_a_feed_or_one_feed_error(soup: str) -> None:
    with suppress(FeedError):
        for item in parse(f"<rss>{soup}".encode(), {}, URL).items:
            assert all(not text or text == " ".join(text.split()) for text in (item.title, item.summary, item.id))


@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "windows-1251", "utf-32", "idna", "x", "\udc80"])
)
def test_any_bytes_give_a_feed_or_one_feed_error(body: bytes, charset: str) -> None:
    for beginning in (b"", b"<rss>", b"{", b"<?xml version='1.0' encoding='", b"\xff\xfe", b"\x4c\x6f\xa7\x94"):
        with suppress(FeedError):
            parse(beginning + body, {"Content-TYPE": f"text/xml; charset={charset}"}, URL)


def test_the_same_body_gives_the_same_feed() -> None:
    body = rss("<title>Twice &amp; the same</title><pubDate>18 Mar 2025</pubDate><pubDate>soon</pubDate>")
    assert parse(body, {}, URL) == parse(bytes(body), {}, URL)


def test_the_recursion_limit_is_never_near() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        read(rss("<description>" + "<div>" * 150 + "deep" + "</div>" * 150 + "</description>"))
    finally:
        sys.setrecursionlimit(before)
