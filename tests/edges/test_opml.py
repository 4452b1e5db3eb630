"""Anybody's list of feeds is read, mistakes in our own words are named with their place, and bombs are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.feeds.address import canonical_url, id_from, registrable, same_place
from alerts.feeds.opml import feed_from_url, read_opml, write_opml
from alerts.model.errors import ConfigError, Problem
from alerts.model.feed import Feed, FeedKind, Reliability

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:a="urn:alerts:feeds">\n<body>\n'


def read(outlines: str) -> tuple[list[Feed], list[Problem]]:
    """Read a list whose first outline stands on line 4."""
    return read_opml(f"{HEAD}{outlines}\n</body></opml>".encode(), "feeds.opml")


def only_feed(attributes: str) -> Feed:
    feeds, problems = read(f'<outline xmlUrl="https://x.example/rss" {attributes}/>')
    assert not problems
    return feeds[0]


def problems_of(attributes: str) -> list[str]:
    return [str(problem) for problem in read(f'<outline xmlUrl="https://x.example/rss" {attributes}/>')[1]]


def test_our_attributes_make_a_whole_feed() -> None:
    feeds, problems = read(
        '<outline text="story"><outline text="official"><outline text="The Kremlin" type="rss"'
        ' xmlUrl="http://en.kremlin.example/feed" a:id="kremlin-en" a:owner="kremlin" a:kind="official"'
        ' a:reliability="B" a:lang="en" a:speaks_for="russia" a:carries="tass, ria" a:pace="120"'
        ' a:checked="2025-03-18"/></outline></outline>'
    )
    assert not problems
    assert feeds == [
        Feed(
            id="kremlin-en",
            url="http://en.kremlin.example/feed",
            title="The Kremlin",
            owner="kremlin",
            kind=FeedKind.OFFICIAL,
            reliability=Reliability.B,
            lang="en",
            category="story/official",
            speaks_for="russia",
            carries=("tass", "ria"),
            pace=120,
            checked="2025-03-18",
        )
    ]


def test_a_list_of_another_reader_is_taken_as_it_is() -> None:
    feeds, problems = read(
        '<outline text="News"><outline text="Ünïted Times" type="rss" xmlUrl="https://feeds.times.co.uk/world" '
        'htmlUrl="https://times.co.uk" language="en-GB"/>\n'
        '<outline title="Українська правда" xmlUrl="https://www.pravda.com.ua/rss/"/></outline>\n'
        '<outline xmlUrl="https://example.org/feed"><outline text="child" xmlUrl="https://example.org/2"/></outline>'
    )
    assert not problems
    assert [(feed.id, feed.owner, feed.lang, feed.category) for feed in feeds] == [
        ("united-times", "times.co.uk", "en", "News"),
        ("pravda-com-ua", "pravda.com.ua", None, "News"),
        ("example-org", "example.org", None, ""),
        ("child", "example.org", None, ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'<opml xmlns="http://opml.org/spec2"><body><outline text="X" xmlUrl="https://x.example/"/></body></opml>',
        b'<OPML><BODY><OUTLINE TEXT="X" XMLURL="https://x.example/"/></BODY></OPML>',
        b'<opml><body><outline title="X" xmlurl="https://x.example/"/></body></opml>',
    ],
)
def test_case_and_namespace_of_opml_itself_do_not_matter(text: bytes) -> None:
    feeds, problems = read_opml(text, "feeds.opml")
    assert ([feed.title for feed in feeds], problems) == (["X"], [])


def test_ids_are_unique_and_authored_ones_go_first() -> None:
    feeds, problems = read(
        '<outline text="Same" xmlUrl="https://a.example/"/><outline text="Same" xmlUrl="https://b.example/"/>'
        '<outline text="Other" xmlUrl="https://c.example/" a:id="same"/>'
    )
    assert not problems
    assert [feed.id for feed in feeds] == ["same-2", "same-3", "same"]


def test_an_address_that_repeats_is_left_out_and_said() -> None:
    feeds, problems = read(
        '<outline text="A" xmlUrl="https://x.example/rss/"/>\n<outline text="B" xmlUrl="HTTP://X.example:80/rss#top"/>'
    )
    assert [feed.title for feed in feeds] == ["A"]
    assert [str(problem) for problem in problems] == [
        "feeds.opml:5:1: W213: 'http://x.example/rss' stands on line 4 already. Remove one of them."
    ]


def test_thirty_six_addresses_two_hundred_times_are_thirty_six_feeds() -> None:
    rows = "\n".join(f'<outline text="{n}" xmlUrl="https://x.example/{n % 36}"/>' for n in range(205))
    feeds, problems = read(rows)
    assert (len(feeds), len(problems)) == (36, 169)


MISTAKES = {
    'a:kind="offical"': "feeds.opml:4:1: E205: unknown kind 'offical'. Did you mean 'official'?",
    'a:reliability="b"': "feeds.opml:4:1: E206: unknown reliability 'b'. Known are: A, B, C, D, E, F.",
    'a:id="BBC World"': "feeds.opml:4:1: E207: id 'BBC World' is not lower-case words with '-'. Write it like "
    "'bbc-world'.",
    'a:pace="fast"': "feeds.opml:4:1: E209: pace 'fast' is not a polite interval. Write seconds from 10 to 86400.",
    'a:pace="1"': "feeds.opml:4:1: E209: pace '1' is not a polite interval. Write seconds from 10 to 86400.",
    'a:checked="18.3.2025"': "feeds.opml:4:1: E210: checked '18.3.2025' is not a day. Write 2025-03-18, or never.",
    'a:reliabilty="B"': "feeds.opml:4:1: E211: unknown attribute 'reliabilty'. Did you mean 'reliability'?",
    'a:lang="englisch"': "feeds.opml:4:1: E212: 'englisch' is not a language code. Write it like 'en'.",
    'a:kind="official" a:id="iaea"': "feeds.opml:4:1: W214: 'iaea' is official but speaks for nobody. Add speaks_for.",
}


@pytest.mark.parametrize(("attributes", "message"), MISTAKES.items())
def test_a_mistake_in_our_words_is_named_with_its_place_and_mend(attributes: str, message: str) -> None:
    assert problems_of(attributes) == [message]


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file() -> None:
    feeds, problems = read(
        '<outline text="A" xmlUrl="https://a.example/" a:kind="x" a:pace="x"/>\n'
        '<outline text="B" xmlUrl="mailto:x" a:owner="b"/>\n<outline text="C" xmlUrl="nowhere"/>\n'
        '<outline text="D" xmlUrl="https://d.example/" a:id="d"/>\n'
        '<outline text="E" xmlUrl="https://e.example/" a:id="d"/>'
    )
    assert [(problem.line, problem.code) for problem in problems] == [
        (4, "E205"),
        (4, "E209"),
        (5, "E204"),
        (6, "W204"),
        (8, "E208"),
    ]
    assert [feed.title for feed in feeds] == ["A", "D", "E"]


@pytest.mark.parametrize("word", ["", 'a:checked="never"'])
def test_never_checked_is_not_known(word: str) -> None:
    assert only_feed(word).checked is None


BAD = {
    "E201": [b"", b"hello", b"<opml><body>", b"<opml></body></opml>", b"\xff\xfe<", b'<opml a:b="c"/>', b"\0" * 10],
    "E202": [
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>',
        b'<!DOCTYPE opml [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><opml/>',
        b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>',
        b"<!DOCTYPE l ["
        + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]><l/>",
    ],
    "E203": [b"<rss/>", b"<html><body/></html>", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in BAD.items() for text in texts])
def test_what_is_no_list_is_refused_in_one_problem(code: str, text: bytes) -> None:
    feeds, problems = read_opml(text, "feeds.opml")
    assert feeds == []
    assert [problem.code for problem in problems] == [code]
    assert problems[0].line >= 1
    assert "\n" not in str(problems[0])


def test_a_bare_ampersand_is_mended_and_said() -> None:
    feeds, problems = read('<outline text="Q&A &lt;" xmlUrl="https://x.example/?a=1&b=&#50;"/>')
    assert [(feed.title, feed.url) for feed in feeds] == [("Q&A <", "https://x.example/?a=1&b=2")]
    assert [(problem.code, problem.line) for problem in problems] == [("W215", 4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_a_list_may_be_in_any_usual_encoding(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><outline text="Коммерсантъ" xmlUrl="https://x.example/"/></opml>'
    feeds, problems = read_opml(text.encode(encoding), "feeds.opml")
    assert (feeds[0].title, problems) == ("Коммерсантъ", [])


def test_nesting_five_hundred_deep_is_read() -> None:
    feeds, problems = read("<outline text='d'>" * 500 + "<outline xmlUrl='https://x.example/'/>" + "</outline>" * 500)
    assert (len(feeds), problems) == (1, [])
    assert feeds[0].category.count("/") == 31


def test_twenty_thousand_feeds_of_one_title_are_read() -> None:
    feeds, problems = read("".join(f'<outline text="News" xmlUrl="https://x.example/{n}"/>' for n in range(20_000)))
    assert (len({feed.id for feed in feeds}), problems) == (20_000, [])


def test_a_document_type_without_entities_is_fine() -> None:
    feeds, problems = read_opml(b'<!DOCTYPE opml><opml><outline xmlUrl="https://x.example/"/></opml>', "feeds.opml")
    assert (len(feeds), problems) == (1, [])


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
names = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
feeds_of_a_list = st.lists(
    st.builds(
        Feed,
        id=names,
        url=names.map(lambda name: f"https://{name}.example/rss?a=1&b=2"),
        title=words,
        owner=names,
        kind=st.sampled_from(FeedKind).filter(lambda kind: kind is not FeedKind.OFFICIAL),
        reliability=st.sampled_from(Reliability),
        lang=st.none() | st.sampled_from(["en", "ru", "uk"]),
        category=st.lists(words.map(lambda word: word.replace("/", "-")), max_size=3).map("/".join),
        speaks_for=st.none() | names,
        carries=st.lists(names, max_size=2).map(tuple),
        pace=st.none() | st.integers(10, 86400),
        checked=st.none() | st.dates().map(str),
    ),
    max_size=6,
    unique_by=(lambda feed: feed.id, lambda feed: feed.url),
)


@given(feeds_of_a_list, words)
def test_what_is_written_is_read_back(feeds: list[Feed], title: str) -> None:
    again, problems = read_opml(write_opml(feeds, title).encode(), "feeds.opml")
    assert problems == []
    assert sorted(again, key=lambda feed: feed.id) == sorted(feeds, key=lambda feed: feed.id)


def test_what_xml_cannot_hold_is_left_out_when_written() -> None:
    feed = replace(feed_from_url("https://x.example/"), title='a\0b\x0b<c> & "d"\ud800', category="x\ny")
    again, problems = read_opml(write_opml([feed], "T\0").encode(), "feeds.opml")
    assert (again[0].title, again[0].category, problems) == ('ab<c> & "d"', "x y", [])


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(text: bytes) -> None:
    feeds, problems = read_opml(b"<opml>" + text, "feeds.opml")
    assert feeds or problems


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://x.example", "https://x.example/"),
        (" HTTPS://X.Example:443/A?b=C#d ", "https://x.example/A?b=C"),
        ("http://x.example:80/", "http://x.example/"),
        ("http://x.example:8080/", "http://x.example:8080/"),
        ("feed://x.example/rss", "http://x.example/rss"),
        ("feed:https://x.example/rss", "https://x.example/rss"),
        ("https://x.example./rss", "https://x.example/rss"),
        ("https://u:p@x.example/rss", "https://u:p@x.example/rss"),
        ("https://президент.рф/лента", "https://xn--d1abbgf6aiiy.xn--p1ai/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0"),
        ("https://x.example/a b?c=d e", "https://x.example/a%20b?c=d%20e"),
        ("https://x.example/%7Ea?b=%2F", "https://x.example/%7Ea?b=%2F"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("https://x.example/api/z$p_ejg", "https://x.example/api/z$p_ejg"),
    ],
)
def test_an_address_has_one_spelling(text: str, url: str) -> None:
    assert canonical_url(text) == url
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "text", ["", "x.example", "/rss", "mailto:a@b", "file:///x", "http://", "http://[::1/", "http://x:y/"]
)
def test_what_is_no_web_address_has_no_spelling(text: str) -> None:
    assert canonical_url(text) is None


def test_http_and_https_and_a_last_slash_are_one_place() -> None:
    assert same_place("http://x.example/rss") == same_place("https://x.example/rss/")
    assert same_place("https://x.example/rss") != same_place("https://x.example/rss2")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://feeds.bbci.co.uk/news", "bbci.co.uk"),
        ("https://www.pravda.com.ua/", "pravda.com.ua"),
        ("https://t.co/", "t.co"),
        ("https://news.example.org/", "example.org"),
        ("https://com.ua/", "com.ua"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_an_owner_can_be_guessed_from_the_domain(url: str, domain: str) -> None:
    assert registrable(url) == domain


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("BBC News: World", "bbc-news-world"),
        ("Le Monde – Actualités", "le-monde-actualites"),
        ("Українська правда", "x-example"),
        ("УП (eng)", "eng"),
        ("", "x-example"),
        ("A" * 100, "a" * 64),
        ("Reader's Digest", "readers-digest"),
    ],
)
def test_an_id_is_made_of_the_title_or_the_host(title: str, name: str) -> None:
    assert id_from(title, "https://www.x.example/rss") == name


def test_a_feed_is_made_of_an_address_and_what_is_said_of_it() -> None:
    assert feed_from_url("HTTPS://www.x.example/rss") == Feed(
        id="x-example", url="https://www.x.example/rss", title="x.example", owner="x.example"
    )
    told = feed_from_url("https://x.example/", id=None, title="X", kind=FeedKind.AGENCY, lang=None, category="a")
    assert (told.id, told.title, told.kind, told.category) == ("x-example", "X", FeedKind.AGENCY, "a")
    with pytest.raises(ConfigError, match="write https://host/path"):
        feed_from_url("x.example")
