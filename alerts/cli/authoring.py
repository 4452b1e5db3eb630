"""Write rules: check them, run their tests, see what they match and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import emit, out, say, table
from alerts.model.errors import ConfigError, NotFoundError
from alerts.model.suggest import did_you_mean

if TYPE_CHECKING:
    from alerts.model.errors import Problem
    from alerts.model.item import Item
    from alerts.wiring.authored import Authored

Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Rule files or folders; default: all.")]

rules = typer.Typer(no_args_is_help=True, help="List rules; print their JSON Schema.")


def check(paths: Paths = None, rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Say everything that is wrong with rule files and seeds, at once, with line and column.

    Exit 0: usable (warnings may stand); 1: a file has errors.

    Example: [bold]alerts check rules/my-story/dam-news.yaml[/bold]
    """
    from alerts.wiring.authored import read_authored

    authored = read_authored(rules, seeds, only=tuple(paths or ()))
    if json:
        emit([_problem(problem) for problem in authored.problems])
    else:
        _report(authored)
    raise typer.Exit(1 if authored.errors else 0)


def _problem(problem: Problem) -> dict[str, object]:
    where = {"path": problem.path, "line": problem.line, "col": problem.col}
    return {**where, "code": problem.code, "text": problem.text, "hint": problem.hint, "error": problem.is_error}


def _report(authored: Authored) -> None:
    for problem in authored.problems:
        out().print(str(problem), markup=False)
    errors, all_of_them = len(authored.errors), len(authored.problems)
    say(f"{len(authored.questions)} rules usable, {errors} errors, {all_of_them - errors} warnings.")


def tests(paths: Paths = None, rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Run the tests that stand in the rule files.

    Exit 0: all as expected; 1: a test failed or a file has errors.

    Example: [bold]alerts test rules/my-story[/bold]
    """
    from alerts.judging.rehearsal import run_tests
    from alerts.wiring.authored import make_assessor, read_authored

    authored = read_authored(rules, seeds, only=tuple(paths or ()))
    results = run_tests(make_assessor(authored), authored.questions)
    failed = [result for result in results if not result.passed]
    if json:
        emit({"problems": [_problem(one) for one in authored.errors], "results": results})
    else:
        for problem in authored.errors:
            out().print(str(problem), markup=False)
        for result in failed:
            out().print(str(result), markup=False)
        say(f"{len(results) - len(failed)} of {len(results)} tests as expected, in {len(authored.questions)} rules.")
    raise typer.Exit(1 if failed or authored.errors else 0)


def match(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="Items, one JSON object a line; - is standard input.")
    ],
    rules: Rules = None,
    seeds: Seeds = None,
) -> None:
    """Print what each item says about each question: one JSON line an item, in order, silence included.

    Keys read: id, published, seen, source, lang, title, summary, url; others are ignored. A bad line is
    one message on standard error, the rest goes on, and the exit code is 1.

    Example: [bold]alerts match items.jsonl | jq 'select(.verdicts != \\[])'[/bold]
    """
    from alerts.engine.rehearse import read_items, verdict_line
    from alerts.wiring.authored import make_assessor, read_authored, read_sources

    authored = read_authored(rules, seeds)
    for problem in authored.errors:
        say(str(problem))
    assessor, sources = make_assessor(authored), read_sources(seeds)
    bad = 0
    with _lines(file) as lines:
        for number, item in read_items(lines, sources):
            if isinstance(item, str):
                bad += 1
                say(f"{file}:{number}: {item}")
            else:
                emit(verdict_line(item, assessor.verdicts(item)))
    raise typer.Exit(1 if bad or authored.errors else 0)


@contextmanager
def _lines(file: str) -> Iterator[Iterator[bytes]]:
    """Open a file of lines, or standard input for ``-``."""
    if file == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        with Path(file).open("rb") as opened:
            yield iter(opened)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None


def explain(
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="A headline; ' || ' before a summary.")
    ] = None,
    item: Annotated[str | None, typer.Option("--item", metavar="ID", help="A stored item.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="ID", help="One question only.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Language of the text, e.g. en.")] = None,
    rules: Rules = None,
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Say why a text answers a question, or why not: every gate, the nearest miss, what would change it.

    Without --rule, questions that a text is far from take one line each.

    Example: [bold]alerts explain --rule dam-news --text "Drone hits the crest of the dam"[/bold]
    """
    from alerts.judging.explain import explain as why
    from alerts.wiring.authored import make_assessor, read_authored

    authored = read_authored(rules, seeds)
    asked = [one for one in authored.questions if rule in {None, one.id}]
    if not asked:
        raise NotFoundError(
            f"no rule is called '{rule}'.{did_you_mean(rule or '', (q.id for q in authored.questions))}"
        )
    subject = _subject(text, item, lang)
    assessor = make_assessor(authored)
    explanations = [why(assessor, question, subject) for question in asked]
    if json:
        emit(explanations)
        return
    for explanation in explanations:
        in_full = explanation.is_near or len(explanations) == 1
        out().print("\n".join([*explanation.lines(), ""]) if in_full else explanation.brief, markup=False)


def _subject(text: str | None, item_id: str | None, lang: str | None) -> Item:
    from alerts.model.item import Item, Source

    if (text is None) == (item_id is None):
        raise typer.BadParameter("give either --text or --item")
    if text is not None:
        title, _, summary = text.partition(" || ")
        return Item(
            id="text",
            source=Source(id="text", title="text", owner="text"),
            title=title,
            summary=summary or None,
            lang=lang,
        )
    from alerts.settings import read_settings
    from alerts.wiring.house import open_store

    with open_store(read_settings()) as store:
        return store.item(item_id or "")


@rules.command("list")
def list_rules(rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Show the rules that are usable, with their status and whom they tell.

    Example: [bold]alerts rules list[/bold]
    """
    from alerts.wiring.authored import read_authored

    authored = read_authored(rules, seeds)
    rows = [
        {
            "id": one.id,
            "story": one.story,
            "question": one.text,
            "status": one.status,
            "notify": one.notify,
            "tests": len(one.tests),
            "path": one.path,
        }
        for one in authored.questions
    ]
    if json:
        emit(rows)
    else:
        table(
            ("id", "story", "status", "tells", "tests", "question"),
            [(r["id"], r["story"], r["status"], r["notify"] or "default", r["tests"], r["question"]) for r in rows],
        )


@rules.command("schema")
def schema() -> None:
    """Print the JSON Schema of rule files, for editors with the YAML language server.

    Example: [bold]alerts rules schema > rules/rule.schema.json[/bold]
    """
    import json

    from alerts.rulebook.schema import rule_schema

    sys.stdout.write(json.dumps(rule_schema(), indent=2, ensure_ascii=False) + "\n")
