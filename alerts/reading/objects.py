"""What it is done to: from a verb rightwards through its noun phrase, or leftwards where the thing is the subject."""

from __future__ import annotations

from alerts.reading.clauses import Link, is_finite
from alerts.reading.parsed import Parsed
from alerts.reading.tagging import Span
from alerts.reading.things import Mention

_UNKNOWN = 5
_GOVERNS = frozenset(("negate", "undo", "planned", "possible", "probable"))
_GOES_ON = frozenset(("agree", "take", "cede"))
"""Events that only accept what follows: *rejects accepting the truce*, *the idea of somebody running the plant*."""


def objects_after(parsed: Parsed, verb: int) -> list[Mention]:
    """Return the things in the noun phrase after a verb; coordinated objects give several."""
    found: list[Mention] = []
    end = _limit(parsed, verb)
    at, unknown, noun_open = verb + 1, 0, False
    while at < end:
        if parsed.spans[at].says("that") and parsed.spans[at - 1].entry.carries and not found:
            return [mention for mention in parsed.things if at < mention.first < end and not mention.is_opaque][:1]
        mention = parsed.thing_at(at)
        if mention is not None and mention.kind == "call" and not found and parsed.spans[at - 1].says("setting"):
            at = _past_setting(parsed, mention.last + 1, end)
            continue
        if mention is not None and mention.first == at:
            if not mention.is_opaque and not _is_astray(parsed, verb, mention):
                found.append(mention)
            elif not found:
                return []
            at, noun_open = mention.last + 1, True
            continue
        step = _step(parsed, at, noun_open, bool(found))
        if step == "stop" or unknown > _UNKNOWN:
            break
        if step == "word":
            unknown += 1
            noun_open = not _carries(parsed.spans[at])
        elif step == "open":
            noun_open = False
        at += 1
    return found


def _is_astray(parsed: Parsed, verb: int, mention: Mention) -> bool:
    """Whether giving up stands between verb and a thing that is no land: *rejects calls to abandon the truce*."""
    return mention.kind != "territory" and any(
        way.event == "cede" and way.pos in "vg"
        for span in parsed.spans[verb + 1 : mention.first]
        for way in span.entry.ways
        if not span.entry.carries
    )


def _past_setting(parsed: Parsed, at: int, end: int) -> int:
    """Return where the sentence goes on after the call it is set in: *agrees in a call with Ann to …*."""
    while (
        at < end and (parsed.spans[at].says("linker") or parsed.names_somebody(at)) and not parsed.spans[at].says("to")
    ):
        at += 1
    return at


def _limit(parsed: Parsed, verb: int) -> int:
    """Return where the verb's reach ends: its clause, and a relative clause or quotation that goes on with it."""
    number = parsed.owner[verb]
    end = parsed.cuts[number].end
    if (
        end < len(parsed.spans)
        and parsed.spans[end].says("that")
        and parsed.spans[end - 1].entry.carries
        and not (parsed.thing_at(end - 1))
    ):
        return parsed.cuts[number + 1].end
    return end


def _carries(span: Span) -> bool:
    return bool(span.entry.carries)


def _step(parsed: Parsed, at: int, noun_open: bool, found: bool) -> str:
    """Say what a word between verb and thing does: let through (skip, open), count (word) or stop the walk."""
    span = parsed.spans[at]
    if "," in span.before or "(" in span.before:
        return "word" if found else "stop"
    if span.text.endswith(" to") and span.entry.cues & _GOVERNS:
        return "stop"  # has no plans to call
    if span.says("to") or (span.says("preposition") and not span.says("conjunction")):
        return _preposition(parsed, at, noun_open)
    if span.says("conjunction") or (span.hints("ask") and span.text.endswith((" for", " to", " on")) and not noun_open):
        return "open"
    if _carries(span):
        return "word"
    if _is_modifier(span):
        return "open"
    return _word(parsed, at)


def _preposition(parsed: Parsed, at: int, noun_open: bool) -> str:
    """A preposition goes on only where no noun stands before it that it could hang on, or one that carries."""
    span = parsed.spans[at]
    if span.says("to") and at + 1 < len(parsed.spans) and parsed.spans[at + 1].entry.acts and parsed.thing_at(at + 1):
        return "open"
    return "stop" if noun_open and not _carries(parsed.spans[at - 1]) else "open"


def _is_modifier(span: Span) -> bool:
    entry = span.entry
    if entry.entity or entry.adjective or entry.weak or entry.modifies or span.possessive or span.joined:
        return True
    return bool(entry.words & {"determiner", "adverb", "be", "number_words", "small_numbers"}) or span.text.isdigit()


def _word(parsed: Parsed, at: int) -> str:
    """A word that may be a verb stops the walk where it is one, unless it only accepts what follows."""
    span = parsed.spans[at]
    if is_finite(span) and not _as_noun(parsed, at):
        return "stop"
    if span.text.endswith((" of", " on", " at")) and any(way.pos == "n" for way in span.entry.ways):
        return "stop"  # the threat of an attack on it is not it
    ways = [way for way in span.entry.ways if way.pos in "vgk"]
    if ways and _is_verbal(parsed, at):
        return "open" if any(way.event in _GOES_ON for way in ways) else "stop"
    return "word"


def _is_verbal(parsed: Parsed, at: int) -> bool:
    """Whether a word that may be a verb is one here: after *to*, or an -ing form."""
    before, span = parsed.spans[at - 1].text, parsed.spans[at]
    if not span.text.isascii() and all(way.forms == "b" for way in span.entry.ways):
        return True
    return before == "to" or before.endswith(" to") or any("g" in way.forms for way in parsed.spans[at].entry.ways)


def _as_noun(parsed: Parsed, at: int) -> bool:
    before = parsed.spans[at - 1]
    return before.says("determiner") or before.possessive or bool(before.entry.adjective) or before.joined


def thing_before(parsed: Parsed, verb: int) -> Mention | None:
    """Return the thing that is the verb's subject: *ceasefire rejected by …*, *the call … has ended*."""
    clause = parsed.clause(verb)
    best = _last_before(parsed, clause.start, verb)
    if best is not None and _hangs_loose(parsed, best, clause.start):
        return None
    if best is None and clause.link in {Link.RELATIVE, Link.COMMA, Link.AND, Link.CONTRAST, Link.DASH}:
        number = parsed.owner[verb]
        if number and not any(parsed.entity(i) for i in range(clause.start, verb)):
            previous = parsed.cuts[number - 1]
            best = _last_before(parsed, previous.start, clause.start)
    return best if best is None or not best.is_opaque else None


def _hangs_loose(parsed: Parsed, mention: Mention, start: int) -> bool:
    """Whether the thing hangs on another noun that is the subject: *discussion of a truce*."""
    at = mention.first - 1
    while at > start and _is_modifier(parsed.spans[at]) and not parsed.spans[at].says("preposition"):
        at -= 1
    if at <= start or not parsed.spans[at].says("preposition") or parsed.spans[at].says("to"):
        return False
    head = parsed.spans[at - 1].entry
    if any(way.event == "discuss" for way in head.ways):
        return True
    return not (head.carries or head.is_thing or head.ways or head.cues or head.words or head.entity)


def _last_before(parsed: Parsed, start: int, end: int) -> Mention | None:
    best: Mention | None = None
    for mention in parsed.things:
        if start <= mention.first and mention.last < end:
            crossed = any(
                is_finite(parsed.spans[i]) and not _as_noun(parsed, i) and not parsed.spans[i].says("to")
                and not _in_group(parsed, i, end)
                for i in range(mention.last + 1, end)
            )  # fmt: skip
            if not crossed:
                best = _outer(parsed, mention, best)
    return best


def _outer(parsed: Parsed, mention: Mention, before: Mention | None) -> Mention:
    """Return the head of *power line to the plant*: a thing that hangs on an earlier one by a preposition is not it."""
    if before is None or mention.first - before.last > 4:
        return mention
    between = parsed.spans[before.last + 1 : mention.first]
    is_genitive = not between and not parsed.spans[mention.first].text.isascii()
    hangs = is_genitive or (
        any(span.says("preposition") for span in between) and not any("," in span.before for span in between)
    )
    return before if hangs or before.first == mention.first else mention


def _in_group(parsed: Parsed, at: int, verb: int) -> bool:
    """Whether everything from there to the verb is its own group of auxiliaries and adverbs."""
    return all(
        parsed.spans[i].entry.words & {"be", "have", "do", "adverb", "to"} or parsed.spans[i].entry.cues
        for i in range(at, verb)
    )


def agent_after(parsed: Parsed, verb: int) -> str | None:
    """Return the agent of a passive: *rejected by the government*, or a name in the instrumental."""
    end = parsed.clause(verb).end
    for at in range(verb + 1, min(verb + 6, end)):
        if parsed.spans[at].says("by"):
            return _named_after(parsed, at + 1, min(at + 6, end))
        cases = parsed.spans[at].entry.cases
        if "i" in cases and "n" not in cases and parsed.entity(at) is not None:
            return parsed.entity(at)
    return None


def _named_after(parsed: Parsed, start: int, end: int) -> str | None:
    for place in range(start, end):
        who = parsed.entity(place)
        if who is not None:
            return None if parsed.spans[place].possessive and not parsed.stands_for(place + 1) else who
    return None


def recipient_after(parsed: Parsed, start: int) -> str | None:
    """Return who gets it: *to Ruritania*, *under Ruritanian control*."""
    end = parsed.cuts[parsed.owner[start]].end if start < len(parsed.spans) else 0
    for at in range(start, end):
        span = parsed.spans[at]
        if at and (parsed.spans[at - 1].says("to") or parsed.spans[at - 1].text in {"under", "into", "by", "for"}):
            who = span.entry.entity or span.entry.adjective
            if who is not None:
                return who
        who = span.entry.entity
        if who is not None and span.entry.cases == "d":
            return who
    return None
