"""A case that was judged under an earlier version of its rule is read with the answers of today.

What stood under a former name stands under the present one; what stood under an answer that is gone is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from alerts.model.case import Case, Occasion, Stand, Voice
from alerts.model.question import Question


def under_present_names(question: Question, case: Case) -> Case:
    """Return the case as the question's answers and aspects are called now; the same one where nothing changed."""
    if all(
        _is_present(question, aspect, one) for occasion in case.occasions for aspect, one in occasion.stands.items()
    ):
        return case
    texts = (replace(one, label=label) for one in case.texts if (label := _label(question, one.label)) is not None)
    return replace(case, occasions=tuple(_occasion(question, one) for one in case.occasions), texts=tuple(texts))


def _is_present(question: Question, aspect: str, stand: Stand) -> bool:
    named = {*stand.voices, *stand.left, *stand.void} | ({stand.answer} if stand.answer is not None else set())
    return all(question.current_id(one) == one and question.aspect_of(one) == aspect for one in named)


def _occasion(question: Question, occasion: Occasion) -> Occasion:
    stands: dict[str, Stand] = {}
    for aspect, stand in occasion.stands.items():
        kept = _stand(question, stand)
        known = [kept.answer] if kept.answer is not None else [*kept.voices]
        place = question.aspect_of(known[0]) if known else aspect
        if place not in stands or stands[place].answer is None:
            stands[place] = kept
    return replace(occasion, stands=stands)


def _stand(question: Question, stand: Stand) -> Stand:
    """Return a stand under present names; without its answer it is empty, as if nobody had said anything."""
    answer = question.current_id(stand.answer) if stand.answer is not None else None
    kept = replace(
        stand,
        voices=_voices(question, stand.voices),
        void=_voices(question, stand.void),
        left=_named(question, stand.left),
        claims=tuple(label for one in stand.claims if (label := _label(question, one)) is not None),
    )
    if answer is None and stand.answer is not None:
        return replace(kept, answer=None, standing=None, since=None, denials={}, told=False, sure=False)
    return replace(kept, answer=answer)


def _voices(question: Question, voices: Mapping[str, dict[str, Voice]]) -> dict[str, dict[str, Voice]]:
    joined: dict[str, dict[str, Voice]] = {}
    for answer, behind in voices.items():
        now = question.current_id(answer)
        if now is not None:
            joined[now] = {**joined.get(now, {}), **behind}
    return joined


def _named(question: Question, moments: Mapping[str, datetime]) -> dict[str, datetime]:
    return {now: at for answer, at in moments.items() if (now := question.current_id(answer)) is not None}


def _label(question: Question, label: str) -> str | None:
    """Return ``answer/more`` with the answer's present name, None where it is gone."""
    answer, slash, more = label.partition("/")
    now = question.current_id(answer)
    return None if now is None else f"{now}{slash}{more}"
