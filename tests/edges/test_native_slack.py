"""Slack: a bot's message is edited, answered to in its thread, and looked for before it is repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Response

from alerts.delivery.markup import slack_blocks, slack_fallback
from alerts.delivery.native.http import Line
from alerts.delivery.native.parts import SlackBot, SlackHook
from alerts.delivery.native.slack import send_bot, send_hook
from alerts.delivery.render import render
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Span, Unknown
from standins import Slack, standing_server, words_of
from telling import NOW, answer, quote, reader

MESSAGE = Message(
    title="URGENT · <!channel> & more",
    body="b",
    lines=((Span("Said "), Span("rejects", strong=True)), (Span("Source", link="https://un.org/1"),)),
    key="truce-1.1.desk/1",
    severity="urgent",
)
FIRST = "C0123456789:1742305000.000100"


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with standing_server() as server:
        yield server


@pytest.fixture
def slack(server: HTTPServer) -> Slack:
    server.clear()
    return Slack(server)


def send(to: SlackBot | SlackHook, message: Message) -> Receipt:
    async def story() -> Receipt:
        line = Line(deadline=20, now=lambda: datetime(2025, 3, 18, tzinfo=UTC))
        try:
            return await (send_bot(line, to, message) if isinstance(to, SlackBot) else send_hook(line, to, message))
        finally:
            await line.close()

    return asyncio.run(story())


def test_a_bot_posts_and_its_id_comes_back(slack: Slack) -> None:
    assert send(slack.bot, MESSAGE) == Delivered(FIRST)
    [(method, fields)] = slack.asked
    assert method == "chat.postMessage"
    assert fields["text"] == "URGENT · &lt;!channel&gt; &amp; more"
    assert words_of(fields["blocks"]) == "URGENT · <!channel> & more\nSaid rejects\nSource"
    assert fields["unfurl_links"] is False
    assert "thread_ts" not in fields


def test_a_confirmation_edits_the_message(slack: Slack) -> None:
    send(slack.bot, MESSAGE)
    assert send(slack.bot, replace(MESSAGE, title="CONFIRMED", ref=FIRST, root=FIRST)) == Delivered(FIRST)
    assert slack.methods() == ["chat.postMessage", "chat.update"]
    assert len(slack.messages) == 1
    assert "CONFIRMED" in words_of(next(iter(slack.messages.values()))["blocks"])


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_what_cannot_be_edited_any_more_is_a_new_message_in_the_thread(error: str, slack: Slack) -> None:
    slack.fail({"ok": False, "error": error}, 200)
    assert isinstance(send(slack.bot, replace(MESSAGE, ref=FIRST, root=FIRST)), Delivered)
    assert slack.asked[-1][1]["thread_ts"] == "1742305000.000100"


@pytest.mark.parametrize(("severity", "broadcast"), [("flash", True), ("urgent", True), ("routine", False)])
def test_news_of_a_thread_answers_in_it_and_is_seen_in_the_channel_when_loud(
    severity: str, broadcast: bool, slack: Slack
) -> None:
    send(slack.bot, replace(MESSAGE, root=FIRST, severity=severity))
    assert slack.asked[0][1]["reply_broadcast"] is broadcast


def test_before_a_repeat_it_looks_whether_the_first_has_arrived(slack: Slack) -> None:
    slack.lose_reply()
    assert isinstance(send(slack.bot, MESSAGE), Unknown)
    assert send(slack.bot, replace(MESSAGE, may_repeat=True)) == Delivered(FIRST)
    assert len(slack.messages) == 1
    assert send(slack.bot, replace(MESSAGE, may_repeat=True, key="another.1.desk/1")) != Delivered(FIRST)
    assert len(slack.messages) == 2


def test_a_repeat_in_a_thread_is_looked_for_there(slack: Slack) -> None:
    send(slack.bot, MESSAGE)
    answered = replace(MESSAGE, root=FIRST, key="truce-2.1.desk/1")
    slack.lose_reply()
    send(slack.bot, answered)
    assert isinstance(send(slack.bot, replace(answered, may_repeat=True)), Delivered)
    assert slack.methods()[-1] == "conversations.replies"
    assert len(slack.messages) == 2


def test_a_bot_that_may_not_look_repeats_and_the_message_says_so(slack: Slack) -> None:
    slack.may_look = False
    slack.lose_reply()
    send(slack.bot, MESSAGE)
    assert isinstance(send(slack.bot, replace(MESSAGE, may_repeat=True)), Delivered)
    assert len(slack.messages) == 2


def test_blocks_that_are_refused_cost_the_looks_and_not_the_alert(slack: Slack) -> None:
    slack.fail({"ok": False, "error": "invalid_blocks"}, 200)
    assert isinstance(send(slack.bot, MESSAGE), Delivered)
    [posted] = slack.messages.values()
    assert posted["text"] == "URGENT · &lt;!channel&gt; &amp; more\nSaid rejects\nSource"
    assert "blocks" not in posted


def test_a_webhook_takes_a_message_and_gives_no_id(slack: Slack) -> None:
    assert send(slack.hook, MESSAGE) == Delivered()
    assert words_of(slack.hooked[0]["blocks"]).startswith("URGENT · <!channel>")


def test_a_webhook_that_refuses_blocks_gets_the_words(slack: Slack) -> None:
    slack.failures.append(lambda: Response("invalid_blocks", 400))
    assert send(slack.hook, MESSAGE) == Delivered()
    assert slack.hooked[0]["text"].startswith("URGENT · &lt;!channel&gt;")


@pytest.mark.parametrize("to", ["bot", "hook"])
def test_too_many_messages_wait_as_long_as_the_service_wishes(to: str, slack: Slack) -> None:
    slack.fail({"ok": False, "error": "ratelimited"}, 429, Retry_After="30")
    assert send(getattr(slack, to), MESSAGE) == RetryLater("the service answered 429: too many messages", after=30.0)


@pytest.mark.parametrize("to", ["bot", "hook"])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_service_is_tried_again(to: str, status: int, slack: Slack) -> None:
    slack.fail({}, status)
    assert isinstance(send(getattr(slack, to), MESSAGE), RetryLater)


@pytest.mark.parametrize("to", ["bot", "hook"])
def test_a_lost_reply_is_unknown(to: str, slack: Slack) -> None:
    slack.lose_reply()
    assert isinstance(send(getattr(slack, to), MESSAGE), Unknown)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("token_revoked", "the token was revoked"),
        ("not_in_channel", "invite it"),
        ("channel_not_found", "does not exist"),
        ("is_archived", "archived"),
        ("missing_scope", "chat:write"),
    ],
)
def test_what_is_refused_for_good_says_what_to_mend(error: str, said: str, slack: Slack) -> None:
    slack.fail({"ok": False, "error": error}, 200)
    found = send(slack.bot, MESSAGE)
    assert isinstance(found, GiveUp)
    assert said in found.why


def test_a_reason_nobody_knows_is_tried_again(slack: Slack) -> None:
    slack.fail({"ok": False, "error": "moon_in_the_wrong_house"}, 200)
    assert isinstance(send(slack.bot, MESSAGE), RetryLater)


def test_a_wrong_token_is_given_up(slack: Slack) -> None:
    found = send(SlackBot(slack.bot.api, "xoxb-other", slack.CHANNEL), MESSAGE)
    assert found == GiveUp("the service refused it: the token is wrong or was revoked")


TEXTS = st.lists(
    st.sampled_from(["<!channel>", "<@U1>", "*b*", "&", "<https://e.example|k.ru>", "`", "\u202e", "a b"]), max_size=9
).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(title=TEXTS, says=TEXTS)
def test_nothing_of_a_feed_is_parsed(title: str, says: str) -> None:
    alert = answer(says=says or "It happened", quotes=(quote(title=title, sentence=says),))
    message = render(alert, reader("slack://a/b/c", public_url="https://a.example", link_key=b"k"), now=NOW)
    for one in slack_blocks(message.title, message.lines)[0]["elements"][0]["elements"]:
        assert one["type"] in {"text", "link"}
        assert one["type"] == "text" or one["url"].startswith(("https://a.example/", "https://news.un.org/"))
    assert not set("<>") & set(slack_fallback(message.title))
