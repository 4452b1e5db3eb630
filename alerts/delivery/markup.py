"""Markup: lines of a message, and what is strong or links in them, become what each service shows.

Text reaches this point harmless (see ``plain``); here it is only escaped and wrapped, never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from html import escape
from typing import Any

from alerts.model.delivery import Line, Span

BETWEEN = " · "
"""Between two links of a line."""


class Form(StrEnum):
    """How a service shows a message of ours."""

    PLAIN = "plain"
    TELEGRAM = "telegram"  # HTML of the Bot API
    SLACK = "slack"  # rich text blocks
    MAIL = "mail"  # plain text, and HTML beside it
    EVENT = "event"  # a CloudEvent, for a program


def text_of(line: Line) -> str:
    """Return a line as plain text; a link with a name of its own says where it leads."""
    return "".join(
        span.text if span.link is None or span.link == span.text else f"{span.text}: {span.link}" for span in line
    )


def plain_text(lines: Iterable[Line]) -> str:
    """Return a body as plain text: every link of a line that has several stands in a line of its own."""
    shown = []
    for line in lines:
        links = [span for span in line if span.link is not None]
        parts = [(one,) for one in links] if len(links) > 1 else [line]
        shown += [text_of(part) for part in parts]
    return "\n".join(shown)


def telegram_html(title: str, lines: Iterable[Line]) -> str:
    """Return a message in the HTML of Telegram's Bot API, its title strong."""
    body = "\n".join("".join(map(_telegram_span, line)) for line in lines)
    return f"<b>{escape(title, quote=False)}</b>\n{body}"


def _telegram_span(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.link is not None:
        return text if span.link == span.text else f'<a href="{escape(span.link)}">{text}</a>'
    return f"<b>{text}</b>" if span.strong else text


def slack_blocks(title: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return a message as Slack blocks: the text in them is never parsed, so nothing in it can mention or mark up."""
    elements = [_slack_text(f"{title}\n", strong=True)]
    for line in lines:
        elements += [_slack_span(span) for span in line if span.text]
        elements.append(_slack_text("\n"))
    section = {"type": "rich_text_section", "elements": elements[:-1]}
    return [{"type": "rich_text", "elements": [section]}]


def _slack_span(span: Span) -> dict[str, Any]:
    if span.link is None:
        return _slack_text(span.text, strong=span.strong)
    return {"type": "link", "url": span.link, "text": span.text}


def _slack_text(text: str, *, strong: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if strong else {})}


def slack_fallback(title: str) -> str:
    """Return what Slack shows in a notification: text in its own syntax, escaped as it asks."""
    return escape(title, quote=False)
