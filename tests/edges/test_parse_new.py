"""Only items that were not read before are parsed, and what comes out is what parsing everything gives."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.feeds.cut import Remembered, cut
from alerts.feeds.parse import parse, read_new
from alerts.model.errors import FeedError
from alerts.model.feed import FeedFormat, ParsedFeed, Reading

URL = "https://outlet.example/feeds/all.xml"


def rss(*items: str, head: str = "", tail: str = "") -> bytes:
    return f"<rss version='2.0'><channel><title>t</title>{head}{''.join(items)}{tail}</channel></rss>".encode()


def item(n: int, title: str = "") -> str:
    return f"<item><title>{title or f'News {n}'}</title><guid>g{n}</guid><link>https://a.example/{n}</link></item>"


def titles(reading: Reading) -> list[str | None]:
    return [one.title for one in reading.feed.items]


# --- the public bodies ------------------------------------------------------------------------


@pytest.fixture
def bodies(data: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted((data / "feeds_real").iterdir())]


def several(bodies: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes, ParsedFeed, Reading]]:
    """The bodies of two items and more, read whole and ready to be read again."""
    for name, body in bodies:
        try:
            whole = parse(body, {}, URL)
        except FeedError:
            continue
        if len(whole.items) > 1:
            yield name, body, whole, read_new(body, {}, URL, b"")


def without(remembered: bytes, new: set[int]) -> bytes:
    """What was remembered when these blocks were not there yet."""
    known = Remembered.unpack(remembered)
    return replace(known, blocks=tuple(one for n, one in enumerate(known.blocks) if n not in new)).pack()


def test_most_real_feeds_can_be_cut_and_none_is_read_otherwise_than_whole(bodies: list[tuple[str, bytes]]) -> None:
    cuts, all_of_them = 0, 0
    for name, _, whole, first in several(bodies):
        assert first.feed == whole, name
        all_of_them += 1
        cuts += bool(first.remembered)
    assert all_of_them >= 40
    assert cuts >= 0.7 * all_of_them


def test_a_body_with_nothing_new_gives_nothing(bodies: list[tuple[str, bytes]]) -> None:
    for name, body, whole, first in several(bodies):
        again = read_new(body, {}, URL, first.remembered)
        if first.remembered:
            assert (again.feed.items, again.left_out) == ((), len(whole.items)), name
            assert (again.remembered, again.feed.kind) == (first.remembered, whole.kind), name
        else:
            assert again.feed == whole, name


@pytest.mark.parametrize("seed", range(4))
def test_the_new_items_are_those_of_the_whole(bodies: list[tuple[str, bytes]], seed: int) -> None:
    """Every second item, the first, the last, and any: each as if all were parsed, whatever the others are."""
    choose = random.Random(seed)
    for name, body, whole, first in several(bodies):
        if not first.remembered:
            continue
        count = len(whole.items)
        picks: Sequence[set[int]] = (set(range(0, count, 2)), {0}, {count - 1}, set(choose.sample(range(count), 1)))
        new = picks[seed]
        found = read_new(body, {}, URL, without(first.remembered, new))
        kept = found.left_out > 0
        expected = [one for n, one in enumerate(whole.items) if n in new or not kept]
        assert list(found.feed.items) == expected, name
        assert found.remembered == first.remembered, name


# --- what may not be cut ----------------------------------------------------------------------


def test_an_edited_item_is_read_again_and_the_others_are_not() -> None:
    before = read_new(rss(item(1), item(2)), {}, URL, b"")
    after = read_new(rss(item(1), item(2, "Other words")), {}, URL, before.remembered)
    assert (titles(after), after.left_out) == (["Other words"], 1)


def test_order_and_the_head_of_the_channel_may_change() -> None:
    before = read_new(rss(item(1), item(2)), {}, URL, b"")
    body = rss(item(3), item(2), item(1), head="<lastBuildDate>now</lastBuildDate>", tail="<ttl>5</ttl>")
    assert titles(read_new(body, {}, URL, before.remembered)) == ["News 3"]


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1), item(2)).replace(b"version='2.0'", b"version='2.0' xml:base='https://other.example/'"),
        rss(item(1), item(2)).replace(b"<channel>", b"<channel xml:lang='uk'>"),
    ],
    ids=["base", "language"],
)
def test_what_items_inherit_may_not_change(body: bytes) -> None:
    before = read_new(rss(item(1), item(2)), {}, URL, b"")
    assert len(read_new(body, {}, URL, before.remembered).feed.items) == 2


def test_another_address_or_language_of_the_response_reads_the_whole() -> None:
    body = rss(item(1), item(2))
    before = read_new(body, {}, URL, b"")
    assert len(read_new(body, {}, "https://b.example/", before.remembered).feed.items) == 2
    assert len(read_new(body, {"Content-Language": "uk"}, URL, before.remembered).feed.items) == 2


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1), "<!-- " + item(2) + " -->", item(3)),
        rss(item(1), "<item><description><![CDATA[</item> <item>]]></description></item>"),
        rss(item(1), "<item><title>a</title><item><title>b</title></item></item>"),
        rss(item(1), "words between", item(2)),
        rss(item(1), item(2).replace("<item>", "<ITEM>").replace("</item>", "</ITEM>")),
        rss(item(1), item(2), head="<description>"),
        rss(item(1), item(2)) + rss(item(3)),
        rss(item(1), item(2))[:-40],
        b"junk" + rss(item(1), item(2)),
        b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(item(1), item(2, "&x;")),
        rss(item(1), "<item/>", item(2)),
        b"<rss><item><title>a</title></item></rss>",
    ],
)
def test_odd_documents_are_read_as_if_nothing_were_known(body: bytes) -> None:
    whole = parse(body, {}, URL)
    first = read_new(body, {}, URL, b"")
    assert first.feed == whole
    again = read_new(body, {}, URL, first.remembered)
    assert len(again.feed.items) + again.left_out == len(whole.items)


def test_two_items_of_one_guid_are_seen_together_or_not_at_all() -> None:
    """What shares a name with an item that is left out makes the whole be read: only both together show the clash."""
    before = read_new(rss(item(1)), {}, URL, b"")
    both = read_new(rss(item(1), item(1, "Another story")), {}, URL, before.remembered)
    assert titles(both) == ["News 1", "Another story"]


@pytest.mark.parametrize("remembered", [b"x", b"12345678", b"\0" * 32, bytes(range(256))])
def test_what_is_remembered_may_be_anything(remembered: bytes) -> None:
    assert len(read_new(rss(item(1), item(2)), {}, URL, remembered).feed.items) == 2


def test_what_is_remembered_comes_back() -> None:
    known = Remembered(b"frame678", ((b"block678", ("00112233aabbccdd",)), (b"other678", ())))
    assert Remembered.unpack(known.pack()) == known


NOTHING = Reading(feed=ParsedFeed(title=None, lang=None, kind=FeedFormat.RSS, items=()))
PIECES = st.sampled_from(
    [
        *(item(n) for n in range(3)),
        *(item(1, title) for title in ("Edited", "&lt;b&gt;", "<![CDATA[x]]>")),
        *("<item>", "</item>", "<![CDATA[", "]]>", "<!--", "-->", " ", "\n", "words", "<item/>", "<entry></entry>"),
        *("<title>t</title>", "<channel>", "</channel>", "&amp;", "&", "<a:item xmlns:a='u'/>", "<link>/x</link>"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8))
def test_whatever_came_before_no_item_is_lost_and_none_is_read_otherwise(old: list[str], new: list[str]) -> None:
    """Each item of a body is read as a whole reading reads it, or was read so in the body before."""
    earlier = _read(rss(*old), b"")
    later = _read(rss(*new), earlier.remembered)
    whole, rest = list(_read(rss(*new), b"").feed.items), list(later.feed.items)
    assert len(rest) + later.left_out == len(whole)
    known = set(earlier.feed.items)
    for one in whole:
        if rest and rest[0] == one:
            rest.pop(0)
        else:
            assert one in known
    assert not rest


def _read(body: bytes, remembered: bytes) -> Reading:
    """Read a body; one that is refused, is refused whatever is remembered."""
    try:
        reading = read_new(body, {}, URL, remembered)
    except FeedError as error:
        with pytest.raises(FeedError, match=re.escape(str(error))):
            parse(body, {}, URL)
        return NOTHING
    assert remembered or reading.feed == parse(body, {}, URL)
    return reading


def test_a_cut_put_together_again_is_the_document() -> None:
    text = rss(item(1), item(2), tail="<ttl>5</ttl>").decode()
    taken = cut(text)
    assert taken is not None
    assert taken.with_blocks(taken.blocks).replace("\n", "") == text
