"""How long the page takes: board and question over a large store, by the real server; the longest read besides."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from alerts.engine.inforce import InForce
from alerts.judging.advance import advance
from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.weigh import Wires
from alerts.model.case import Case
from alerts.model.feed import Feed
from alerts.model.item import Item, Source
from alerts.model.ledger import Applied, NewEvidence, NewItem, Poll
from alerts.model.question import Question
from alerts.model.seed import Seeds
from alerts.model.verdict import Evidence, Verdict, VerdictKind
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules
from alerts.store.store import Store
from alerts.web.listen import Listen
from alerts.web.site import Site
from fakes import HandClock
from visitor import Visitor, visiting

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
ITEMS, QUESTIONS, FEEDS, BATCH = 100_000, 100, 300, 5_000
SPOKEN = 200
"""Texts that speak of each question."""

TIMES = 40
RULE = """\
question: Does party {n} accept the terms of round {n}?
answers:
  accepted: {{says: It accepts, severity: urgent, claims: [{{event: agree}}]}}
  rejected: {{says: It rejects, severity: urgent, claims: [{{event: reject}}]}}
expect: [{{answer: accepted, window: 2025-03-18T13:00Z / 2025-03-18T15:00Z}}]
"""


def main() -> None:
    """Print medians and the 95th of a hundred for each page."""
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "bench.db")) as store:
        in_force = _rules()
        _fill(store, list(in_force.questions.values()))
        site = Site(
            store=store, clock=HandClock(NOON), key=b"k" * 32, listen=Listen("127.0.0.1", 0), in_force=lambda: in_force
        )
        counts = store.counts()
        print(f"{counts.items:,} items, {QUESTIONS} questions, {FEEDS} feeds, {counts.size / 1e6:,.0f} MB")
        print(f"{'page':<32}{'first ms':>10}{'median ms':>10}{'p95 ms':>10}{'kB':>8}")
        with visiting(site) as visitor:
            for path in PATHS:
                _line(visitor, path)


PATHS = (
    "/",
    "/board.json",
    "/questions/party-1",
    "/alerts",
    "/live",
    "/review",
    "/feeds",
    "/deliveries",
    "/alerts.atom",
)


def _line(visitor: Visitor, path: str) -> None:
    took = []
    size = 0
    for _ in range(TIMES):
        began = time.perf_counter()
        seen = visitor.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert seen.status == 200, seen.text
        size = len(seen.text.encode())
    later = sorted(took[1:])
    print(f"{path:<32}{took[0]:>10.0f}{median(later):>10.1f}{later[int(len(later) * 0.95)]:>10.1f}{size / 1000:>8.0f}")


def _rules() -> InForce:
    files = {f"rules/story/party-{n}.yaml": RULE.format(n=n) for n in range(QUESTIONS)}
    questions, problems = read_rules(files, Seeds())
    assert not [one for one in problems if one.is_error], problems[0]
    assessor = Assessor(questions, Seeds(), compile_vocabulary(words_of(questions, Seeds())))
    return InForce(
        questions={one.id: one for one in questions}, assessor=assessor, wires=Wires([], Seeds()), activated={}
    )


def _fill(store: Store, questions: list[Question]) -> None:
    feeds = [
        Feed(id=f"feed-{n}", url=f"https://{n}.example/rss", title=f"Feed {n}", owner=f"o{n % 40}", category="story")
        for n in range(FEEDS)
    ]
    store.put_feeds(feeds, now=NOON)
    for batch in range(ITEMS // BATCH):
        feed = feeds[batch % FEEDS]
        items = tuple(_item(feed, batch, n) for n in range(BATCH))
        spoken = tuple(_spoken(items, questions, batch))
        later = NOON + timedelta(minutes=5)
        at = NOON - timedelta(days=20) + timedelta(minutes=140 * batch) % timedelta(days=20)
        poll = Poll(feed=feed.id, fence=0, at=at, next_at=later, interval=300, items=items, evidence=spoken)
        store.record_poll(poll)
    for question in questions:
        while question.id in store.pending_questions(NOON):
            store.apply(question.id, partial(_judged, question))


def _judged(question: Question, case: Case, found: list[Evidence]) -> Applied:
    return Applied(outcome=advance(question, case, found, NOON))


def _item(feed: Feed, batch: int, n: int) -> NewItem:
    key = f"{batch}-{n}"
    source = Source(id=feed.id, title=feed.title, owner=feed.owner)
    item = Item(id=key, source=source, title=f"Envoys met again in round {key}", link=f"https://x.example/{key}")
    return NewItem(key=key, text_hash=key, item=item)


def _spoken(items: tuple[NewItem, ...], questions: list[Question], batch: int) -> Iterator[NewEvidence]:
    share = SPOKEN * QUESTIONS // (ITEMS // BATCH)
    for n, new in enumerate(items[:share]):
        question = questions[(batch * share + n) % QUESTIONS]
        answer = "accepted" if (batch + n) % 7 else "rejected"
        verdict = Verdict(
            question=question.id, answer=answer, kind=VerdictKind.ASSERTED, because=(new.item.title,), why=("bench",)
        )
        yield NewEvidence(
            item=new.item.id, version=1, verdict=verdict, rule_hash=question.hash, copy_key=new.item.title
        )


if __name__ == "__main__":
    main()
