"""The shipped questions, compiled once, for the tests of claims."""

from __future__ import annotations

from pathlib import Path

from alerts.judging.claims import ClaimJudge, taught
from alerts.model.item import Item, Source
from alerts.reading.lexicons import compile_known, word_lists
from alerts.rulebook.rules import read_rules
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Source(id="test", title="test", owner="test")


def texts(*paths: Path) -> dict[str, str]:
    """Return path → text."""
    return {str(path): path.read_text("utf-8") for path in paths}


SEEDS, SEED_PROBLEMS = read_seeds(texts(*sorted((ROOT / "seeds/entities").glob("*.yaml")), ROOT / "seeds/things.yaml"))
RULE_FILES = [one for one in sorted((ROOT / "rules/ukraine-ceasefire").glob("*.yaml")) if one.suffixes == [".yaml"]]
READ, PROBLEMS = read_rules(texts(*RULE_FILES), SEEDS)
QUESTIONS = tuple(question for question in READ if question.answers[0].claims)
KNOWN = compile_known(SEEDS, taught(QUESTIONS), word_lists())
JUDGE = ClaimJudge(QUESTIONS, KNOWN)


def item(title: str, summary: str | None = None) -> Item:
    """Return an item of a source nobody knows."""
    return Item(id="x", source=SOURCE, title=title, summary=summary)


def labels(question: str, title: str, summary: str | None = None) -> set[str]:
    """Return what a question says of a text, as test lines write it; silence is ``-``."""
    return {one.label for one in JUDGE.verdicts(item(title, summary)) if one.question == question} or {"-"}
