"""What tests of the store put into it: feeds, polls, judgements, as small as they can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.model.case import Case, Outcome
from alerts.model.change import Alert, Change, Reason
from alerts.model.delivery import Delivery
from alerts.model.feed import Feed, Validators
from alerts.model.item import Item, Source
from alerts.model.ledger import Applied, NewDelivery, NewEvidence, NewItem, Poll
from alerts.model.outbox import SendNow
from alerts.model.question import Severity
from alerts.model.verdict import Evidence, Verdict, VerdictKind
from alerts.store.store import Store

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
SOON = NOON + timedelta(minutes=5)


def feed(id_: str = "wire", **fields: object) -> Feed:
    """A feed of an invented outlet."""
    plain = Feed(id=id_, url=f"https://{id_}.example/rss", title=f"The {id_}", owner=f"{id_}-house")
    return replace(plain, **fields)  # type: ignore[arg-type]  # the tests' fields are the feed's


def new_item(feed_id: str, key: str, title: str = "Envoys met again", *, version: int = 1) -> NewItem:
    """A text of a feed; its id follows from feed and key."""
    source = Source(id=feed_id, title=f"The {feed_id}", owner=f"{feed_id}-house")
    item = Item(id=f"{feed_id}/{key}", source=source, title=title, seen=NOON, version=version)
    return NewItem(key=key, text_hash=f"hash of {title}", item=item, aliases=(key,))


def found(item: NewItem, question: str = "truce", answer: str | None = "matched") -> NewEvidence:
    """A verdict on an item."""
    kind = VerdictKind.UNCLEAR if answer is None else VerdictKind.ASSERTED
    return NewEvidence(
        item=item.item.id,
        version=item.item.version,
        verdict=Verdict(question=question, answer=answer, kind=kind, because=(item.item.title,)),
        rule_hash="r1",
        copy_key=item.item.title,
    )


def poll(feed_id: str, fence: int, *items: NewItem, questions: Sequence[str] = (), etag: str | None = None) -> Poll:
    """A poll that went well; every item is evidence for every question."""
    return Poll(
        feed=feed_id,
        fence=fence,
        at=NOON,
        next_at=SOON,
        interval=300,
        items=items,
        evidence=tuple(found(item, question) for item in items for question in questions),
        validators=None if etag is None else Validators(etag=etag),
    )


def fill(store: Store, *keys: str, feed_id: str = "wire", questions: Sequence[str] = ("truce",)) -> None:
    """Put items with these keys into a store, each evidence for the questions."""
    store.add_feed(feed(feed_id), now=NOON)
    fence = 0
    assert store.record_poll(
        poll(feed_id, fence, *(new_item(feed_id, key, f"News {key}") for key in keys), questions=questions)
    )


def told(case: Case, *addresses: str, at: datetime = NOON, severity: Severity = Severity.ROUTINE) -> Applied:
    """The next change of a case, with an alert for each address."""
    seq = case.seq + 1
    change = Change(
        question=case.question,
        seq=seq,
        from_answer=None,
        to_answer="matched",
        reason=Reason.FIRST_REPORT,
        because=(),
        at=at,
    )
    alert = Alert(
        id=f"{case.question}-{seq}",
        question=case.question,
        text="Is there a truce?",
        answer="matched",
        says="There is a truce",
        severity=severity,
        reason=change.reason,
        at=at,
        why="rule truce matched",
        quotes=(),
    )
    return Applied(
        outcome=Outcome(case=replace(case, seq=seq), changes=(change,), alerts=(alert,)),
        deliveries=tuple(NewDelivery(alert_id=alert.id, address=address, next_at=at) for address in addresses),
    )


def begin(store: Store, delivery_id: int, *, now: datetime, steady: datetime, lease: float) -> Delivery | None:
    """Begin the send of one delivery by itself; None when it is not its turn."""
    claim = store.claim_delivery(delivery_id, lambda _: SendNow(), now=now, steady=steady, lease=lease)
    return claim.first if claim is not None else None


def owe(store: Store, question: str, *addresses: str, severity: Severity = Severity.ROUTINE) -> None:
    """Judge a question so that the addresses are owed one alert more."""

    def judge(case: Case, _: list[Evidence]) -> Applied:
        return told(case, *addresses, severity=severity)

    store.apply(question, judge)
