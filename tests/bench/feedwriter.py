"""Feeds as outlets write them, for the benches: a page of HTML in every summary, a picture; all of it invented."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

_WHO = "The ministry|The envoy|The port authority|The council|Two judges|The grid operator|The union"
_DOES = "opens|delays|reviews|rejects|extends|answers|publishes|withdraws"
_WHAT = "the harbour plan|a new timetable|the winter budget|the bridge contract|its report on the dam"
_WORDS = (
    "the a of in on for with after before amid talks leaders officials said region city week month aid minister envoy "
    "border energy power residents report statement agency economy market growth court school hospital weather team"
)
WHO, DOES, WHAT, WORDS = _WHO.split("|"), _DOES.split("|"), _WHAT.split("|"), _WORDS.split()
FIRST = datetime(2025, 3, 18, 6, 0, tzinfo=UTC)


def item(number: int, host: str, *, mark: str = "") -> str:
    """Return one RSS item of about 1.4 kB; ``mark`` stands at the beginning of its headline."""
    chance = random.Random(f"{host} {number}")
    link = f"https://{host}/world/2025/{number}-{chance.getrandbits(40):x}"
    title = f"{mark}{chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)}, number {number}"
    text = (
        f'<p><img src="https://img.{host}/{number}.jpg?w=640&h=360" alt="" /></p>'
        f'<p>{_words(chance, 60)} <a href="{link}">{_words(chance, 4)}</a></p>'
        f"<p><b>{_words(chance, 6)}</b> &#8220;{_words(chance, 20)}&#8221; {_words(chance, 40)}</p>"
    )
    kinds = "".join(f"<category>{chance.choice(WORDS)}</category>" for _ in range(3))
    return (
        f"<item>\n<title><![CDATA[{title}]]></title>\n<description>{escape(text)}</description>\n"
        f'<link>{link}?at=rss</link>\n<guid isPermaLink="false">tag:{host},2025:{number}</guid>\n'
        f"<pubDate>{format_datetime(FIRST + timedelta(minutes=number))}</pubDate>\n<dc:creator>Desk</dc:creator>\n"
        f'{kinds}\n<media:thumbnail width="240" height="135" url="{link}.jpg"/>\n</item>\n'
    )


def rss(items: list[str], *, built: int = 0) -> bytes:
    """Return an RSS body of these items; ``built`` changes its head alone."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/">\n<channel>\n<title>World</title>\n'
        f"<link>https://news.example/</link>\n<lastBuildDate>{built}</lastBuildDate>\n"
    )
    return f"{head}{''.join(items)}</channel>\n</rss>\n".encode()


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count)).capitalize() + "."
