"""An event is another one by what stands around it: announcing a plan, holding it on a day to come, speaking now."""

from __future__ import annotations

from alerts.model.claim import Context, Factuality
from alerts.reading.clauses import Link
from alerts.reading.factuality import Reading
from alerts.reading.frames import Frame, Settled, is_under_way
from alerts.reading.parsed import Parsed
from alerts.reading.things import Mention

_DRAFTS = frozenset(
    ("plan", "proposal", "offer", "bid", "idea", "initiative", "demand", "request", "call", "appeal", "push", "terms",
     "conditions", "draft", "roadmap", "option", "suggestion")
)  # fmt: skip
_PERIOD = frozenset(("next", "the", "end", "at", "least", "cover", "mid"))


def really(parsed: Parsed, event: str, frame: Frame, what: tuple[Mention | None, Reading]) -> str:
    """Return the event that a verb of another one tells here."""
    thing, reading = what
    if event == "speak-by-phone" and (is_under_way(parsed, frame) or _is_now(parsed, frame.place, reading)):
        return _now_or_then(parsed, frame, reading)
    if event == "speak-by-phone" and reading.context is Context.CURRENT and _is_for_a_day(parsed, frame.place):
        reading.context = Context.PLANNED
        reading.note(frame.place, "a day to come")
    if event in _TO_COME and reading.context is Context.PLANNED and _has_condition(parsed, frame.place):
        reading.context = Context.HYPOTHETICAL
    if event == "take":
        return "transfer"
    if event == "hit" and frame.is_passive and _by_kind(parsed, frame.place, "power"):
        return "lose"
    if event in {"announce", "impose"} and thing is not None and _is_drafted(parsed, thing):
        return "propose"
    if event in {"impose", "ease", "extend"} and _is_bill(parsed, frame.place):
        return "propose"
    if event == "extend" and thing is not None and _reaches_others(parsed, thing):
        return "impose"
    own = frame.subject is not None and (frame.subject.is_pronoun or frame.subject.own_words)
    if event in {"announce", "agree"} and (parsed.spans[frame.place].says("keeps") or (own and event == "agree")):
        promised(parsed, frame.place, reading)
    if event == "hold" and reading.context is Context.PLANNED and _has_date(parsed, frame.place):
        reading.context = Context.CURRENT
        return "schedule"
    return event


_TO_COME = frozenset(("speak-by-phone", "hold", "begin"))


def _is_for_a_day(parsed: Parsed, place: int) -> bool:
    """Whether the present with a day tells what is to come, in languages that do so: *telefonieren am Dienstag*."""
    clause = parsed.clause(place)
    return parsed.spans[place].says("present") and any(
        parsed.spans[at].says("day") for at in range(clause.start, clause.end)
    )


def _has_condition(parsed: Parsed, place: int) -> bool:
    return any(cut.link is Link.CONDITION for cut in parsed.cuts[parsed.owner[place] + 1 :])


def promised(parsed: Parsed, place: int, reading: Reading) -> None:
    """Make a promise of an act a yes to it: *will halt strikes for a month*, *to stop shelling*."""
    if reading.context is not Context.PLANNED or reading.factuality is not Factuality.ASSERTED or reading.denied_report:
        return
    if all(why.startswith(_PROMISES) for why in reading.why):
        later = parsed.cuts[parsed.owner[place] + 1 :]
        waits = any(cut.link is Link.BACKGROUND and parsed.spans[cut.start].text in _WAITS for cut in later)
        reading.context = Context.CONDITIONAL if waits else Context.CURRENT
        reading.note(place, "promised")


_PROMISES = ("to: planned", "will: planned", "pledge", "promise", "commit", "undertake", "agree")
_WAITS = frozenset(("when", "once", "after", "until", "till"))


def _now_or_then(parsed: Parsed, frame: Frame, reading: Reading) -> str:
    """*are speaking* goes on now; with a day (*are speaking on Monday*) it is still to come."""
    clause = parsed.clause(frame.place)
    days = [at for at in range(frame.place + 1, clause.end) if parsed.spans[at].says("day")]
    if not days:
        return "begin"
    reading.context = Context.PLANNED
    reading.note(days[0], f"{parsed.spans[days[0]].text}: a day to come")
    return "speak-by-phone"


def _by_kind(parsed: Parsed, place: int, kind: str) -> bool:
    """Whether a thing of the kind is what does it: *hit by a blackout*."""
    by = place + 1
    if by >= parsed.clause(place).end or not parsed.spans[by].says("by"):
        return False
    return any(m.kind == kind and by < m.first <= by + 3 for m in parsed.things)


def _is_now(parsed: Parsed, place: int, reading: Reading) -> bool:
    clause = parsed.clause(place)
    return reading.context is Context.CURRENT and any(
        parsed.spans[at].says("right_now") for at in range(clause.start, clause.end)
    )


def _is_drafted(parsed: Parsed, thing: Mention) -> bool:
    """Whether only a plan of the thing is told: *announces truce proposal*, *announces plan for a truce*."""
    after, before = thing.last + 1, thing.first - 1
    while before > 0 and parsed.spans[before].entry.words & {"determiner", "preposition"}:
        before -= 1
    return any(0 <= at < len(parsed.spans) and parsed.spans[at].text in _DRAFTS for at in (after, before))


def _is_bill(parsed: Parsed, place: int) -> bool:
    """Whether a chamber does it: what one chamber passes is not in force."""
    return any(parsed.spans[at].says("chambers") for at in range(parsed.clause(place).start, place))


def _reaches_others(parsed: Parsed, thing: Mention) -> bool:
    """Whether a thing is extended to somebody, not in time: *extends sanctions to refiners abroad*."""
    to = thing.last + 1
    if to + 1 >= parsed.clause(thing.last).end or not parsed.spans[to].says("to"):
        return False
    target = parsed.spans[to + 1]
    return not (target.text[:1].isdigit() or target.text in _PERIOD or target.says("month") or target.says("day"))


def _has_date(parsed: Parsed, place: int) -> bool:
    clause = parsed.clause(place)
    return any(_is_month(parsed, at) for at in range(place + 1, clause.end))


def _is_month(parsed: Parsed, at: int) -> bool:
    span = parsed.spans[at]
    return span.says("month") and (span.text != "may" or parsed.spans[at - 1].says("preposition"))


def is_foretold(parsed: Parsed, event: str, thing: Mention, settled: Settled) -> bool:
    """Whether somebody else only foretells a refusal: *he will never accept a truce, says a senator*."""
    if event != "agree" or thing.kind not in {"truce", "deal"} or settled.reading.factuality is not Factuality.DENIED:
        return False
    if not settled.speakers or not any(why.endswith(": planned") for why in settled.reading.why):
        return False
    return not any(_same_house(parsed, settled.speakers[-1], actor) for actor in settled.actors)


def _same_house(parsed: Parsed, speaker: str, actor: str) -> bool:
    """Whether speaker and actor speak for the same."""
    beings = parsed.known.beings
    own = {actor, *(target for target, _, _ in beings[actor].speaks_for)}
    theirs = beings[speaker].speaks_for if speaker in beings else ()
    return speaker in own or any(target in own for target, _, _ in theirs)
