"""See what no test of a rule reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from alerts.cli.authoring import Paths
from alerts.cli.options import Json, Rules, Seeds
from alerts.cli.show import emit, out, say, table

if TYPE_CHECKING:
    from alerts.judging.coverage import Coverage
    from alerts.model.errors import Problem

KINDS = ("asserted", "claimed", "denied", "unclear", "silence")
LANGUAGES = ("en", "ru", "uk")


def coverage(paths: Paths = None, rules: Rules = None, seeds: Seeds = None, json: Json = False) -> None:
    """Show which answers, verdicts, claims and languages no test of a rule reaches.

    Exit 0: each answer of each stable rule has a test; 1: one has none, or a file has errors.

    Example: [bold]alerts coverage rules/my-story/truce-acceptance.yaml[/bold]
    """
    from alerts.judging.coverage import coverage as reached
    from alerts.judging.rehearsal import run_tests
    from alerts.wiring.authored import make_assessor, read_authored

    authored = read_authored(rules, seeds, only=tuple(paths or ()))
    assessor = make_assessor(authored)
    found = reached(authored.questions, run_tests(assessor, authored.questions), assessor.claims)
    if json:
        emit(found)
    else:
        _show(found, authored.errors)
    raise typer.Exit(1 if authored.errors or any(one.has_errors for one in found) else 0)


def _show(found: Iterable[Coverage], errors: Iterable[Problem]) -> None:
    for problem in errors:
        out().print(str(problem), markup=False)
    rows = list(found)
    table(("rule", "answers", *KINDS[:-1], "-", "/".join(LANGUAGES)), [_row(one) for one in rows])
    for one in rows:
        for gap in one.gaps:
            out().print(f"{one.path}: {gap.says}", markup=False)
        if one.failed:
            out().print(f"{one.path}: {one.failed} tests fail and reach nothing. See: alerts test", markup=False)
    gaps = sum(len(one.gaps) for one in rows)
    say(f"{len(rows)} rules, {sum(one.tests for one in rows)} tests, {gaps} gaps.")


def _row(one: Coverage) -> tuple[object, ...]:
    """One rule: a dash stands for a verdict that it cannot give."""
    answers = f"{sum(map(bool, one.answers.values()))} of {len(one.answers)}"
    verdicts = (one.verdicts.get(kind) for kind in KINDS)
    return (one.question, answers, *verdicts, "/".join(str(one.languages.get(lang, 0)) for lang in LANGUAGES))
