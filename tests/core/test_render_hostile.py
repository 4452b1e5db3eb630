"""Nothing a feed wrote comes alive in a message: no mention, link, tag, markup, reversed text or header."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.delivery.limits import limits_for
from alerts.delivery.links import domain, shown_link
from alerts.delivery.plain import BREAK, clip, plain
from alerts.delivery.render import render
from alerts.model.change import Alert
from alerts.model.delivery import Message
from alerts.model.feed import FeedKind
from telling import NOW, answer, quote, reader, watch

SERVICES = [
    "tgram://a/b", "slack://a/b/c", "discord://a/b", "mmost://h/t", "rocket://h/t", "zulip://a/b", "gchat://a/b/c",
    "workflows://h/a/b", "revolt://a/b", "json://h", "mailto://a:b@example.org", "ntfy://h/t", "pover://a@b",
    "matrix://h/t", "irc://h/t", "bsky://a", "d7sms://a", "splunk://a", "aprs://a", "unheardof://x",
    "tgram://a/b?format=markdown",
]  # fmt: skip

NASTY = [
    "@everyone", "@here ", "＠channel", "<!channel>", "<@U6TTX1F9R>", "<@&42>", "</ping:1>", "<b>bold</b>",
    "<https://evil.example|kremlin.ru>", "[kremlin.ru](https://evil.example)", "[a][b]", "![x](http://evil.example)",
    "https://evil.example/x", "http:", "//evil.example", "evil.example", "президент.рф", "192.0.2.1", "tg://resolve",
    "mailto:a@evil.example", "javascript:alert(1)", "\r\nBcc: a@evil.example\r\n\r\n", "\n", "\x00", "\x1b[31m",
    "\u202egnp.exe", "\u2066", "\u2068", "\u200f", "\u061c", "\u200b", "\u2028", "\ufeff", "\ud800", "\ufffe",
    "*bold*", "**bold**", "_it_", "__under__", "~~gone~~", "`code`", "```", "||spoiler||", "# head", "> quote",
    ":rotating_light:", "#tag", "＃tag", "$TSLA", "$$x$$", "/start", " /kick all", "&lt;b&gt;", "&#64;all", "&amp;",
    "a" + "\u0301" * 40, "שלום עולם", "خبر عاجل", "“", "”", "\\", "😀" * 20, "Ж" * 60, "&<>\"'" * 20,
    'error=404.', "Kyiv ", " ", ".", "x" * 300,
]  # fmt: skip

hostile = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), max_size=8).map("".join)

ALIVE = {
    "mention": re.compile(r"[@＠](?![\u200b ])"),
    "tag": re.compile(r"<(?![\u200b ])"),
    "scheme": re.compile(r":(?=//)"),
    "domain": re.compile(r"(?<=[\w)\]])[.。．｡](?=[^\W\d_]{2})"),
    "masked link": re.compile(r"\](?=[\[(:])"),
    "entity": re.compile(r"&#?\w{1,32};"),
    "hashtag": re.compile(r"[#＃]\w*[^\W\d]"),
    "cashtag": re.compile(r"\$[A-Za-z$]"),
    "command": re.compile(r"(?:^|[^\S ])/[A-Za-z]|[^<] /[A-Za-z]"),
}
MARKUP = re.compile(r"[*`~]|__|\|\||(?<!\w)_\w|:[a-z_]+:")


def own(text: str, links: set[str]) -> str:
    """Return the text without the lines we write ourselves: links that were vetted, numbers of a list."""
    return "\n".join(line for line in text.split("\n") if line.removeprefix("Source: ") not in links)


def assert_inert(message: Message, url: str, alert: Alert) -> None:
    links = {link for one in alert.quotes if (link := shown_link(one.link))}
    text = f"{message.title}\n{own(message.body, links)}"
    for what, pattern in ALIVE.items():
        assert not pattern.search(text), f"{what} in {text!r}"
    if limits_for(url).markup:
        assert not MARKUP.search(text), text
    assert "\n" not in message.title
    odd = [
        char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in "\n\u200b\u200c\u200d"
    ]
    assert set(odd) <= {"\u2068", "\u2069"}
    for line in text.split("\n"):
        assert line.count("\u2068") == line.count("\u2069")
    text.encode("utf-8")


def assert_fits(message: Message, url: str) -> None:
    body = limits_for(url).body
    whole = message.title + message.body
    assert message.body
    assert len(whole.encode("utf-16-le")) // 2 <= body
    if "tgram" in url:
        assert len(html.escape(whole).replace("\n", "\r\n").encode("utf-16-le")) // 2 <= 4096 - len("<b></b>\r\n")


def alerts_of(title: str, summary: str) -> Iterator[Alert]:
    bad = quote(title=title, sentence=summary or title, source=summary[:60] or "x", kind=FeedKind.SOCIAL)
    yield watch(quotes=(bad,), why=f"rule plant-news matched “{title}”")
    yield watch(quotes=(bad,) * 5, more=3)
    yield answer(quotes=(bad, quote(source=title[:50])), was=title[:30], says=summary or "It happened", health=summary)


def assert_harmless(url: str, title: str, summary: str) -> None:
    for alert in alerts_of(title, summary):
        message = render(alert, reader(url), now=NOW, may_repeat=True)
        assert_inert(message, url, alert)
        assert_fits(message, url)


@pytest.mark.parametrize("url", SERVICES)
def test_all_tricks_at_once_come_to_nothing_on_any_service(url: str) -> None:
    assert_harmless(url, "".join(NASTY), "&<>\"'_*[]()~`>#+-=|{}.!" * 30)


@settings(max_examples=60, deadline=None)
@given(url=st.sampled_from(SERVICES), title=hostile, summary=hostile)
def test_no_text_comes_alive_and_every_message_fits(url: str, title: str, summary: str) -> None:
    assert_harmless(url, title, summary)


@pytest.mark.parametrize("nasty", NASTY)
def test_each_known_trick_is_broken_alone(nasty: str) -> None:
    message = render(watch(quotes=(quote(title=nasty, sentence=nasty),)), reader("discord://a/b"), now=NOW)
    assert_inert(message, "discord://a/b", watch())


@pytest.mark.parametrize(
    "text",
    [
        "Trump: “Putin said yes” – truce by 18 March, 13:00 GMT",
        "U.S.-brokered talks cost $5bn, 3.5% more; Kyiv/Moscow split (again)",
        "Песков: Россия не примет 30-дневное перемирие",
        "IAEA's Grossi #1 at ZNPP & Enerhodar, A+B [live]",
    ],
)
def test_an_honest_headline_is_shown_as_it_was_written(text: str) -> None:
    assert plain(text) == text


def test_what_is_broken_still_looks_the_same() -> None:
    text = "@kremlin says <b>yes</b>: https://kremlin.ru/news, see www.un.org"
    assert plain(text, markup=False).replace(BREAK, "") == text


def test_right_to_left_text_is_isolated_from_its_neighbours() -> None:
    assert plain("خبر عاجل") == "\u2068خبر عاجل\u2069"
    assert plain("news") == "news"


def test_a_long_text_is_cut_between_words() -> None:
    assert clip("Russia rejects the full ceasefire", 20) == "Russia rejects the…"
    assert clip("x" * 50, 10) == "x" * 10 + "…"
    assert clip("short", 10) == "short"


@given(hostile, st.integers(0, 50))
def test_a_cut_text_is_as_short_as_asked(text: str, longest: int) -> None:
    assert len(clip(text, longest)) <= longest + 1


@pytest.mark.parametrize(
    ("link", "shown", "registered"),
    [
        ("https://www.bbc.co.uk/news/a_b-1?x=1&y=2#z", "https://www.bbc.co.uk/news/a_b-1?x=1&y=2#z", "bbc.co.uk"),
        ("http://kremlin.ru/", "http://kremlin.ru/", "kremlin.ru"),
        ("https://kremlin.ru.evil.example/a", "https://kremlin.ru.evil.example/a", "evil.example"),
        ("https://президент.рф/новости", "https://xn--d1abbgf6aiiy.xn--p1ai/%D0%BD%D0%BE", "xn--d1abbgf6aiiy.xn--p1ai"),
        ("https://x.example/@all/*b*/<b>|~s~", "https://x.example/%40all/%2Ab%2A/%3Cb%3E%7C%7Es%7E", "x.example"),
        ("https://x.example/a(b)[c]", "https://x.example/a%28b%29%5Bc%5D", "x.example"),
        ("http://192.0.2.1:8080/x", "http://192.0.2.1:8080/x", "192.0.2.1"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x", "2001:db8::1"),
    ],
)  # fmt: skip
def test_a_link_is_shown_in_plain_ascii_with_the_domain_somebody_registered(
    link: str, shown: str, registered: str
) -> None:
    assert (shown_link(link) or "").startswith(shown)
    assert domain(link) == registered


@pytest.mark.parametrize(
    "link",
    [
        None, "", "javascript:alert(1)", "file:///etc/passwd", "ftp://un.org/x", "tg://resolve?domain=x", "un.org/x",
        "https://kremlin.ru@evil.example/", "https://a:b@evil.example/", "https://evil.example\\@kremlin.ru/",
        "https://evil.example/ x", "https://evil.example/\r\nBcc: a", "https:///nohost", "https://", "https://[::1",
        "https://un.org:99999/", "https://un.org:port/", "https://a..b/", "https://" + "a" * 80 + ".example/",
        "https://un.org/" + "x" * 600, "https://exa mple.org/", "https://un%2eorg/", "\x00https://un.org/",
    ],
)  # fmt: skip
def test_a_link_that_is_none_or_hides_where_it_leads_is_not_shown(link: str | None) -> None:
    assert shown_link(link) is None
    message = render(watch(quotes=(quote(link=link),)), reader(), now=NOW)
    assert "http" not in message.body


@given(st.text(max_size=60))
def test_a_shown_link_is_always_harmless(tail: str) -> None:
    link = shown_link(f"https://un.org/{tail}")
    if link is not None:
        assert re.fullmatch(r"https://un\.org/[\w/?%:;,+=&.#-]*", link, re.ASCII)
