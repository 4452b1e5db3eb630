"""Telegram: one message a thread, edited or answered to; every trouble has its receipt; nothing is lost to markup."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from alerts.delivery.markup import telegram_html
from alerts.delivery.native.http import Line
from alerts.delivery.native.parts import TelegramChat
from alerts.delivery.native.telegram import send_telegram
from alerts.delivery.render import render
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Span, Unknown
from alerts.model.verdict import Word
from standins import Telegram, read_html, standing_server
from telling import NOW, answer, quote, reader

MESSAGE = Message(title="URGENT · <news> & more", body="b", lines=((Span("Said <b>"), Span("rejects", strong=True)),))


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with standing_server() as server:
        yield server


@pytest.fixture
def telegram(server: HTTPServer) -> Telegram:
    server.clear()
    return Telegram(server)


def send(chat: TelegramChat, message: Message, deadline: float = 20.0) -> Receipt:
    async def story() -> Receipt:
        line = Line(deadline=deadline, now=lambda: datetime(2025, 3, 18, tzinfo=UTC))
        try:
            return await send_telegram(line, chat, message)
        finally:
            await line.close()

    return asyncio.run(story())


def test_a_message_arrives_with_its_words_strong_and_its_id_comes_back(telegram: Telegram) -> None:
    assert send(telegram.chat, MESSAGE) == Delivered("1")
    [(method, fields)] = telegram.asked
    shown = read_html(fields["text"])
    assert (method, shown.text) == ("sendMessage", "URGENT · <news> & more\nSaid <b>rejects")
    assert shown.strong == ["URGENT · ", "<", "news", ">", " ", "&", " more", "rejects"]
    assert fields["link_preview_options"] == {"is_disabled": True}


def test_a_confirmation_edits_the_message(telegram: Telegram) -> None:
    send(telegram.chat, MESSAGE)
    assert send(telegram.chat, replace(MESSAGE, title="CONFIRMED", ref="1", root="1")) == Delivered("1")
    assert telegram.methods() == ["sendMessage", "editMessageText"]
    assert "CONFIRMED" in telegram.messages[1]["text"]


def test_an_edit_that_comes_twice_does_no_harm(telegram: Telegram) -> None:
    send(telegram.chat, MESSAGE)
    assert send(telegram.chat, replace(MESSAGE, ref="1", may_repeat=True)) == Delivered("1")


def test_where_there_is_nothing_to_edit_any_more_it_is_a_new_message(telegram: Telegram) -> None:
    assert send(telegram.chat, replace(MESSAGE, ref="77", root="76")) == Delivered("1")
    assert telegram.methods() == ["editMessageText", "sendMessage"]


def test_news_of_a_thread_answers_to_its_first_message(telegram: Telegram) -> None:
    send(telegram.chat, replace(MESSAGE, root="1"))
    assert telegram.asked[0][1]["reply_parameters"] == {"message_id": 1, "allow_sending_without_reply": True}


def test_an_edit_that_gets_no_answer_is_not_sent_as_a_new_message(telegram: Telegram) -> None:
    send(telegram.chat, MESSAGE)
    telegram.lose_reply()
    assert isinstance(send(telegram.chat, replace(MESSAGE, title="x", ref="1")), Unknown)
    assert telegram.methods() == ["sendMessage", "editMessageText"]


def test_a_refused_markup_costs_the_markup_and_not_the_alert(telegram: Telegram) -> None:
    telegram.fail({"ok": False, "description": "Bad Request: can't parse entities: whatever"}, 400)
    assert send(telegram.chat, MESSAGE) == Delivered("1")
    assert telegram.messages[1]["text"] == "URGENT · <news> & more\nSaid <b>rejects"
    assert "parse_mode" not in telegram.messages[1]


def test_a_group_that_moved_is_followed(telegram: Telegram) -> None:
    telegram.moved, telegram.chats = {987654321: -100123}, {-100123}
    assert send(telegram.chat, MESSAGE) == Delivered("1")
    assert telegram.asked[-1][1]["chat_id"] == -100123


@pytest.mark.parametrize(
    ("body", "status", "receipt"),
    [
        ({"description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}, 429, 7.0),
        ({"description": "Too Many Requests"}, 429, 60.0),
        ({"description": "Internal Server Error"}, 500, None),
        ({"description": "Bad Gateway"}, 502, None),
    ],
)
def test_it_is_tried_again_after_the_time_it_asks_for(
    body: object, status: int, receipt: float | None, telegram: Telegram
) -> None:
    telegram.fail(body, status)
    found = send(telegram.chat, MESSAGE)
    assert isinstance(found, RetryLater)
    assert found.after == receipt
    assert telegram.messages == {}


@pytest.mark.parametrize(
    ("description", "status", "said"),
    [
        ("Unauthorized", 401, "the bot's token is wrong or was revoked"),
        ("Not Found", 404, "404"),
        ("Bad Request: chat not found", 400, "the chat does not exist"),
        ("Forbidden: bot was blocked by the user", 403, "has blocked the bot"),
        ("Forbidden: bot was kicked from the supergroup chat", 403, "was removed from the chat"),
        ("Bad Request: message is too long", 400, "too long"),
        ("Bad Request: something nobody has seen", 400, "400"),
    ],
)
def test_what_is_refused_for_good_says_what_to_mend(
    description: str, status: int, said: str, telegram: Telegram
) -> None:
    telegram.fail({"ok": False, "error_code": status, "description": description}, status)
    found = send(telegram.chat, MESSAGE)
    assert isinstance(found, GiveUp)
    assert said in found.why


def test_a_lost_reply_is_unknown_and_the_message_is_there(telegram: Telegram) -> None:
    telegram.lose_reply()
    assert isinstance(send(telegram.chat, MESSAGE), Unknown)
    assert len(telegram.messages) == 1


def test_a_host_that_is_not_there_is_tried_again() -> None:
    found = send(TelegramChat("http://127.0.0.1:9/botx", 1), MESSAGE)
    assert found == RetryLater("the service cannot be reached")


TRICKS = [
    "<b>",
    "</b>",
    "&",
    "&amp;",
    "<",
    '"',
    "<a href='x'>",
    "😀",
    "\u202e",
    "@all",
    "Ж",
    "]]>",
    "<!--",
    "<?",
    "rejects",
]
TEXTS = st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=8)), max_size=12).map(" ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, says=TEXTS, words=st.lists(TEXTS, max_size=3), many=st.booleans())
def test_whatever_a_feed_wrote_it_is_read_and_it_fits(title: str, says: str, words: list[str], many: bool) -> None:
    found = tuple(Word(word, "event", "title", 0, 1) for word in (*words, "rejects"))
    one = quote(title=title, sentence=says, words=found)
    alert = answer(says=says or "It happened", quotes=(one,) * (20 if many else 1), was=title[:40], why=title)
    whose = reader("tgram://1/2", public_url="https://alerts.example.org", link_key=b"k")
    message = render(alert, whose, now=NOW, may_repeat=True)
    html = telegram_html(message.title, message.lines)
    shown = read_html(html)
    assert len(html.encode("utf-16-le")) // 2 <= 4096
    assert all(link.startswith(("https://alerts.example.org/", "https://news.un.org/")) for link in shown.links)
