"""Rules as files: list them, print their schema, begin one, compare two versions of one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import emit, out, say, table
from alerts.model.errors import AuthoringError, ConfigError

if TYPE_CHECKING:
    from alerts.judging.assess import Assessor
    from alerts.model.item import Item
    from alerts.wiring.authored import Authored

app = typer.Typer(no_args_is_help=True, help="List rules, begin one, compare two versions; print their JSON Schema.")

ASKED = {
    "id": "Id, lower-case words joined by '-'",
    "question": "The question",
    "match": "What words (AND, OR, NOT, quotes for phrases)",
    "finds": "A headline it must find",
    "leaves": "A headline it must leave alone",
}


@app.command("list")
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


@app.command("schema")
def schema(
    story: Annotated[bool, typer.Option("--story", help="Of story files, not of rule files.")] = False,
) -> None:
    """Print the JSON Schema of rule files, for editors with the YAML language server.

    Example: [bold]alerts rules schema > rules/rule.schema.json[/bold]
    """
    import json

    from alerts.rulebook.schema import rule_schema, story_schema

    made = story_schema() if story else rule_schema()
    sys.stdout.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")


@app.command("new")
def new(  # one option a key of the file
    rule_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The file's name, e.g. dam-news.")] = None,
    question: Annotated[str | None, typer.Option("--question", help="What you want to be told.")] = None,
    match: Annotated[str | None, typer.Option("--match", help="What words: dam AND (breach* OR crack*).")] = None,
    notify: Annotated[str | None, typer.Option("--notify", help="Whom to tell; none: channel default.")] = None,
    finds: Annotated[str | None, typer.Option("--finds", help="A headline it must find.")] = None,
    leaves: Annotated[str | None, typer.Option("--leaves", help="A headline it must leave alone.")] = None,
    story: Annotated[Path, typer.Option("--story", metavar="DIR", help="Folder of the file.")] = Path("rules/my-story"),
    seeds: Seeds = None,
) -> None:
    """Begin a rule: a file that passes check and its own two tests.

    Asks for what is not given, on a terminal; elsewhere everything but --notify and --story must be given.
    Nothing is overwritten, and nothing is written that would not pass.

    Example: [bold]alerts rules new dam-news --question "The dam" --match dam --finds "Dam bursts" --leaves Rain[/bold]
    """
    given = {"id": rule_id, "question": question, "match": match, "finds": finds, "leaves": leaves}
    told = _asked(given, notify)
    path = story / f"{told['id']}.yaml"
    _check_free(told["id"], path)
    text = _written(told, story)
    _check_draft(path, text, seeds)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    out().print(str(path), markup=False)
    say(f"Next: paste headlines under 'tests:' in {path}, then: alerts test {path} --watch")


def _asked(given: dict[str, str | None], notify: str | None) -> dict[str, str]:
    """Return every answer; ask a person for the missing ones, name them where nobody can be asked."""
    missing = [key for key, value in given.items() if not (value or "").strip()]
    if missing and not sys.stdin.isatty():
        names = ", ".join("ID" if key == "id" else f"--{key}" for key in missing)
        raise typer.BadParameter(f"missing: {names}. Give them, or run this on a terminal to be asked")
    answers = {key: value or typer.prompt(ASKED[key], err=True) for key, value in given.items()}
    if missing and notify is None:
        notify = typer.prompt("Whom to tell (a channel; empty: default)", default="", show_default=False, err=True)
    return {key: " ".join(value.split()) for key, value in {**answers, "notify": notify or ""}.items()}


def _check_free(rule_id: str, path: Path) -> None:
    if not rule_id.replace("-", "").isalnum():
        raise typer.BadParameter(f"'{rule_id}' is no possible id; use lower-case words joined by '-'")
    homes = [path, *path.parent.parent.rglob(path.name)] if path.parent.parent.is_dir() else [path]
    for taken in homes:
        if taken.exists():
            raise ConfigError(f"{taken} exists already and is kept; choose another id, or edit that file")


def _written(told: dict[str, str], story: Path) -> str:
    schema = story.parent / "rule.schema.json"
    lines = ["# yaml-language-server: $schema=../rule.schema.json"] if schema.is_file() else []
    lines += [f"question: {_scalar(told['question'])}", "match: >", f"  {told['match']}"]
    lines += [f"notify: {_scalar(told['notify'])}"] if told["notify"] else []
    lines += ["tests: |", f"  matched | {told['finds']}", f"  -       | {told['leaves']}"]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """Write a text as YAML reads it back: plain where that is safe, else quoted."""
    import json

    plain = text[:1].isalpha() and ": " not in text and " #" not in text and not text.endswith(":")
    reserved = text.lower() in {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
    return text if plain and not reserved else json.dumps(text, ensure_ascii=False)


def _check_draft(path: Path, text: str, seeds: Path | None) -> None:
    """Check and test the file before it exists; what is wrong is said as of the file it would be."""
    from tempfile import TemporaryDirectory

    from alerts.judging.rehearsal import run_tests
    from alerts.wiring.authored import make_assessor, read_authored

    with TemporaryDirectory() as folder:
        draft = Path(folder) / path.parent.resolve().name / path.name
        draft.parent.mkdir()
        draft.write_text(text, "utf-8")
        authored = read_authored(None, seeds, only=(draft,))
        wrong = [str(one) for one in authored.errors if one.path == str(draft)]
        results = run_tests(make_assessor(authored), authored.questions) if authored.questions else ()
        wrong += [str(one) for one in results if not one.passed]
    if wrong:
        said = "\n".join(line.replace(str(draft), str(path)) for line in wrong)
        raise ConfigError(f"{said}\nNothing was written")


@app.command("diff")
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A rule file or folder of rules.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Its other version.")],
    on: Annotated[str, typer.Option("--on", metavar="FILE.jsonl", help="Items, one a line; - is standard input.")],
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Show which items two versions of a rule judge differently.

    Exit 0: none; 1: some, or a line of the items cannot be read.

    Example: [bold]alerts rules diff dam-news.yaml rules/my-story/dam-news.yaml --on items.jsonl[/bold]
    """
    from alerts.cli.authoring import open_lines
    from alerts.engine.rehearse import read_items
    from alerts.wiring.authored import make_assessor, read_sources

    versions = _versions(before, after, seeds)
    assessors = [make_assessor(one) for one in versions]
    name = versions[1].questions[0].id if before.is_file() and after.is_file() else None
    rows: list[dict[str, Any]] = []
    bad = 0
    with open_lines(on) as lines:
        for number, item in read_items(lines, read_sources(seeds)):
            if isinstance(item, str):
                bad += 1
                say(f"{on}:{number}: {item}")
            else:
                rows += _differing(item, assessors, name)
    _show_differences(rows, json=json)
    raise typer.Exit(1 if rows or bad else 0)


def _versions(before: Path, after: Path, seeds: Path | None) -> list[Authored]:
    from alerts.wiring.authored import read_authored

    versions = [read_authored(None, seeds, only=(place,)) for place in (before, after)]
    errors = [problem for one in versions for problem in one.errors]
    if errors:
        raise AuthoringError(errors)
    for place, one in zip((before, after), versions, strict=True):
        if not one.questions:
            raise ConfigError(f"{place} holds no rule; name a rule file or a folder of rule files")
    return versions


def _differing(item: Item, assessors: list[Assessor], name: str | None) -> list[dict[str, Any]]:
    """Return a row for each question that is answered differently; two single files are one question."""
    first, second = (_labels(item, one, name) for one in assessors)
    return [
        {"id": item.id, "question": q, "before": first.get(q, []), "after": second.get(q, []), "title": item.title}
        for q in sorted(first.keys() | second.keys())
        if first.get(q) != second.get(q)
    ]


def _labels(item: Item, assessor: Assessor, name: str | None) -> dict[str, list[str]]:
    labels: dict[str, set[str]] = {}
    for verdict in assessor.verdicts(item):
        labels.setdefault(name or verdict.question, set()).add(verdict.label)
    return {question: sorted(said) for question, said in labels.items()}


def _show_differences(rows: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        emit(rows)
        return
    columns = ("id", "question", "before", "after", "title")
    cells = [(r["id"], r["question"], "; ".join(r["before"]), "; ".join(r["after"]), r["title"]) for r in rows]
    if rows:
        table(columns, [(*row[:2], row[2] or "-", row[3] or "-", row[4]) for row in cells])
    say(f"{len(rows)} verdicts differ.")
