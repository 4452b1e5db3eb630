"""Write rules: check them, run their tests, see what they match and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import emit, out, say
from alerts.model.errors import ConfigError, NotFoundError
from alerts.model.suggest import did_you_mean

if TYPE_CHECKING:
    from alerts.engine.stories import StepResult
    from alerts.judging.assess import Assessor
    from alerts.model.errors import Problem
    from alerts.model.item import Item
    from alerts.model.story import Story
    from alerts.wiring.authored import Authored

Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Rule files or folders; default: all.")]

Watch = Annotated[bool, typer.Option("--watch", help="Run again whenever a file changes, until Ctrl-C.")]


class Format(StrEnum):
    """How findings are printed: for people, for programs, as annotations of GitHub Actions."""

    HUMAN = "human"
    JSON = "json"
    GITHUB = "github"


def check(
    paths: Paths = None,
    rules: Rules = None,
    seeds: Seeds = None,
    form: Annotated[Format, typer.Option("--format", help="github: annotations in a pull request.")] = Format.HUMAN,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    watch: Watch = False,
) -> None:
    """Say everything that is wrong with rule files and seeds, at once, with line and column.

    Exit 0: usable (warnings may stand); 1: a file has errors.

    Example: [bold]alerts check rules/my-story/dam-news.yaml[/bold]
    """
    from alerts.cli.watching import run_on_change
    from alerts.wiring.authored import fingerprint, read_authored, read_stories

    only = tuple(paths or ())

    def once() -> bool:
        authored = read_authored(rules, seeds, only=only)
        authored = replace(authored, problems=(*authored.problems, *read_stories(authored, rules, only=only)[1]))
        _report(authored, Format.JSON if json else form)
        return not authored.errors

    run_on_change(once, lambda: fingerprint(rules, seeds, only=only), watch=watch)


def _problem(problem: Problem) -> dict[str, object]:
    where = {"path": problem.path, "line": problem.line, "col": problem.col}
    return {**where, "code": problem.code, "text": problem.text, "hint": problem.hint, "error": problem.is_error}


def _report(authored: Authored, form: Format) -> None:
    if form is Format.JSON:
        emit([_problem(problem) for problem in authored.problems])
        return
    for problem in authored.problems:
        out().print(_annotation(problem) if form is Format.GITHUB else str(problem), markup=False, soft_wrap=True)
    errors, all_of_them = len(authored.errors), len(authored.problems)
    say(f"{len(authored.questions)} rules usable, {errors} errors, {all_of_them - errors} warnings.")


def _annotation(problem: Problem) -> str:
    """Return a workflow command; percent signs and line ends are escaped as GitHub's documentation asks."""
    text = f"{problem.code}: {problem.text} {problem.hint}".strip()
    place = problem.path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{'error' if problem.is_error else 'warning'} file={place},line={problem.line},col={problem.col}::{text}"


def tests(
    paths: Paths = None, rules: Rules = None, seeds: Seeds = None, json: Json = False, watch: Watch = False
) -> None:
    """Run the tests that stand in the rule files, and the stories beside them.

    Exit 0: all as expected; 1: a test or a step of a story failed, or a file has errors.

    Example: [bold]alerts test rules/my-story[/bold]
    """
    from alerts.cli.watching import run_on_change
    from alerts.wiring.authored import fingerprint, read_authored, read_stories

    only = tuple(paths or ())

    def once() -> bool:
        authored = read_authored(rules, seeds, only=only)
        stories, problems = read_stories(authored, rules, only=only)
        authored = replace(authored, problems=(*authored.problems, *problems))
        return _tested(authored, stories, seeds, json=json)

    run_on_change(once, lambda: fingerprint(rules, seeds, only=only), watch=watch)


def _tested(authored: Authored, stories: Sequence[Story], seeds: Path | None, *, json: bool) -> bool:
    from alerts.judging.rehearsal import run_tests
    from alerts.wiring.authored import make_assessor

    assessor = make_assessor(authored)
    results = run_tests(assessor, authored.questions)
    steps = _played(authored, assessor, stories, seeds) if stories else ()
    failed = [str(one) for one in results if not one.passed] + [str(one) for one in steps if not one.passed]
    if json:
        emit({"problems": [_problem(one) for one in authored.errors], "results": results, "steps": steps})
        return not failed and not authored.errors
    for line in (*map(str, authored.errors), *failed):
        out().print(line, markup=False)
    well = sum(result.passed for result in results)
    say(f"{well} of {len(results)} tests as expected, in {len(authored.questions)} rules.")
    if stories:
        well = sum(step.passed for step in steps)
        say(f"{well} of {len(steps)} steps as expected, in {len(stories)} stories.")
    return not failed and not authored.errors


def _played(
    authored: Authored, assessor: Assessor, stories: Sequence[Story], seeds: Path | None
) -> tuple[StepResult, ...]:
    from alerts.engine.stories import run_stories
    from alerts.wiring.authored import in_force_of, read_sources

    return run_stories(in_force_of(authored, assessor, seeds), stories, read_sources(seeds))


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
    with open_lines(file) as lines:
        for number, item in read_items(lines, sources):
            if isinstance(item, str):
                bad += 1
                say(f"{file}:{number}: {item}")
            else:
                emit(verdict_line(item, assessor.verdicts(item)))
    raise typer.Exit(1 if bad or authored.errors else 0)


@contextmanager
def open_lines(file: str) -> Iterator[Iterator[bytes]]:
    """Open a file of lines, or standard input for ``-``."""
    if file == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; what goes wrong with what is printed is no matter of it
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None
    with opened:
        yield iter(opened)


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
