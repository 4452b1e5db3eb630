"""Problems of one file are gathered as they are found, each at its line and column."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from re import finditer

from alerts.model.errors import Problem
from alerts.rulebook.codes import CODES

LONGEST = 240
"""Letters of a message, and of its hint."""

MOST = 100
"""Problems kept for one file; who has more mends these first."""


class Findings:
    """The problems of one file; places are offsets into its text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._lines = [0, *(match.end() for match in finditer("\n", text))]
        self._problems: dict[tuple[int, int, str, str], Problem] = {}

    def add(self, code: str, at: int, text: str, hint: str = "") -> None:
        """Note a problem at offset ``at``; said twice of one place, it counts once."""
        if code not in CODES:
            raise KeyError(code)
        line, col = self.place(at)
        text, hint = _cut(text), _cut(hint.strip())
        if hint and not text.endswith((".", "?", "!")):
            text += "."
        if len(self._problems) < MOST:
            self._problems.setdefault((line, col, code, text), Problem(self.path, line, col, code, text, hint))

    def place(self, at: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    @property
    def has_errors(self) -> bool:
        """Whether the file cannot be used."""
        return any(problem.is_error for problem in self._problems.values())

    def __iter__(self) -> Iterator[Problem]:
        """The problems in the order of the file."""
        return (self._problems[key] for key in sorted(self._problems))


def _cut(text: str) -> str:
    """One line, of a length somebody reads; what an author wrote is quoted in it, and may be anything."""
    line = " ".join(text[: LONGEST + 1].split())
    return f"{line[: LONGEST - 1]}…" if len(text) > LONGEST else line
