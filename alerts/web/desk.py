"""What the desk does on the page: rule on a question, silence, send again. By POST only, with a name and a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from alerts.engine.ruling import Ruling, rule, undo
from alerts.model.acts import DeskSilence
from alerts.model.errors import NotFoundError
from alerts.model.question import Severity
from alerts.web.guard import form
from alerts.web.pages import page
from alerts.web.question import question_of
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

ASIDE, UNDO = "-", "undo"
"""Instead of an answer: set aside what was said; take the last ruling back."""

HOURS = (1, 2, 8, 24, 72, 168)
"""For how long something may be silenced."""

LINE = 500
"""Characters of a reason."""


async def ruling(request: Request) -> Response:
    """Keep the desk's word on a question; it is judged like any evidence, and people are told."""
    return await run_in_threadpool(_ruled, request, form(await request.body()))


def _ruled(request: Request, fields: dict[str, str]) -> Response:
    site = site_of(request)
    question, means = question_of(site, request.path_params["question"]), fields.get("answer", "")
    because, by = _line(fields, "because"), _line(fields, "by")
    if not because or not by:
        return _incomplete(request, "A ruling needs a reason and a name: people are told both.")
    if means not in {ASIDE, UNDO, *(one.id for one in question.answers)}:
        raise NotFoundError(f"'{question.id}' has no answer '{means[:40]}'")
    answer = None if means in {ASIDE, UNDO} else means
    made = Ruling(question=question, answer=answer, because=because, by=by, at=site.now())
    if means == UNDO:
        undo(site.store, made)
    else:
        rule(site.store, made)
    return RedirectResponse(f"/questions/{percent(question.id, safe='')}", 303)


async def silence(request: Request) -> Response:
    """Keep alerts from being sent for a while."""
    return await run_in_threadpool(_silenced, request, form(await request.body()))


def _silenced(request: Request, fields: dict[str, str]) -> Response:
    site = site_of(request)
    reason, by = _line(fields, "reason"), _line(fields, "by")
    if not reason or not by:
        return _incomplete(request, "A silence needs a reason and a name: whoever misses an alert reads them.")
    named = fields.get("question", "")
    hours = next((one for one in HOURS if str(one) == fields.get("hours")), HOURS[0])
    up_to = next((one for one in Severity if one.value == fields.get("up_to")), None)
    made = DeskSilence(
        by=by,
        reason=reason,
        at=site.now(),
        until=site.now() + timedelta(hours=hours),
        question=question_of(site, named).id if named else None,
        address=_line(fields, "address") or None,
        up_to=up_to,
    )
    site.store.silence(made)
    return RedirectResponse("/silences", 303)


async def end_silence(request: Request) -> Response:
    """End a silence before its time."""
    return await run_in_threadpool(_ended, request, form(await request.body()))


def _ended(request: Request, fields: dict[str, str]) -> Response:
    site: Site = site_of(request)
    site.store.end_silence(request.path_params["silence"], by=_line(fields, "by") or "the page", at=site.now())
    return RedirectResponse("/silences", 303)


def resend(request: Request) -> Response:
    """Make a delivery due again at once, marked where it may have arrived."""
    site = site_of(request)
    site.store.resend(request.path_params["delivery"], site.now())
    return RedirectResponse("/deliveries", 303)


def _line(fields: dict[str, str], name: str) -> str:
    return " ".join(fields.get(name, "").split())[:LINE]


def _incomplete(request: Request, why: str) -> Response:
    return page(request, "error.html", 422, title="Something is missing", why=why)
