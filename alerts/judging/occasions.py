"""A text belongs to one occasion of its question: the one that goes on, a new one, or one that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, count

from alerts.model.case import Case, Occasion
from alerts.model.question import Occasions, Question
from alerts.model.verdict import Evidence

KEPT = 40
"""Occasions a case remembers; what a text says of an older one is of no consequence."""

SLACK = timedelta(hours=12)
"""A day that a text names begins and ends by somebody else's clock."""


def occasion_for(question: Question, case: Case, one: Evidence, at: datetime) -> Occasion:
    """Return the occasion that a text speaks of, as it stands in the case or fresh.

    ``at`` is when the text takes effect; its answer is one of the question's.
    """
    rule = question.occasions
    if rule is None:
        return latest(question, case, at)
    if rule.by_object:
        return _of_thing(rule, case, one, at)
    return _of_time(question, rule, case, one, at)


def latest(question: Question, case: Case, at: datetime) -> Occasion:
    """Return the occasion spoken of last, a fresh one where there is none."""
    if case.occasions:
        return case.occasions[-1]
    return _opened(case, None, at) if question.occasions is not None else Occasion(opened_at=at)


def held_in(question: Question, case: Case, occasion: Occasion, at: datetime) -> Case:
    """Return the case with the occasion as it now stands; one that is new comes last."""
    if question.occasions is not None:
        occasion = _bounded(question, replace(occasion, heard_at=at))
    others = [one for one in case.occasions if one.id != occasion.id]
    place = next((n for n, one in enumerate(case.occasions) if one.id == occasion.id), len(others))
    return replace(case, occasions=(*others[:place], occasion, *others[place:])[-KEPT:])


def _bounded(question: Question, occasion: Occasion) -> Occasion:
    """An occasion is closed from the moment on that a closing answer is in force."""
    assert question.occasions is not None
    closing = [s.since for s in occasion.stands.values() if s.answer in question.occasions.closes and s.since]
    closed_at = min(closing, default=None)
    if occasion.closed_at is not None and closed_at is not None:
        closed_at = min(closed_at, occasion.closed_at)
    return replace(occasion, closed_at=closed_at)


def _of_thing(rule: Occasions, case: Case, one: Evidence, at: datetime) -> Occasion:
    thing = one.verdict.object or ""
    fresh = [known for known in case.occasions if known.heard_at is None or at - known.heard_at < rule.quiet]
    same = [known for known in fresh if known.thing == thing]
    unsaid = fresh if thing in rule.vague else [known for known in fresh if known.thing in rule.vague]
    if same or unsaid:
        return max(same or unsaid, key=lambda known: known.heard_at or at)
    return Occasion(id=_named(case, thing, (one.verdict.day or at.date())), opened_at=at, thing=thing)


def _of_time(question: Question, rule: Occasions, case: Case, one: Evidence, at: datetime) -> Occasion:
    day = one.verdict.day
    if not case.occasions:
        return _opened(case, day, at)
    last = case.occasions[-1]
    if _is_another(rule, last, one, at):
        return _opened(case, day, at)
    earlier = case.occasions[-2] if len(case.occasions) > 1 else None
    if earlier is not None and _is_of_the_one_before(rule, last, one, at):
        return earlier
    return replace(last, day=day) if day is not None and _is_planned(question, last, one) else last


def _is_planned(question: Question, last: Occasion, one: Evidence) -> bool:
    """Whether a text speaks of something still to come: the day it names is the occasion's."""
    answer = one.verdict.answer or ""
    assert question.occasions is not None
    return last.closed_at is None and question.stage_of(answer) == 0 and answer not in question.occasions.closes


def _is_another(rule: Occasions, last: Occasion, one: Evidence, at: datetime) -> bool:
    """Whether a text speaks of one more occasion, after the last."""
    answer, day = one.verdict.answer, one.verdict.day
    if answer in rule.opens:
        if last.closed_at is not None:
            return at - last.closed_at >= rule.quiet or _is_later(day, last, at)
        gone_by = last.day is not None and at.date() > last.day
        return _is_stale(rule, last, at) or (gone_by and _is_later(day, last, at))
    if answer in rule.closes and last.closed_at is not None:
        silent = last.heard_at is None or at - last.heard_at >= rule.quiet
        return silent and at - last.closed_at >= rule.quiet
    return last.closed_at is None and _is_stale(rule, last, at)


def _is_later(day: date | None, last: Occasion, at: datetime) -> bool:
    """Whether a named day is after the last occasion's, and still to come or today."""
    before = last.day or (last.closed_at.date() if last.closed_at else None)
    return day is not None and before is not None and day > before and day >= (at - SLACK).date()


def _is_stale(rule: Occasions, last: Occasion, at: datetime) -> bool:
    """Whether an occasion that nobody saw closed must be over: its day has gone by, and it is long quiet."""
    over = last.day is None or at.date() > last.day
    return over and last.heard_at is not None and at - last.heard_at >= rule.quiet


def _is_of_the_one_before(rule: Occasions, last: Occasion, one: Evidence, at: datetime) -> bool:
    """Whether a closing answer comes before the day of the last occasion: then it is about the one before."""
    if one.verdict.answer not in rule.closes or last.closed_at is not None or last.day is None:
        return False
    return (at + SLACK).date() < last.day


def _opened(case: Case, day: date | None, at: datetime) -> Occasion:
    return Occasion(id=_named(case, "", day or at.date()), opened_at=at, day=day)


def _named(case: Case, thing: str, day: date) -> str:
    """Return a name no occasion of the case has: the thing, the day, and a number where both came before."""
    name = f"{thing}-{day}" if thing else day.isoformat()
    taken = {one.id for one in case.occasions}
    numbered = (f"{name}-{number}" for number in count(2))
    return next(one for one in chain([name], numbered) if one not in taken)
