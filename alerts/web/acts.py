"""Links in messages act: GET shows what would happen, POST does it. Chats and mail scanners only ever GET."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.responses import Response

from alerts.delivery.tickets import read_ticket
from alerts.model.acts import Act, Complaint, DeskSilence, Label, Ticket
from alerts.model.change import Alert
from alerts.model.errors import NotFoundError
from alerts.web.guard import form
from alerts.web.pages import page
from alerts.web.site import Site, site_of

if TYPE_CHECKING:
    from starlette.requests import Request

HOURS = (2, 8, 24, 168)
"""For how long a reader may mute a question, the first unless another is chosen."""

LABELS = {
    Label.FALSE_ALARM: "Nothing of the kind was said",
    Label.WRONG_ANSWER: "Something was said, but it means another answer",
    Label.NOT_NEWS: "It is true, but old or told already",
}
NOTE = 500
"""Characters of a note."""


def show(request: Request) -> Response:
    """Show what the link would do, and the button that does it."""
    site = site_of(request)
    ticket, alert = _shown(site, request.path_params["ticket"])
    if ticket is None or alert is None:
        return _over(request)
    return page(request, "act.html", act=ticket.act, alert=alert, hours=HOURS, labels=LABELS, until=ticket.until)


async def perform(request: Request) -> Response:
    """Do what the link is for; doing it twice does no harm."""
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(_performed, request, form(await request.body()))


def _performed(request: Request, fields: dict[str, str]) -> Response:
    site = site_of(request)
    ticket, alert = _shown(site, request.path_params["ticket"])
    if ticket is None or alert is None:
        return _over(request)
    done = {Act.ACKNOWLEDGE: _acknowledge, Act.MUTE: _mute, Act.WRONG: _complain}[ticket.act]
    said, line = done(site, ticket, alert, fields)
    return page(request, "done.html", alert=alert, done=said, line=line)


def _shown(site: Site, text: str) -> tuple[Ticket | None, Alert | None]:
    ticket = read_ticket(text, site.key, site.now())
    if ticket is None:
        return None, None
    try:
        return ticket, site.store.alert(ticket.alert)
    except NotFoundError:
        return ticket, None


def _over(request: Request) -> Response:
    why = "This link is too old, or was not copied whole."
    return page(request, "error.html", 410, title="This link acts no more", why=why)


def _acknowledge(site: Site, ticket: Ticket, alert: Alert, fields: dict[str, str]) -> tuple[str, str]:
    site.store.acknowledge(alert.id, by=_who(ticket), at=site.now(), note=_note(fields))
    return "Acknowledged. Nobody else is woken for it; what changes next is told as ever.", ""


def _mute(site: Site, ticket: Ticket, alert: Alert, fields: dict[str, str]) -> tuple[str, str]:
    """Silence the question for this reader's address; muting again for a shorter time does not shorten it."""
    hours = next((one for one in HOURS if str(one) == fields.get("hours")), HOURS[0])
    until = site.now() + timedelta(hours=hours)
    made = DeskSilence(
        by=_who(ticket),
        reason=_note(fields) or "muted from a message",
        at=site.now(),
        until=until,
        question=alert.question,
        address=ticket.address,
    )
    if not any(_same(one, made) for one in site.store.silences(since=site.now())):
        site.store.silence(made)
    return f"Muted until {until:%Y-%m-%d %H:%M} UTC, for this address only.", ""


def _same(one: DeskSilence, made: DeskSilence) -> bool:
    """Whether a silence already does what another would."""
    narrowed = (one.question, one.address, one.up_to) == (made.question, made.address, made.up_to)
    return narrowed and one.ended_at is None and one.until >= made.until


def _complain(site: Site, ticket: Ticket, alert: Alert, fields: dict[str, str]) -> tuple[str, str]:
    label = next((one for one in Label if one == fields.get("label")), Label.FALSE_ALARM)
    made = Complaint(
        alert=alert.id,
        question=alert.question,
        item=alert.quotes[0].item if alert.quotes else None,
        label=label,
        by=_who(ticket),
        at=site.now(),
        line=test_line(alert, label),
        note=_note(fields),
    )
    site.store.complain(made)
    return "Noted, thank you. Whoever keeps the rule can add this line to its tests:", made.line


def test_line(alert: Alert, label: Label) -> str:
    """Return the line that makes a test of what was wrong: what should have been said of the text, and the text."""
    expected = "-" if label is Label.FALSE_ALARM else "unclear" if label is Label.WRONG_ANSWER else alert.answer or "-"
    if not alert.quotes:
        return f"# {alert.id}: no text stands behind it"
    quote = replace(
        alert.quotes[0], title=_one_line(alert.quotes[0].title), sentence=_one_line(alert.quotes[0].sentence)
    )
    inside = not quote.sentence or quote.sentence in quote.title
    lang = f"[{quote.lang}] " if quote.lang and quote.lang != "en" else ""
    return f"{lang}{expected} | {quote.title}{'' if inside else f' || {quote.sentence}'}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _who(ticket: Ticket) -> str:
    """Whoever reads that address: a link says no more of its reader."""
    return ticket.address


def _note(fields: dict[str, str]) -> str | None:
    return _one_line(fields.get("note", ""))[:NOTE] or None
