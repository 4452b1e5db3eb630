"""What Slack, Telegram and the others are really sent: one request, escaped, within the service's limit."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.delivery.plain import BREAK
from alerts.delivery.render import render
from alerts.model.change import Alert
from alerts.model.delivery import Delivered, Message
from sinks import WebhookSink, send_here, standing_in
from telling import NOW, answer, quote, reader, watch

LINK = "https://un.org/a_b/c?x=1&y=2"

HOSTILE = watch(
    quotes=(
        quote(
            title="<!channel> @everyone <b>bold</b> [kremlin.ru](https://evil.example) *x* `y` & evil.example",
            sentence="<https://evil.example|kremlin.ru> <@U6TTX1F9R> <script>alert(1)</script>",
            source="UN <b>News</b>",
            link=LINK,
        ),
    )
)


@pytest.fixture(scope="module")
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture(scope="module")
def urls(sink: WebhookSink) -> Iterator[dict[str, str]]:
    """Return an Apprise URL a service; all lead to the sink."""
    host = f"127.0.0.1:{sink.port}"
    with ExitStack() as stack:
        yield {
            **stack.enter_context(standing_in(sink.url)),
            "json": f"json://{host}/hook",
            "ntfy": f"ntfy://{host}/topic",
            "mattermost": f"mmost://{host}/3ccdd113474722377935511fc85d3dd4",
            "gotify": f"gotify://{host}/A1b2C3d4E5f6G7h",
            "xml": f"xml://{host}/hook",
        }


SERVICES = ["slack", "telegram", "discord", "json", "ntfy", "mattermost", "gotify", "xml"]


def sent(alert: Alert, url: str, sink: WebhookSink) -> tuple[Message, bytes]:
    """Render and send an alert; return the message and the one request it became."""
    before = len(sink.received)
    message = render(alert, reader(url), now=NOW, may_repeat=True)
    assert send_here(message, url) == Delivered()
    (request,) = sink.received[before:]
    return message, request.body


def test_slack_gets_one_attachment_with_every_bracket_escaped(sink: WebhookSink, urls: dict[str, str]) -> None:
    message, _ = sent(HOSTILE, urls["slack"], sink)
    payload = sink.received[-1].json
    (attachment,) = payload["attachments"]
    assert payload["mrkdwn"] is False
    assert attachment["title"] == message.title
    assert html.unescape(attachment["text"]) == message.body
    assert not re.search(r"[<>]", attachment["title"] + attachment["text"])
    assert f"&lt;{BREAK}!channel&gt;" in attachment["text"]
    assert LINK.replace("&", "&amp;") in attachment["text"]
    assert sink.received[-1].headers["user-agent"] == "alerts"


def test_telegram_gets_html_with_nothing_bold_but_our_title(sink: WebhookSink, urls: dict[str, str]) -> None:
    message, _ = sent(HOSTILE, urls["telegram"], sink)
    payload = sink.received[-1].json
    assert payload["parse_mode"] == "HTML"
    assert payload["disable_web_page_preview"] is True
    assert set(re.findall(r"</?\w+", payload["text"])) == {"<b", "</b"}
    bold, _, rest = payload["text"].partition("</b>\r\n")
    assert html.unescape(bold) == f"<b>{message.title}"
    assert html.unescape(rest).replace("\r\n", "\n") == message.body


def test_discord_gets_plain_content_without_a_live_mention(sink: WebhookSink, urls: dict[str, str]) -> None:
    message, _ = sent(HOSTILE, urls["discord"], sink)
    content = sink.received[-1].json["content"]
    assert content == f"{message.title}\r\n{message.body}"
    assert "@everyone" not in content
    assert "](http" not in content
    assert "embeds" not in sink.received[-1].json


def test_a_webhook_gets_the_message_as_it_is(sink: WebhookSink, urls: dict[str, str]) -> None:
    message, _ = sent(answer(), urls["json"], sink)
    payload = sink.received[-1].json
    assert (payload["title"], payload["message"], payload["type"]) == (message.title, message.body, "failure")


@pytest.mark.parametrize("service", SERVICES)
def test_a_link_of_ours_arrives_whole(service: str, sink: WebhookSink, urls: dict[str, str]) -> None:
    _, body = sent(watch(quotes=(quote(link="https://un.org/story/1"),)), urls[service], sink)
    assert b"https://un.org/story/1" in body


LIVE = re.compile(
    r"@(?!\\u200b|\u200b)\w"  # a mention
    r"|<(?!\\u200b|\u200b)(?:!|@|script|i>|a )"  # a tag or a Slack command that is not ours
    r"|\]\((?!\\u200b)"  # a masked link
    r"|evil\.example",  # a domain that a client would link
    re.IGNORECASE,
)
TRICKS = ["@everyone", "<!channel>", "<@U1>", "<script>", "<a href=x>", "[x](https://evil.example)", "evil.example",
          "\r\n", "\x00", "\u202e", "&lt;", "]]>", "%40all", "\ud800", "“", "&" * 80, "Ж" * 90, "😀" * 30]  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=9)), max_size=9).map(" ".join))
def test_no_headline_comes_alive_on_its_way(title: str, service: str, sink: WebhookSink, urls: dict[str, str]) -> None:
    _, body = sent(watch(quotes=(quote(title=title, sentence=title),) * 4, why=title), urls[service], sink)
    found = LIVE.search(body.decode())
    assert not found, found


LIMITS = {
    "telegram": ("text", 4096),
    "discord": ("content", 2000),
    "ntfy": ("message", 4096),
    "mattermost": ("text", 4000),
}


@pytest.mark.parametrize("service", LIMITS)
@pytest.mark.parametrize("title", ["&<>\"'" * 60, "Ж" * 300, "😀" * 300, "a b " * 75, "_*[]()~`" * 40])
def test_a_full_digest_is_one_request_within_the_limit(
    service: str, title: str, sink: WebhookSink, urls: dict[str, str]
) -> None:
    _, body = sent(watch(quotes=(quote(title=title),) * 20, more=9), urls[service], sink)
    key, limit = LIMITS[service]
    text = sink.received[-1].json[key]
    assert len(text.encode("utf-16-le")) // 2 <= limit
    assert "plant-news-3" in text
    assert body
