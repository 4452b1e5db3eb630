"""The auditor gives the all-clear while everything that changed was told, says once what is wrong, and dies loudly."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from alerts.engine.auditor import Auditor
from alerts.model.delivery import GiveUp, RetryLater
from alerts.model.errors import StoreError
from fakes import item
from newsroom import Newsroom
from storeroom import fill


@dataclass
class Outside:
    """Whoever waits for the all-clear."""

    heard: list[datetime] = field(default_factory=list)


def audit(room: Newsroom, outside: Outside | None = None, *, auditor: Auditor | None = None) -> tuple[str, ...]:
    return asyncio.run((auditor or auditor_of(room, outside)).look())


def auditor_of(room: Newsroom, outside: Outside | None = None) -> Auditor:
    async def all_clear() -> None:
        assert outside is not None
        outside.heard.append(room.clock.now())

    hears = all_clear if outside is not None else None
    return Auditor(
        room.store, room.clock, all_clear=hears, seen=lambda: (room.dispatch.in_force, room.dispatch.looked_at)
    )


def test_while_all_is_well_the_all_clear_goes_out(room: Newsroom) -> None:
    outside = Outside()
    room.publish("wire", item("Dam bursts above the valley"))
    room.work(minutes=2)
    assert audit(room, outside) == ()
    assert outside.heard == [room.clock.now()]


@pytest.mark.parametrize(
    ("receipt", "minutes", "words"),
    [(GiveUp("no such chat"), 1, "given up"), (RetryLater("overloaded", after=7200), 40, "is owed")],
)
def test_a_change_that_did_not_arrive_takes_the_all_clear_back(
    room: Newsroom, receipt: GiveUp | RetryLater, minutes: int, words: str
) -> None:
    outside = Outside()
    room.send.receipts = [receipt]
    room.publish("wire", item("Dam bursts above the valley"))
    room.work(minutes=2)
    room.work(minutes=minutes)
    [line] = audit(room, outside)
    assert words in line
    assert outside.heard == []


def test_a_message_given_up_is_news_for_a_day(room: Newsroom) -> None:
    """Then whoever watches has been told; an all-clear that never comes back would be switched off."""
    outside = Outside()
    room.send.receipts = [GiveUp("no such chat")]
    room.publish("wire", item("Dam bursts above the valley"))
    room.work(minutes=2)
    assert audit(room, outside) != ()
    room.clock.go(hours=25)
    room.work()
    assert audit(room, outside) == ()
    assert room.store.audit(room.clock.now(), room.clock.steady()).dead == 1


def test_what_a_rule_that_is_gone_left_unjudged_is_nobodys_fault(room: Newsroom) -> None:
    outside = Outside()
    fill(room.store, "1", feed_id="other", questions=("no-such-rule",))
    room.clock.go(hours=1)
    room.work()
    assert room.store.counts().waiting == 1
    assert audit(room, outside) == ()


def test_a_daemon_that_stands_still_is_seen_by_the_feeds_that_wait(room: Newsroom) -> None:
    room.clock.go(hours=1)
    assert "2 feeds wait to be polled" in " ".join(audit(room))


def test_a_daemon_that_no_longer_looks_is_seen(room: Newsroom) -> None:
    auditor = Auditor(
        room.store, room.clock, all_clear=None, seen=lambda: (room.dispatch.in_force, room.clock.steady())
    )
    assert audit(room, auditor=auditor) == ()
    stood = room.clock.steady()
    auditor = Auditor(room.store, room.clock, all_clear=None, seen=lambda: (room.dispatch.in_force, stood))
    room.clock.go(seconds=90)
    assert "has not looked what is due for 0:01:30" in " ".join(audit(room, auditor=auditor))


def test_what_is_wrong_is_said_once_and_so_is_its_end(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    auditor = auditor_of(room)
    room.clock.go(hours=1)
    for _ in range(3):
        audit(room, auditor=auditor)
        room.clock.go(minutes=1)
    room.work()
    for _ in range(2):
        audit(room, auditor=auditor)
    said = [(one.levelno, one.message.partition(" for ")[0]) for one in caplog.records if one.name.endswith("auditor")]
    assert said == [
        (logging.ERROR, "audit: 2 feeds wait to be polled, the first"),
        (logging.WARNING, "audit: all is well again"),
    ]


def test_where_the_database_does_not_answer_there_is_no_all_clear(room: Newsroom) -> None:
    outside = Outside()
    auditor = auditor_of(room, outside)
    room.store.close()
    (database := room.store._database).path.chmod(0o600)  # type: ignore[union-attr]
    database.path.write_bytes(b"\xa5" * 9_000)  # type: ignore[union-attr]
    with pytest.raises(StoreError):
        audit(room, auditor=auditor)
    assert outside.heard == []
