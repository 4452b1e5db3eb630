"""Slack: a bot's messages have ids, so they are edited, answered to in a thread, and looked for before a repeat."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from alerts.delivery.markup import slack_blocks, slack_fallback
from alerts.delivery.native.http import AFTER_TOO_MANY, Answer, Line, refused, unreadable
from alerts.delivery.native.parts import SlackBot, SlackHook
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown

EVENT = "alerts_message"
"""The type of the metadata that carries our own id of a message."""

LATER = frozenset({
    "fatal_error", "internal_error", "org_login_required", "request_timeout", "service_unavailable",
    "team_added_to_org", "rollup_error",
})  # fmt: skip
TOO_MANY = frozenset({"rate_limited", "ratelimited", "message_limit_exceeded"})
NOT_TO_EDIT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
NO_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_payload"})
FOR_GOOD = {
    "account_inactive": "the bot's account was deactivated",
    "action_prohibited": "an administrator has forbidden this webhook",
    "channel_is_archived": "the channel is archived",
    "channel_not_found": "the channel does not exist, or the bot is not in it",
    "invalid_auth": "the token is wrong or was revoked",
    "invalid_token": "the webhook was revoked",
    "is_archived": "the channel is archived",
    "missing_scope": "the bot lacks the permission chat:write",
    "no_service": "the webhook was revoked",
    "not_authed": "the token is missing",
    "not_in_channel": "the bot is not in the channel: invite it",
    "token_expired": "the token has expired",
    "token_revoked": "the token was revoked",
}


async def send_hook(line: Line, hook: SlackHook, message: Message) -> Receipt:
    """Send one message to an incoming webhook; it gives no id, so nothing can be edited later."""
    answer = await line.post_json(hook.url, _content(message))
    if isinstance(answer, RetryLater | Unknown):
        return answer
    said = answer.text.strip()
    if answer.status == 200:
        return Delivered() if said == "ok" else unreadable()
    if said in NO_BLOCKS:
        return _plainly(await line.post_json(hook.url, _content(message, plain=True)))
    return _refused(answer, said)


def _plainly(answer: Answer | RetryLater | Unknown) -> Receipt:
    if isinstance(answer, RetryLater | Unknown):
        return answer
    return Delivered() if answer.status == 200 else _refused(answer, answer.text.strip())


async def send_bot(line: Line, bot: SlackBot, message: Message) -> Receipt:
    """Send, edit or answer one message; its id is ``channel:ts``. A repeat is sent only if the first is not there."""
    if message.may_repeat:
        found = await _find(line, bot, message)
        if found is not None:
            return Delivered(found)
    if message.ref is not None and ":" in message.ref:
        channel, _, ts = message.ref.partition(":")
        edited = await _call(line, bot, "chat.update", {**_content(message), "channel": channel, "ts": ts})
        if not (isinstance(edited, GiveUp) and any(code in edited.why for code in NOT_TO_EDIT)):
            return edited
    return await _call(line, bot, "chat.postMessage", _posted(bot, message))


def _posted(bot: SlackBot, message: Message) -> dict[str, Any]:
    known = {"event_type": EVENT, "event_payload": {"key": message.key}}
    asked = {**_content(message), "channel": bot.channel, "metadata": known}
    if message.root is not None and ":" in message.root:
        asked |= {"thread_ts": message.root.partition(":")[2]}
        asked |= {"reply_broadcast": message.severity in {"flash", "urgent"}}
    return asked


def _content(message: Message, *, plain: bool = False) -> dict[str, Any]:
    quiet = {"unfurl_links": False, "unfurl_media": False}
    if plain:
        return {"text": slack_fallback(f"{message.title}\n{message.body}"), "mrkdwn": False, **quiet}
    return {"text": slack_fallback(message.title), "blocks": slack_blocks(message.title, message.lines), **quiet}


async def _call(line: Line, bot: SlackBot, method: str, asked: dict[str, Any]) -> Receipt:
    answer = await line.post_json(bot.api.format(method), asked, {"Authorization": f"Bearer {bot.token}"})
    if isinstance(answer, RetryLater | Unknown):
        return answer
    if answer.data.get("ok") is True:
        return Delivered(f"{answer.data.get('channel')}:{answer.data.get('ts')}")
    if answer.status == 200 and "ok" not in answer.data:
        return unreadable()
    error = str(answer.data.get("error", ""))
    if error in NO_BLOCKS and "blocks" in asked:
        text = "\n".join(_texts(asked["blocks"]))
        return await _call(line, bot, method, {k: v for k, v in asked.items() if k != "blocks"} | {"text": text})
    return _refused(answer, error)


def _texts(blocks: list[dict[str, Any]]) -> list[str]:
    """Return the words of our own blocks, escaped for the syntax that is parsed."""
    pieces = [one.get("text", "") for one in blocks[0]["elements"][0]["elements"]]
    return [slack_fallback("".join(pieces))]


async def _find(line: Line, bot: SlackBot, message: Message) -> str | None:
    """Look whether a message whose reply was lost has arrived; None where it has not, or the bot may not look."""
    channel, _, ts = (message.root or "").partition(":")
    asked = {"channel": channel or bot.channel, "limit": "100", "include_all_metadata": "true"}
    method = "conversations.replies" if ts else "conversations.history"
    query = urlencode(asked | ({"ts": ts} if ts else {}))
    headers = {"Authorization": f"Bearer {bot.token}"}
    answer = await line.post(f"{bot.api.format(method)}?{query}", b"", headers, method="GET")
    if isinstance(answer, RetryLater | Unknown) or answer.data.get("ok") is not True:
        return None
    for one in answer.data.get("messages", ()):
        payload = one.get("metadata", {}).get("event_payload", {})
        if payload.get("key") == message.key and message.key:
            return f"{channel or bot.channel}:{one.get('ts')}"
    return None


def _refused(answer: Answer, code: str) -> Receipt:
    if code in TOO_MANY or answer.status == 429:
        return RetryLater("the service answered 429: too many messages", after=answer.after or AFTER_TOO_MANY)
    if code in NOT_TO_EDIT or code in NO_BLOCKS:
        return GiveUp(f"the service refused it: {code}")
    if code in FOR_GOOD:
        return GiveUp(f"the service refused it: {FOR_GOOD[code]}")
    if answer.status == 200 or code in LATER:
        return RetryLater("the service refused it for now")
    return refused(answer)
