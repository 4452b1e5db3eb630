"""Why an item got its verdict is held as values: gates passed and not passed, what would turn it, the test to paste."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.model.item import Item
from alerts.model.question import Question, Status
from alerts.model.verdict import Verdict

SHOWN = 4
"""Words quoted of one gate, and alternatives of a long one."""

NEAR, OTHER, FAR = 1, 3, 6
"""How far a gate that stopped a text is from passing: a hedge, another name, nothing there at all."""


_BESIDES = frozenset(("read", "status", "scope", "ignore"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One thing a rule asks of a text: whether it was passed, and what was seen.

    ``turns`` is what a gate that was passed makes of the verdict: ``claimed``, ``denied``; else empty.
    """

    name: str
    passed: bool
    says: str
    turns: str = ""

    def __str__(self) -> str:
        return f"{self.name:<12}{self.turns or ('ok' if self.passed else 'stopped'):<9}{self.says}"


@dataclass(frozen=True, slots=True)
class Held:
    """A gate; where it stopped the text: what that lacks (*if …*), and how far it is from passing."""

    gate: Gate
    needs: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one rule makes of one item. ``change`` is what would turn the outcome, ``test`` the line to paste."""

    question: str
    title: str
    verdicts: tuple[Verdict, ...]
    gates: tuple[Gate, ...]
    change: str
    test: str

    def lines(self) -> list[str]:
        """Return the explanation as text, a gate a line."""
        outcome = "; ".join(verdict.label for verdict in self.verdicts) or "silent"
        gates = [f"  {gate}" for gate in self.gates]
        head = f'{self.question}: {outcome}: "{line(self.title)}"'
        return [head, *gates, f"  {self.change}", *([f"  Test it: {self.test}"] if self.test else [])]

    @property
    def brief(self) -> str:
        """The outcome and the gates that stopped the text, on one line."""
        names = dict.fromkeys(gate.name for gate in self.gates if not gate.passed)
        return f"{self.question}: silent: stopped at {', '.join(names) or 'nothing'}"

    @property
    def is_near(self) -> bool:
        """Whether the rule says something, or one gate alone keeps it from saying so."""
        stops = sum(not gate.passed for gate in self.gates)
        asked = [gate for gate in self.gates if gate.passed and gate.name not in _BESIDES]
        return bool(self.verdicts) or (stops == 1 and bool(asked))


def length_gate(item: Item, *, title: int, summary: int) -> list[Gate]:
    """Say that a text is longer than what is read of it; nothing when it is not."""
    read = {"title": (item.title, title), "summary": (item.summary or "", summary)}
    cut = [
        f"the first {most:,} letters of the {field}'s {len(text):,}"
        for field, (text, most) in read.items()
        if len(text) > most
    ]
    return [Gate(name="read", passed=True, says="; ".join(cut))] if cut else []


def status_gate(question: Question) -> list[Gate]:
    """Say that the rule is not sent; nothing when it is."""
    if question.status is Status.STABLE:
        return []
    told = {
        Status.EXPERIMENTAL: "experimental: not stored, not pushed",
        Status.TEST: "test: stored and shown, never pushed",
        Status.DEPRECATED: "deprecated: switched off",
    }
    return [Gate(name="status", passed=True, says=told[question.status])]


def test_line(item: Item, verdicts: tuple[Verdict, ...]) -> str:
    """Return the line that makes the item a test of the rule, as it stands; empty for a text without a headline."""
    if not line(item.title):
        return ""
    expected = "; ".join(sorted({verdict.label for verdict in verdicts})) or "-"
    lang = f"[{item.lang}] " if item.lang else ""
    summary = f" || {line(item.summary)}" if item.summary else ""
    return f"{lang}{expected} | {line(item.title)}{summary}"


def line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def ok(name: str, says: str) -> Held:
    """Return a gate that was passed."""
    return Held(Gate(name=name, passed=True, says=says))


def stopped(name: str, says: str, needs: str, cost: int = FAR) -> Held:
    """Return a gate that stopped the text."""
    return Held(Gate(name=name, passed=False, says=says), needs, cost)


def any_of(names: Iterable[str]) -> str:
    """Write alternatives: ``a, b or c``."""
    return _listed(tuple(dict.fromkeys(names)) or ("nothing",), "or")


def some_of(names: Iterable[str]) -> str:
    """Write the first alternatives of many: ``a, b, c, d or 3 more``."""
    every = tuple(dict.fromkeys(names))
    return any_of(every if len(every) <= SHOWN + 1 else (*every[:SHOWN], f"{len(every) - SHOWN} more"))


def conditions(held: Iterable[Held]) -> str:
    """Write what a text lacks: ``if it named …, ruritania did it and it said agree``."""
    return f"if {_listed([one.needs for one in held if one.needs], 'and')}"


def _listed(parts: Sequence[str], last: str) -> str:
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)
