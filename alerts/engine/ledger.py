"""poll, poll, poll | one commit

Polls that end while another commit is under way are kept together in the next one: the disk is waited for once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from alerts.model.errors import StoreError
from alerts.model.ledger import Poll

if TYPE_CHECKING:
    from alerts.store.store import Store

Waiting = tuple[Poll, "asyncio.Future[bool]"]


class Ledger:
    """Keeps polls; belongs to one event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, poll: Poll) -> bool:
        """Keep a poll; return once it is on the disk, False when its lease was taken by another."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((poll, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="ledger")
        return await kept

    async def _write(self) -> None:
        while self._waiting:
            bundle, self._waiting = self._waiting, []
            try:
                answers = await asyncio.to_thread(self._keep, [poll for poll, _ in bundle])
            except BaseException as error:
                _answer(bundle, [error] * len(bundle))  # nobody may wait for ever
                raise
            _answer(bundle, answers)

    def _keep(self, polls: list[Poll]) -> list[bool | BaseException]:
        """Keep all in one commit; where that fails, one by one, so that only the culprit is refused."""
        if len(polls) > 1:
            with suppress(StoreError, ValueError):
                return [*self._store.record_polls(polls)]
        return [self._kept_alone(poll) for poll in polls]

    def _kept_alone(self, poll: Poll) -> bool | BaseException:
        try:
            return self._store.record_poll(poll)
        except (StoreError, ValueError) as error:
            return error


def _answer(bundle: Sequence[Waiting], answers: Sequence[bool | BaseException]) -> None:
    for (_, kept), answer in zip(bundle, answers, strict=True):
        if kept.done():
            continue
        if isinstance(answer, BaseException):
            kept.set_exception(answer)
        else:
            kept.set_result(answer)
