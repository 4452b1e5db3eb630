"""Play what would have been told: of a file of items on its own clock, of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import duration, emit, out, say, talk, utc
from alerts.model.errors import AuthoringError, ConfigError, NotFoundError
from alerts.model.suggest import did_you_mean

if TYPE_CHECKING:
    from alerts.engine.backtest import Backtest
    from alerts.engine.playback import Happened
    from alerts.wiring.authored import Authored

SILENT_FOR = timedelta(seconds=1)
"""A command that takes longer says how far it is, and again after as long."""


def replay(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="Items, one JSON object a line; - is standard input.")
    ],
    sort: Annotated[bool, typer.Option("--sort", help="Put the items in the order of their times first.")] = False,
    rules: Rules = None,
    seeds: Seeds = None,
) -> None:
    """Judge the items of a file as if each came in at its own time: one JSON line a change.

    Items come in the order of the file, and the clock is the highest time so far: 'seen', else 'published'.
    Expected windows end at their own moments. Nothing is stored and nobody is told. A bad line is one
    message on standard error, the rest goes on, and the exit code is 1.

    Example: [bold]alerts replay items.jsonl | jq -c 'select(.told) | \\[.at, .question, .to, .reason]'[/bold]
    """
    from alerts.cli.authoring import open_lines
    from alerts.engine.ordering import in_order
    from alerts.engine.rehearse import read_numbered
    from alerts.engine.replay import BadLine, replayed
    from alerts.wiring.authored import in_force_of, make_assessor, read_authored, read_sources

    authored = read_authored(rules, seeds)
    for problem in authored.errors:
        say(str(problem))
    in_force = in_force_of(authored, make_assessor(authored), seeds)
    sources, bad = read_sources(seeds), 0
    with open_lines(file) as lines, progress() as seen:
        numbered = in_order(lines, sources) if sort else enumerate(lines, start=1)
        for one in replayed(read_numbered(numbered, sources), in_force, seen=seen):
            if isinstance(one, BadLine):
                bad += 1
                say(f"{file}:{one.number}: {one.problem}")
            else:
                emit(one)
    raise typer.Exit(1 if bad or authored.errors else 0)


@contextmanager
def progress() -> Iterator[Callable[[int, datetime], None]]:
    """Show how many items went by and where the clock stands, where it takes longer than a second."""
    from alerts.wiring.clock import SystemClock

    console, clock, count = talk(), SystemClock(), 0
    said = clock.steady()

    def seen(_number: int, at: datetime) -> None:
        nonlocal count, said
        count += 1
        if count % 256 == 0 and clock.steady() - said >= SILENT_FOR:
            said = clock.steady()
            console.print(f"  {count:,} items, {utc(at)}", end="\r" if console.is_terminal else "\n", markup=False)

    yield seen


def backtest(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule's id, or a rule file that is not in force.")],
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back: 30d, 24h, or a time.")] = "30d",
    rules: Rules = None,
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Say what a rule would have told of the stored items, on each day; a file, beside the rule in force.

    Items come as they were first seen, edits included. Nothing is stored and nobody is told; the status
    of the rule plays no part.

    Example: [bold]alerts backtest rules/my-story/dam-news.yaml --since 30d[/bold]
    """
    from alerts.engine.backtest import backtest as play
    from alerts.settings import read_settings
    from alerts.wiring.authored import in_force_of, make_assessor
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    settings, now = read_settings(), SystemClock().now()
    place = seeds or settings.seeds
    versions = _versions(rule, rules or settings.rules, place)
    in_force = [in_force_of(one, make_assessor(one), place) for one in versions]
    with open_store(settings) as store, progress() as seen:
        found = play(in_force, store.texts(since=duration(since, now=now)), until=now, seen=seen)
    if json:
        emit(_backtest_row(found))
    else:
        _show_backtest(found)


def _versions(rule: str, rules: Path | None, seeds: Path | None) -> list[Authored]:
    """Return the rule that is asked for and, where that is a file, the one of the same id in force, if any."""
    from alerts.wiring.authored import read_authored

    in_force = read_authored(rules, seeds)
    current = replace(in_force, questions=tuple(one for one in in_force.questions if one.id == Path(rule).stem))
    if not rule.endswith(".yaml"):
        if not current.questions:
            known = [one.id for one in in_force.questions]
            raise NotFoundError(
                f"no rule is called '{rule}'. {did_you_mean(rule, known).strip() or 'See: alerts rules list'}"
            )
        return [current]
    draft = read_authored(None, seeds, only=(Path(rule),))
    if draft.errors:
        raise AuthoringError(draft.errors)
    if not draft.questions:
        raise ConfigError(f"{rule} holds no rule; name a rule file")
    is_in_force = any(Path(one.path).resolve() == Path(rule).resolve() for one in current.questions)
    return [draft, current] if current.questions and not is_in_force else [draft]


def _backtest_row(found: tuple[Backtest, ...]) -> dict[str, Any]:
    from alerts.engine.backtest import only_in

    new = found[0]
    row = {
        "texts": new.texts,
        "told": [_told_row(one) for one in new.told],
        "silent": new.silent,
        "a_day": {f"{day}": number for day, number in new.a_day.items()},
    }
    if len(found) > 1:
        row["in_force"] = {"told": len(found[1].told), "silent": found[1].silent}
        row["only_new"] = [_told_row(one) for one in only_in(new, found[1])]
        row["only_in_force"] = [_told_row(one) for one in only_in(found[1], new)]
    return row


def _told_row(one: Happened) -> dict[str, Any]:
    change = one.change
    return {
        "at": change.at,
        "occasion": change.occasion,
        "from": change.from_answer,
        "to": change.to_answer,
        "reason": change.reason,
        "standing": change.standing,
        "severity": one.severity,
        "independent_sources": one.independent_sources,
        "evidence": [{"item": text.item.id, "title": text.item.title} for text in one.texts],
    }


def _show_backtest(found: tuple[Backtest, ...]) -> None:
    from alerts.engine.backtest import only_in

    new = found[0]
    _list(new.told)
    days = ", ".join(f"{day:%d %b} {number}" for day, number in new.a_day.items())
    say(f"{len(new.told)} messages of {new.texts} texts, {new.silent} changes told to nobody. {days}")
    if len(found) == 1:
        return
    more, less = list(only_in(new, found[1])), list(only_in(found[1], new))
    say(
        f"In force: {len(found[1].told)} messages; {len(more)} only by the file, {len(less)} only by the rule in force."
    )
    for what, listed in (("only the file", more), ("only the rule in force", less)):
        if listed:
            say(f"── {what} ──")
            _list(listed)


def _list(told: Iterable[Happened]) -> None:
    for one in told:
        change, text = one.change, one.texts[0].item.title if one.texts else "the time that went by"
        sources = f"{one.independent_sources} source{'' if one.independent_sources == 1 else 's'}"
        what = f"{change.reason} {change.to_answer or change.from_answer}"
        out().print(f"{utc(change.at)}  {one.severity}  {what}, {sources}: {text}", markup=False)
