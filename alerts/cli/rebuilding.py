"""A state is proved by its evidence: judged again, it must come out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import emit, out, say
from alerts.model.errors import NotFoundError
from alerts.model.suggest import did_you_mean

if TYPE_CHECKING:
    from alerts.engine.rebuild import Rebuilt
    from alerts.store.store import Store


def rebuild(
    name: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="One question; default: all.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Put right what is not the same; nobody is told.")] = False,
    rules: Rules = None,
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Judge the stored evidence again and compare with the stored state, byte for byte.

    Exit 0: the same, or put right with --write; 1: not the same, and where.

    Example: [bold]alerts rebuild call-outcome[/bold]
    """
    from alerts.engine.rebuild import rebuild as judge_again
    from alerts.settings import read_settings
    from alerts.wiring.authored import read_authored
    from alerts.wiring.house import open_store

    settings = read_settings()
    authored = read_authored(rules or settings.rules, seeds or settings.seeds)
    asked = [one for one in authored.questions if name in {None, one.id}]
    if not asked:
        hint = did_you_mean(name or "", [one.id for one in authored.questions]).strip() or "See: alerts questions"
        raise NotFoundError(f"no question is called '{name}'. {hint}")
    with open_store(settings) as store:
        found = [judge_again(store, one) for one in asked]
        put = {one.question: _put_right(store, one) for one in found if one.differences and write}
    wrong = [one.question for one in found if one.differences and not put.get(one.question)]
    if json:
        emit([_row(one, put_right=put.get(one.question, False)) for one in found])
    else:
        for one in found:
            _show(one, put_right=put.get(one.question))
    raise typer.Exit(1 if wrong else 0)


def _put_right(store: Store, rebuilt: Rebuilt) -> bool:
    from alerts.engine.rebuild import put_right

    return put_right(store, rebuilt)


def _row(one: Rebuilt, *, put_right: bool) -> dict[str, object]:
    return {
        "question": one.question,
        "evidence": one.evidence,
        "changes": len(one.changes),
        "differences": one.differences,
        "put_right": put_right,
    }


def _show(one: Rebuilt, *, put_right: bool | None) -> None:
    said = f"{one.evidence} pieces of evidence, {len(one.changes)} changes"
    if not one.differences:
        out().print(f"{one.question}: the same ({said})", markup=False)
        return
    for line in one.differences:
        out().print(f"{one.question}: {line}", markup=False)
    if put_right:
        out().print(f"{one.question}: put right ({said})", markup=False)
    elif put_right is None:
        mend = f"alerts rebuild {one.question} --write"
        say(f"{one.question} is not what its evidence gives ({said}). Put it right: {mend}")
    else:
        say(f"{one.question} moved meanwhile and was left as it is; run this again")
