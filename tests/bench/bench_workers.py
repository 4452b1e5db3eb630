"""One daemon on SQLite, and two workers on PostgreSQL of which one is killed six times: what both cost, what is lost.

``ALERTS_TEST_FEEDS=10000 python -m tests.bench workers`` for the large figure.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from bench.polling import _call, _farm, _settings

from alerts.settings import Settings
from alerts.store.connect import Database, connect
from alerts.store.store import Store
from postgres import serve

FEEDS = int(os.environ.get("ALERTS_TEST_FEEDS", "1000"))
ITEMS, PERCENT, KILLS = 10, 10, 6
LONG_AGO = "2000-01-01 00:00:00+00:00"
FRESH = f"UPDATE feeds SET next_at = '{LONG_AGO}', lease_until = NULL"


def main() -> None:
    """Print a line a round."""
    print(f"{FEEDS} feeds of {ITEMS} items; the second round has a new item in {PERCENT} % of them")
    print(f"{'':<34}{'wall s':>8}{'CPU s':>8}{'feeds/CPU s':>13}{'items':>9}{'lost':>6}{'evidence':>10}{'doubled':>9}")
    with tempfile.TemporaryDirectory() as folder, _farm(FEEDS, ITEMS) as port:
        settings = _settings(Path(folder), port, FEEDS)
        _rounds("SQLite, one daemon", settings, f"sqlite:///{folder}/alerts.db", port, _daemon)
    with tempfile.TemporaryDirectory() as folder, _farm(FEEDS, ITEMS) as port, serve(swift=False) as server:
        if server is None:
            print("no PostgreSQL server can be started here")
            return
        settings = _settings(Path(folder), port, FEEDS)
        with server.database() as url:
            _rounds(f"PostgreSQL, two, {KILLS} kills", settings, url, port, _killed)
        server.close()


def _rounds(name: str, settings: Settings, url: str, port: int, work: Callable[[dict[str, str], str], None]) -> None:
    env = _environment(settings, url)
    changed = 0
    for round_name in ("cold", "changed"):
        if round_name == "changed":
            changed = int(_call(port, f"/round?{PERCENT}", post=True))
        before, begun = _children(), time.perf_counter()
        work(env, url)
        cpu, wall = _children() - before, time.perf_counter() - begun
        with Store.open(url) as store:
            counts = store.counts()
            found = store.evidence_of("mark", limit=10 * FEEDS)
        items, doubled = FEEDS * ITEMS + changed, len(found) - len({one.item.id for one in found})
        print(
            f"{name + ', ' + round_name:<34}{wall:>8.1f}{cpu:>8.1f}{FEEDS / cpu:>13.0f}{counts.items:>9}"
            f"{items - counts.items:>6}{len(found):>6} of {changed}{doubled:>5}",
            flush=True,
        )
        with closing(connect(url)) as database, database.write() as connection:
            connection.exec_driver_sql(FRESH)


def _environment(settings: Settings, url: str) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return keep | {
        "ALERTS_HOME": str(settings.home),
        "ALERTS_RULES": str(settings.rules),
        "ALERTS_SEEDS": str(settings.seeds),
        "ALERTS_FETCH__PRIVATE": "127.0.0.0/8",
        "ALERTS_WEB__LISTEN": "off",
        "ALERTS_DATABASE_URL": url,
    }


def _daemon(env: dict[str, str], _: str) -> None:
    subprocess.run([sys.executable, "-m", "alerts", "run", "--once"], env=env, check=True, capture_output=True)


def _killed(env: dict[str, str], url: str) -> None:
    """Let two workers poll every feed once; kill one each time another seventh is done."""
    with ExitStack() as opened, closing(connect(url)) as database:
        workers = [opened.enter_context(_worker(env)) for _ in range(2)]
        kills = 0
        while left := _left(database):
            if left < FEEDS * (KILLS - kills) // (KILLS + 1):
                workers[kills % 2].kill()
                workers[kills % 2] = opened.enter_context(_worker(env))
                kills += 1
            time.sleep(0.2)
        for one in workers:
            one.terminate()
    with closing(connect(url)) as database, database.write() as connection:
        connection.exec_driver_sql(f"{FRESH} WHERE lease_until IS NOT NULL OR polled_at IS NULL")
    _daemon(env, url)  # what the kills left


def _left(database: Database) -> int:
    """Return how many feeds nobody has claimed yet; what a killed worker had claimed is due only at its next turn."""
    with database.read() as connection:
        due = f"SELECT count(*) FROM feeds WHERE lease_until IS NULL AND (next_at = '{LONG_AGO}' OR polled_at IS NULL)"
        found: int = connection.exec_driver_sql(due).scalar_one()
        return found or FEEDS * (not connection.exec_driver_sql("SELECT count(*) FROM feeds").scalar_one())


@contextmanager
def _worker(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "alerts", "worker", "--bundles", "4"]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker
        finally:
            worker.wait(120)


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
