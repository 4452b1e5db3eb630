"""Limits: what one message may hold is read off the schema of its address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qsl

LONGEST = 3000
"""Nobody reads more on a phone, however much the service takes."""

SAFE = 1000
"""For a service we do not know: the least that one of them takes."""


class Count(StrEnum):
    """How a service counts the text it is sent."""

    PLAIN = "plain"  # UTF-16 units of the text as it is
    ESCAPED = "escaped"  # UTF-16 units after HTML or Markdown escaping, whichever is longer
    BYTES = "bytes"  # bytes of UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message of a service holds.

    ``body`` holds the title too; ``title`` is 0 where there is no title line of its own. ``markup`` says that the
    service (or the app that shows it) reads ``*``, ``_`` and backticks as markup.
    """

    body: int = SAFE
    title: int = 0
    count: Count = Count.ESCAPED
    markup: bool = True

    def size(self, text: str) -> int:
        """Return what the service counts for a text."""
        if self.count is Count.BYTES:
            return len(text.encode("utf-8", "replace"))
        units = len(text) + sum(char > "\uffff" for char in text)
        if self.count is Count.ESCAPED:
            units += sum(_GROWTH.get(char, 0) for char in text)
        return units

    @property
    def is_short(self) -> bool:
        """Whether this is a text message of the old kind, where one curly quote costs half the room."""
        return self.body <= 320


def within(limits: Limits, stated: tuple[int, int] | None) -> Limits:
    """Return the limits, none of them above what the plug-in itself states (body and title; 0 = it says nothing)."""
    body, title = stated or (0, 0)
    return replace(
        limits,
        body=min(limits.body, body) if body else limits.body,
        title=min(limits.title, title) if title > 0 else 0 if stated else limits.title,
    )


def limits_for(url: str) -> Limits:
    """Return the limits of the service an Apprise URL (or a service's own webhook URL) names."""
    schema, _, rest = url.partition("://")
    schema = schema.strip().lower()
    if schema in {"http", "https"}:
        schema = _WEBHOOKS.get(rest.partition("/")[0].lower(), "")
    limits = _LIMITS.get(schema, Limits())
    if any(key.lower() == "format" for key, _ in parse_qsl(rest.partition("?")[2])):
        return Limits(body=limits.body, title=limits.title)  # the address asks for another format than the usual
    return limits


_GROWTH = {"&": 4, "<": 3, ">": 3, '"': 5, "'": 5} | dict.fromkeys("\n\\_*[]()~`#+=|{}.!-", 1)
"""How much longer a character gets: the longer of its HTML entity and its backslash escape."""

_WEBHOOKS = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "discordapp.com": "discord",
    "ntfy.sh": "ntfy",
    "chat.googleapis.com": "gchat",
}
"""Hosts whose own webhook URLs Apprise takes, and the schema they stand for."""


def _read() -> dict[str, Limits]:
    found = {}
    for line in _TABLE.split("\n"):
        sizes, _, schemas = line.partition(":")
        body, title, count, markup = sizes.split()
        limits = Limits(body=int(body), title=int(title), count=Count(count), markup=markup == "markup")
        found.update(dict.fromkeys(schemas.split(), limits))
    return found


# body, title, how it is counted, whether markup is read: schemas. Sizes as Apprise 2.2 states them, or below.
_TABLE = """\
67 0 plain text: aprs
80 0 plain text: dapnet
140 0 plain text: plivo twilio sns
160 0 plain text: 46elks atalk bulksms bulkvs burstsms clickatell clicksend d7sms elks freemobile httpsms infobip \
kavenegar kudosity mobilemessage mobilemsg msg91 msgbird nexmo notifyre pushed ringc serwersms seven sfr sinch smsc \
smsmanager smsmgr telnyx voipms vonage
200 0 plain text: kakao kakaotalk
240 64 plain text: kumulos
255 0 plain text: strmlabs
280 0 plain text: bluesky bsky tweet twitter x
380 0 plain text: irc ircs
400 60 plain text: splunk victorops
500 0 plain text: mastodon mastodons toot toots
512 0 escaped markup: misskey misskeys notifico notificos
600 0 plain text: eight00com
1000 0 escaped markup: rocket rockets enigma2 enigma2s groupme
1000 250 escaped markup: join push ryver trigv trigvs twist workflow workflows
1024 0 plain text: pagerduty
1024 0 escaped markup: whatsapp
1024 250 plain text: fcm pover
1200 0 plain text: cm octopush smseagle smseagles
2000 0 plain text: exotel session sessions sogs
2000 0 escaped markup: wechat wecombot zalo
2000 100 escaped markup: revolt
2000 120 escaped markup: youlmk
2000 250 plain markup: discord fluxer fluxers guilded
4000 0 escaped markup: gchat humhub humhubs mmost mmosts whapi webex wxteams
4000 60 escaped markup: zulip
4096 0 escaped text: tgram
4096 200 bytes text: ntfy ntfys
32768 200 plain text: mailto mailtos
32768 200 escaped text: azure mailgun o365 postmark resend sendgrid ses smtp2go sparkpost
32768 250 plain text: form forms gotify gotifys json jsons pbul syslog rsyslog xml xmls
35000 250 escaped markup: slack"""

_LIMITS = _read()
