"""Polls that end together are kept in one commit; one that cannot be kept costs no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from alerts.engine.ledger import Ledger
from alerts.store.store import Store
from storeroom import NOON, feed, new_item, poll


class Counting(Store):
    """A store that counts its commits of several polls."""

    bundles: list[int]

    def record_polls(self, polls: object) -> list[bool]:
        self.bundles.append(len(polls))  # type: ignore[arg-type]
        return super().record_polls(polls)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Counting]:
    with Counting.open(str(tmp_path / "alerts.db")) as opened:
        opened.bundles = []
        opened.put_feeds([feed(f"f{n}") for n in range(50)], now=NOON)
        yield opened


def test_what_comes_during_a_commit_goes_into_the_next_one(store: Counting) -> None:
    async def story() -> list[bool]:
        ledger = Ledger(store)
        return await asyncio.gather(*(ledger.record(poll(f"f{n}", 0, new_item(f"f{n}", "1"))) for n in range(50)))

    assert asyncio.run(story()) == [True] * 50
    assert store.counts().items == 50
    assert sum(store.bundles) >= 49
    assert len(store.bundles) <= 3


def test_a_lost_lease_is_answered_to_the_poll_it_concerns(store: Counting) -> None:
    async def story() -> list[bool]:
        ledger = Ledger(store)
        polls = [poll(f"f{n}", 9 if n == 7 else 0, new_item(f"f{n}", "1")) for n in range(20)]
        return await asyncio.gather(*map(ledger.record, polls))

    assert [n for n, kept in enumerate(asyncio.run(story())) if not kept] == [7]


def test_a_poll_that_cannot_be_kept_costs_no_other(store: Counting) -> None:
    """A naive time is refused by the store; the bundle it stands in is kept without it."""
    bad = replace(poll("f3", 0), at=datetime(2025, 3, 18, 12))  # noqa: DTZ001 — that is what is refused

    async def story() -> list[bool | BaseException]:
        ledger = Ledger(store)
        polls = [bad if n == 3 else poll(f"f{n}", 0, new_item(f"f{n}", "1")) for n in range(9)]
        return await asyncio.gather(*map(ledger.record, polls), return_exceptions=True)

    answers = asyncio.run(story())
    assert isinstance(answers[3], ValueError)
    assert [one for n, one in enumerate(answers) if n != 3] == [True] * 8
    assert store.counts().items == 8
