"""Render: an alert becomes one message that fits its service, the most important first.

Severity and standing, the sentence, who says it, when, what it was before, why the reader is told, links and the id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote as percent

from alerts.delivery import words
from alerts.delivery.limits import LONGEST, Limits, limits_for
from alerts.delivery.links import shown_link
from alerts.delivery.plain import BREAK, ISOLATE, ISOLATE_END, plain
from alerts.model.change import Alert, Quote, Reason
from alerts.model.delivery import Address, Message
from alerts.model.question import MATCHED, Severity

LENGTHS = (300, 160, 80, 40, 16)
"""Characters of one quoted text: the longest that lets the message fit is taken."""

TITLE = 200
"""A title is no longer than this, even where it has no line of its own."""

SEAM, SHORT_SEAM = 24, 4
"""Units kept free for what services put between title and body (``<b>``, a counter, a line break)."""

LISTED = 3
"""So many texts of a digest stay to the last; the further ones go before anything else does."""

ROOM_FOR_LINKS = 1000
"""A digest links its texts only where a message holds this much."""

_TYPEWRITER = str.maketrans(
    {
        **dict.fromkeys("“”«»", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("·–—", "-"),
        **dict.fromkeys((ISOLATE, ISOLATE_END), ""),
        BREAK: " ",
        "…": "...",
    }
)
"""For text messages: one character beyond their old alphabet more than halves what they hold."""

_STRAIGHT = str.maketrans(dict.fromkeys("“”", '"'))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a message is rendered: what the service takes, the zone it is read in, where our own links lead."""

    limits: Limits
    zone: str = "UTC"
    public_url: str | None = None


def reader_of(address: Address, public_url: str | None = None) -> Reader:
    """Return the reader behind an address; ``public_url`` is the base of our own links, None = no links."""
    return Reader(limits=limits_for(address.url), zone=address.zone, public_url=public_url)


def render(
    alert: Alert, reader: Reader, *, now: datetime, may_repeat: bool = False, health: str | None = None
) -> Message:
    """Return the one message that tells ``reader`` of the alert; never longer than the service takes.

    ``now`` is when it leaves (aware). ``may_repeat`` marks it as a possible repeat, under the same id. ``health``
    is a sentence about the feeds, for an alert whose news is a silence. Nothing in it that came from a feed can
    mention, link, mark up, reverse or break a header.
    """
    draft = _Draft(alert=alert, reader=reader, now=now, may_repeat=may_repeat, health=health or alert.health)
    for longest in LENGTHS:
        draft = replace(draft, longest=longest)
        if (message := draft.message()) is not None:
            return message
    return draft.bare()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a body. ``rank`` 0 stays; where room is short the highest goes first, the last of equals."""

    rank: int
    text: str
    is_entry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An alert on its way to one reader, its quoted texts cut to ``longest`` characters."""

    alert: Alert
    reader: Reader
    now: datetime
    may_repeat: bool
    health: str | None
    longest: int = LENGTHS[0]

    # --- fitting ------------------------------------------------------------------------------

    def message(self) -> Message | None:
        """Return the message with as many lines as fit, None where not even those that must stay do."""
        title = self._title(self._title_room)
        room = self._room - self._size(title)
        lines = [line for line in self._lines(title) if line.text]
        while self._size(body := self._body(lines)) > room:
            last = max(range(len(lines)), key=lambda n: (lines[n].rank, n))
            if lines[last].rank == 0:
                return None
            del lines[last]
        return Message(title=title, body=body, severity=self.alert.severity)

    def bare(self) -> Message:
        """Return what is left for a service of a few words: the sentence, then the id, both cut."""
        alert_id = self._fitted(self.alert.id, self._room // 3)
        room = self._room - self._size(alert_id)
        title = self._title(room)
        while self._size(title) > room:
            title = title[:-1]
        return Message(title=title, body=alert_id, severity=self.alert.severity)

    @property
    def _short(self) -> bool:
        return self.reader.limits.is_short

    @property
    def _room(self) -> int:
        return min(self.reader.limits.body, LONGEST) - (SHORT_SEAM if self._short else SEAM)

    @property
    def _title_room(self) -> int:
        return min(self.reader.limits.title or TITLE, TITLE, self._room // 2 if self._short else self._room)

    def _body(self, lines: list[_Line]) -> str:
        texts = [line.text for line in lines]
        entries = [n for n, line in enumerate(lines) if line.is_entry]
        left = words.digest_size(self.alert) - len(entries)
        if entries and left:
            texts.insert(entries[-1] + 1, self._fold(f"… and {left} more."))
        return "\n".join(texts)

    def _title(self, room: int) -> str:
        marks = words.marks(self.alert, self.now, may_repeat=self.may_repeat)
        before = self._fold("".join(f"{mark} · " for mark in marks) + words.lead(self.alert))
        said = self._fitted(self.alert.says, room - self._size(before))
        return before + said if said else before.rstrip(" ·-")

    def _fitted(self, text: str, room: int) -> str:
        longest = max(0, min(len(text), room))
        while self._size(said := self._plain(text, longest)) > room and longest > 0:
            longest -= 1 + (self._size(said) - room) // 8
        return said if longest > 0 else ""

    def _size(self, text: str) -> int:
        return self.reader.limits.size(text)

    def _plain(self, text: str, longest: int = TITLE) -> str:
        return self._fold(plain(text, markup=self.reader.limits.markup, longest=longest))

    def _fold(self, text: str) -> str:
        return text.translate(_TYPEWRITER) if self._short else text

    # --- the lines, in the order they are read ------------------------------------------------

    def _lines(self, title: str) -> Iterator[_Line]:
        alert, zone, now = self.alert, self.reader.zone, self.now
        sentence = self._plain(alert.says)
        yield _Line(1, "" if title.endswith(sentence) else sentence)
        yield from self._entries() if words.digest_size(alert) else self._quoted()
        overdue = alert.reason is Reason.OVERDUE
        yield _Line(1 if overdue else 3, words.meaning(alert))
        yield _Line(1 if overdue else 4, self._plain(self.health or ""))
        yield _Line(2, self._plain(words.before(alert)))
        yield _Line(4, words.lateness(alert, zone, now))
        yield _Line(6, self._plain(f"Why: {alert.why}" if alert.why else "", self.longest))
        if not words.digest_size(alert) and alert.quotes:
            yield _Line(2, shown_link(alert.quotes[0].link) or "")
        yield from self._own_links()
        yield _Line(0, self._identity())

    def _quoted(self) -> Iterator[_Line]:
        if not self.alert.quotes:
            return
        first = self.alert.quotes[0]
        rank = 0 if self.alert.answer == MATCHED else 4 if self._short else 1  # of a watched topic it is the news
        yield _Line(rank, self._headline(first))
        if first.sentence.strip() not in first.title:
            yield _Line(5, self._quote(first.sentence))
        yield _Line(0, self._source(first))
        yield _Line(5, self._plain(words.others(self.alert)))

    def _entries(self) -> Iterator[_Line]:
        linked = self.reader.limits.body >= ROOM_FOR_LINKS
        for n, quote in enumerate(self.alert.quotes):
            text = f"{n + 1}. {self._headline(quote)}\n{self._source(quote)}"
            link = shown_link(quote.link) if linked else None
            yield _Line(min(n, 1) if n < LISTED else 100 + n, f"{text}\n{link}" if link else text, is_entry=True)

    def _headline(self, quote: Quote) -> str:
        return self._quote(quote.title.strip() or quote.sentence) + words.spoken_in(quote)

    def _quote(self, text: str) -> str:
        said = self._plain(text.translate(_STRAIGHT), self.longest)  # no text ends its own quotation
        return self._fold(f"“{said}”")

    def _source(self, quote: Quote) -> str:
        at = words.said_at(quote, "UTC" if self._short else self.reader.zone, self.now)
        who = self._plain(quote.source if self._short else words.speaker(quote), 80)
        return ", ".join(part for part in (who, at) if part)

    def _own_links(self) -> Iterator[_Line]:
        base = (self.reader.public_url or "").rstrip("/")
        if not base:
            return
        yield _Line(5, f"Question: {base}/questions/{percent(self.alert.question, safe='')}")
        if self.alert.severity is not Severity.ROUTINE:
            yield _Line(3, f"Acknowledge: {base}/alerts/{percent(self.alert.id, safe='')}")

    def _identity(self) -> str:
        update = f", update {self.alert.revision}" if self.alert.revision > 1 else ""
        explained = self.may_repeat and not self._short
        repeat = ". An earlier try got no reply, so you may have it already." if explained else ""
        return f"Alert {self._plain(self.alert.id, 120)}{update}{repeat}"
