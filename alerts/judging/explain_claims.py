"""The claims of an item are held against a question's answers: the nearest pair, gate by gate, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.judging.claims import acts, deniers, in_scope, kind_of, stands_for, tellers
from alerts.judging.explain_gates import FAR, NEAR, OTHER, Gate, Held, any_of, line, ok, some_of, stopped
from alerts.judging.explain_passages import Seen
from alerts.judging.trust import ANYONE, settlers
from alerts.model.claim import UNNAMED, Claim, ClaimSelector, Context, Factuality
from alerts.model.question import Answer, Question
from alerts.model.verdict import VerdictKind
from alerts.reading.normalise import normalise

_KINDS = list(VerdictKind)
_CONTEXTS = frozenset(
    ("planned", "earlier", "aside", "condition", "terms", *(one.value for one in Context if one is not Context.CURRENT))
)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The claim and the selector that are nearest to one another, and what the claim is or would be worth."""

    answer: Answer
    selector: ClaimSelector
    claim: Claim
    kind: VerdictKind
    held: tuple[Held, ...]

    @property
    def cost(self) -> int:
        """How far the claim is from the answer; 0 = it fits."""
        return sum(one.cost for one in self.held)

    @property
    def label(self) -> str:
        """The verdict as a test line writes it; of an event nobody asks for, any answer is as near as another."""
        if any(one.gate.name == "event" and not one.gate.passed for one in self.held):
            return "an answer"
        if self.kind is VerdictKind.UNCLEAR:
            return "unclear"
        return self.answer.id if self.kind is VerdictKind.ASSERTED else f"{self.answer.id}/{self.kind}"


def nearest(question: Question, seen: Seen) -> Nearest | None:
    """Return the pair that is nearest to an answer, as the judge would choose among those that fit."""
    when, asked = (seen.known, seen.day), events_of(question)
    ranked = [
        (number, Nearest(answer, selector, claim, kind_of(question, (answer, selector), claim, when), held))
        for claim in seen.read.claims
        for number, answer in enumerate(question.answers)
        for selector in answer.claims
        for held in [tuple(_held(selector, claim, seen, asked))]
    ]
    if not ranked:
        return None
    return min(ranked, key=lambda pair: (pair[1].cost, _worth(pair[1]), pair[0], -len(pair[1].held)))[1]


def events_of(question: Question) -> tuple[str, ...]:
    """Return the events that the answers ask for, in their order."""
    return tuple(dict.fromkeys(event for answer in question.answers for one in answer.claims for event in one.events))


def _worth(one: Nearest) -> int:
    return _KINDS.index(one.kind) if not one.cost else 0


def scope_held(question: Question, seen: Seen) -> list[Held]:
    """Return the gate of the wars a text must be about; nothing where the question asks for none."""
    if not question.scope:
        return []
    wars = any_of(question.scope)
    if in_scope(question, seen.read, seen.known):
        return [ok("scope", f"{seen.tied_to(question.scope)} → {wars}")]
    beings = seen.known.beings
    others = [one for one in sorted(seen.read.headline) if one in beings and beings[one].kind == "war"]
    others = [one for one in others if one not in question.scope]
    if others:
        says = f"{seen.tied_to(others)} → {any_of(others)}: another war, not {wars} alone"
        return [stopped("scope", says, f"it named {wars} and no other war")]
    needs = f"it named {wars}, or somebody, a place or a truce of it"
    return [stopped("scope", f"nothing of {wars} is named", needs)]


def speaker_gate(question: Question, found: Nearest, seen: Seen) -> Gate:
    """Say who tells it, and whether they may settle the answer."""
    claim, kind = found.claim, found.kind
    settle = settlers(question, found.answer, found.selector)
    said_by = " through ".join("a source nobody named" if one == UNNAMED else one for one in reversed(tellers(claim)))
    if kind is VerdictKind.DENIED:
        return Gate(name="speaker", passed=True, says=f"{said_by} denies the report: {cue_words(claim)}", turns=kind)
    if kind is VerdictKind.UNCLEAR:
        by = "a source nobody named" if UNNAMED in deniers(claim) else any_of(deniers(claim))
        says = f"{by} denies the report: {cue_words(claim)}; that settles nothing"
        return Gate(name="speaker", passed=False, says=says)
    if kind is VerdictKind.CLAIMED:
        says = f"{said_by} says it; {f'only {any_of(settle)}' if settle else 'nobody quoted'} may settle it"
        return Gate(name="speaker", passed=True, says=says, turns=kind)
    may = "anyone may settle it" if ANYONE in settle else "and may settle it"
    return Gate(name="speaker", passed=True, says=f"{said_by} says it, {may}" if said_by else "the text says it itself")


def turned(question: Question, found: Nearest) -> str:
    """Say what would turn a verdict that stands."""
    settle = settlers(question, found.answer, found.selector)
    if found.kind is VerdictKind.DENIED:
        return f"It would be {found.answer.id} without {cue_words(found.claim) or 'the denial'}."
    if found.kind is VerdictKind.UNCLEAR:
        return f"Denied by {any_of(settle or found.claim.actors)}, it would be {found.answer.id}/denied."
    if found.kind is VerdictKind.CLAIMED:
        by = f"Said by {any_of(settle)}, or by" if settle else "Said by"
        return f"{by} the text itself, it would be {found.answer.id}."
    if ANYONE in settle or not settle:
        return "To leave such texts alone, add a word of theirs to 'ignore'."
    return f"Said by somebody who does not speak for {any_of(settle)}, it would be {found.answer.id}/claimed."


def cue_words(claim: Claim) -> str:
    """Quote the words that decided how a claim is read: ``"hopes that" (hope)``."""
    return ", ".join(_cue(one, claim) for one in claim.why)


# --- the gates of one selector


def _held(selector: ClaimSelector, claim: Claim, seen: Seen, asked: tuple[str, ...]) -> Iterator[Held]:
    yield from _actor(selector, claim, seen)
    said = f"{_word(claim, 'event')}{claim.event}"
    if claim.event in selector.events:
        yield ok("event", said)
    elif claim.event in asked:
        yield stopped("event", f"{said}, not {any_of(selector.events)}", f"it said {any_of(selector.events)}", OTHER)
    else:
        yield stopped("event", f"{said}, which no answer asks for", f"it said {some_of(asked)}", OTHER)
    yield from _object(selector, claim)
    yield from _around(selector, claim, seen)
    yield _factuality(selector, claim)
    yield _context(selector, claim)


def _actor(selector: ClaimSelector, claim: Claim, seen: Seen) -> Iterator[Held]:
    if not selector.actors:
        return
    wanted, who = any_of(selector.actors), " and ".join(claim.actors)
    said = f"{_word(claim, 'actor')}{who}"
    needs = f"{wanted} did it"
    if acts(claim, selector.actors, seen.known, seen.day):
        yield ok("actor", said if set(claim.actors) & set(selector.actors) else f"{said}, for {wanted}")
    elif stands_for(claim.actors, selector.actors, seen.known, seen.day):
        yield stopped("actor", f"{said}: where several do not, none has refused", f"{wanted} alone did it", OTHER)
    elif not claim.actors:
        yield stopped("actor", "the sentence does not say who", needs, FAR)
    elif stands_for(claim.actors, selector.actors, seen.known, None):
        yield stopped("actor", f"{said}, who did not speak for {wanted} on {seen.day}", needs, OTHER)
    else:
        yield stopped("actor", f"{said}, nobody who is or speaks for {wanted}", needs, OTHER)


def _object(selector: ClaimSelector, claim: Claim) -> Iterator[Held]:
    if not selector.objects:
        return
    wanted = any_of(selector.objects)
    if claim.object in selector.objects:
        yield ok("object", f"{_word(claim, 'object')}{claim.object}")
    elif claim.object is None:
        yield stopped("object", f"no {wanted} is read with it", f"it were about {wanted}", FAR)
    else:
        says = f"{_word(claim, 'object')}{claim.object}, not {wanted}"
        yield stopped("object", says, f"it were about {wanted}", OTHER)


def _around(selector: ClaimSelector, claim: Claim, seen: Seen) -> Iterator[Held]:
    """Whom it is given to, what it is set in, how many it counts."""
    if selector.recipients:
        wanted, given = any_of(selector.recipients), claim.recipient or "nobody"
        if stands_for([claim.recipient], selector.recipients, seen.known, seen.day):
            yield ok("recipient", given)
        else:
            yield stopped("recipient", f"{given}, not {wanted}", f"it went to {wanted}", OTHER)
    if selector.during:
        wanted, there = any_of(selector.during), [one for one in claim.during if one in selector.during]
        if there:
            yield ok("during", any_of(there))
        else:
            yield stopped("during", f"no {wanted} in the sentence", f"it came of {wanted}", OTHER)
    if selector.amount is not None:
        counted = "no number" if claim.amount is None else f"{claim.amount:,}"
        if claim.amount is not None and claim.amount >= selector.amount:
            yield ok("amount", f"{counted}, at least {selector.amount}")
        else:
            needs = f"it counted {selector.amount} or more"
            yield stopped("amount", f"{counted}, less than {selector.amount}", needs, NEAR)


def _factuality(selector: ClaimSelector, claim: Claim) -> Held:
    cues = ", ".join(_cue(one, claim) for one in claim.why if not _is_of_context(one))
    said = f"{claim.factuality}: {cues}" if cues else str(claim.factuality)
    if claim.factuality is selector.factuality:
        return ok("factuality", said)
    if selector.factuality is Factuality.DENIED:
        needs = "it were said not to be so"
    else:
        needs = f"it were {selector.factuality}{f', without {cues}' if cues else ''}"
    return stopped("factuality", said, needs, NEAR)


def _context(selector: ClaimSelector, claim: Claim) -> Held:
    cues = ", ".join(_cue(one, claim) for one in claim.why if _is_of_context(one))
    said = f"{claim.context}: {cues}" if cues else str(claim.context)
    if claim.context is selector.context:
        return ok("context", said)
    without = f", without {cues}" if cues and selector.context is Context.CURRENT else ""
    return stopped("context", f"{said}; asked: {selector.context}", f"it were {selector.context}{without}", NEAR)


def _is_of_context(why: str) -> bool:
    return why.rpartition(": ")[2] in _CONTEXTS


def _cue(why: str, claim: Claim) -> str:
    """Quote the word of a reason as the text has it; the reader names it as it compares words."""
    word, _, cue = why.rpartition(": ")
    written = (
        line(one.text) for one in claim.words if one.role == "cue" and " ".join(normalise(one.text).words) == word
    )
    return f'"{next(written, word)}" ({cue})' if word else cue


def _word(claim: Claim, role: str) -> str:
    """Quote the word of a role, with an arrow behind it; nothing where the claim has none."""
    word = next((line(one.text) for one in claim.words if one.role == role), None)
    return f'"{word}" → ' if word else ""
