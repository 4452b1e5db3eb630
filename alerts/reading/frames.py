"""A verb gets its frame: who stands before it, what after it, active or passive, and what its cues make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from alerts.model.claim import Context, Factuality
from alerts.reading.clauses import is_finite
from alerts.reading.conditions import conditions_after
from alerts.reading.entries import Way
from alerts.reading.factuality import Reading, read_cues
from alerts.reading.objects import agent_after, objects_after, thing_before
from alerts.reading.parsed import Parsed
from alerts.reading.speakers import speakers_before
from alerts.reading.subjects import Subject, chain_start, subject_of
from alerts.reading.things import Mention

GAP = 7
"""Words within which a result or a state must stand."""
_PARTICLE = 10
"""Words within which a verb's particle must follow."""

HARM = frozenset(("kill", "injure"))
_OBJECT_AFTER = frozenset(
    ("with", "from", "in", "auf", "na", "exemption", "waiver", "reprieve", "conditions", "terms", "preconditions",
     "caveats", "strings", "objection", "objections", "opposition", "resistance", "veto", "support", "backing",
     "approval", "acceptance", "participation", "compliance", "involvement", "briefing", "explanation", "explanations",
     "information")
)  # fmt: skip
_NOUN_AFTER = frozenset(("of", "for", "by", "with", "over", "after", "from"))
_MANY = frozenset(("leaders", "ministers", "allies", "states", "countries", "nations", "departments"))
_SETTING = frozenset(("under", "in", "at", "during"))
_BEEN = frozenset(("was", "were", "been"))
_NOW = frozenset(("is", "are", "be"))
_CONDITIONAL = frozenset(("agree", "welcome", "announce", "cede"))


@dataclass(frozen=True, slots=True)
class Frame:
    """What a verb was found to stand between."""

    place: int
    chain: int
    subject: Subject | None = None
    objects: tuple[Mention, ...] = ()
    actors: tuple[str, ...] = ()
    is_passive: bool = False
    is_future: bool = False

    @property
    def anchor(self) -> int | None:
        """The first word of what stands before the verb, None when nothing does."""
        if self.subject is not None:
            return self.subject.place
        return self.objects[0].first if self.is_passive and self.objects else None


@dataclass(frozen=True, slots=True)
class Settled:
    """What the cues say of a frame's event, who says it, and who acts."""

    reading: Reading
    speakers: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


def verb_frame(parsed: Parsed, place: int, way: Way) -> Frame | None:
    """Return the frame of a verb, active or passive; None when the word is no verb here."""
    accused = _accused(parsed, place)
    if accused is not None:
        return Frame(place, place, accused, tuple(objects_after(parsed, place)))
    chain = chain_start(parsed, place)
    describes = way.forms in {"n", "dn"} and chain == place and _governed(parsed, place)
    if describes or is_noun(parsed, place, way):
        return None
    if "n" in way.forms and _is_passive(parsed, chain, place):
        return _passive(parsed, place, chain)
    subject = subject_of(parsed, chain)
    objects = tuple(objects_after(parsed, _object_from(parsed, place, way.needs)))
    bare = _without_agent(parsed, (place, chain), way, (subject, objects))
    if bare is not None:
        return bare
    if not agrees(parsed, (place, chain), way, subject):
        return None
    if subject is None and not objects and "d" in way.forms and not parsed.spans[place].text.isascii():
        return _passive(parsed, place, chain)  # the call they moved to Thursday: nobody is named
    return Frame(place, chain, subject, objects, is_future=set(way.forms) == {"f"})


def _without_agent(
    parsed: Parsed, where: tuple[int, int], way: Way, ends: tuple[Subject | None, tuple[Mention, ...]]
) -> Frame | None:
    """Return the frame of a participle that nobody is named for, its thing before it or, where order is free, after."""
    (place, chain), (subject, objects) = where, ends
    if way.forms == "n" and objects and not parsed.spans[place].text.isascii():
        return Frame(place, chain, None, objects[:1], is_passive=True)
    leads_on = place + 1 < len(parsed.spans) and parsed.spans[place + 1].text in _SETTING
    if "n" not in way.forms or (objects and not (subject is None and leads_on)) or _is_perfect(parsed, chain, place):
        return None
    passive = _passive(parsed, place, chain)
    if passive.objects and (subject is None or subject.inherited or _thing_between(parsed, subject, chain)):
        return passive
    return None


def _is_passive(parsed: Parsed, chain: int, place: int) -> bool:
    """Whether *be* stands before a participle, or its agent after it."""
    if any(parsed.spans[at].says("be") for at in range(chain, place)):
        return True
    has_by = place + 1 < len(parsed.spans) and parsed.spans[place + 1].says("by")
    if has_by:
        return True
    end = min(place + 6, parsed.clause(place).end)
    return agent_after(parsed, place) is not None and not any(place < m.first < end for m in parsed.things)


def particle_of(parsed: Parsed, place: int, particle: str) -> int | None:
    """Return the place of the particle that a verb needs, within a few words."""
    end = min(place + _PARTICLE, parsed.clause(place).end)
    for at in range(place + 1, end):
        text = parsed.spans[at].text
        if text == particle or text.startswith(particle + " ") or text.endswith(" " + particle):
            return at
    return None


def _object_from(parsed: Parsed, place: int, particle: str) -> int:
    """Return where the object begins: after *with* and *from* (hits X with sanctions), else after the verb."""
    at = particle_of(parsed, place, particle) if particle in _OBJECT_AFTER else None
    return place if at is None or any(place < m.first < at for m in parsed.things) else at


def is_under_way(parsed: Parsed, frame: Frame) -> bool:
    """Whether the verb tells what goes on now: *are speaking*, in headlines also *leaders speaking*."""
    if not parsed.spans[frame.place].text.split(" ", 1)[0].endswith("ing") or frame.subject is None:
        return False
    group = parsed.spans[frame.chain : frame.place]
    if any(span.says("have") or span.text in _BEEN for span in group):
        return False
    if any(span.says("be") for span in group):
        return any(span.text in _NOW for span in group)
    rest = parsed.spans[frame.place + 1 : parsed.clause(frame.place).end]
    return not any(span.says("be") or span.hints("planned") for span in rest)


def _is_perfect(parsed: Parsed, chain: int, place: int) -> bool:
    """Whether *have* makes the participle active: *has put*, not *put*."""
    return any(parsed.spans[at].says("have") for at in range(chain, place))


def _accused(parsed: Parsed, place: int) -> Subject | None:
    """Return who is said to do it: *accuses X of rejecting*."""
    start = parsed.clause(place).start
    if place - 3 < start or parsed.spans[place - 1].text != "of" or not parsed.spans[place].text.endswith("ing"):
        return None
    who = parsed.entity(place - 2)
    if who is None or not any(
        parsed.spans[at].hints("accuse") and parsed.spans[at].hints("say") for at in range(start, place - 2)
    ):
        return None
    return Subject((who,), place - 2)


def _governed(parsed: Parsed, place: int) -> bool:
    """Whether a participle only describes the thing before it: *benefits from sanctions imposed*, *blamed …*."""
    mention = parsed.thing_at(place - 1)
    if mention is not None and "," in parsed.spans[place].before:
        return True  # the price cap, agreed by others, …
    if mention is None or thing_before(parsed, place) is not mention:
        return False
    for at in range(mention.first - 1, parsed.clause(place).start - 1, -1):
        span = parsed.spans[at]
        if span.says("preposition") and not span.says("conjunction"):
            head = parsed.spans[at - 1].entry if at else None
            return not (head is not None and (head.carries or head.is_thing))
        if is_finite(span):
            return not (span.says("be") or span.says("to") or (span.hints("say") and not span.hints("accuse")))
        if span.entry.ways:
            return False
    return False


def _thing_between(parsed: Parsed, subject: Subject, chain: int) -> bool:
    return any(subject.place <= m.first and m.last < chain for m in parsed.things)


def _passive(parsed: Parsed, place: int, chain: int) -> Frame:
    agent = agent_after(parsed, place)
    thing = thing_before(parsed, chain)
    actors = (agent,) if agent else _parties_of(parsed, thing)
    return Frame(place, chain, None, (thing,) if thing else (), actors, is_passive=True)


def _parties_of(parsed: Parsed, thing: Mention | None) -> tuple[str, ...]:
    """Return whose thing it is where two names stand joined before it: *Ruritania-Freedonia peace deal signed*."""
    at = thing.first - 1 if thing else 0
    if at < 1 or not parsed.spans[at].joined:
        return ()
    pair = (parsed.spans[at - 1].entry.entity, parsed.spans[at].entry.entity)
    return tuple(who for who in pair if who) if all(pair) else ()


def is_noun(parsed: Parsed, place: int, way: Way) -> bool:
    """Whether the word cannot be a verb where it stands: after *the*, *X's*, *of*."""
    span, before = parsed.spans[place], parsed.spans[place - 1] if place else None
    if before is None or "," in span.before or ":" in span.before:
        return False
    if before.possessive or (not before.entry.entity and (before.says("determiner") or before.entry.adjective)):
        return True
    if before.says("preposition") and not before.says("to"):
        return ("n" not in way.forms or before.text in _NOUN_AFTER) and not _joins_in(parsed, place)
    return False


def _joins_in(parsed: Parsed, place: int) -> bool:
    """Whether somebody joins in doing it: *joins its allies in imposing*."""
    if parsed.spans[place - 1].text != "in" or not parsed.spans[place].text.endswith("ing"):
        return False
    return any(parsed.spans[at].says("joins_in") for at in range(parsed.clause(place).start, place))


def agrees(parsed: Parsed, where: tuple[int, int], way: Way, subject: Subject | None) -> bool:
    """Whether the verb's form can be finite here: a bare form needs a plural subject, *to* or an auxiliary."""
    place, chain = where
    if set(way.forms) & set("sdf") or way.event in HARM or chain < place:
        return True
    if subject is None:
        before = parsed.spans[place - 1] if place else None
        if "g" in way.forms and place and _joins_in(parsed, place):
            return True
        return (
            "b" in way.forms
            and before is not None
            and (before.says("attack") or before.says("blasts"))
            and before.text.endswith("s")
        )
    start = parsed.clause(place).start
    if "g" in way.forms:
        return not parsed.spans[place - 1].says("preposition") or _joins_in(parsed, place)
    if any(parsed.spans[at].entry.cues & {"ask", "hope"} for at in range(start, subject.place)):
        return True  # demands that X drop …
    before = parsed.spans[chain - 1]
    if before.text.endswith("s") and (before.says("role_nouns") or before.text.split(" ")[-1] in _MANY):
        return True  # the ministers approve, allied leaders back
    return len(subject.entities) > 1 or subject.own_words or subject.is_pronoun or subject.inherited


def is_close(parsed: Parsed, subject: Subject, chain: int) -> bool:
    return all(
        parsed.entity(at) or parsed.spans[at].entry.words & {"adverb", "be", "role_nouns", "conjunction", "day"}
        for at in range(subject.place + 1, chain)
    )


def settle(parsed: Parsed, frame: Frame) -> Settled:
    """Return what the cues say of the frame's event, who says it, and who acts."""
    anchor, start = frame.anchor, parsed.clause(frame.place).start
    reading = read_cues(parsed, frame.place, frame.chain, anchor)
    if frame.is_future and reading.factuality is Factuality.ASSERTED and reading.context is Context.CURRENT:
        reading.context = Context.PLANNED
    if anchor is not None and anchor < start:
        start = parsed.clause(anchor).start
    edge = anchor if anchor is not None and anchor < frame.chain else frame.chain
    inner = [who for who, _ in speakers_before(parsed, start, edge)]
    return Settled(reading, (*parsed.speaker, *inner), _actors(parsed, frame, inner))


def _actors(parsed: Parsed, frame: Frame, inner: list[str]) -> tuple[str, ...]:
    """Return who acts; *we* and *he* are who says it."""
    subject = frame.subject
    if subject is None:
        return frame.actors
    if not (subject.own_words or subject.is_pronoun):
        return subject.entities
    return tuple(inner[-1:] or parsed.speaker[:1])


def with_condition(parsed: Parsed, event: str, place: int, reading: Reading) -> Reading:
    """Return the reading, conditional where the words after an agreement make it so."""
    may_be = reading.factuality in {Factuality.ASSERTED, Factuality.PROBABLE} or "would: possible" in reading.why
    if event not in _CONDITIONAL or not may_be or reading.context not in {Context.CURRENT, Context.PLANNED}:
        return reading
    condition = conditions_after(parsed, place)
    if condition is None:
        return reading
    at, why = condition
    return replace(
        reading,
        factuality=Factuality.ASSERTED,
        context=Context.CONDITIONAL,
        why=[*reading.why, why],
        cues=[*reading.cues, at],
    )


def without(settled: Settled) -> Settled:
    """Return the same with its event denied: *holds no election*."""
    if settled.reading.factuality is not Factuality.ASSERTED:
        return settled
    return replace(settled, reading=replace(settled.reading, factuality=Factuality.DENIED))


def copied(settled: Settled) -> Settled:
    """Return an equal value whose reading may be changed alone."""
    reading = settled.reading
    return replace(settled, reading=replace(reading, why=[*reading.why], cues=[*reading.cues]))
