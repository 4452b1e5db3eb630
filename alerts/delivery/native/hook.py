"""Webhook: the alert as a CloudEvent for a program, signed, under an id that a repeat keeps.

CloudEvents 1.0 in JSON (https://cloudevents.io), signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com):
``webhook-signature: v1,BASE64(HMAC-SHA256(secret, "{webhook-id}.{webhook-timestamp}.{body}"))``.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from datetime import datetime
from hashlib import sha256

from alerts.delivery.native.http import Line, refused
from alerts.delivery.native.parts import Hook
from alerts.model.delivery import Delivered, Message, Receipt, RetryLater, Unknown

TYPE = "application/cloudevents+json; charset=utf-8"
PREFIX = "whsec_"
"""A secret that begins so is base64; another is taken as it is written."""


async def send_hook(line: Line, hook: Hook, message: Message, *, now: datetime) -> Receipt:
    """Post one event; any 2xx is a receipt. A receiver that keeps the ids it has seen never acts on one twice."""
    body = json.dumps(message.event or {}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    answer = await line.post(hook.url, body, {**dict(hook.headers), **signed(hook.secret, message.key, body, now)})
    if isinstance(answer, RetryLater | Unknown):
        return answer
    return Delivered(message.key) if 200 <= answer.status < 300 else refused(answer)


def signed(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that prove who sent a body, and when."""
    stamp = str(int(now.timestamp()))
    digest = hmac.new(_key(secret), f"{message_id}.{stamp}.".encode() + body, sha256).digest()
    return {
        "Content-Type": TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return b64decode(secret.removeprefix(PREFIX), validate=True)
        except NotBase64Error:
            pass
    return secret.encode()
