"""Where each question stands, how it came there, and the desk's word on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from alerts.cli.options import Json
from alerts.cli.show import emit, out, say, table, utc
from alerts.model.errors import NotFoundError
from alerts.model.suggest import did_you_mean

if TYPE_CHECKING:
    from alerts.engine.ruling import Ruling
    from alerts.engine.windows import Outlook
    from alerts.model.case import Case, Occasion, Stand
    from alerts.model.change import Change
    from alerts.model.question import Question
    from alerts.model.verdict import Evidence
    from alerts.settings import Settings
    from alerts.store.store import Store
    from alerts.wiring.authored import Authored

app = typer.Typer(
    invoke_without_command=True, help="Show where each question stands and how it came there; settle one, or undo that."
)

Name = Annotated[str, typer.Argument(metavar="QUESTION", help="The question's id.")]
Because = Annotated[str, typer.Option("--because", help="Why; people are told.")]
By = Annotated[str, typer.Option("--by", help="Who says so.")]


class _Open(NamedTuple):
    """What is needed to look at a question, or to rule on it."""

    settings: Settings
    authored: Authored
    store: Store
    now: datetime

    def question(self, name: str) -> Question:
        """Return a question of the rules; NotFoundError, with the nearest id, where there is none."""
        for one in self.authored.questions:
            if one.id == name:
                return one
        known = [one.id for one in self.authored.questions]
        raise NotFoundError(
            f"no question is called '{name}'. {did_you_mean(name, known).strip() or 'See: alerts questions'}"
        )


@contextmanager
def _opened() -> Iterator[_Open]:
    from alerts.settings import read_settings
    from alerts.wiring.authored import read_authored
    from alerts.wiring.clock import SystemClock
    from alerts.wiring.house import open_store

    settings = read_settings()
    authored = read_authored(settings.rules, settings.seeds)
    with open_store(settings) as store:
        yield _Open(settings, authored, store, SystemClock().now())


@app.callback(invoke_without_command=True)
def questions(context: typer.Context, json: Json = False) -> None:
    """Show where each question and its latest occasion stands, and what is expected.

    Example: [bold]alerts questions --json[/bold]
    """
    if context.invoked_subcommand is not None:
        return
    from alerts.engine.windows import outlook

    with _opened() as opened:
        asked = [one for one in opened.authored.questions if not one.watches]
        looks = {one.question: one for one in outlook(opened.store, asked, opened.now)}
        rows = [_standing(one, opened.store.case_for(one.id), looks[one.id]) for one in asked]
    if json:
        emit(rows)
        return
    table(("question", "occasion", "answer", "standing", "since", "sources", "expected"), _lines(rows))


def _standing(question: Question, case: Case, look: Outlook) -> dict[str, Any]:
    return {
        "question": question.id,
        "text": question.text,
        "status": question.status,
        "occasions": [_occasion(one) for one in case.occasions],
        "blind": look.blind,
        "expected": look.window,
    }


def _occasion(occasion: Occasion) -> dict[str, Any]:
    return {
        "occasion": occasion.id,
        "opened_at": occasion.opened_at,
        "closed_at": occasion.closed_at,
        "stands": [_stand(aspect, stand) for aspect, stand in occasion.stands.items()],
    }


def _stand(aspect: str, stand: Stand) -> dict[str, Any]:
    voices = {
        answer: [{"origin": origin, "at": voice.at, "official": voice.official} for origin, voice in behind.items()]
        for answer, behind in stand.voices.items()
    }
    return {
        "aspect": aspect,
        "answer": stand.answer,
        "standing": stand.standing,
        "since": stand.since,
        "independent_sources": len(stand.origins),
        "voices": voices,
        "denied_by": sorted(stand.denials),
    }


def _lines(rows: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        window = row["expected"]
        expected = f"{window.answer} by {utc(window.end)}" if window is not None else None
        last: dict[str, Any] = row["occasions"][-1] if row["occasions"] else {"occasion": "", "stands": []}
        place = (row["question"], last["occasion"] or None)
        stands = [one for one in last["stands"] if one["answer"] is not None]
        for one in stands:
            standing = "blind" if row["blind"] else one["standing"]
            yield (*place, one["answer"], standing, one["since"], one["independent_sources"], expected)
        if not stands:
            yield (*place, None, "blind" if row["blind"] else None, None, None, expected)


@app.command("show")
def show(name: Name, json: Json = False) -> None:
    """Show how a question came to stand where it stands: who said what, what changed, what the desk ruled.

    Example: [bold]alerts questions show call-outcome[/bold]
    """
    from alerts.engine.windows import outlook

    with _opened() as opened:
        question, store = opened.question(name), opened.store
        (look,) = outlook(store, [question], opened.now)
        seen = _standing(question, store.case_for(name), look)
        changes = store.changes_of(name)
        texts = {one.id: one for one in store.evidence([id_ for change in changes for id_ in change.because])}
        seen["changes"] = [_change(one, texts) for one in changes]
        seen["rulings"] = [_text(one) for one in store.rulings(name)]
    if json:
        emit(seen)
    else:
        _show(seen)


def _change(change: Change, texts: dict[int, Evidence]) -> dict[str, Any]:
    return {
        "id": f"{change.question}-{change.seq}",
        "at": change.at,
        "occasion": change.occasion,
        "from": change.from_answer,
        "to": change.to_answer,
        "reason": change.reason,
        "standing": change.standing,
        "told": change.told,
        "evidence": [_text(texts[one]) for one in change.because if one in texts],
    }


def _text(one: Evidence) -> dict[str, Any]:
    return {
        "item": one.item.id,
        "source": one.item.source.title,
        "origin": one.origin.id if one.origin else one.item.source.owner,
        "verdict": one.verdict.label,
        "speaker": one.verdict.speaker,
        "title": one.item.title,
        "because": one.verdict.because,
        "why": one.verdict.why,
        "at": one.at,
        "link": one.item.link,
    }


def _show(seen: dict[str, Any]) -> None:
    out().print(f"{seen['question']}: {seen['text']}", style="bold", markup=False)
    for occasion in seen["occasions"]:
        for stand in occasion["stands"]:
            out().print(f"  {_stand_line(occasion, stand)}", markup=False)
            for answer, voices in stand["voices"].items():
                said = ", ".join(f"{v['origin']}{'*' if v['official'] else ''} {utc(v['at'])}" for v in voices)
                out().print(f"    {answer}: {said}", markup=False)
    if not seen["occasions"]:
        out().print("  nothing is known yet", markup=False)
    if seen["expected"] is not None:
        window = seen["expected"]
        out().print(f"  expected: {window.answer}, {utc(window.start)} to {utc(window.end)}", markup=False)
    for one in seen["changes"]:
        of = f"{one['occasion']} " if one["occasion"] else ""
        told = "told" if one["told"] else "silent"
        out().print(f"{utc(one['at'])}  {of}{_moved(one)}, {told}{_said(one['evidence'])}", markup=False)
    if any(v["official"] for o in seen["occasions"] for s in o["stands"] for b in s["voices"].values() for v in b):
        say("* the actor's own page, or the desk")


def _stand_line(occasion: dict[str, Any], stand: dict[str, Any]) -> str:
    where = " ".join(part for part in (occasion["occasion"], stand["aspect"]) if part)
    answer = f"{stand['answer']} ({stand['standing']} since {utc(stand['since'])})" if stand["answer"] else "open"
    return f"{where}: {answer}" if where else answer


def _moved(change: dict[str, Any]) -> str:
    return f"{change['reason']} {change['from'] or '–'} → {change['to'] or '–'}"


def _said(texts: list[dict[str, Any]]) -> str:
    if not texts:
        return ""
    first = texts[0]
    who = f"{first['source']} ({first['speaker']})" if first["speaker"] else first["source"]
    return f". {who}: {first['title']}" + (f" and {len(texts) - 1} more" if len(texts) > 1 else "")


# --- the desk's word ------------------------------------------------------------------------------


@app.command("settle")
def settle(
    name: Name, answer: Annotated[str, typer.Argument(help="The answer that holds.")], because: Because, by: By
) -> None:
    """Settle a question: the answer is in force and confirmed, whatever was said; people are told why, and by whom.

    Example: [bold]alerts questions settle call-outcome ended --because "Both sides say so" --by Anna[/bold]
    """
    from alerts.engine.ruling import rule

    with _opened() as opened:
        ruling = _ruling(opened, name, because=because, by=by, answer=answer)
        rule(opened.store, ruling)
        _judged(opened, name, f"{by} settles {name}: {answer}")


@app.command("void")
def void(name: Name, because: Because, by: By) -> None:
    """Set aside all that was said: the question is open again, until a new text answers it.

    Example: [bold]alerts questions void call-outcome --because "It was another call" --by Anna[/bold]
    """
    from alerts.engine.ruling import rule

    with _opened() as opened:
        rule(opened.store, _ruling(opened, name, because=because, by=by))
        _judged(opened, name, f"{by} sets aside what was said on {name}")


@app.command("undo")
def undo(name: Name, because: Because, by: By) -> None:
    """Take back the desk's last word on a question; what the texts say counts again.

    Example: [bold]alerts questions undo call-outcome --because "A mistake" --by Anna[/bold]
    """
    from alerts.engine.ruling import undo as take_back

    with _opened() as opened:
        last = take_back(opened.store, _ruling(opened, name, because=because, by=by))
        _judged(opened, name, f"{by} takes back a ruling of {last.verdict.speaker} ({last.verdict.because[0]})")


def _ruling(opened: _Open, name: str, *, because: str, by: str, answer: str | None = None) -> Ruling:
    from alerts.engine.ruling import Ruling

    question = opened.question(name)
    known = [one.id for one in question.answers]
    if question.watches:
        raise typer.BadParameter(f"'{name}' is a rule without answers; there is nothing to settle")
    if answer is not None and answer not in known:
        hint = did_you_mean(answer, known).strip() or f"It has: {', '.join(known)}."
        raise typer.BadParameter(f"'{name}' has no answer '{answer}'. {hint}")
    if not because.strip() or not by.strip():
        raise typer.BadParameter("say why (--because) and who (--by); both are kept")
    return Ruling(question=question, answer=answer, because=because.strip(), by=by.strip(), at=opened.now)


def _judged(opened: _Open, name: str, said: str) -> None:
    """Let it be judged: by the daemon at its next tick, else here and now."""
    from alerts.wiring.house import is_running, judge_at_once

    if is_running(opened.settings):
        say(f"{said}. The daemon tells it at its next tick.")
        return
    applied = judge_at_once(opened.settings, opened.store, opened.authored, name)
    waiting = len(applied.deliveries) if applied is not None else 0
    say(f"{said}. No daemon runs: judged now, {waiting} messages wait for the next: alerts run")
