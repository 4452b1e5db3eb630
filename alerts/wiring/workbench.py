"""A rule is tried out before it comes into force: its text is checked and compiled, and nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from alerts.wiring.authored import Authored, in_force_of, make_assessor, read_authored

if TYPE_CHECKING:
    from alerts.engine.inforce import InForce
    from alerts.model.errors import Problem
    from alerts.model.question import Question

LONGEST = 256 * 1024
"""Characters of a rule that are looked at; the loader refuses longer files."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text written as a rule: what is wrong with it, and what it would be in force; None where it cannot be."""

    text: str
    problems: tuple[Problem, ...]
    question: Question | None = None
    in_force: InForce | None = None


class Workbench:
    """Tries rules against the seeds as they stand in their folder, one at a time. Thread-safe.

    ConfigError where the folders cannot be read.
    """

    def __init__(self, rules: Path | None, seeds: Path | None) -> None:
        self._rules, self._seeds = rules, seeds
        self._lock = Lock()

    def text_of(self, question: Question) -> str:
        """Return the text of a question's file as it stands in the folder, empty where it cannot be read."""
        authored = read_authored(self._rules, self._seeds)
        return authored.texts.get(question.id, "")

    def draft(self, question_id: str, text: str, *, story: str = "draft", today: date | None = None) -> Draft:
        """Read a text as the rule of that id."""
        from alerts.rulebook.rules import read_rules

        with self._lock:
            seeds = read_authored(self._rules, self._seeds).seeds
            files = {f"{story}/{question_id}.yaml": text[: LONGEST + 1]}
            questions, problems = read_rules(files, seeds, today=today)
            if not questions:
                return Draft(text, problems)
            authored = Authored(questions=questions, seeds=seeds, problems=problems, texts={}, files=files)
            in_force = in_force_of(authored, make_assessor(authored), self._seeds)
            return Draft(text, problems, questions[0], in_force)
