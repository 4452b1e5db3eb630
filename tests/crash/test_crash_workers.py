"""Workers on one PostgreSQL database are killed one after the other; nothing is lost, nothing is judged twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from alerts.store.connect import connect
from alerts.store.store import Store
from alerts.wiring.clock import SystemClock
from fakes import item, rss
from feedserver import FeedServer, feed
from postgres import Postgres
from terminal import Terminal

STORIES = int(os.environ.get("ALERTS_TEST_STORIES", "24"))
"""Questions, each with a feed and a recipient of its own: an address that a kill left busy holds up no other."""

KILLS = 3
TOLD = re.compile(r"Dam n(\d+) bursts")


class Crew(Terminal):
    """A terminal whose workers share a database."""

    def __init__(self, folder: Path, server: FeedServer, url: str) -> None:
        super().__init__(folder, server)
        self.url = url
        self.env["ALERTS_DATABASE_URL"] = url
        (folder / "rules/story/dam.yaml").unlink()
        for n in range(STORIES):
            self.write(f"rules/story/dam-{n}.yaml", f"question: Dam {n}\nmatch: dam AND n{n}\nnotify: c{n}\n")
            self.env[f"ALERTS_CHANNELS__C{n}"] = server.url("/sink").replace("http://", f"json://reader{n}@")
        lines = [f'<outline type="rss" text="F{n}" xmlUrl="{server.url(f"/{n}.xml")}"/>' for n in range(STORIES)]
        self.write("seeds/feeds.opml", f'<opml version="2.0"><head/><body>{"".join(lines)}</body></opml>')

    def burst(self) -> None:
        """Let every dam burst."""
        now = SystemClock().now()
        for n in range(STORIES):
            body = rss(item(f"Dam n{n} bursts above the valley", at=now))
            self.server.routes[f"/{n}.xml"] = feed(body, etag='"1"')

    def worker(self) -> subprocess.Popen[str]:
        """Start a worker."""
        command = [sys.executable, "-m", "alerts", "worker"]
        return subprocess.Popen(command, cwd=self.folder, env=self.env, stderr=subprocess.PIPE, text=True)

    def until_told(self, number: int) -> None:
        """Wait until the sink has so many messages, or nothing more comes: what a kill left is not due for a while."""
        quiet = 30.0 if not self.told else 5.0
        while len(self.server.seen("/sink")) < number:
            if not self.server.wait_for(len(self.server.requests) + 1, timeout=quiet):
                return

    def finish(self) -> None:
        """Let time go by for leases and the outbox, and let a daemon do what is left."""
        with closing(connect(self.url)) as database, database.write() as connection:
            connection.exec_driver_sql("UPDATE feeds SET lease_until = NULL, next_at = '2000-01-01Z'")
            connection.exec_driver_sql("UPDATE deliveries SET next_at = '2000-01-01Z' WHERE state <> 'sent'")
            connection.exec_driver_sql("UPDATE deliveries SET lease_until = '2000-01-01Z' WHERE state = 'sending'")
        self.run("run", "--once")


@pytest.fixture
def crew(tmp_path: Path, server: Postgres) -> Iterator[Crew]:
    with server.database(empty=True) as url, FeedServer() as feeds:
        crew = Crew(tmp_path, feeds, url)
        crew.run("run", "--once")  # makes the tables and the vocabulary
        crew.burst()
        with closing(connect(url)) as database, database.write() as connection:
            connection.exec_driver_sql("UPDATE feeds SET next_at = '2000-01-01Z'")
        yield crew


def stop(*workers: subprocess.Popen[str]) -> None:
    for one in workers:
        one.send_signal(signal.SIGTERM)
    for one in workers:
        said = one.communicate(timeout=60)[1]
        assert one.returncode in {0, -signal.SIGTERM}, said  # the latter: told to stop before it had begun
        assert "Traceback" not in said, said


def test_workers_that_are_killed_in_the_middle_lose_nothing_and_double_nothing_unannounced(crew: Crew) -> None:
    with ExitStack() as running:
        workers = [running.enter_context(crew.worker()) for _ in range(2)]
        for kill in range(1, KILLS + 1):
            crew.until_told(kill * STORIES // (KILLS + 2))
            workers[0].kill()
            workers = [workers[1], running.enter_context(crew.worker())]
        crew.until_told((KILLS + 1) * STORIES // (KILLS + 2))
        stop(*workers)
    crew.finish()

    told = Counter(int(n) for message in crew.told for n in set(TOLD.findall(message)))
    assert set(told) == set(range(STORIES)), "lost"
    plain = Counter(int(n) for one in crew.told if "repeat" not in one.lower() for n in set(TOLD.findall(one)))
    assert max(plain.values()) == 1, "doubled, and it does not say so"
    with Store.open(crew.url) as store:
        assert Counter(one.question for one in store.changes(limit=9_999)) == Counter(
            f"dam-{n}" for n in range(STORIES)
        )
        assert all(one.state == "sent" for one in store.deliveries(limit=9_999))
        assert store.counts().waiting == 0


def test_a_worker_stops_when_it_is_told_to_and_leaves_every_receipt(crew: Crew) -> None:
    with crew.worker() as worker:
        crew.until_told(1)
        stop(worker)
    with Store.open(crew.url) as store:
        assert not [one for one in store.deliveries(limit=9_999) if one.state == "sending"]


def test_workers_want_a_database_that_can_be_shared(terminal_alone: Terminal) -> None:
    said = terminal_alone.run("worker", exit_code=3).stderr
    assert "set ALERTS_DATABASE_URL to postgresql+psycopg://" in said


@pytest.fixture
def terminal_alone(tmp_path: Path) -> Iterator[Terminal]:
    with FeedServer() as server:
        yield Terminal(tmp_path, server)
