"""A question's page: where it stands, the story as a picture, how it moved and why, every text behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from alerts.engine.board import Facts
from alerts.engine.windows import outlooks
from alerts.judging.explain import explain
from alerts.model.change import Change, Reason, Standing
from alerts.model.errors import NotFoundError
from alerts.model.question import Question
from alerts.model.verdict import Evidence
from alerts.web.board import Card, board_of, make_card, spark_of
from alerts.web.looked import looked
from alerts.web.pages import as_json, page
from alerts.web.picture import NARROW, WIDE, Story, draw
from alerts.web.quoting import Quoted, quoted
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.engine.inforce import InForce
    from alerts.judging.explain import Explanation

TEXTS = 200
"""Pieces of evidence looked at, the latest ones."""

VOICES = 60
"""So much of it is written out on the page; the rest is in the JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change in words, with the texts that brought it. ``says`` is the sentence of the answer it is about."""

    seq: int
    at: datetime
    reason: Reason
    from_answer: str | None
    to_answer: str | None
    says: str
    standing: Standing | None
    occasion: str
    told: bool
    because: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one independent source said, in its first text, and who carried it on."""

    lead: Quoted
    carried: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that the page tells of a question. ``changes`` are newest first, ``voices`` too."""

    card: Card
    resolution: str | None
    owner: str | None
    rule_hash: str
    changes: tuple[Moved, ...]
    voices: tuple[Voice, ...]
    texts: int


def show(request: Request) -> Response:
    """Show a question."""
    site, (facts, dossier, evidence) = site_of(request), _read(request)
    question, now = facts.question, site.now()
    changes = tuple(reversed(facts.changes))
    story = Story(question, changes, evidence, site.store.alerts(question.id))
    return page(
        request,
        "question.html",
        it=dossier,
        card=dossier.card,
        spark=spark_of(facts, now),
        pictures=[one for frame in (WIDE, NARROW) if (one := draw(story, frame, now)) is not None],
        expected=question.expect,
        answers=question.answers,
        shown_texts=TEXTS,
        shown_voices=VOICES,
    )


def data(request: Request) -> Response:
    """Return the same as JSON."""
    return as_json(_read(request)[1])


def show_change(request: Request) -> Response:
    """Show why a change was made: the texts, what the rule makes of each, gate by gate."""
    question, change, texts = _change(request)
    return page(
        request,
        "change.html",
        question=question,
        it=_moved(question, change, {one.id: one for one in texts}),
        explained=_explained(site_of(request), question, texts),
    )


def change_data(request: Request) -> Response:
    """Return the same as JSON."""
    question, change, texts = _change(request)
    moved = _moved(question, change, {one.id: one for one in texts})
    return as_json({"change": moved, "explained": _explained(site_of(request), question, texts)})


def question_of(site: Site, question_id: str) -> Question:
    """Return a question in force; NotFoundError when there is none of that id."""
    return in_force(site).questions[question_id] if question_id in in_force(site).questions else _unknown(question_id)


def in_force(site: Site) -> InForce:
    """Return the rules; NotFoundError where none are known."""
    if site.in_force is None:
        raise NotFoundError("no rules are in force here; start the daemon: alerts run")
    return site.in_force()


def _unknown(question_id: str) -> Question:
    raise NotFoundError(f"no question '{question_id}' is in force; the board lists those that are")


def _read(request: Request) -> tuple[Facts, Dossier, list[Quoted]]:
    site = site_of(request)
    question = question_of(site, request.path_params["question"])
    [facts] = board_of(request).facts([question])
    [look] = outlooks(site.store.feeds(), [(question, facts.case)], site.now())
    card = make_card(facts, look, now=site.now(), since=looked(request).before)
    counted = _counted(facts)
    evidence = site.store.evidence_of(question.id, limit=TEXTS)
    texts = {one.id: one for one in evidence}
    missing = [one for change in facts.changes for one in change.because if one not in texts]
    texts |= {one.id: one for one in site.store.evidence(missing)}
    shown = [quoted(one, counted.get((one.verdict.answer, one.item.id))) for one in evidence]
    dossier = Dossier(
        card=card,
        resolution=question.misses,
        owner=question.owner,
        rule_hash=question.hash,
        changes=tuple(_moved(question, one, texts) for one in facts.changes),
        voices=tuple(_voices(shown)),
        texts=len(shown),
    )
    return facts, dossier, shown


def _counted(facts: Facts) -> dict[tuple[str | None, str], str]:
    """Return for whose voice an item was counted, by the answer it gave."""
    stands = [stand for one in facts.case.occasions for stand in one.stands.values()]
    return {
        (answer, item): origin
        for stand in stands
        for answer, voices in stand.voices.items()
        for origin, voice in voices.items()
        for item in voice.items
    }


def _moved(question: Question, change: Change, texts: dict[int, Evidence]) -> Moved:
    subject = change.to_answer or change.from_answer
    current = question.current_id(subject) if subject else None
    return Moved(
        seq=change.seq,
        at=change.at,
        reason=change.reason,
        from_answer=change.from_answer,
        to_answer=change.to_answer,
        says=question.answer(current).says if current else question.text,
        standing=change.standing,
        occasion=change.occasion,
        told=change.told,
        because=tuple(quoted(texts[one]) for one in change.because if one in texts),
    )


def _voices(texts: Iterable[Quoted]) -> list[Voice]:
    """Return what was said, each independent source once for each thing it said; the newest first."""
    groups: dict[tuple[str, str, str | None], list[Quoted]] = {}
    for one in sorted(texts, key=lambda one: (one.at, one.id)):
        groups.setdefault((one.label, one.origin, one.speaker), []).append(one)
    voices = [Voice(lead=group[0], carried=tuple(group[1:])) for group in groups.values()]
    return sorted(voices, key=lambda one: (one.lead.at, one.lead.id), reverse=True)


def _change(request: Request) -> tuple[Question, Change, list[Evidence]]:
    site = site_of(request)
    question, seq = question_of(site, request.path_params["question"]), request.path_params["seq"]
    change = next((one for one in site.store.changes_of(question.id) if one.seq == seq), None)
    if change is None:
        raise NotFoundError(f"'{question.id}' has no change {seq}")
    return question, change, site.store.evidence(change.because)


def _explained(site: Site, question: Question, texts: Sequence[Evidence]) -> list[Explanation]:
    assessor = in_force(site).assessor
    return [explain(assessor, question, one.item) for one in texts[:20]]
