"""Whether it happened: the cues that reach an event, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from alerts.model.claim import Context, Factuality
from alerts.reading.clauses import Link, is_finite
from alerts.reading.parsed import Parsed
from alerts.reading.tagging import Span

_SOFT = frozenset(("hope", "ask", "believe", "possible", "probable", "undo", "question"))
_AFTER_CLAUSE = {
    Link.BACKGROUND: Context.HISTORICAL,
    Link.CONDITION: Context.HYPOTHETICAL,
    Link.PRESUPPOSED: Context.HISTORICAL,
}


@dataclass(slots=True)
class Reading:
    """What the cues say of one event; ``why`` names each in words."""

    factuality: Factuality = Factuality.ASSERTED
    context: Context = Context.CURRENT
    denied_report: bool = False
    why: list[str] = field(default_factory=list)
    cues: list[int] = field(default_factory=list)

    def soften(self, factuality: Factuality, place: int, why: str) -> None:
        """Lower an assertion; the weakest reading wins."""
        if _RANK[factuality] > _RANK[self.factuality]:
            self.factuality = factuality
        self.note(place, why)

    def note(self, place: int, why: str) -> None:
        """Keep the word that decided."""
        self.why.append(why)
        self.cues.append(place)


_CAUSES = frozenset(("after", "despite", "following", "on the back of", "in wake of", "in the wake of"))
"""What names the fresh cause of a market's move rather than old news."""

_RANK = {
    Factuality.ASSERTED: 0,
    Factuality.DENIED: 1,
    Factuality.PROBABLE: 2,
    Factuality.POSSIBLE: 3,
    Factuality.UNCOMMITTED: 4,
}
_CHAIN = {
    "possible": Factuality.POSSIBLE, "probable": Factuality.PROBABLE, "undo": Factuality.UNCOMMITTED,
    "ask": Factuality.UNCOMMITTED, "hope": Factuality.UNCOMMITTED, "believe": Factuality.UNCOMMITTED,
}  # fmt: skip


def read_cues(parsed: Parsed, event: int, chain: int, subject: int | None) -> Reading:
    """Return what the cues say of the event at span ``event`` whose verb group begins at ``chain``."""
    reading = Reading()
    _chain(parsed, reading, chain, event)
    start = parsed.clause(event).start
    _left(parsed, reading, start, min(chain, subject) if subject is not None and subject < chain else chain)
    if subject is not None and subject < chain and parsed.spans[subject].hints("planned"):
        reading.context = Context.PLANNED
        reading.note(subject, f"{parsed.spans[subject].text}: planned")  # he'll
    _between(parsed, reading, subject, chain)
    if subject is not None and subject < start:
        clause = parsed.cuts[parsed.owner[subject]]
        _left(parsed, reading, clause.start, subject)
        _link(parsed, reading, parsed.owner[subject])
    _link(parsed, reading, parsed.owner[event])
    _whole(parsed, reading, event)
    return reading


def _chain(parsed: Parsed, reading: Reading, chain: int, event: int) -> None:
    """Read the verb's own group: *may not*, *refuses to*, *is expected to*, *had*."""
    negations, bare_to = 0, False
    for at in range(chain, event):
        span = parsed.spans[at]
        cues = span.entry.cues
        if not _is_negated_modal(parsed, at, event):
            for cue in cues & _CHAIN.keys():
                reading.soften(_CHAIN[cue], at, f"{span.text}: {cue}")
        if "negate" in cues:
            negations += 1
            reading.note(at, f"{span.text}: negation")
        _chain_context(reading, at, span)
        if span.says("to"):
            bare_to = bare_to or (at == chain and not _is_decided(parsed, at)) or not (at == chain or
                parsed.spans[at - 1].says("have") or parsed.spans[at - 1].entry.cues
            )  # fmt: skip
    _polarity(reading, negations)
    if bare_to and reading.factuality is Factuality.ASSERTED and reading.context is Context.CURRENT:
        reading.context = Context.PLANNED
        reading.note(chain, "to: planned")


def _is_decided(parsed: Parsed, at: int) -> bool:
    """Whether it is somebody's decision that is told: *the decision to lift sanctions*."""
    return at > 0 and any(way.event == "decide" and way.pos == "n" for way in parsed.spans[at - 1].entry.ways)


def _chain_context(reading: Reading, at: int, span: Span) -> None:
    """Note what in a verb's group sets it in another time, or denies a report of it."""
    if span.hints("deny"):
        reading.denied_report = True
        reading.note(at, f"{span.text}: denied")
    if span.hints("planned"):
        reading.context = Context.PLANNED
        reading.note(at, f"{span.text}: planned")
    if span.hints("past") and span.text == "had":
        reading.context = Context.HISTORICAL
        reading.note(at, "had: earlier")


def _is_negated_modal(parsed: Parsed, at: int, event: int) -> bool:
    """Whether *can*, *could* or *would* stands before *not*: then it refuses rather than allows."""
    return (
        parsed.spans[at].text in {"can", "could", "would"} and at + 1 < event and parsed.spans[at + 1].hints("negate")
    )


def _polarity(reading: Reading, negations: int) -> None:
    if negations == 1 and reading.factuality is Factuality.ASSERTED:
        reading.factuality = Factuality.DENIED
        if reading.context is Context.PLANNED:
            reading.context = Context.CURRENT  # "will not accept" is a refusal now
    elif negations > 1:
        reading.factuality = Factuality.UNCOMMITTED


def _left(parsed: Parsed, reading: Reading, start: int, end: int) -> None:
    """Cues before the subject, in its clause: they govern what follows unless they only report it."""
    for at in range(start, end):
        span = parsed.spans[at]
        cues = span.entry.cues
        if "deny" in cues or (span.says("claim_noun") and _is_rejected(parsed, start, at)):
            reading.denied_report = True
            reading.note(at, f"{span.text}: denied")
        elif not cues or "say" in cues:
            continue
        elif "negate" in cues:
            reading.soften(Factuality.UNCOMMITTED, at, f"{span.text}: negation of another word")
        elif cues & _SOFT:
            cue = min(cues & _SOFT)
            if cue != "question" or at == start:
                reading.soften(Factuality.UNCOMMITTED, at, f"{span.text}: {cue}")
        elif "planned" in cues:
            reading.context = Context.PLANNED
            reading.note(at, f"{span.text}: planned")


def _is_rejected(parsed: Parsed, start: int, at: int) -> bool:
    """Whether a claim that follows is what somebody rejects: *rejects the claim that …*."""
    return any(way.event == "reject" for place in range(start, at) for way in parsed.spans[place].entry.ways)


def _between(parsed: Parsed, reading: Reading, subject: int | None, chain: int) -> None:
    """Cues between the subject and the verb group, in an aside."""
    if subject is None or subject >= chain:
        return
    for at in range(subject + 1, chain):
        cues = parsed.spans[at].entry.cues
        if cues & {"hope", "possible", "probable"} and parsed.spans[at].entry.cue_forms == "":
            reading.soften(Factuality.UNCOMMITTED, at, f"{parsed.spans[at].text}: {sorted(cues)[0]}")


def _link(parsed: Parsed, reading: Reading, number: int) -> None:
    """What the clause itself hangs on: *after*, *if*, *why*."""
    clause = parsed.cuts[number]
    link = clause.link
    if link in {Link.COLON, Link.DASH} and parsed.spans[clause.start].hints("condition"):
        link = Link.CONDITION  # the minister: if they refuse, …
    context = _AFTER_CLAUSE.get(link)
    if clause.link is Link.BACKGROUND and moves_a_market(parsed) and parsed.spans[clause.start].text in _CAUSES:
        return
    if context is not None:
        reading.context = context
        reading.note(clause.start, f"{parsed.spans[clause.start].text}: {context}")
    elif clause.link is Link.RELATIVE:
        reading.context = Context.HISTORICAL if reading.context is Context.CURRENT else reading.context
        reading.note(clause.start, f"{parsed.spans[clause.start].text}: aside")


def moves_a_market(parsed: Parsed) -> bool:
    """Whether the sentence begins with a market that moves: what moved it is news."""
    return any(span.says("market") for span in parsed.spans[:2])


def _whole(parsed: Parsed, reading: Reading, event: int) -> None:
    """What holds for the whole sentence: a question, an opinion, a date gone by."""
    if parsed.is_question:
        reading.soften(Factuality.UNCOMMITTED, event, "?: question")
        reading.context = Context.HYPOTHETICAL
    if parsed.label is not None:
        reading.soften(Factuality.UNCOMMITTED, event, f"{parsed.label}: no report")
    if parsed.speaker_denies:
        reading.denied_report = True
    clause = parsed.clause(event)
    _opening(parsed, reading, parsed.owner[event])
    for at in range(clause.start, clause.end):
        span = parsed.spans[at]
        if at > event and span.says("untruth"):
            reading.denied_report = True
            reading.note(at, f"{span.text}: denied")
        if span.hints("past") and span.text != "had" and not _is_occasion(parsed, at, event):
            reading.context = Context.HISTORICAL
            reading.note(at, f"{span.text}: earlier")
        elif _is_past_year(parsed, at):
            reading.context = Context.HISTORICAL
            reading.note(at, f"in {span.text}: earlier")


def _opening(parsed: Parsed, reading: Reading, number: int) -> None:
    """A time gone by before the first comma holds for what follows: *Earlier in the war, …*, *When it began …*."""
    first = parsed.cuts[0]
    if number != 1 or parsed.cuts[1].link is not Link.COMMA:
        return
    at = next((at for at in range(first.start, first.end) if parsed.spans[at].hints("past")), None)
    opens = first.link is Link.BACKGROUND or not any(is_finite(span) for span in parsed.spans[: first.end])
    if at is not None and opens and parsed.spans[at].text != "had":
        reading.context = Context.HISTORICAL
        reading.note(at, f"{parsed.spans[at].text}: earlier")


def _is_occasion(parsed: Parsed, at: int, event: int) -> bool:
    """Whether a day remembered is only the day it is done on: *imposes sanctions on anniversary of …*."""
    return at > event and parsed.spans[at].text.startswith("anniversary")


_UNTIL = frozenset(("by", "to", "for", "through", "from", "bis", "do", "до"))


def _is_past_year(parsed: Parsed, at: int) -> bool:
    text = parsed.spans[at].text
    return (
        len(text) == 4 and text.isdigit() and text[:2] in {"19", "20"} and at > 0
        and parsed.spans[at - 1].says("preposition") and parsed.spans[at - 1].text not in _UNTIL
    )  # fmt: skip
