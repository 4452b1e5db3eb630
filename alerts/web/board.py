"""The board: a card a question, what changed since you looked on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.responses import Response

from alerts.engine.board import Answered, Backing, Board, Facts
from alerts.engine.windows import Outlook, outlooks
from alerts.model.change import Change, Standing
from alerts.model.question import Question, Status
from alerts.web.looked import looked, remember
from alerts.web.pages import as_json, page
from alerts.web.quoting import Quoted, quoted
from alerts.web.site import Site, site_of
from alerts.web.spark import Spark, spark

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.model.feed import FeedState

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard:
    """One answer in force, with the text that brought it."""

    answer: str
    says: str
    severity: str
    standing: Standing | None
    since: datetime | None
    aspect: str
    occasion: str
    sources: tuple[Backing, ...]
    copies: int
    official: bool
    rivals: tuple[tuple[str, int], ...]
    denials: int
    by: Quoted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCard:
    """The expected window that is open or comes next (UTC)."""

    answer: str
    opens: datetime
    closes: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A question at a glance. ``texts_24h`` counts the evidence of a day, up to what is kept at hand."""

    question: str
    text: str
    story: str
    status: Status
    watches: bool
    changed_at: datetime | None
    changed: bool
    answers: tuple[AnswerCard, ...]
    window: WindowCard | None
    feeds_alive: int
    feeds: int
    blind: bool
    texts_24h: int
    last: Change | None


def show(request: Request) -> Response:
    """Show every question in force: what changed since this browser looked goes first."""
    site, seen = site_of(request), looked(request)
    facts, feeds = board_of(request).facts(questions_of(site)), site.store.feeds()
    cards = make_cards(facts, feeds, now=site.now(), since=seen.before)
    sparks = {one.question.id: spark_of(one, site.now()) for one in facts}
    told = [one for one in cards if one.answers]
    waiting = [one for one in cards if not one.answers and not one.watches]
    watching = [one for one in cards if one.watches and not one.answers]
    answer = page(
        request,
        "board.html",
        told=sorted(told, key=_order),
        waiting=sorted(waiting, key=_order),
        watching=sorted(watching, key=_order),
        changed=sum(one.changed for one in cards),
        sparks=sparks,
        looked=seen.before,
        refused=site.in_force().refused if site.in_force is not None else (),
        feeds=len(feeds),
        well=sum(one.health.ok_at is not None and not one.health.failures for one in feeds),
    )
    return remember(request, answer, seen)


def data(request: Request) -> Response:
    """Return the same as JSON."""
    site = site_of(request)
    facts, feeds = board_of(request).facts(questions_of(site)), site.store.feeds()
    cards = make_cards(facts, feeds, now=site.now(), since=looked(request).before)
    return as_json({"at": site.now(), "questions": cards})


def board_of(request: Request) -> Board:
    """Return what is known of the questions, read once for each time they are judged."""
    board: Board = request.app.state.board
    return board


def questions_of(site: Site) -> list[Question]:
    """Return the questions in force that are not switched off."""
    if site.in_force is None:
        return []
    return [one for one in site.in_force().questions.values() if one.status is not Status.DEPRECATED]


def make_cards(facts: Sequence[Facts], feeds: list[FeedState], *, now: datetime, since: datetime | None) -> list[Card]:
    """Return a card of each question; changed is what moved after ``since``."""
    looks = outlooks(feeds, [(one.question, one.case) for one in facts], now)
    return [make_card(one, look, now=now, since=since) for one, look in zip(facts, looks, strict=True)]


def make_card(facts: Facts, look: Outlook, *, now: datetime, since: datetime | None) -> Card:
    """Return the card of a question."""
    question, at = facts.question, facts.changed_at
    return Card(
        question=question.id,
        text=question.text,
        story=question.story,
        status=question.status,
        watches=question.watches,
        changed_at=at,
        changed=since is not None and at is not None and at > since,
        answers=tuple(map(_answer, facts.answers)),
        window=_window(look, now),
        feeds_alive=look.alive,
        feeds=look.listed,
        blind=look.blind,
        texts_24h=sum(now - one.at <= DAY for one in facts.marks),
        last=facts.changes[0] if facts.changes else None,
    )


def _answer(one: Answered) -> AnswerCard:
    return AnswerCard(
        answer=one.answer,
        says=one.says,
        severity=one.severity,
        standing=one.standing,
        since=one.since,
        aspect=one.aspect,
        occasion=one.occasion,
        sources=one.backing,
        copies=one.copies,
        official=one.is_official,
        rivals=one.rivals,
        denials=one.denials,
        by=None if one.by is None else quoted(one.by),
    )


def _window(look: Outlook, now: datetime) -> WindowCard | None:
    one = look.window
    if one is None:
        return None
    return WindowCard(answer=one.answer, opens=one.start, closes=one.end, is_open=one.start <= now)


def spark_of(facts: Facts, now: datetime) -> Spark:
    """Return the small picture of a question's evidence."""
    return spark(facts.question, frozenset(one.answer for one in facts.answers), facts.marks, now)


def _order(card: Card) -> tuple[bool, float, str]:
    """What changed goes first, then what moved last."""
    return not card.changed, -(card.changed_at.timestamp() if card.changed_at else 0), card.question
