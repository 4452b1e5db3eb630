"""The same texts go past a plain keyword alert, and its messages are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.demo.story import Publication
from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.question import Question
from alerts.model.seed import Seeds

WORD = re.compile(r"\w+")

TERMS = "the rules' own words and exclusions, joined by AND and OR, one message a matching article"
"""How a keyword alert is set up: as people set up the usual ones, and no worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Over the same ``texts``: what a keyword alert for each rule would have sent, by rule, and what was sent."""

    texts: int
    copies: int
    keyword: dict[str, int]
    sent: int

    @property
    def keyword_sent(self) -> int:
        """Messages of all keyword alerts together."""
        return sum(self.keyword.values())


def contrast(
    publications: Sequence[Publication], questions: Iterable[Question], seeds: Seeds, *, sent: int
) -> Contrast:
    """Count what keyword alerts with the rules' words send for the publications.

    A keyword alert knows an article by its guid: it sends one message a rule for it, at the first version that
    matches, and one more for each copy under another masthead.
    """
    alerted = {
        question.id: {one.guid for one in publications if rings(question, one, seeds)}
        for question in questions
        if question.match is not None
    }
    return Contrast(
        texts=len({one.guid for one in publications}),
        copies=sum(one.copy_of is not None for one in publications),
        keyword={question: len(guids) for question, guids in alerted.items()},
        sent=sent,
    )


def rings(question: Question, one: Publication, seeds: Seeds) -> bool:
    """Whether a keyword alert with the question's words and exclusions sends a message for a text."""
    words = _words(f"{one.title} {one.summary or ''}")
    if question.match is None or (question.ignore is not None and _holds(question.ignore, words, seeds)):
        return False
    return _holds(question.match, words, seeds)


def _holds(expression: Expression, words: str, seeds: Seeds) -> bool:
    match expression:
        case Term():
            return _stands(expression.words, words, prefix=expression.prefix)
        case Names():
            return any(_stands((name,), words) for names in seeds[expression.seed].names.values() for name in names)
        case Near():
            return _holds(expression.left, words, seeds) and _holds(expression.right, words, seeds)
        case And():
            return all(_holds(part, words, seeds) for part in expression.parts)
        case Or():
            return any(_holds(part, words, seeds) for part in expression.parts)
        case Not():
            return not _holds(expression.part, words, seeds)


def _stands(phrase: Iterable[str], words: str, *, prefix: bool = False) -> bool:
    return _words(" ".join(phrase)).removesuffix(" " if prefix else "") in words


def _words(text: str) -> str:
    """Return the words of a text, in lower case, a space around each."""
    return f" {' '.join(WORD.findall(text.casefold()))} "
