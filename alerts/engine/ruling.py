"""a person's word | evidence

The desk settles a question, sets aside what was said, or takes its own word back. A ruling is evidence like any other:
kept with who, why and when, and judged in its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from alerts.model.errors import NotFoundError
from alerts.model.item import Item, Source
from alerts.model.ledger import NewEvidence, NewItem
from alerts.model.question import Question
from alerts.model.verdict import Evidence, Verdict, VerdictKind

if TYPE_CHECKING:
    from alerts.store.store import Store

DESK = Source(id="desk", title="The desk", owner="desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says of a question, who says so, why and when; ``answer`` None sets aside what was said."""

    question: Question
    answer: str | None = None
    because: str
    by: str
    at: datetime


def rule(store: Store, ruling: Ruling) -> str:
    """Keep a ruling; return its id."""
    parts = (ruling.question.id, ruling.at.isoformat(), ruling.because, ruling.by)
    name = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
    said = f"settles {ruling.answer}" if ruling.answer is not None else "sets aside what was said"
    _record(store, ruling, _item(ruling, name, said, version=1))
    return name


def undo(store: Store, ruling: Ruling) -> Evidence:
    """Take back the last ruling that stands, and return it; NotFoundError when there is none."""
    question = ruling.question.id
    rulings = store.rulings(question)
    undone = {one.item.id for one in rulings if one.item.version > 1}
    last = next((one for one in rulings if one.item.id not in undone), None)
    if last is None:
        raise NotFoundError(
            f"the desk has no ruling on '{question}' that stands; see: alerts questions show {question}"
        )
    _record(store, ruling, _item(ruling, last.item.id, "takes a ruling back", version=2))
    return last


def _item(ruling: Ruling, name: str, said: str, *, version: int) -> Item:
    return Item(
        id=name,
        source=DESK,
        title=ruling.because,
        summary=f"{ruling.by} {said}: {ruling.question.id}",
        author=ruling.by,
        published=ruling.at,
        seen=ruling.at,
        version=version,
    )


def _record(store: Store, ruling: Ruling, item: Item) -> None:
    verdict = Verdict(
        question=ruling.question.id,
        answer=ruling.answer,
        kind=VerdictKind.SETTLED,
        speaker=ruling.by,
        because=(ruling.because,),
        why=(item.summary or "",),
    )
    key = f"{item.id}/{item.version}"
    evidence = NewEvidence(
        item=item.id, version=item.version, verdict=verdict, rule_hash=ruling.question.hash, copy_key=key
    )
    store.record_ruling(NewItem(key=item.id, text_hash=key, item=item), evidence, at=ruling.at)
