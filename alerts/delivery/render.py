"""Render: an alert becomes one message that fits its service, the most important first.

Severity and standing, the sentence, who says it, when, what it was before, why the reader is told, links and the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote as percent

from alerts.delivery import words
from alerts.delivery.event import event_of
from alerts.delivery.fit import Ranked, fitted
from alerts.delivery.letter import letter_html
from alerts.delivery.limits import LONGEST
from alerts.delivery.links import shown_link
from alerts.delivery.markup import BETWEEN, Form, plain_text, telegram_html
from alerts.delivery.moments import moment
from alerts.delivery.plain import BREAK, ISOLATE, ISOLATE_END, plain
from alerts.delivery.readers import Reader, Telling
from alerts.delivery.tickets import VALID, write_ticket
from alerts.model.acts import Act, Ticket
from alerts.model.change import Alert, Quote, Reason
from alerts.model.delivery import Line, Message, Span, Told
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


def render(
    alert: Alert, reader: Reader, *, now: datetime, may_repeat: bool = False, told: Told | None = None
) -> Message:
    """Return the one message that tells ``reader`` of the alert; never longer than the service takes.

    Nothing in it that came from a feed can mention, link, mark up, reverse or break a header.
    """
    return tell(alert, reader, Telling(now=now, may_repeat=may_repeat, told=told))


def tell(alert: Alert, reader: Reader, telling: Telling) -> Message:
    """Return the message that tells ``reader`` of the alert, and of those that come with it."""
    draft = _Draft(alert=alert, reader=reader, telling=telling)
    for longest in LENGTHS:
        draft = replace(draft, longest=longest)
        if (message := draft.message()) is not None:
            return message
    return draft.bare()


def _text(text: str) -> Line:
    return (Span(text),) if text else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An alert on its way to one reader, its quoted texts cut to ``longest`` characters."""

    alert: Alert
    reader: Reader
    telling: Telling
    longest: int = LENGTHS[0]

    # --- fitting ------------------------------------------------------------------------------

    def message(self) -> Message | None:
        """Return the message with as many lines as fit, None where not even those that must stay do."""
        title = self._title(self._title_room)
        lines = [one for one in self._lines(title) if one.line]
        listed = len(self._listed) or words.digest_size(self.alert) or len(self.telling.along)
        room = self._room - self._size(title)
        body = fitted(lines, listed, self._more, lambda kept: self._measure(title, kept), room)
        return None if body is None else self._message(title, plain_text(body), body)

    def bare(self) -> Message:
        """Return what is left for a service of a few words: the sentence, then the id, both cut."""
        alert_id = self._fitted(self.alert.id, self._room // 3)
        room = self._room - self._size(alert_id)
        title = self._title(room)
        while self._size(title) > room:
            title = title[:-1]
        return self._message(title, alert_id, (_text(alert_id),))

    def _message(self, title: str, body: str, lines: tuple[Line, ...]) -> Message:
        told = self.telling.told
        is_same = told is not None and self.alert.reason is Reason.CONFIRMED and told.alert.answer == self.alert.answer
        edits = is_same and told is not None and not self.telling.along and not self.telling.escalates
        key = f"{self.alert.id}.{self.alert.revision}.{self.reader.address}"
        return Message(
            title=title,
            body=body,
            html=self._html(lines) if self.reader.form is Form.MAIL else None,
            event=self._event(key) if self.reader.form is Form.EVENT else None,
            severity=self.alert.severity,
            lines=lines,
            key=key,
            thread=self.alert.thread,
            ref=told.ref if edits and told is not None else None,
            root=told.root if told is not None else None,
            may_repeat=self.telling.may_repeat,
            mute_link=self._act_link(Act.MUTE),
        )

    def _html(self, lines: Sequence[Line]) -> str:
        marks = BETWEEN.join(self._marks())
        return letter_html(self._lead() + self._plain(self._says()), marks, lines, self.alert.severity)

    def _event(self, key: str) -> Mapping[str, Any]:
        how = self.telling
        return event_of(self.alert, how.along, key=key, public_url=self.reader.public_url, may_repeat=how.may_repeat)

    @property
    def _short(self) -> bool:
        return self.reader.limits.is_short

    @property
    def _room(self) -> int:
        return min(self.reader.limits.body, LONGEST) - (SHORT_SEAM if self._short else SEAM)

    @property
    def _title_room(self) -> int:
        return min(self.reader.limits.title or TITLE, TITLE, self._room // 2 if self._short else self._room)

    def _more(self, left: int) -> Line:
        return _text(self._fold(f"… and {left} more."))

    def _measure(self, title: str, lines: Sequence[Line]) -> int:
        """Return what the service counts for a body: as it is sent natively, and as Apprise would send it."""
        size = self._size(plain_text(lines))
        if self.reader.form is Form.TELEGRAM:
            html = telegram_html(title, lines)
            size = max(size, len(html) + sum(char > "\uffff" for char in html) - self._size(title))
        return size

    def _title(self, room: int) -> str:
        before = self._fold("".join(f"{mark} · " for mark in self._marks()) + self._lead())
        said = self._fitted(self._says(), room - self._size(before))
        return before + said if said else before.rstrip(" ·-")

    def _marks(self) -> Iterator[str]:
        how = self.telling
        if self._listed:
            yield min((one.severity for one in self._listed), key=list(Severity).index).upper()
            yield f"{len(self._listed)} messages"
            if how.may_repeat:
                yield "POSSIBLE REPEAT"
            return
        yield from words.marks(self.alert, how.now, may_repeat=how.may_repeat, escalates=how.escalates)

    def _lead(self) -> str:
        return "" if self._listed else words.lead(self.alert)

    def _says(self) -> str:
        questions = dict.fromkeys(one.text for one in self._listed)
        if len(questions) > 1:
            return f"on {len(questions)} questions"
        return self.alert.text if self._listed else self.alert.says

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

    @property
    def _listed(self) -> tuple[Alert, ...]:
        """The alerts of a message that is a list, the loudest first; empty where one of them leads."""
        along, loud = self.telling.along, list(Severity)
        mine = loud.index(self.alert.severity)
        if not along or all(mine < loud.index(one.severity) for one in along):
            return ()
        return tuple(sorted((self.alert, *along), key=lambda one: (loud.index(one.severity), one.at)))

    def _lines(self, title: str) -> Iterator[Ranked]:
        if self._listed:
            yield from self._told_together(self._listed)
            yield Ranked(4, _text("Held back until now, and told together: nothing is left out."))
        else:
            yield from self._told_alone(title)
            along = self.telling.along
            yield Ranked(2, _text("Held back until now:" if along else ""))
            yield from self._told_together(along, stays=1)
        yield from self._own_links()
        is_said = self._listed or self.alert.reason is Reason.OVERDUE
        yield Ranked(4, _text("" if is_said else self._plain(self.alert.health or "")))
        yield Ranked(0, _text(self._identity()))

    def _told_alone(self, title: str) -> Iterator[Ranked]:
        alert, zone, now = self.alert, self.reader.zone, self.telling.now
        sentence = self._plain(alert.says)
        yield Ranked(1, _text("" if title.endswith(sentence) else sentence))
        yield from self._entries() if words.digest_size(alert) else self._quoted()
        overdue = alert.reason is Reason.OVERDUE
        yield Ranked(1 if overdue or alert.reason is Reason.RETRACTED else 3, _text(words.meaning(alert)))
        yield Ranked(1, _text(self._plain(alert.health or "") if overdue else ""))
        yield Ranked(1, _text("Nobody has acknowledged it so far." if self.telling.escalates else ""))
        yield Ranked(1, _text(self._was_told()))
        yield Ranked(2, _text(self._plain(words.before(alert))))
        yield Ranked(4, _text(words.lateness(alert, zone, now)))
        yield Ranked(6, _text(self._plain(f"Why: {alert.why}" if alert.why else "", self.longest)))

    def _was_told(self) -> str:
        """Return what this reader was told of what no longer holds, and when."""
        told = self.telling.told
        if told is None or self.alert.reason not in words.TAKES_BACK:
            return ""
        at = moment(told.at, "UTC" if self._short else self.reader.zone, self.telling.now)
        return self._fold(f"You were told at {at}: “{self._plain(told.alert.says, self.longest)}”")

    def _quoted(self) -> Iterator[Ranked]:
        if not self.alert.quotes:
            return
        first = self.alert.quotes[0]
        rank = 0 if self.alert.answer == MATCHED else 4 if self._short else 1  # of a watched topic it is the news
        yield Ranked(rank, self._headline(first))
        if first.sentence.strip() not in first.title:
            yield Ranked(5, self._quote(first.sentence, first))
        yield Ranked(0, _text(self._source(first)))
        yield Ranked(5, _text(self._plain(words.others(self.alert))))

    def _entries(self) -> Iterator[Ranked]:
        linked = self.reader.limits.body >= ROOM_FOR_LINKS
        for n, quote in enumerate(self.alert.quotes):
            line = (Span(f"{n + 1}. "), *self._headline(quote), Span(f"\n{self._source(quote)}"))
            link = shown_link(quote.link) if linked else None
            shown = (*line, Span("\n"), Span(link, link=link)) if link else line
            yield Ranked(min(n, 1) if n < LISTED else 100 + n, shown, is_entry=True)

    def _told_together(self, alerts: Sequence[Alert], *, stays: int = 0) -> Iterator[Ranked]:
        is_list = bool(self._listed) or not words.digest_size(self.alert)
        for n, one in enumerate(alerts):
            marks = " · ".join(words.marks(one, self.telling.now, may_repeat=False))
            said = f"{words.lead(one)}{self._plain(one.says, self.longest)}"
            was = self._plain(words.before(one))
            source = f"\n{self._source(one.quotes[0])}" if one.quotes else ""
            text = self._fold(f"{n + 1}. {marks} · {said}{f'. {was}' if was else ''}{source} · {one.id}")
            yield Ranked(max(stays, min(n, 1)) if n < LISTED else 100 + n, _text(text), is_entry=is_list)

    def _headline(self, quote: Quote) -> Line:
        return (*self._quote(quote.title.strip() or quote.sentence, quote), *_text(words.spoken_in(quote)))

    def _quote(self, text: str, quote: Quote) -> Line:
        said = self._plain(text.translate(_STRAIGHT), self.longest)  # no text ends its own quotation
        decide = (self._plain(word.text) for word in quote.words if self.reader.form is not Form.PLAIN)
        return (Span(self._fold("“")), *_marked(said, decide), Span(self._fold("”")))

    def _source(self, quote: Quote) -> str:
        at = words.said_at(quote, "UTC" if self._short else self.reader.zone, self.telling.now)
        who = self._plain(quote.source if self._short else words.speaker(quote), 80)
        return ", ".join(part for part in (who, at) if part)

    def _own_links(self) -> Iterator[Ranked]:
        """Yield where the text stands and what the reader may do, each a line in plain text, else one line of all."""
        link = shown_link(self.alert.quotes[0].link) if self.alert.quotes and not self._listed else None
        is_one = link is not None and not words.digest_size(self.alert)
        source = (Span(link, link=link),) if link is not None and is_one else ()
        acts = list(self._acts())
        if self.reader.form in {Form.TELEGRAM, Form.SLACK}:
            named = [Span("Source", link=link)] if source else []
            spans = [*named, *(span for _, span in acts)]
            yield Ranked(2, tuple(part for span in spans for part in (Span(BETWEEN), span))[1:])
            return
        yield Ranked(2, source)
        for rank, span in acts:
            yield Ranked(rank, (span,))

    def _acts(self) -> Iterator[tuple[int, Span]]:
        base = (self.reader.public_url or "").rstrip("/")
        if not base:
            return
        if len({one.question for one in self._listed}) > 1:
            return
        yield 5, Span("Question", link=f"{base}/questions/{percent(self.alert.question, safe='')}")
        named = [(3, "Acknowledge", Act.ACKNOWLEDGE), (7, "Mute", Act.MUTE), (7, "Wrong?", Act.WRONG)]
        wanted = named[1:2] if self._listed else named[self.alert.severity is Severity.ROUTINE :]
        for rank, name, act in wanted:
            if (link := self._act_link(act)) is not None:
                yield rank, Span(name, link=link)

    def _act_link(self, act: Act) -> str | None:
        base, key = (self.reader.public_url or "").rstrip("/"), self.reader.link_key
        if not base or not key:
            return None
        until = self.alert.at + VALID
        ticket = Ticket(act=act, alert=self.alert.id, address=self.reader.address, until=until)
        return f"{base}/act/{write_ticket(ticket, key)}"

    def _identity(self) -> str:
        update = f", update {self.alert.revision}" if self.alert.revision > 1 else ""
        others = f" and {len(self._listed) - 1} more" if self._listed else ""
        explained = self.telling.may_repeat and not self._short
        repeat = ". An earlier try got no reply, so you may have it already." if explained else ""
        return f"Alert {self._plain(self.alert.id, 120)}{update}{others}{repeat}"


def _marked(text: str, decide: Iterator[str]) -> Iterator[Span]:
    """Yield a quoted text with the words that decided made strong; it is cut in places, never changed."""
    found = sorted({word for word in decide if word}, key=len, reverse=True)
    if not found:
        yield Span(text)
        return
    at = 0
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)", text):
        yield Span(text[at : match.start()])
        yield Span(match.group(), strong=True)
        at = match.end()
    yield Span(text[at:])
