"""The review: texts that settle nothing, for a person to say what they mean; what was said so becomes test lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from alerts.model.acts import Complaint, Label
from alerts.model.errors import NotFoundError
from alerts.model.item import Item
from alerts.web.guard import form
from alerts.web.pages import as_json, page
from alerts.web.question import in_force, question_of
from alerts.web.quoting import Quoted, quoted
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.model.question import Question

LISTED = 50
"""Texts on the page."""

LABELS = 1000
"""Labels looked at, the latest ones."""

NOTHING, IRRELEVANT = "-", "irrelevant"
"""What may be said besides an answer: the text answers nothing, or is not about it at all."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that settles nothing, and the answers it might have meant (id → sentence)."""

    question: str
    text: str
    said: Quoted
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How the rules of today read what people labelled: right, too much, too little, otherwise."""

    labels: int
    right: int
    too_much: int
    too_little: int
    other: int

    @property
    def precision(self) -> float | None:
        """Of the texts read as an answer, the part that people read the same; None where there are none."""
        said = self.right + self.too_much + self.other
        return self.right / said if said else None

    @property
    def recall(self) -> float | None:
        """Of the texts in which people read an answer, the part that was read the same; None where there are none."""
        meant = self.right + self.too_little + self.other
        return self.right / meant if meant else None


def show(request: Request) -> Response:
    """Show what waits for a person."""
    site = site_of(request)
    labels = site.store.complaints(limit=LABELS)
    return page(
        request, "review.html", doubts=_doubts(site, labels), labels=labels, score=_score(site, labels), most=LISTED
    )


def data(request: Request) -> Response:
    """Return the same as JSON."""
    site = site_of(request)
    labels = site.store.complaints(limit=LABELS)
    return as_json({"unclear": _doubts(site, labels), "labels": labels, "score": _score(site, labels)})


def lines(request: Request) -> Response:
    """Return every label as the test line it makes, by question."""
    site = site_of(request)
    by_question: dict[str, list[str]] = {}
    for one in site.store.complaints(limit=LABELS):
        by_question.setdefault(one.question, []).append(one.line)
    text = [f"# {name}\n{chr(10).join(dict.fromkeys(listed))}\n" for name, listed in sorted(by_question.items())]
    return PlainTextResponse("\n".join(text))


async def label(request: Request) -> Response:
    """Keep what a person says of a text."""
    return await run_in_threadpool(_labelled, request, form(await request.body()))


def _labelled(request: Request, fields: dict[str, str]) -> Response:
    site = site_of(request)
    question, item = question_of(site, fields.get("question", "")), site.store.item(fields.get("item", ""))
    means = fields.get("means", "")
    if means not in {NOTHING, IRRELEVANT, *(one.id for one in question.answers)}:
        raise NotFoundError(f"'{question.id}' has no answer '{means[:40]}'")
    expected = NOTHING if means in {NOTHING, IRRELEVANT} else means
    made = Complaint(
        alert="",
        question=question.id,
        item=item.id,
        label=Label.FALSE_ALARM if expected == NOTHING else Label.WRONG_ANSWER,
        by="the page",
        at=site.now(),
        line=line_of(item, expected),
        note="not relevant" if means == IRRELEVANT else None,
    )
    site.store.complain(made)
    return RedirectResponse("/review", 303)


def line_of(item: Item, expected: str) -> str:
    """Return the test line that says what should have been read."""
    lang = f"[{item.lang}] " if item.lang and item.lang.isalpha() else ""
    summary = f" || {' '.join(item.summary.split())}" if item.summary else ""
    return f"{lang}{expected} | {' '.join(item.title.split())}{summary}"


def _doubts(site: Site, labels: Iterable[Complaint]) -> list[Doubt]:
    """Return the unclear texts nobody has labelled, each text and question once."""
    rules = in_force(site).questions
    done = {(one.question, str(one.item)) for one in labels}
    found: list[Doubt] = []
    for one in site.store.unclear():
        question = rules.get(one.verdict.question)
        names = {(one.verdict.question, one.item.id), (one.verdict.question, f"copy {one.copy_key}")}
        if question is not None and done.isdisjoint(names):
            found.append(_doubt(question, quoted(one)))
        done |= names
    return found[:LISTED]


def _doubt(question: Question, said: Quoted) -> Doubt:
    return Doubt(question.id, question.text, said, tuple((one.id, one.says) for one in question.answers))


def _score(site: Site, labels: Iterable[Complaint]) -> Score:
    """Return how the rules of today read the labelled texts; the latest label of a text counts."""
    latest: dict[tuple[str, str], Complaint] = {}
    for one in labels:
        if one.item is not None and one.question in in_force(site).questions:
            latest.setdefault((one.question, one.item), one)
    counts = dict.fromkeys(("right", "too_much", "too_little", "other", "silent"), 0)
    for kind in _compared(site, latest.values()):
        counts[kind] += 1
    silent = counts.pop("silent")
    return Score(labels=sum(counts.values()) + silent, **counts)


def _compared(site: Site, labels: Iterable[Complaint]) -> Iterator[str]:
    assessor = in_force(site).assessor
    for one in labels:
        try:
            item = site.store.item(one.item or "")
        except NotFoundError:
            continue
        meant = one.line.partition(" | ")[0].rpartition("] ")[2]
        said = {verdict.label for verdict in assessor.verdicts(item) if verdict.question == one.question}
        said.discard("unclear")
        if meant == NOTHING:
            yield "too_much" if said else "silent"
        elif not said:
            yield "too_little"
        else:
            yield "right" if said == {meant} else "other"
