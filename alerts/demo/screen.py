"""What a viewer sees: headlines as they appear, each message as on its recipient's phone, and the sum at the end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from alerts.demo.contrast import TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from alerts.demo.contrast import Contrast
    from alerts.demo.sink import Received
    from alerts.demo.story import Publication, Story
    from alerts.model.question import Question

TONES = {"failure": "bold red", "warning": "yellow", "success": "green"}
"""Colours of Apprise's notify types; what is told in passing is cyan."""

PHONE = 66
"""Columns a message takes at most, with its frame."""

INDENT = 4

NEXT = (
    ("alerts init newsroom", "your own copy of the rules, feeds and settings"),
    ("alerts check", "what is wrong with them, line by line"),
    ("alerts run", "the same with real feeds, once .env names a channel"),
)


class Screen:
    """Shows the demo on a console: with frames and colours on a terminal, as bare lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._day = ""

    def intro(self, story: Story, questions: Sequence[Question]) -> None:
        """Say what there is to see."""
        old = len(story.until(story.start))
        self._say(story.title, "bold")
        self._say(
            f"{len(story.outlets)} invented outlets publish on this machine. The daemon polls their feeds, matches "
            f"what is new against {len(questions)} rules, and what it has to tell arrives as on a phone. The events "
            f"are real, the words are ours. What stands in the feeds already ({old} texts) is old news: read, not told."
        )
        for question in questions:
            self._say(f"  · {question.text}")

    def publication(self, one: Publication, outlet: str) -> None:
        """Show a headline as it appears in a feed, cut to one line on a terminal."""
        self._heading(one.at)
        mark = " (copy)" if one.copy_of else " (edited)" if one.is_edit else ""
        self._say(f"{one.at:%H:%M}  {outlet}{mark}: {one.title}", "dim", one_line=self._console.is_terminal)

    def message(self, received: Received, at: datetime) -> None:
        """Show a message as its recipient sees it."""
        self._heading(at)
        text = Text(received.body)
        if received.title:
            text = Text.assemble((received.title, "bold"), "\n", text)
        if self._console.is_terminal:
            self._console.print(self._phone(text, received.tone, at))
            return
        for line in text.plain.splitlines():
            self._say(f"{' ' * INDENT}| {line}".rstrip())

    def _phone(self, text: Text, tone: str, at: datetime) -> Padding:
        width = min(PHONE, self._console.width - INDENT)
        time = f"{at:%H:%M} UTC"
        style = TONES.get(tone, "cyan")
        return Padding(Panel(text, title=time, title_align="right", border_style=style, width=width), (0, 0, 0, INDENT))

    def ending(self, sums: Contrast, seconds: float) -> None:
        """Show the counted contrast, and what to type next."""
        self._say(
            f"\n{sums.texts} texts, {sums.copies} of them copies, in {seconds:.0f} s. Messages they made:", "bold"
        )
        most = max(sums.keyword, sums.sent, 1)
        room = min(PHONE, self._console.width) - 24
        for name, count in (("keyword alerts", sums.keyword), ("alerts", sums.sent)):
            self._say(f"  {name:<14} {count:>4} {'█' * round(room * count / most)}".rstrip())
        self._say(f"Keyword alerts: {TERMS}.", "dim")
        self._say("\nNext:", "bold")
        for command, what in NEXT:
            self._say(f"  {command:<22}{what}")

    def _heading(self, at: datetime) -> None:
        day = f"{at:%A} {at.day} {at:%B}"
        if day != self._day:
            self._day = day
            self._say(f"\n{day}", "bold")

    def _say(self, text: str, style: str = "", *, one_line: bool = False) -> None:
        self._console.print(
            Text(text, style=style),
            soft_wrap=not self._console.is_terminal,
            no_wrap=one_line or None,
            overflow="ellipsis" if one_line else None,
        )
