"""A case and new evidence become an outcome: changes, alerts, and the reasons in them.

Pure: same case, evidence and time, same outcome. A text counts from when it was first seen, and a moment that a case
waits for from that moment, however late we look: what stands is a function of the evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.judging.announce import alerts_of, changes_of
from alerts.judging.answers import judge_answers
from alerts.judging.renamed import under_present_names
from alerts.judging.watch import advance_watch
from alerts.judging.windows import awake
from alerts.model.case import Case, Outcome
from alerts.model.question import Question
from alerts.model.verdict import Evidence


def advance(
    question: Question,
    case: Case,
    evidence: Sequence[Evidence],
    now: datetime,
    *,
    held: Sequence[Evidence] = (),
) -> Outcome:
    """Return what should happen to a case.

    ``evidence`` is what has not been judged yet, in the order it was seen; an empty one is a tick. ``held`` is the
    evidence that ``case.waiting`` names.
    """
    if case.begun_at is None:
        begun = min([now, *(one.at for one in evidence)])
        case = replace(case, begun_at=begun)
    if question.watches:
        return advance_watch(question, case, evidence, now, held=held)
    case = under_present_names(question, case)
    moved, steps, judged = judge_answers(question, awake(question, case), evidence, now)
    changes = changes_of(question, moved.seq, steps)
    alerts = alerts_of(question, steps, changes)
    seq = changes[-1].seq if changes else moved.seq
    told_at = max((change.at for change in changes if change.told), default=moved.told_at)
    return Outcome(case=replace(moved, seq=seq, told_at=told_at), changes=changes, alerts=alerts, judged=judged)
