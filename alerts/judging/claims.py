"""Claims meet a question's selectors and become a verdict: asserted, claimed, denied, unclear, or silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from alerts.judging.trust import ANYONE, settlers
from alerts.model.claim import UNNAMED, Claim, ClaimSelector, Factuality
from alerts.model.item import Item
from alerts.model.question import Answer, Question
from alerts.model.verdict import Verdict, VerdictKind
from alerts.reading.clauses import SUBORDINATE, Clause
from alerts.reading.days import day_named
from alerts.reading.known import Known
from alerts.reading.parsed import Parsed
from alerts.reading.reader import Read, read
from alerts.reading.subjects import leading
from alerts.reading.things import Mention

_ORDER = {VerdictKind.ASSERTED: 0, VerdictKind.CLAIMED: 1, VerdictKind.DENIED: 2, VerdictKind.UNCLEAR: 3}


@dataclass(frozen=True, slots=True)
class Fit:
    """A claim that fits a selector of an answer, and what it is worth."""

    answer: int
    kind: VerdictKind
    claim: Claim


def verdicts(question: Question, read: Read, known: Known, day: date | None = None) -> tuple[Verdict, ...]:
    """Return what a text says about a question: one verdict, one an aspect, or one an answer where ``several``.

    Of several answers the surer kind counts first, then the first listed. Silence is the empty tuple.
    """
    if not in_scope(question, read, known):
        return ()
    fits = sorted(_fits(question, read, known, day), key=lambda fit: (_ORDER[fit.kind], fit.answer))
    chosen: dict[str, Fit] = {}
    for fit in fits:
        chosen.setdefault(_group(question, fit), fit)
    if chosen:
        return tuple(_verdict(question, fit) for fit in chosen.values())
    return _unclear(question, read, known)


def in_scope(question: Question, read: Read, known: Known) -> bool:
    """Whether a text names a war of the question's scope, and its headline no other."""
    if not question.scope:
        return True
    wars = set(question.scope)
    others = any(
        known.beings[name].kind == "war" and name not in wars for name in read.headline if name in known.beings
    )
    return bool(wars & read.named) and not others


def _group(question: Question, fit: Fit) -> str:
    answer = question.answers[fit.answer].id
    for aspect, answers in question.aspects:
        if answer in answers:
            return aspect
    return answer if question.several else ""


def _fits(question: Question, read: Read, known: Known, day: date | None) -> Iterator[Fit]:
    for claim in read.claims:
        for number, answer in enumerate(question.answers):
            selector = _fitting(answer, claim, known, day)
            if selector is not None:
                yield Fit(number, kind_of(question, (answer, selector), claim, (known, day)), claim)


def _fitting(answer: Answer, claim: Claim, known: Known, day: date | None) -> ClaimSelector | None:
    for selector in answer.claims:
        if claim.event in selector.events and fits(selector, claim, known, day):
            return selector
    return None


def fits(selector: ClaimSelector, claim: Claim, known: Known, day: date | None = None) -> bool:
    """Whether a claim is of the selector's kind, whoever says it."""
    return (
        claim.event in selector.events
        and claim.factuality is selector.factuality
        and claim.context is selector.context
        and (not selector.objects or claim.object in selector.objects)
        and (not selector.recipients or stands_for([claim.recipient], selector.recipients, known, day))
        and (not selector.during or any(thing in selector.during for thing in claim.during))
        and (not selector.actors or acts(claim, selector.actors, known, day))
        and (selector.amount is None or (claim.amount is not None and claim.amount >= selector.amount))
    )


def acts(claim: Claim, wanted: tuple[str, ...], known: Known, day: date | None) -> bool:
    """Whether the actor does it; where two do *not* agree, neither has refused."""
    if claim.factuality is Factuality.DENIED and not all(stands_for([one], wanted, known, day) for one in claim.actors):
        return False
    return stands_for(claim.actors, wanted, known, day)


def stands_for(named: Iterable[str | None], wanted: tuple[str, ...], known: Known, day: date | None) -> bool:
    """Whether one of the named is one of the wanted, or may speak for it on that day."""
    return any(known.speaks_for(one, actor, day) for one in named if one for actor in wanted)


def kind_of(
    question: Question, what: tuple[Answer, ClaimSelector], claim: Claim, when: tuple[Known, date | None]
) -> VerdictKind:
    """Return what a claim that fits is worth: asserted where all who say it may settle it, else claimed.

    A report is denied by who may settle the answer, or by whoever is said to have acted; anybody else's denial settles
    nothing: unclear.
    """
    settles = settlers(question, *what)
    if claim.report_denied:
        able = ANYONE in settles or all(_may_settle(one, (*settles, *claim.actors), when) for one in deniers(claim))
        return VerdictKind.DENIED if able else VerdictKind.UNCLEAR
    if ANYONE in settles or all(_may_settle(speaker, settles, when) for speaker in tellers(claim)):
        return VerdictKind.ASSERTED
    return VerdictKind.CLAIMED


def deniers(claim: Claim) -> tuple[str, ...]:
    """Return who denies a report: the outermost of those who speak, nobody where the text itself does."""
    return claim.speakers[:1]


def tellers(claim: Claim) -> tuple[str, ...]:
    """Return who stands behind a claim; of an announcement also who announces."""
    return (*claim.speakers, *claim.actors) if claim.event == "announce" else claim.speakers


def _may_settle(speaker: str, settles: tuple[str, ...], when: tuple[Known, date | None]) -> bool:
    known, day = when
    return speaker != UNNAMED and any(known.speaks_for(speaker, actor, day) for actor in settles)


def _verdict(question: Question, fit: Fit) -> Verdict:
    claim = fit.claim
    return Verdict(
        question=question.id,
        answer=None if fit.kind is VerdictKind.UNCLEAR else question.answers[fit.answer].id,
        kind=fit.kind,
        speaker=next(reversed(claim.speakers or tellers(claim)), None),
        because=(claim.quote,),
        words=claim.words,
        why=_why(claim, fit.kind),
        object=claim.object,
    )


def _why(claim: Claim, kind: VerdictKind) -> tuple[str, ...]:
    said = f"{', '.join(claim.actors) or 'somebody'} · {claim.event} · {claim.object or 'something'}"
    speaker = f"said by {', '.join(claim.speakers)}" if claim.speakers else "the text says it itself"
    return (f"{said}: {claim.factuality}, {claim.context}", speaker, *claim.why, f"so {kind}")


def _is_about(question: Question, read: Read, known: Known) -> bool:
    """Whether the headline still names an actor and a thing of one answer, whatever it says of them."""
    headline = read.sentences[0]
    things = {mention.thing for mention in headline.things}
    return any(
        not things.isdisjoint(selector.objects) and (not selector.actors or _names_one(headline, selector, known))
        for answer in question.answers
        for selector in answer.claims
    )


def _names_one(headline: Parsed, selector: ClaimSelector, known: Known) -> bool:
    named = (headline.entity(place) for place in range(len(headline.spans)))
    return stands_for(named, selector.actors, known, None)


def _unclear(question: Question, read: Read, known: Known) -> tuple[Verdict, ...]:
    """The headline names an actor and a thing of one answer, and nothing settles what is said between them."""
    headline = read.sentences[0]
    mentioned = {mention.thing for mention in headline.things if not mention.is_opaque}
    if not mentioned or headline.is_question or headline.label:
        return ()
    for selector in (one for answer in question.answers for one in answer.claims):
        if selector.during and mentioned.isdisjoint(selector.during):
            continue
        if selector.actors and not mentioned.isdisjoint(selector.objects) and _unsettled(selector, read, known):
            why = (f"{selector.actors[0]} and {selector.objects[0]} are named; nothing read settles it",)
            return (Verdict(question=question.id, answer=None, kind=VerdictKind.UNCLEAR, why=why),)
    return ()


def _unsettled(selector: ClaimSelector, read: Read, known: Known) -> bool:
    """Whether a main clause of the headline has the actor as its subject and the thing, and no reading of the two."""
    told = [claim for claim in read.claims if claim.field == "title"]
    if any(claim.object in selector.objects for claim in told):
        return False
    if any(claim.event in _PLAIN and stands_for(claim.actors, selector.actors, known, None) for claim in told):
        return False
    headline = read.sentences[0]
    for number, clause in enumerate(headline.cuts):
        if clause.link in SUBORDINATE or _hedged(headline, clause):
            continue
        lead = leading(headline, number)
        within = {m.thing for m in _whole_things(headline, clause) if lead is None or m.first != lead.place}
        if lead and within & set(selector.objects) and stands_for(lead.entities, selector.actors, known, None):
            return True
    return False


_PLAIN = frozenset(("hit", "kill", "injure"))
"""Events that leave nothing open: who strikes in a place says nothing about the place."""


def _whole_things(sentence: Parsed, clause: Clause) -> list[Mention]:
    return [m for m in sentence.things if clause.start <= m.first < clause.end and not m.is_opaque]


def _hedged(sentence: Parsed, clause: Clause) -> bool:
    spans = sentence.spans[clause.start : clause.end]
    return any(
        span.entry.cues & {"hope", "ask", "possible", "probable", "planned", "believe", "accuse"} for span in spans
    )


def _dated(question: Question, verdict: Verdict, item: Item) -> Verdict:
    """Return the verdict with the day its sentence names, where days tell the occasions of the question apart."""
    published = item.published or item.seen
    if question.occasions is None or verdict.answer is None or published is None or not verdict.because:
        return verdict
    ahead = verdict.answer in question.occasions.opens
    day = day_named(verdict.because[0], published, item.lang, ahead=ahead)
    if day is None and ahead and item.summary:
        day = day_named(item.summary, published, item.lang, ahead=True)
    return replace(verdict, day=day)


def taught(questions: Iterable[Question]) -> dict[str, tuple[str, ...]]:
    """Return the words that rules teach the reader, by event; *torpedoes* as headlines have it, and what to inflect."""
    words: dict[str, tuple[str, ...]] = {}
    for question in questions:
        for event, phrases in question.words:
            words[event] = (*words.get(event, ()), *phrases, *filter(None, map(_inflected, phrases)))
    return words


def _inflected(phrase: str) -> str | None:
    """Return a phrase without the *-s* of its verb, so that *slams the door on* gives *slammed the door on*."""
    verb, _, rest = phrase.partition(" ")
    if not verb.isascii() or not verb.endswith("s") or verb.endswith("ss"):
        return None
    return f"{verb[:-1]} {rest}".strip()


class ClaimJudge:
    """Questions with answers, and what the reader knows. A value: the same item always gives the same verdicts."""

    def __init__(self, questions: Iterable[Question], known: Known) -> None:
        self.questions = tuple(question for question in questions if any(answer.claims for answer in question.answers))
        self.known = known

    def verdicts(self, item: Item, day: date | None = None) -> tuple[Verdict, ...]:
        """Return what the item says about each question, in the order of the questions.

        ``day`` settles who held which office; without it the item's own day of publication does.
        """
        text = read(item, self.known)
        if not text.sentences or not (text.claims or any(not one.is_opaque for one in text.sentences[0].things)):
            return ()
        when = day or (item.published.date() if item.published else None)
        return tuple(
            _dated(question, found, item)
            for question in self.questions
            for found in verdicts(question, text, self.known, when)
        )

    def still_about(self, question: Question, item: Item) -> Verdict | None:
        """Return an *unclear* where an item's headline still names actor and thing of an answer, None elsewhere."""
        text = read(item, self.known, whole=True)
        if not text.sentences or not in_scope(question, text, self.known) or not _is_about(question, text, self.known):
            return None
        why = ("a new version of the text is still about it, and no longer says what the earlier one said",)
        return Verdict(
            question=question.id,
            answer=None,
            kind=VerdictKind.UNCLEAR,
            because=(item.title,),
            why=why,
        )
