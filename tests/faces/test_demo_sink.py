"""The demo's sink: what Apprise really posts arrives, is shown, and is counted."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import aiohttp
import pytest
from rich.console import Console
from rich.text import Text

from alerts.delivery.send import AppriseSender
from alerts.demo.screen import Screen
from alerts.demo.sink import Received, Sink, open_sink
from alerts.demo.story import Publication
from alerts.model.delivery import Address, Delivered, Message

NINE = datetime(2025, 3, 18, 9, 5, tzinfo=UTC)
TITLE, BODY = "URGENT · reported", "Two countries signed [bold]a paper[/bold]\nThe Wire, 09:04 UTC"


def receive(*messages: Message, raw: bytes | None = None) -> tuple[Sink, list[int]]:
    """Send messages the way the daemon does, or post one raw body; return the sink and the raw body's status."""

    async def run() -> tuple[Sink, list[int]]:
        async def keep(received: Received) -> None:
            await asyncio.sleep(0)

        statuses = []
        async with open_sink(keep) as sink:
            address = Address(id="desk/1", channel="desk", url=sink.url)
            sender = AppriseSender()
            for message in messages:
                assert isinstance(await sender(message, address), Delivered)
            await sender.close()
            if raw is not None:
                url = sink.url.replace("json://", "http://")
                async with aiohttp.ClientSession() as session, session.post(url, data=raw) as response:
                    statuses.append(response.status)
        return sink, statuses

    return asyncio.run(run())


def show(console: Console, *received: Received) -> str:
    screen = Screen(console)
    for one in received:
        screen.message(one, NINE)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, highlight=False, color_system="standard")


def pipe() -> Console:
    return Console(file=io.StringIO(), width=80, highlight=False)


def test_messages_of_apprise_arrive_whole_in_order_with_their_tone() -> None:
    sink, _ = receive(
        Message(title=TITLE, body=BODY, severity="urgent"),
        Message(title="Второе", body="Текст — «с кавычками»", severity="flash"),
        Message(title="", body="No title", severity="routine"),
    )
    assert [(one.title, one.body, one.tone) for one in sink.messages] == [
        (TITLE, BODY, "warning"),
        ("Второе", "Текст — «с кавычками»", "failure"),
        ("", "No title", "info"),
    ]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"title": "no message"}', b"\xff\xfe"])
def test_what_apprise_would_not_send_is_refused_and_not_counted(raw: bytes) -> None:
    sink, statuses = receive(raw=raw)
    assert statuses == [400]
    assert sink.messages == []


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_terminal_shows_a_frame_that_fits(width: int) -> None:
    shown = show(terminal(width), Received(title=TITLE, body=BODY, tone="warning"))
    lines = [Text.from_ansi(line).plain for line in shown.splitlines()]
    assert all(len(line) <= width for line in lines)
    assert "09:05 UTC" in lines[2]
    assert "\x1b[33m╭" in shown  # urgent is yellow


def test_a_feed_cannot_mark_up_what_a_terminal_shows() -> None:
    shown = show(terminal(80), Received(title=TITLE, body=BODY, tone="info"))
    assert "signed [bold]a paper[/bold]" in Text.from_ansi(shown).plain


def test_a_pipe_gets_bare_lines() -> None:
    shown = show(pipe(), Received(title=TITLE, body=BODY, tone="failure"))
    assert shown.splitlines() == [
        "",
        "Tuesday 18 March",
        "    | URGENT · reported",
        "    | Two countries signed [bold]a paper[/bold]",
        "    | The Wire, 09:04 UTC",
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_headline_is_one_line_of_a_terminal_and_whole_in_a_pipe(width: int) -> None:
    long = Publication(at=NINE, outlet="wire", guid="wire/one", title="A headline " * 20, copy_of="other/one")
    console, piped = terminal(width), pipe()
    for screen in (Screen(console), Screen(piped)):
        screen.publication(long, "The Wire")
    assert isinstance(console.file, io.StringIO)
    assert isinstance(piped.file, io.StringIO)
    shown = Text.from_ansi(console.file.getvalue()).plain.splitlines()
    assert shown[1] == "Tuesday 18 March"
    assert shown[2].startswith("09:05  The Wire (copy): A headline")
    assert (len(shown), len(shown[2]), shown[2][-1]) == (3, width, "…")
    assert piped.file.getvalue().splitlines()[2] == "09:05  The Wire (copy): " + "A headline " * 20
