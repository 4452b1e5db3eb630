"""Look: where things stand, what is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import duration, emit, out, say, since, span, table, utc
from alerts.model.states import DeliveryState

if TYPE_CHECKING:
    from alerts.engine.windows import Outlook
    from alerts.model.feed import FeedState
    from alerts.store.store import Store

FAILING_SHOWN = 10


def status(rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Show how the daemon, the feeds and the deliveries are doing, and which answers are expected when.

    Exit 0: all well; 1: something wants attention (a dead delivery, no feed answering).

    Example: [bold]alerts status[/bold]
    """
    from alerts.engine.windows import outlook
    from alerts.model.question import Status
    from alerts.settings import read_settings
    from alerts.wiring.authored import read_authored
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import is_running, open_store, rules_state

    settings, now = read_settings(), SystemClock().now()
    with open_store(settings) as store:
        seen = _status(store, running=is_running(settings), now=now)
        authored = read_authored(rules or settings.rules, seeds or settings.seeds)
        looks = outlook(store, (one for one in authored.questions if one.status is Status.STABLE), now)
    seen["expected"] = [_expected(one, now) for one in looks if one.window is not None]
    seen["blind"] = [one.question for one in looks if one.blind] if seen["daemon"] == "running" else []
    seen["attention"] += [f"{one} is blind: the feeds that matter to it do not answer" for one in seen["blind"]]
    seen["rules"] = rules_state(settings)
    if json:
        emit(seen)
    else:
        _show_status(seen, now)
    raise typer.Exit(1 if seen["attention"] else 0)


def _status(store: Store, *, running: bool, now: datetime) -> dict[str, Any]:
    counts = store.counts()
    deliveries = {state.value: counts.deliveries.get(state, 0) for state in DeliveryState}
    attention = []
    if deliveries["dead"]:
        attention.append(f"{deliveries['dead']} deliveries were given up; see: alerts deliveries list --state dead")
    if counts.feeds and not counts.ok_feeds:
        attention.append("no feed has answered well; see: alerts feeds test")
    return {
        "at": now,
        "daemon": "running" if running else "stopped",
        "feeds": {
            "all": counts.feeds,
            "ok": counts.ok_feeds,
            "failing": [_failing(s) for s in store.feeds() if s.health.fault],
        },
        "items": counts.items,
        "versions": counts.versions,
        "evidence_waiting": counts.waiting,
        "deliveries": deliveries,
        "delivered_at": counts.delivered_at,
        "database_bytes": counts.size,
        "attention": attention,
    }


def _expected(look: Outlook, now: datetime) -> dict[str, Any]:
    window = look.window
    assert window is not None
    return {
        "question": look.question,
        "answer": window.answer,
        "from": window.start,
        "to": window.end,
        "state": "to come" if now < window.start else "open" if now < window.end else "over",
        "feeds_alive": look.alive,
        "feeds": look.listed,
    }


def _countdown(one: dict[str, Any], now: datetime) -> str:
    """Return how long it is to a window's beginning, its end, or since."""
    said = {
        "to come": f"opens in {span((one['from'] - now).total_seconds())}",
        "open": f"closes in {span((one['to'] - now).total_seconds())}",
    }
    when = said.get(one["state"], f"closed {span((now - one['to']).total_seconds())} ago")
    return f"{one['question']}: {one['answer']} {when}; {one['feeds_alive']} of {one['feeds']} feeds that matter answer"


def _rules_line(rules: dict[str, Any]) -> str:
    refused = rules["refused"]
    line = f"{rules['in_force']} in force"
    return f"{line}, {len(refused)} files refused: {'; '.join(refused)}" if refused else line


def _failing(state: FeedState) -> dict[str, Any]:
    health = state.health
    return {
        "feed": state.feed.id,
        "failures": health.failures,
        "fault": health.fault,
        "error": health.error,
        "next_at": health.next_at,
    }


def _show_status(seen: dict[str, Any], now: datetime) -> None:
    feeds, deliveries = seen["feeds"], seen["deliveries"]
    rows = [
        ("daemon", seen["daemon"]),
        ("rules", _rules_line(seen["rules"])),
        ("feeds", f"{feeds['ok']} of {feeds['all']} answered well at their last poll"),
        ("items", f"{seen['items']} in {seen['versions']} versions"),
        ("waiting", f"{seen['evidence_waiting']} pieces of evidence not judged yet"),
        ("deliveries", ", ".join(f"{number} {state}" for state, number in deliveries.items() if number) or "none"),
        ("last success", since(seen["delivered_at"], now)),
        ("database", f"{seen['database_bytes'] / 1e6:.1f} MB"),
    ]
    rows += [("expected", _countdown(one, now)) for one in seen["expected"]]
    table(("", ""), rows)
    for one in feeds["failing"][:FAILING_SHOWN]:
        out().print(f"  {one['error']}; next try {utc(one['next_at'])}", markup=False)
    if len(feeds["failing"]) > FAILING_SHOWN:
        say(f"  and {len(feeds['failing']) - FAILING_SHOWN} feeds more; see: alerts feeds list --failing")
    for line in seen["attention"]:
        say(f"! {line}")


def brief(rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Say where each question stands, in a line or two.

    Example: [bold]alerts brief[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.authored import read_authored
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    settings, now = read_settings(), SystemClock().now()
    authored = read_authored(rules or settings.rules, seeds or settings.seeds)
    with open_store(settings) as store:
        rows = [_stands(store, one.id, one.text, now) for one in authored.questions]
    if json:
        emit(rows)
        return
    for row in rows:
        out().print(f"{row['text']}", style="bold", markup=False)
        out().print(f"  {_told(row, now)}", markup=False)


def _stands(store: Store, question: str, text: str, now: datetime) -> dict[str, Any]:
    changes = store.changes(question, since=now - timedelta(days=1))
    case = store.case_for(question)
    return {
        "question": question,
        "text": text,
        "occasion": case.occasions[-1].id if case.occasions else "",
        "stands": case.stands,
        "told_at": case.told_at,
        "changes_24h": len(changes),
        "texts_24h": sum(len(change.because) for change in changes),
        "waiting": len(case.waiting),
    }


def _told(row: dict[str, Any], now: datetime) -> str:
    stands = [stand for stand in row["stands"].values() if stand.answer is not None]
    if stands:
        of = f"{row['occasion']}: " if row["occasion"] else ""
        return of + ", ".join(f"{one.answer} ({one.standing}, since {utc(one.since)})" for one in stands)
    if row["told_at"] is None:
        return "nothing told yet"
    told = f"last told {since(row['told_at'], now)}; {row['texts_24h']} texts in {row['changes_24h']} messages in 24 h"
    return told + (f"; {row['waiting']} wait for the next digest" if row["waiting"] else "")


def items(
    grep: Annotated[str | None, typer.Option("--grep", metavar="TEXT", help="Only those with these words.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="SPAN", help="Only newer: 90m, 24h, 7d, or a time.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="FEED", help="Only of this feed.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 50,
    json: Json = False,
) -> None:
    """Show stored items, newest first.

    Example: [bold]alerts items --grep ceasefire --since 24h[/bold]
    """
    from alerts.settings import read_settings
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    after = duration(since, now=SystemClock().now()) if since else None
    with open_store(read_settings()) as store:
        found = store.items(grep=grep, since=after, source=source, limit=limit)
    if json:
        emit(found)
        return
    rows = [(one.id, utc(one.seen) if one.seen else None, one.source.id, one.title) for one in found]
    table(("id", "first seen", "source", "title"), rows)
    if not found:
        say("No item fits. Has the daemon polled yet? See: alerts status")
