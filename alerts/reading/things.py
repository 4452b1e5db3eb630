"""Words of a kind (*truce*, *sanctions*, *call*) become the thing that is meant, by modifier, parties or default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.reading.clauses import Clause, is_finite
from alerts.reading.entries import Entry
from alerts.reading.known import Known
from alerts.reading.tagging import Span

_SEPARATES = frozenset(":;—")
_LEFT, _RIGHT, _ACT = 6, 9, 6
WIDE = frozenset(("sanctions", "waiver", "membership", "election", "power", "reactor"))
"""Kinds whose modifier may stand anywhere in the sentence; the others want it in their own phrase."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing in the text: spans ``first``..``last`` (both included); ``head`` has the word of its kind."""

    thing: str
    kind: str
    first: int
    last: int
    head: int
    is_act: bool = False
    is_opaque: bool = False  # followed by a noun that makes it something else: ceasefire *talks*


@dataclass(frozen=True, slots=True)
class Scope:
    """Wars and seeds named in the text (headline and sentence), with what they are part of."""

    named: frozenset[str]

    def fits(self, known: Known, thing: str) -> bool:
        """Whether the text names what the thing is part of, and nothing tied only to another war."""
        wars = set(known.beings[thing].part_of)
        return bool(wars & self.named) and not self.is_elsewhere(known, wars)

    def is_elsewhere(self, known: Known, wars: Iterable[str]) -> bool:
        """Whether another war is named."""
        return any(known.beings[name].kind == "war" and name not in wars for name in self.named if name in known.beings)


def scope_of(spans: Iterable[Span], known: Known) -> frozenset[str]:
    """Return the seeds named in the spans and what those are part of."""
    named: set[str] = set()
    for span in spans:
        entry = span.entry
        if entry.modifies and " " in span.text:
            entry = _named_last(span, known)
        for seed in (entry.entity, entry.adjective, *entry.things):
            if seed is not None and not known.beings[seed].default and known.beings[seed].kind not in entry.kinds:
                named.add(seed)
                named.update(known.beings[seed].part_of)
    return frozenset(named)


def _named_last(span: Span, known: Known) -> Entry:
    """Return what names in a modifier of several words: all of it, else its last word (*on* and a town)."""
    last = span.text.rsplit(" ", 1)[1]
    named = span.entry.entity or span.entry.adjective or span.entry.things
    return span.entry if named or last not in known.table else known.entry(last)


def mentions(spans: list[Span], cuts: list[Clause], scope: Scope, known: Known) -> list[Mention]:
    """Return the things of a sentence, left to right."""
    found: list[Mention] = []
    for clause in cuts:
        for place in range(clause.start, clause.end):
            entry = spans[place].entry
            if entry.things or entry.kinds or entry.acts:
                found.extend(_at(spans, place, clause, (scope, known)))
    return found


def _at(spans: list[Span], place: int, clause: Clause, what: tuple[Scope, Known]) -> Iterator[Mention]:
    scope, known = what
    entry = spans[place].entry
    named = [thing for thing in entry.things if known.beings[thing].kind not in entry.kinds]
    for thing in named:
        kind = known.beings[thing].kind
        if not _follows_same_kind(spans, place, clause, kind):
            meant = _pick(spans, (place, place), kind, (clause, scope, known)) if known.beings[thing].default else thing
            if meant:
                yield Mention(meant, kind, place, place, place, is_opaque=_is_opaque(spans, place, clause, kind))
    for kind, last in _kinds_at(spans, place, clause):
        if any(known.beings[thing].kind == kind for thing in named):
            continue
        thing_id = _pick(spans, (place, last), kind, (clause, scope, known))
        if thing_id:
            is_act = kind not in entry.kinds
            yield Mention(thing_id, kind, place, last, place, is_act, _is_opaque(spans, last, clause, kind))


def _follows_same_kind(spans: list[Span], place: int, clause: Clause, kind: str) -> bool:
    """Whether the word of the kind stands right after: *Easter* + *truce* is read at *truce*."""
    return place + 1 < clause.end and kind in spans[place + 1].entry.kinds


def _kinds_at(spans: list[Span], place: int, clause: Clause) -> Iterator[tuple[str, int]]:
    entry = spans[place].entry
    for kind in entry.kinds:
        yield kind, place
    for kind, forms, closer in entry.acts:
        if not closer:
            yield kind, place
            return
        for at in range(place + 1, min(place + _ACT, clause.end)):
            if spans[at].text == closer or spans[at].text.startswith(closer + " "):
                yield kind, at
                return
        del forms


def _pick(spans: list[Span], where: tuple[int, int], kind: str, what: tuple[Clause, Scope, Known]) -> str | None:
    clause, scope, known = what
    things = known.of_kind.get(kind, ())
    if kind == "call":
        return _by_parties(spans, where[0], things, (clause, known))
    reach = range(len(spans)) if kind in WIDE else _phrase(spans, where, clause)
    best: tuple[int, str] | None = None
    for at in reach:
        entry = spans[at].entry
        if any(word.startswith("not-") and word[4:] in things for word in entry.words):
            return None
        for thing in (*entry.modifies, *_by_things(entry.things, kind, things, known)):
            distance = abs(at - where[0])
            if known.beings[thing].default and at == where[0]:
                continue  # its own bare name decides only when nothing nearer does
            if known.beings[thing].kind == kind and (best is None or distance < best[0]):
                best = (distance, thing)
    if best is not None:
        wars = known.beings[best[1]].part_of
        return None if scope.is_elsewhere(known, wars) else best[1]
    if _is_aimed(spans, where[1], clause, known):
        return None
    return next((thing for thing in things if known.beings[thing].default and scope.fits(known, thing)), None)


_BLOWS = ("attacks", "strikes", "bombing", "shelling", "bombardment", "airstrikes", "raids")


def _is_aimed(spans: list[Span], last: int, clause: Clause, known: Known) -> bool:
    """Whether only attacks on something less than a country stop: *stops strikes on ports* is no general truce."""
    on = last + 1
    if not spans[last].text.endswith(_BLOWS) or on + 1 >= clause.end or spans[on].text not in {"on", "against"}:
        return False
    return not any(
        (named := spans[at].entry.entity) is not None and known.beings[named].kind == "country"
        for at in range(on + 1, min(on + 3, clause.end))
    )


def _by_things(named: Iterable[str], kind: str, things: Iterable[str], known: Known) -> Iterator[str]:
    """Return the things of a kind that another named thing picks: itself, or what is part of it (a plant's power)."""
    for name in named:
        if known.beings[name].kind == kind:
            yield name
        else:
            yield from (thing for thing in things if name in known.beings[thing].part_of)


def _phrase(spans: list[Span], where: tuple[int, int], clause: Clause) -> list[int]:
    """Return the places whose words may pick the thing: its own noun phrase and what follows in the clause."""
    first, last = where
    left = first
    while left > clause.start and first - left < _LEFT and not _ends_phrase(spans, left - 1, left):
        left -= 1
    right = last
    while right + 1 < clause.end and right - last < _RIGHT and not _ends_after(spans, right + 1):
        right += 1
    return list(range(left, right + 1))


def _ends_phrase(spans: list[Span], at: int, following: int) -> bool:
    span = spans[at]
    if "," in spans[following].before or ";" in spans[following].before:
        return True
    return (
        is_finite(span)
        or (span.says("preposition") and span.text != "of")
        or span.says("conjunction")
        or span.says("to")
    )


def _ends_after(spans: list[Span], at: int) -> bool:
    span = spans[at]
    if "," in span.before or ";" in span.before or "—" in span.before:
        return not (spans[at].entry.modifies or spans[at].entry.things)
    return is_finite(span) and not span.says("to")


def _by_parties(spans: list[Span], place: int, things: Iterable[str], what: tuple[Clause, Known]) -> str | None:
    """Return the thing between just the parties that the text ties to the word (*call*)."""
    clause, known = what
    people = attached(spans, place, known)
    here = {who for span in spans[clause.start : clause.end] if (who := _person(span, known))}
    aside = next((at for at, span in enumerate(spans) if at > place and span.hints("background")), len(spans))
    everywhere = {who for span in spans[:aside] if (who := _person(span, known))}
    for thing in things:
        parties = set(known.beings[thing].parties)
        everybody = people | (everywhere if people | here < parties else here)
        if parties and (people == parties or (people <= parties and everybody == parties)):
            return thing
        if people and people < parties and everybody < parties and _house_of(parties - people, spans[:aside], known):
            return thing
    return None


def _house_of(missing: set[str], spans: list[Span], known: Known) -> bool:
    """Whether an office named in the text speaks for those whom the missing party speaks for: the palace's call."""
    wanted = {target for who in missing for target, _, _ in known.beings[who].speaks_for}
    return any(
        target in wanted
        for span in spans
        if span.entry.entity and known.beings[span.entry.entity].kind in {"office", "body"}
        for target, _, _ in known.beings[span.entry.entity].speaks_for
    )


def _person(span: Span, known: Known) -> str | None:
    seed = span.entry.entity or span.entry.weak
    return seed if seed and known.beings[seed].kind == "person" else None


def attached(spans: list[Span], place: int, known: Known) -> set[str]:
    """Return who stands with a word like *call*: *Ann-Bob call*, *call between … and …*, *call with …*."""
    people: set[str] = set()
    for at in range(place - 1, max(place - 6, -1), -1):
        span = spans[at]
        if not _SEPARATES.isdisjoint(spans[at + 1].before):
            break
        who = _person(span, known)
        if who is not None:
            people.add(who)
        elif is_finite(span) or span.says("preposition") or span.says("determiner") or span.entry.ways:
            break
        if spans[at].possessive or "," in spans[at].before:
            break
    linked = False
    for at in range(place + 1, min(place + 12, len(spans))):
        span = spans[at]
        who = _person(span, known)
        if who is not None and linked:
            people.add(who)
        elif "," in span.before or span.says("contrast") or span.hints("background") or is_finite(span):
            break
        elif span.says("preposition"):
            linked = span.says("linker")
    return people


def _is_opaque(spans: list[Span], place: int, clause: Clause, kind: str) -> bool:
    at = place + 1
    if at >= clause.end:
        return False
    span = spans[at]
    if "," in span.before or spans[place].possessive:
        return False
    return kind in span.entry.opaque and not is_finite_only(span)


def is_finite_only(span: Span) -> bool:
    """Whether the span is a verb and nothing else."""
    return bool(span.entry.words & {"be", "have"})
