"""Rounds of polling many feeds through the real house, over real HTTP: CPU, memory and time of each."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alerts.feeds.opml import write_opml
from alerts.model.feed import Feed
from alerts.settings import Settings
from alerts.wiring.house import House, build
from fakes import HandClock

RULE = "question: What is marked\nmatch: mark\ntests: |\n  matched | MARK this\n"
MB = 1024 * 1024


def run(feeds: int, items: int, rounds: Sequence[int | None]) -> None:
    """Print a line a round; a round is the percent of feeds that have a new item, None = the first look at all."""
    with tempfile.TemporaryDirectory() as folder, _farm(feeds, items) as port:
        print(f"{feeds} feeds of {items} items; CPU seconds of parent and parser, memory of both together")
        print(f"{'round':>10}{'parent':>9}{'parser':>9}{'together':>10}{'wall s':>8}{'MB':>7}{'asked':>8}{'304':>8}")
        asyncio.run(_rounds(_settings(Path(folder), port, feeds), port, rounds))


async def _rounds(settings: Settings, port: int, rounds: Sequence[int | None]) -> None:
    clock = HandClock(datetime(2025, 3, 18, 12, tzinfo=UTC))
    async with build(settings, clock=clock, seed=1) as house:
        for percent in rounds:
            if percent is not None:
                _call(port, f"/round?{percent}", post=True)
            _call(port, "/asked")
            await _round(house, port, "cold" if percent is None else f"{percent} %")
            clock.go(minutes=6)


async def _round(house: House, port: int, name: str) -> None:
    (parent, child), begun = _spent(), time.perf_counter()
    await house.dispatch.work_off()
    wall, (parent_now, child_now) = time.perf_counter() - begun, _spent()
    ours, theirs = parent_now - parent, child_now - child
    asked, unchanged = _call(port, "/asked").split()
    print(f"{name:>10}{ours:>9.2f}{theirs:>9.2f}{ours + theirs:>10.2f}{wall:>8.1f}{_memory():>7.0f}", end="")
    print(f"{asked:>8}{unchanged:>8}", flush=True)


@contextmanager
def _farm(feeds: int, items: int) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.feedfarm", str(feeds), str(items)]
    tests = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=tests, stdout=subprocess.PIPE, text=True) as farm:
        assert farm.stdout is not None
        try:
            yield int(farm.stdout.readline())
        finally:
            farm.kill()


def _settings(folder: Path, port: int, feeds: int) -> Settings:
    (folder / "rules/story").mkdir(parents=True)
    (folder / "rules/story/mark.yaml").write_text(RULE, "utf-8")
    (folder / "seeds/entities").mkdir(parents=True)
    listed = [
        Feed(id=f"f{n}", url=f"http://127.0.0.1:{port}/{n}", title=f"Feed {n}", owner=f"o{n}") for n in range(feeds)
    ]
    (folder / "seeds/feeds.opml").write_text(write_opml(listed, "bench"), "utf-8")
    return Settings(
        home=folder / "home",
        rules=folder / "rules",
        seeds=folder / "seeds",
        fetch={"private": "127.0.0.0/8"},  # type: ignore[arg-type]
    )


def _call(port: int, path: str, *, post: bool = False) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=b"" if post else None)
    with urllib.request.urlopen(request) as answer:
        text: str = answer.read().decode()
    return text


def _spent() -> tuple[float, float]:
    """Return the CPU seconds of this process and of the parser."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    ticks = [int(tick) for stat in _parsers("stat") for tick in stat.rpartition(")")[2].split()[11:13]]
    return mine.ru_utime + mine.ru_stime, sum(ticks) / 100


def _memory() -> float:
    """Return the memory that this process and the parser hold now, in MB."""
    pages = [Path("/proc/self/statm").read_text(), *_parsers("statm")]
    return sum(int(one.split()[1]) for one in pages) * resource.getpagesize() / MB


def _parsers(name: str) -> Iterator[str]:
    me = Path("/proc/self/task")
    for task in me.iterdir():
        for pid in (task / "children").read_text().split():
            if b"alerts.feeds.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield Path(f"/proc/{pid}/{name}").read_text()
