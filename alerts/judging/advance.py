"""A case and new evidence become an outcome: changes, alerts, and the reasons in them.

Pure: same case, evidence and time, same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.judging.answers import advance_answers
from alerts.judging.watch import advance_watch
from alerts.model.case import Case, Outcome
from alerts.model.question import Question
from alerts.model.verdict import Evidence


def advance(
    question: Question, case: Case, evidence: Sequence[Evidence], now: datetime, *, held: Sequence[Evidence] = ()
) -> Outcome:
    """Return what should happen to a case.

    ``evidence`` is what has not been judged yet, in the order it was seen; an empty one is a tick.
    ``held`` is the evidence that ``case.waiting`` names.
    """
    if question.watches:
        return advance_watch(question, case, evidence, now, held=held)
    return advance_answers(question, case, evidence, now)
