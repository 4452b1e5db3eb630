"""The sentences of an item are kept beside what the reader made of them, so that a reason can quote them as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alerts.judging.explain_gates import SHOWN, line
from alerts.model.item import Item
from alerts.reading.known import Known
from alerts.reading.normalise import Text, normalise
from alerts.reading.parsed import Parsed, parse
from alerts.reading.reader import SUMMARY_LETTERS, TITLE_LETTERS, Read, read
from alerts.reading.sentences import sentences
from alerts.reading.tagging import tag
from alerts.reading.things import Scope, scope_of

LONGEST_SENTENCE = 120
"""Words looked at of one sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence: its words, and the sentence taken apart."""

    field: str
    text: Text
    parsed: Parsed

    def words(self, first: int, last: int) -> str:
        """Return spans ``first``..``last`` (both included) as written, on one line."""
        spans = self.parsed.spans
        return line(self.text.surface(spans[first].first, spans[last].end))


@dataclass(frozen=True, slots=True)
class Seen:
    """An item as the reader saw it; ``day`` settles who held which office, None = ever."""

    read: Read
    passages: tuple[Passage, ...]
    known: Known
    day: date | None

    def tied_to(self, wars: Iterable[str]) -> str:
        """Quote the words that name one of the wars, or what is part of it."""
        wanted = set(wars)
        quotes: dict[str, None] = {}
        for passage in self.passages:
            named = [(place, scope_of([span], self.known)) for place, span in enumerate(passage.parsed.spans)]
            named += [(one.head, frozenset(self.known.beings[one.thing].part_of)) for one in passage.parsed.things]
            for place, seeds in sorted(named, key=lambda pair: pair[0]):
                if seeds & wanted:
                    quotes[f'"{passage.words(place, place)}"'] = None
        for claim in self.read.claims if not quotes else ():
            if claim.object and wanted.intersection(self.known.beings[claim.object].part_of):
                quotes.update((f'"{word.text}"', None) for word in claim.words if word.role in {"event", "object"})
        return ", ".join(list(quotes)[:SHOWN])


def seen(item: Item, known: Known) -> Seen:
    """Read an item once more, sentence by sentence, also where the reader found nothing worth taking apart."""
    found = read(item, known)
    fields = [("title", normalise(item.title[:TITLE_LETTERS]))]
    if item.summary:
        fields.append(("summary", normalise(item.summary[:SUMMARY_LETTERS])))
    cut = [(field, text, one) for field, text in fields for one in sentences(text)]
    spans = [tag(text, one.first, min(one.end, one.first + LONGEST_SENTENCE), known) for _, text, one in cut]
    named = [scope_of(one, known) for one in spans]
    headline = frozenset[str]().union(*(one for one, (field, *_) in zip(named, cut, strict=True) if field == "title"))
    parsed = found.sentences or [
        parse(one, Scope(headline | own), known) for one, own in zip(spans, named, strict=True)
    ]
    wars = {war for one in parsed for mention in one.things for war in known.beings[mention.thing].part_of}
    wars |= {war for claim in found.claims if claim.object for war in known.beings[claim.object].part_of}
    return Seen(
        read=Read(found.claims, frozenset(wars).union(*named), headline, tuple(parsed)),
        passages=tuple(Passage(field, text, one) for (field, text, _), one in zip(cut, parsed, strict=True)),
        known=known,
        day=item.published.date() if item.published else None,
    )
