"""new and changed rules | stored items | match | silent evidence

A rule that comes into force reads what the last fourteen days brought. It fills the state and tells nobody; killed at
any line, it begins again, and what it kept already is kept once.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.engine.evidence import JUDGED, evidence_of
from alerts.engine.inforce import InForce
from alerts.model.item import Item
from alerts.model.ledger import NewEvidence
from alerts.model.verdict import Silence

if TYPE_CHECKING:
    from alerts.store.store import Store

SPAN = timedelta(days=14)
"""So far back a new rule reads."""

PAGE = 500
"""Items read at once; between two pages others get their turn."""

DONE = "reread"
"""Where the hashes of the rules are kept that have read what there was."""

log = logging.getLogger(__name__)


async def reread(store: Store, in_force: InForce, now: datetime, stop: Callable[[], bool]) -> bool:
    """Let the rules that have not yet done so read the stored items; return whether there is evidence to judge.

    ``stop`` asks between two pages whether to leave the rest for the next start.
    """
    kept_before = await asyncio.to_thread(store.recall, DONE)
    done = json.loads(kept_before) if kept_before else {}
    hashes = {one.id: one.hash for one in in_force.questions.values() if one.status in JUDGED}
    fresh = {question for question, rule_hash in hashes.items() if done.get(question) != rule_hash}
    if not fresh:
        return False
    found, after = 0, (now - SPAN, "")
    while page := await asyncio.to_thread(store.items_after, after, limit=PAGE):
        kept = await asyncio.to_thread(_read, in_force, page, fresh)
        await asyncio.to_thread(store.keep_evidence, kept, now)
        found += len(kept)
        after = (page[-1][0], page[-1][1].id)
        if stop():
            return bool(found)
    await asyncio.to_thread(store.remember, DONE, json.dumps(hashes))
    if found:
        log.info("%d new or changed rules found %d texts in what is stored; nobody is told", len(fresh), found)
    return bool(found)


def _read(in_force: InForce, page: list[tuple[datetime, Item]], fresh: set[str]) -> list[NewEvidence]:
    found = (one for _, item in page for one in evidence_of(in_force, item) if one.verdict.question in fresh)
    return [replace(one, silence=one.silence or Silence.BASELINE) for one in found]
