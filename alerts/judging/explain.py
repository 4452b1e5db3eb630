"""Why an item answers a question, or why not: every gate in words, the nearest miss, and what would change it."""

from __future__ import annotations

from typing import NamedTuple

from alerts.judging.assess import Assessor
from alerts.judging.explain_claims import nearest, scope_held, speaker_gate, turned
from alerts.judging.explain_gates import (
    Explanation,
    Gate,
    Held,
    any_of,
    conditions,
    length_gate,
    status_gate,
    test_line,
)
from alerts.judging.explain_missing import Missing, missing
from alerts.judging.explain_passages import Seen, seen
from alerts.judging.explain_words import WordGates, word_change
from alerts.judging.found import READ
from alerts.model.item import Item
from alerts.model.question import Question
from alerts.model.verdict import Verdict, VerdictKind
from alerts.reading.reader import SUMMARY_LETTERS, TITLE_LETTERS

__all__ = ["Explanation", "Gate", "explain"]

TOO_FAR = 5
"""A claim further from every answer than this explains nothing; what the text lacks does."""


class _Told(NamedTuple):
    """The gates of a question, and what would change the outcome."""

    gates: list[Gate]
    change: str


def explain(assessor: Assessor, question: Question, item: Item) -> Explanation:
    """Say what ``question``, one of the assessor's, makes of ``item``, and by which words.

    The verdicts are the assessor's own. Any text may be given; none raises an error.
    """
    verdicts = tuple(verdict for verdict in assessor.verdicts(item) if verdict.question == question.id)
    words = WordGates(assessor.matcher, assessor.matcher.find(item))
    if question.watches or assessor.claims is None:
        length = length_gate(item, title=READ, summary=READ)
        told = _Told([one.gate for one in words.held(question)], word_change(words, question))
    else:
        length = length_gate(item, title=TITLE_LETTERS, summary=SUMMARY_LETTERS)
        told = _claims(question, verdicts, words.held(question), seen(item, assessor.claims.known))
    return Explanation(
        question=question.id,
        title=item.title,
        verdicts=verdicts,
        gates=(*length, *status_gate(question), *told.gates),
        change=told.change,
        test=test_line(item, verdicts),
    )


def _claims(question: Question, verdicts: tuple[Verdict, ...], words: list[Held], text: Seen) -> _Told:
    before = [*scope_held(question, text), *words]
    near, lacking = nearest(question, text), missing(question, text)
    settled = any(verdict.kind is not VerdictKind.UNCLEAR for verdict in verdicts)
    if near is not None and near.kind is VerdictKind.UNCLEAR and not near.cost:
        settled = bool(verdicts)  # fits, and is denied by who cannot settle it
    if near is not None and (settled or near.cost <= TOO_FAR):
        held = [*before, *near.held]
        gates = [*(one.gate for one in held), speaker_gate(question, near, text)]
        return _Told(gates, turned(question, near) if settled else f"It would be {near.label} {conditions(held)}.")
    if lacking is None:
        return _Told([one.gate for one in before], "The text has no words.")
    return _Told([one.gate for one in (*before, *lacking.held)], _lacking(lacking, before))


def _lacking(lacking: Missing, before: list[Held]) -> str:
    """Say what a text without a claim would need: a word taught, or other words."""
    if lacking.word is None:
        nothing = not any(one.gate.passed for one in lacking.held)
        needs = conditions([*before, *lacking.held])
        return "The text holds nothing that the question is about." if nothing else f"It would be an answer {needs}."
    besides = f"; it would then count {conditions(before)}" if any(one.needs for one in before) else ""
    asked = f'Which event is "{lacking.word}": {any_of(lacking.events)}?'
    if not lacking.word.isascii():
        return f"{asked} A rule teaches English words only; this one belongs in the reader's word list{besides}."
    return f"{asked} Teach it to the rule: words: {{<event>: [{lacking.word}]}}{besides}"
