"""Past one machine: bells on PostgreSQL say to some worker *go and look*; which item wants what is in our own tables.

Procrastinate carries the bells. A bell is rung after the commit it speaks of; one that is lost costs a second, until
the next sweep, and losing the whole job table loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from zlib import crc32

from alerts.engine.dispatch import DELIVERIES
from alerts.engine.sweep import Due
from alerts.model.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from procrastinate import App

    from alerts.engine.dispatch import Dispatch

SLOTS = 32
"""Feeds are polled in bundles; a feed is always in the same one, and each waits at most once to be taken."""

BUNDLE = 32
"""Feeds of a slot looked at in one sweep, on average; a bundle costs one job, a feed alone would cost one each."""

SCHEMA = "doorbell"
"""Where the queue has its tables, apart from ours: it can be dropped whole."""

STALLED = 60.0
"""Seconds without a sign of life after which the jobs of a worker are thought to be left behind."""

EVERY_SECOND, EVERY_MINUTE = "* * * * * *", "* * * * *"
FIRST, SECOND, THIRD = 30, 20, 10

log = logging.getLogger(__name__)


class Bells:
    """The bells of one worker: ``ring`` tells everybody what is due, ``answer`` does what rings until it is cancelled.

    Open it with ``open_bells``.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._ringing = asyncio.Lock()
        self._rung = False
        self._dispatch: Dispatch | None = None

    def connect(self, dispatch: Dispatch) -> None:
        """Say who does what rings."""
        self._dispatch = dispatch
        task, periodic = self._app.task, self._app.periodic
        sweep = task(name="sweep", queue="watch")(self._sweep)
        mend = task(name="mend", queue="watch")(self._mend)
        # No lock that a running job holds: a killed worker would keep the next sweep waiting. Two at once do no harm.
        periodic(cron=EVERY_SECOND, queue="watch", queueing_lock="sweep")(sweep)
        periodic(cron=EVERY_MINUTE, queue="watch", queueing_lock="mend")(mend)
        task(name="poll", queue="poll")(self._poll)
        task(name="judge", queue="judge")(self._judge)
        task(name="tell", queue="tell")(self._tell)

    async def answer(self, *, bundles: int) -> None:
        """Do what rings, ``bundles`` of feeds at once and sends beside them; when cancelled, finish what was begun."""
        polls = self._work("poll", concurrency=bundles)
        rest = self._work("watch", "judge", "tell", concurrency=DELIVERIES)
        await asyncio.gather(polls, rest)

    async def ring(self) -> None:
        """Ring for whatever is to be judged and told now; a ring while one is ringing makes that one repeat."""
        assert self._dispatch is not None
        self._rung = True
        async with self._ringing:
            while self._rung:
                self._rung = False
                await self._ring_for(await self._dispatch.due(feeds=0, deliveries=DELIVERIES))

    async def _work(self, *queues: str, concurrency: int) -> None:
        await self._app.run_worker_async(
            queues=list(queues),
            concurrency=concurrency,
            fetch_job_polling_interval=1.0,
            delete_jobs="always",
            install_signal_handlers=False,
            name="-".join(queues),
        )

    # --- what rings ---

    async def _sweep(self, timestamp: int) -> None:
        del timestamp
        assert self._dispatch is not None
        self._dispatch.read_again()
        await self._ring_for(await self._dispatch.due(feeds=SLOTS * BUNDLE, deliveries=DELIVERIES))

    async def _poll(self, ids: list[str]) -> None:
        await self._perform(Due(feeds=tuple(ids)))

    async def _judge(self, question: str) -> None:
        await self._perform(Due(questions=(question,)))

    async def _tell(self, delivery: int) -> None:
        await self._perform(Due(deliveries=(delivery,)))

    async def _mend(self, timestamp: int) -> None:
        """Take away the bells that killed workers were answering; the sweep rings for what is still due."""
        from procrastinate.jobs import Status

        del timestamp
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            await manager.finish_job(job, status=Status.ABORTED, delete_job=True)

    async def _perform(self, due: Due) -> None:
        assert self._dispatch is not None
        await self._dispatch.perform(due)

    # --- ringing ---

    async def _ring_for(self, due: Due) -> None:
        for one in due.deliveries:
            await self._defer("tell", f"tell {one}", FIRST, delivery=one)
        for question in due.questions:
            await self._defer("judge", f"judge {question}", SECOND, question=question)
        for slot, ids in _bundles(due.feeds):
            await self._defer("poll", f"poll {slot}", THIRD, ids=ids)

    async def _defer(self, name: str, lock: str, priority: int, **told: Any) -> None:
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

        bell = self._app.configure_task(name, queue=name, queueing_lock=lock, priority=priority)
        try:
            await bell.defer_async(**told)
        except AlreadyEnqueued:
            pass  # it rings already
        except ConnectorException as error:
            log.warning("a bell was lost (%s); the next sweep rings it again", error)


def _bundles(feeds: Iterable[str]) -> Iterable[tuple[int, list[str]]]:
    slots: dict[int, list[str]] = {}
    for one in feeds:
        slots.setdefault(crc32(one.encode()) % SLOTS, []).append(one)
    return slots.items()


@asynccontextmanager
async def open_bells(url: str) -> AsyncIterator[Bells]:
    """Open the bells on the PostgreSQL database of a SQLAlchemy URL, made where they are not there yet.

    ConfigError where it is no PostgreSQL database, or the extra is not installed.
    """
    try:
        from procrastinate import App, PsycopgConnector, exceptions
    except ImportError as error:
        raise ConfigError("workers need the extra: pip install 'alerts[scale]'") from error
    conninfo = _conninfo(url)
    await asyncio.to_thread(_make_schema, conninfo)
    connector = PsycopgConnector(
        conninfo=conninfo, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=2, max_size=8
    )
    app = App(connector=connector)
    try:
        async with app.open_async():
            yield Bells(app)
    except exceptions.ConnectorException as error:
        raise StoreError(f"the bells cannot be reached: {error}; check that the server runs and lets us in") from error


def _conninfo(url: str) -> str:
    from sqlalchemy import make_url

    parsed = make_url(url) if "://" in url else None
    if parsed is None or parsed.get_backend_name() != "postgresql":
        raise ConfigError("workers share a PostgreSQL database: set ALERTS_DATABASE_URL to postgresql+psycopg://…")
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


def _make_schema(conninfo: str) -> None:
    """Make the queue's tables once; of another release of the queue they are dropped, bells and all."""
    import procrastinate
    import psycopg
    from procrastinate.schema import SchemaManager

    release = procrastinate.__version__
    try:
        with psycopg.connect(conninfo) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('doorbell'))")
            comment = "SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')"
            found = connection.execute(comment, [SCHEMA]).fetchone()
            if found is not None and found[0] == release:
                return
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
            connection.execute(f"SET LOCAL search_path TO {SCHEMA}")
            connection.execute(SchemaManager.get_schema().encode())
            connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{release}'")
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise StoreError(f"the bells cannot be made: {reason}; check that the server runs and lets us in") from error
