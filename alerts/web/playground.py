"""The playground: texts and a rule go in, what the rule makes of them comes out. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from alerts.engine.backtest import Backtest, backtest, only_in
from alerts.judging.explain import Explanation, explain
from alerts.judging.rehearsal import run_tests
from alerts.model.errors import NotFoundError
from alerts.model.item import Item, Source
from alerts.web.board import questions_of
from alerts.web.guard import form
from alerts.web.pages import as_json, page
from alerts.web.question import in_force, question_of
from alerts.web.quoting import shown
from alerts.web.readings import Reading, reading_of
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from alerts.engine.inforce import InForce
    from alerts.engine.playback import Happened
    from alerts.model.question import Question
    from alerts.wiring.workbench import Draft

MOST = 50
"""Texts looked at in one go."""

DAYS, MOST_DAYS = 7, 30
"""How far back a rule is played, unless asked otherwise, and at most."""

PATIENCE = 20.0
"""Seconds a rule is played over stored texts; what is left out by then is said."""

LETTERS = 4000
"""Letters of one text that are looked at."""

ITEM = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Tried:
    """One text: what was read in it, and what each question makes of it, those that it comes near first."""

    title: str
    summary: str | None
    reading: Reading | None
    near: tuple[Explanation, ...]
    far: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that would have been told."""

    at: datetime
    reason: str
    answer: str
    severity: str
    sources: int
    title: str
    only: bool


@dataclass(frozen=True, slots=True)
class Played:
    """What a rule would have told, beside the one in force; ``until`` is set where time ran out before the end."""

    days: int
    texts: int
    told: tuple[Row, ...]
    lost: tuple[Row, ...]
    in_force: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asked: texts, a question, the text of a rule (None = the one in force), and how many days."""

    texts: str = ""
    question: str = ""
    rule: str | None = None
    days: int = DAYS
    do: str = ""


def show(request: Request) -> Response:
    """Show the playground; a question, a text or an item of the address is looked at by the rules in force."""
    query = request.query_params
    texts = query.get("text") or query.get("item") or ""
    return _answer(request, Asked(texts=texts, question=query.get("question", "")))


async def attempt(request: Request) -> Response:
    """Look at texts and a rule as somebody wrote them."""
    fields = form(await request.body())
    given = fields.get("days", "")
    asked = Asked(
        texts=fields.get("texts", ""),
        question=fields.get("question", ""),
        rule=fields.get("rule", "").replace("\r\n", "\n") or None,
        days=min(int(given), MOST_DAYS) if given.isdecimal() and int(given) else DAYS,
        do=fields.get("do", ""),
    )
    return await run_in_threadpool(_download if asked.do == "download" else _answer, request, asked)


def data(request: Request) -> Response:
    """Return what the rules in force make of a text or an item, as JSON."""
    query = request.query_params
    asked = Asked(texts=query.get("text") or query.get("item") or "", question=query.get("question", ""))
    site = site_of(request)
    return as_json({"texts": _tried(site, in_force(site), _questions(site, asked), asked.texts)})


def _answer(request: Request, asked: Asked) -> Response:
    site = site_of(request)
    chosen = question_of(site, asked.question) if asked.question else None
    draft = _draft(site, asked, chosen)
    rules, questions = in_force(site), _questions(site, asked)
    if draft is not None and draft.in_force is not None and draft.question is not None:
        rules, questions = draft.in_force, [draft.question]
    is_usable = draft is None or draft.question is not None
    known: dict[str, Any] = {
        "asked": asked,
        "chosen": chosen,
        "questions": questions_of(site),
        "can_edit": site.workbench is not None,
        "rule": draft.text if draft is not None else "",
        "problems": draft.problems if draft is not None else (),
        "tried": _tried(site, rules, questions, asked.texts) if is_usable else (),
        "failed": _failed(draft),
        "played": _played(site, asked, draft, chosen) if asked.do == "backtest" and is_usable else None,
        "most": MOST,
    }
    return page(request, "playground.html", **known)


def _download(request: Request, asked: Asked) -> Response:
    name = asked.question if re.fullmatch(r"[a-z0-9-]+", asked.question) else "rule"
    headers = {"content-disposition": f'attachment; filename="{name}.yaml"'}
    return Response(asked.rule or "", media_type="text/yaml; charset=utf-8", headers=headers)


def _questions(site: Site, asked: Asked) -> list[Question]:
    return [question_of(site, asked.question)] if asked.question else questions_of(site)


def _draft(site: Site, asked: Asked, chosen: Question | None) -> Draft | None:
    """Return the rule as written, or the one in force to begin with; None where there is none to edit."""
    if site.workbench is None or chosen is None:
        return None
    text = asked.rule if asked.rule is not None else site.workbench.text_of(chosen)
    if not text:
        return None
    return site.workbench.draft(chosen.id, text, story=chosen.story, today=site.now().date())


def _failed(draft: Draft | None) -> tuple[str, ...]:
    """Return the tests of a rule that do not come out as expected, a line each."""
    if draft is None or draft.in_force is None or draft.question is None:
        return ()
    results = run_tests(draft.in_force.assessor, [draft.question])
    return tuple(
        f"line {one.line}: expected {'; '.join(one.expected)}, got {'; '.join(one.got)}: {shown(one.title, 200)}"
        for one in results
        if not one.passed
    )


def _tried(site: Site, rules: InForce, questions: Sequence[Question], texts: str) -> tuple[Tried, ...]:
    known = rules.assessor.claims.known if rules.assessor.claims is not None else None
    tried = []
    for item in _items(site, texts):
        told = [explain(rules.assessor, question, item) for question in questions]
        near = tuple(one for one in told if one.is_near or len(told) == 1)
        tried.append(
            Tried(
                title=shown(item.title, LETTERS),
                summary=shown(item.summary, LETTERS) if item.summary else None,
                reading=reading_of(item, known) if known is not None else None,
                near=tuple(sorted(near, key=lambda one: not one.verdicts)),
                far=tuple(one.brief for one in told if one not in near),
            )
        )
    return tuple(tried)


def _items(site: Site, texts: str) -> Iterator[Item]:
    """Yield an item for each line: the id of a stored one, or a headline with ' || ' before a summary."""
    lines = [line.strip() for line in texts.splitlines() if line.strip()]
    for line in lines[:MOST]:
        if ITEM.fullmatch(line):
            try:
                yield site.store.item(line)
                continue
            except NotFoundError:
                pass
        title, _, summary = line.partition(" || ")
        source = Source(id="text", title="text", owner="text")
        yield Item(id="text", source=source, title=title[:LETTERS], summary=summary[:LETTERS] or None)


def _played(site: Site, asked: Asked, draft: Draft | None, chosen: Question | None) -> Played | None:
    """Play the rule over what was seen lately, beside the one in force where that reads otherwise."""
    bench = site.workbench
    if bench is None or draft is None or draft.in_force is None or chosen is None:
        return None
    versions = [draft.in_force]
    if draft.question is not None and draft.question.hash != chosen.hash:
        current = bench.draft(chosen.id, bench.text_of(chosen), story=chosen.story)
        versions += [current.in_force] if current.in_force is not None else []
    now = site.now()
    stored = _Patient(site, site.store.texts(since=now - timedelta(days=asked.days)))
    mine, *others = backtest(versions, stored, until=now)
    return _compared(mine, others[0] if others else None, asked.days, stored.stopped_at)


def _compared(mine: Backtest, other: Backtest | None, days: int, until: datetime | None) -> Played:
    more = list(only_in(mine, other)) if other is not None else []
    less = list(only_in(other, mine)) if other is not None else []
    return Played(
        days=days,
        texts=mine.texts,
        told=tuple(_row(one, only=one in more) for one in mine.told),
        lost=tuple(_row(one, only=True) for one in less),
        in_force=None if other is None else len(other.told),
        until=until,
    )


def _row(one: Happened, *, only: bool) -> Row:
    change = one.change
    return Row(
        at=change.at,
        reason=change.reason.value,
        answer=change.to_answer or change.from_answer or "",
        severity=one.severity.value,
        sources=one.independent_sources,
        title=shown(one.texts[0].item.title, 240) if one.texts else "time went by",
        only=only,
    )


class _Patient:
    """Gives stored texts out until patience ends, and knows where it did."""

    def __init__(self, site: Site, texts: Iterable[tuple[Item, bool]]) -> None:
        self._clock, self._texts = site.clock, texts
        self.stopped_at: datetime | None = None

    def __iter__(self) -> Iterator[tuple[Item, bool]]:
        end = self._clock.steady() + timedelta(seconds=PATIENCE)
        for number, (item, primed) in enumerate(self._texts):
            if number % 64 == 0 and self._clock.steady() > end:
                self.stopped_at = item.seen
                return
            yield item, primed
