"""An item's headline and the head of its summary become claims: who did what to what, and did it happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alerts.model.claim import Claim
from alerts.model.item import Item
from alerts.model.verdict import Word
from alerts.reading.entries import NOTHING
from alerts.reading.events import events_of
from alerts.reading.known import Known
from alerts.reading.normalise import Text, normalise
from alerts.reading.parsed import Parsed, parse
from alerts.reading.sentences import sentences
from alerts.reading.speakers import MOST_NAME, attribute
from alerts.reading.tagging import Span, tag
from alerts.reading.things import Scope, scope_of

SUMMARY_LETTERS = 600
TITLE_LETTERS = 1000
_MOST_SPANS = 120


@dataclass(frozen=True, slots=True)
class Read:
    """What one text was read as: its claims, the seeds named in it, and its sentences taken apart."""

    claims: tuple[Claim, ...]
    named: frozenset[str]
    headline: frozenset[str]
    sentences: tuple[Parsed, ...] = ()


def read(item: Item, known: Known, *, whole: bool = False) -> Read:
    """Return the claims of an item; the same text and vocabulary give the same claims.

    A text that cannot claim anything is not taken apart, unless ``whole`` asks what it names all the same.
    """
    title = normalise(item.title[:TITLE_LETTERS])
    parts = [("title", title, spans) for spans in _tagged(title, known)]
    if item.summary:
        summary = normalise(item.summary[:SUMMARY_LETTERS])
        parts.extend(("summary", summary, spans) for spans in _tagged(summary, known))
    if not whole and not any(_may_claim(spans, known) for _, _, spans in parts):
        return Read((), frozenset(), frozenset())
    headline = frozenset().union(*(scope_of(spans, known) for field, _, spans in parts if field == "title"))
    claims: list[Claim] = []
    parsed_all: list[Parsed] = []
    for number, (field, text, spans) in enumerate(parts):
        parsed = parse(spans, Scope(headline | scope_of(spans, known)), known)
        parsed.is_question = _asks(text, spans)
        parsed.label = _label(spans) or _explained(field, parsed_all)
        _mark_capitals(text, parsed)
        attribute(parsed)
        parsed_all.append(parsed)
        claims.extend(_claims(parsed, (field, number, text)))
    meant = {war for parsed in parsed_all for mention in parsed.things for war in known.beings[mention.thing].part_of}
    meant |= {war for claim in claims if claim.object for war in known.beings[claim.object].part_of}
    named = frozenset(meant).union(*(scope_of(spans, known) for _, _, spans in parts))
    return Read(tuple(claims), named, headline, tuple(parsed_all))


def _tagged(text: Text, known: Known) -> Iterator[list[Span]]:
    for sentence in sentences(text):
        yield tag(text, sentence.first, min(sentence.end, sentence.first + _MOST_SPANS), known)


def _may_claim(spans: list[Span], known: Known) -> bool:
    """Whether a sentence holds an event and something it may be about; most texts of the world do not."""
    event = thing = False
    for span in spans:
        entry = span.entry
        if entry is not NOTHING:
            thing = thing or entry.is_thing
            event = event or bool(entry.ways or entry.acts) or "no" in entry.words or "call" in entry.kinds
            event = event or any(known.beings[named].kind == "call" for named in entry.things)
            if event and thing:
                return True
    return False


def _asks(text: Text, spans: list[Span]) -> bool:
    if not spans:
        return False
    after = text.gaps[spans[-1].end]
    first = spans[0]
    return "?" in after or (first.hints("question") and (first.hints("presuppose") or first.says("that")))


def _mark_capitals(text: Text, parsed: Parsed) -> None:
    """Note which unknown words of the first and the last clause are written as names are."""
    if len(parsed.cuts) < 2:
        return
    for cut in (parsed.cuts[0], parsed.cuts[-1]):
        for span in parsed.spans[cut.start : min(cut.end, cut.start + MOST_NAME)]:
            if span.entry is NOTHING:
                span.capital = text.surface(span.first)[:1].isupper()


def _explained(field: str, before: list[Parsed]) -> str | None:
    """Return what makes a summary no report: a headline that asks or gives an opinion goes before it."""
    headline = before[0] if field == "summary" and before else None
    if headline is None or not (headline.is_question or headline.label):
        return None
    return headline.label or f"{headline.spans[0].text} …?"


def _label(spans: list[Span]) -> str | None:
    first = spans[0] if spans else None
    return (
        first.text if first is not None and first.hints("opinion") and len(spans) > 1 and _is_label(spans[1]) else None
    )


def _is_label(following: Span) -> bool:
    return ":" in following.before or "|" in following.before or "-" in following.before or "—" in following.before


def _claims(parsed: Parsed, where: tuple[str, int, Text]) -> Iterator[Claim]:
    field, number, text = where
    quote = ""
    for found in events_of(parsed):
        words = tuple(
            Word(
                text.surface(span.first, span.end), role, field, text.spans[span.first][0], text.spans[span.end - 1][1]
            )
            for role, span in ((role, parsed.spans[place]) for role, place in found.places)
        )
        quote = quote or text.surface(parsed.spans[0].first, parsed.spans[-1].end)
        yield Claim(
            event=found.event,
            actors=found.actors,
            object=found.object,
            recipient=found.recipient,
            factuality=found.reading.factuality,
            context=found.reading.context,
            speakers=found.speakers,
            report_denied=found.reading.denied_report,
            during=found.during,
            amount=found.amount,
            field=field,
            sentence=number,
            quote=quote,
            words=words,
            why=tuple(found.reading.why),
        )
