"""Telegram: one message a thread where it can be edited, an answer to it where it is news."""

from __future__ import annotations

from html import unescape
from re import sub
from typing import Any

from alerts.delivery.markup import telegram_html
from alerts.delivery.native.http import AFTER_TOO_MANY, Answer, Line, refused, unreadable
from alerts.delivery.native.parts import TelegramChat
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown

UNCHANGED = "message is not modified"
"""An edit that came twice: the message already says so."""

GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
"""There is nothing to edit any more: then it is a new message."""

UNREAD = "can't parse entities"
"""Our markup was refused: the words go out without it."""

FOR_GOOD = {
    "chat not found": "the chat does not exist, or the bot was never in it",
    "bot was blocked": "its reader has blocked the bot",
    "bot was kicked": "the bot was removed from the chat",
    "not enough rights": "the bot may not write in this chat",
    "unauthorized": "the bot's token is wrong or was revoked",
    "user is deactivated": "its reader's account was deleted",
    "message is too long": "the message is too long for it",
    "topic_closed": "the topic is closed",
    "thread not found": "the topic does not exist (any more)",
}
"""What Telegram says, and what it means to whoever keeps the channel."""


async def send_telegram(line: Line, chat: TelegramChat, message: Message) -> Receipt:
    """Send, edit or answer one message through the Bot API; the id of the message is the receipt's."""
    text = {"text": telegram_html(message.title, message.lines), "parse_mode": "HTML"}
    if message.ref is not None and message.ref.isdigit():
        edited = await _call(line, chat, "editMessageText", {**text, "message_id": int(message.ref)})
        if not (isinstance(edited, GiveUp) and any(gone in edited.why for gone in GONE)):
            return Delivered(message.ref) if isinstance(edited, Delivered) else edited
    return await _call(line, chat, "sendMessage", {**text, **_answer_to(message)})


def _answer_to(message: Message) -> dict[str, Any]:
    if message.root is None or not message.root.isdigit():
        return {}
    return {"reply_parameters": {"message_id": int(message.root), "allow_sending_without_reply": True}}


async def _call(line: Line, chat: TelegramChat, method: str, fields: dict[str, Any]) -> Receipt:
    asked = {"chat_id": chat.chat, "link_preview_options": {"is_disabled": not chat.preview}, **fields}
    if method == "sendMessage":
        asked |= {"disable_notification": chat.silent}
        asked |= {"message_thread_id": chat.topic} if chat.topic is not None else {}
    answer = await line.post_json(f"{chat.api}/{method}", asked)
    if isinstance(answer, RetryLater | Unknown):
        return answer
    said = str(answer.data.get("description", "")).lower()
    if UNREAD in said and "parse_mode" in fields:
        return await _call(line, chat, method, _without_markup(fields))
    moved = _parameters(answer).get("migrate_to_chat_id")
    if isinstance(moved, int) and moved != chat.chat:
        return await _call(line, TelegramChat(chat.api, moved, chat.topic, chat.silent, chat.preview), method, fields)
    return _receipt(answer, said)


def _without_markup(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        **{k: v for k, v in fields.items() if k != "parse_mode"},
        "text": unescape(sub(r"<[^>]*>", "", fields["text"])),
    }


def _receipt(answer: Answer, said: str) -> Receipt:
    if answer.status == 200 and answer.data.get("ok") is True:
        result = answer.data.get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        return Delivered(None if number is None else str(number))
    if answer.status == 200 and "ok" not in answer.data:
        return unreadable()
    if UNCHANGED in said:
        return Delivered()
    if answer.status == 429:
        wish = _parameters(answer).get("retry_after")
        after = float(wish) if isinstance(wish, int | float) and wish > 0 else answer.after or AFTER_TOO_MANY
        return RetryLater("the service answered 429: too many messages", after=after)
    for gone in GONE:
        if gone in said:
            return GiveUp(f"the service answered {answer.status}: {gone}")
    meaning = next((why for words, why in FOR_GOOD.items() if words in said), None)
    return refused(answer, meaning)


def _parameters(answer: Answer) -> dict[str, Any]:
    found = answer.data.get("parameters")
    return found if isinstance(found, dict) else {}
