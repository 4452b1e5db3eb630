"""What one text does to one stand: first report, another voice, another answer, a claim, a denial, a correction.

Each function is a row of the table of judging (what comes → what is in force, why it changed).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.model.case import Stand, Voice
from alerts.model.change import Reason, Standing
from alerts.model.question import Question
from alerts.model.verdict import Evidence

AT_ONCE = timedelta(minutes=1)
"""Which of two texts came first within this time is chance, and decides nothing."""

LONG_AGO = timedelta(days=30)
"""A denial is of a report of these days; what nobody has said for so long, it does not mean."""

CARRIERS = 50
"""Items remembered behind one voice; a text that so many carry is not taken back by one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A piece of evidence as its stand sees it.

    ``origin`` is the independent source behind it (of a copy: the first one's), ``is_copy`` whether the text is one;
    ``official`` whether it is the page of an actor who settles the answer; ``at`` when it takes effect.
    """

    one: Evidence
    answer: str
    origin: str
    at: datetime
    official: bool = False
    is_copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one text did to a stand; without a ``reason`` nobody needs to know. ``was`` is the answer before."""

    stand: Stand
    reason: Reason | None = None
    was: str | None = None
    to: str | None = None


def asserted(question: Question, stand: Stand, said: Said) -> Moved:
    """An answer is asserted: the first one, the one in force, or another."""
    if stand.answer is None:
        return _first(question, stand, said)
    if said.answer == stand.answer:
        return _same(question, stand, said)
    return _other(question, stand, said)


def _first(question: Question, stand: Stand, said: Said) -> Moved:
    """The first asserted verdict: in force at once, labelled as one source unless it is official."""
    fresh = _in_force(question, with_voice(stand, said), said.answer, said.at)
    return Moved(stand=fresh, reason=Reason.FIRST_REPORT, to=said.answer)


def _same(question: Question, stand: Stand, said: Said) -> Moved:
    """Another voice for the answer in force: enough independent ones, or the actor's own page, confirm it."""
    heard = with_voice(stand, said)
    if stand.standing is Standing.CONFIRMED or not is_enough(question, heard, said.answer):
        return Moved(stand=heard, to=said.answer)
    if stand.standing is Standing.DISPUTED and not _outweighs(question, heard, said):
        return Moved(stand=heard, to=said.answer)
    sure = replace(heard, standing=Standing.CONFIRMED, sure=True, denials={})
    return Moved(stand=sure, reason=Reason.CONFIRMED, was=stand.answer, to=said.answer)


def _outweighs(question: Question, stand: Stand, said: Said) -> bool:
    """Whether what disputes an answer is overcome: officially, or by twice the voices of any rival or denial."""
    mine = _recent(question, stand, said.answer, said.at)
    if question.confirm.or_official and said.official:
        return True
    rivals = (len(_recent(question, stand, one, said.at)) for one in stand.voices if one != said.answer)
    return len(mine) > 2 * max(*rivals, len(stand.denials), 0)


def _other(question: Question, stand: Stand, said: Said) -> Moved:
    """Another answer: a reported one gives way, a confirmed one only to one that is itself sure."""
    current = stand.answer
    assert current is not None
    ahead = question.stage_of(said.answer) - question.stage_of(current)
    heard = with_voice(stand, said)
    if ahead < 0 or _outranks(question, current, said.answer):
        return Moved(stand=heard, to=said.answer)
    if ahead > 0 or _outranks(question, said.answer, current) or _prevails(question, heard, said):
        left = {**heard.left, current: said.at}
        changed = replace(_in_force(question, heard, said.answer, said.at), left=left)
        return Moved(stand=changed, reason=Reason.ANSWER_CHANGED, was=current, to=said.answer)
    if not stand.sure:
        return Moved(stand=heard, to=said.answer)
    is_news = stand.standing is not Standing.DISPUTED
    disputed = replace(heard, standing=Standing.DISPUTED)
    return Moved(stand=disputed, reason=Reason.DISPUTED if is_news else None, was=current, to=said.answer)


def _outranks(question: Question, answer: str, current: str) -> bool:
    return question.answer(current).weak and not question.answer(answer).weak


def _prevails(question: Question, stand: Stand, said: Said) -> bool:
    """Whether the answer just said displaces the one in force.

    Where both were said at once, what arrived last is chance: the surer one counts, then the one listed first. An
    answer that gave way before comes back only with twice the voices of this time, so that a quarrel is not told as
    many changes.
    """
    assert stand.answer is not None
    enough = is_enough(question, stand, said.answer)
    if stand.sure and not enough:
        return False
    last = max((voice.at for voice in stand.origins.values()), default=None)
    if last is not None and abs(said.at - last) < AT_ONCE:
        return _rank(question, stand, said.answer) > _rank(question, stand, stand.answer)
    if said.answer not in stand.left:
        return True
    mine, theirs = (len(_recent(question, stand, one, said.at)) for one in (said.answer, stand.answer))
    return mine >= 2 * theirs


def _rank(question: Question, stand: Stand, answer: str) -> tuple[bool, bool, int]:
    """How much counts for an answer among those said at once: the actor's own page, enough voices, its weight."""
    official = any(voice.official for voice in stand.voices.get(answer, {}).values())
    return official, is_enough(question, stand, answer), question.weight_of(answer)


def _in_force(question: Question, stand: Stand, answer: str, at: datetime) -> Stand:
    """Return the stand with this answer in force, as sure as its voices make it; nobody has been told of it yet."""
    sure = is_enough(question, stand, answer)
    standing = Standing.CONFIRMED if sure else Standing.REPORTED
    return replace(stand, answer=answer, standing=standing, sure=sure, since=at, denials={}, told=False)


def with_voice(stand: Stand, said: Said) -> Stand:
    """Return the stand with one voice more behind an answer; a copy only carries the text of a voice on."""
    voices = stand.voices.get(said.answer, {})
    before = voices.get(said.origin)
    items = before.items if before else ()
    if said.one.item.id not in items and len(items) < CARRIERS:
        items = (*items, said.one.item.id)
    at = said.at if before is None else before.at if said.is_copy else max(said.at, before.at)
    voice = Voice(at=at, items=items, official=said.official or (before is not None and before.official))
    return replace(stand, voices={**stand.voices, said.answer: {**voices, said.origin: voice}})


def is_enough(question: Question, stand: Stand, answer: str) -> bool:
    """Whether the voices of the time just before the last one confirm an answer."""
    last = max((voice.at for voice in stand.voices.get(answer, {}).values()), default=None)
    if last is None:
        return False
    recent = _recent(question, stand, answer, last)
    if question.confirm.or_official and any(voice.official for voice in recent):
        return True
    return len(recent) >= question.confirm.independent_sources


def _recent(question: Question, stand: Stand, answer: str, at: datetime) -> list[Voice]:
    voices = stand.voices.get(answer, {}).values()
    return [voice for voice in voices if at - voice.at <= question.confirm.within]


def claimed(stand: Stand, said: Said) -> Moved:
    """A third party's word: the answer stays, and it is told once an answer and speaker."""
    speaker = said.one.verdict.speaker or said.origin
    label = f"{said.answer}/{speaker}"
    if said.answer == stand.answer or label in stand.claims:
        return Moved(stand=stand, to=said.answer)
    kept = replace(stand, claims=(*stand.claims, label))
    return Moved(stand=kept, reason=Reason.CLAIMED, was=stand.answer, to=said.answer)


def denied(stand: Stand, said: Said) -> Moved:
    """A report is denied: what is in force is disputed, never replaced by its opposite."""
    last = max((voice.at for voice in stand.origins.values()), default=said.at)
    if stand.answer != said.answer or said.origin in stand.denials or said.at - last > LONG_AGO:
        return Moved(stand=stand, to=said.answer)
    is_news = stand.standing is not Standing.DISPUTED
    disputed = replace(stand, standing=Standing.DISPUTED, denials={**stand.denials, said.origin: said.at})
    return Moved(stand=disputed, reason=Reason.DISPUTED if is_news else None, was=stand.answer, to=said.answer)


# --- what was said is taken back ------------------------------------------------------------------


def without_item(stand: Stand, item: str, *, keep: str | None = None) -> Stand:
    """Return the stand without the voices that only this item carried; those for the answer ``keep`` stay."""
    voices = {}
    for answer, behind in stand.voices.items():
        left = behind if answer == keep else {origin: v for origin, old in behind.items() if (v := _less(old, item))}
        if left:
            voices[answer] = left
    return replace(stand, voices=voices)


def _less(voice: Voice, item: str) -> Voice | None:
    if item not in voice.items:
        return voice
    items = tuple(one for one in voice.items if one != item)
    return replace(voice, items=items) if items else None


def carries(stand: Stand, item: str) -> bool:
    """Whether an item is behind any answer of the stand."""
    return any(item in voice.items for behind in stand.voices.values() for voice in behind.values())


def taken_back(question: Question, stand: Stand, item: str, at: datetime, *, instead: str | None = None) -> Moved:
    """An item no longer says what it said, and now says ``instead``, if anything.

    What stood on it alone is retracted, or corrected where it or an earlier report gives another answer; what others
    carry stays.
    """
    less = without_item(stand, item, keep=instead)
    if stand.answer is None or less.origins:
        return Moved(stand=less, to=stand.answer)
    answer = instead or best_of(question, less)
    if answer is None:
        gone = replace(less, answer=None, standing=Standing.RETRACTED, since=at, sure=False, denials={})
        return Moved(stand=gone, reason=Reason.RETRACTED, was=stand.answer)
    other = replace(_in_force(question, less, answer, at), told=stand.told)
    return Moved(stand=other, reason=Reason.CORRECTED, was=stand.answer, to=answer)


def best_of(question: Question, stand: Stand) -> str | None:
    """Return the answer that the remaining voices stand for: the surest, the latest, the first listed."""

    def worth(answer: str) -> tuple[bool, datetime, int]:
        last = max(voice.at for voice in stand.voices[answer].values())
        return is_enough(question, stand, answer), last, question.weight_of(answer)

    return max((one for one in stand.voices if stand.voices[one]), key=worth, default=None)


# --- the desk's word ------------------------------------------------------------------------------


def settled(stand: Stand, said: Said) -> Moved:
    """A person settles the question: in force and confirmed, whatever was said before."""
    heard = with_voice(stand, said)
    ruled = replace(
        heard, answer=said.answer, standing=Standing.CONFIRMED, sure=True, since=said.at, denials={}, left={}
    )
    return Moved(stand=ruled, reason=Reason.SETTLED, was=stand.answer, to=said.answer)


def voided(stand: Stand, at: datetime) -> Moved:
    """A person sets aside all that was said: the question is open again."""
    emptied = Stand(claims=stand.claims, since=at, void=stand.voices or stand.void)
    return Moved(stand=emptied, reason=Reason.SETTLED, was=stand.answer)


def restored(question: Question, stand: Stand, at: datetime) -> Moved:
    """A person takes that back: what was set aside counts again, with what was said since."""
    voices = {
        answer: {**stand.void.get(answer, {}), **stand.voices.get(answer, {})}
        for answer in dict.fromkeys((*stand.void, *stand.voices))
    }
    again = replace(stand, voices=voices, void={})
    answer = best_of(question, again)
    if answer is not None:
        again = _in_force(question, again, answer, at)
    return Moved(stand=again, reason=Reason.SETTLED, was=stand.answer, to=answer)
