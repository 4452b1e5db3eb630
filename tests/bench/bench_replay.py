"""How fast a file is judged on its own clock, and a rule on what is stored: CPU seconds, memory, counts.

The real items beside the project are used where they are there, else made-up ones.
"""

from __future__ import annotations

import gzip
import json
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryFile

from alerts.engine.rehearse import read_items
from alerts.engine.replay import replayed
from alerts.wiring.authored import in_force_of, make_assessor, read_authored, read_sources

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "background_dev.jsonl.gz"
ITEMS = 200_000
EVERY = 50_000


def lines() -> Iterator[str]:
    """Items of one minute each, in the order of time."""
    begun = datetime(2025, 1, 1, tzinfo=UTC)
    for number, one in enumerate(islice(cycle(texts()), ITEMS)):
        at = (begun + timedelta(minutes=number)).isoformat()
        yield json.dumps({**one, "id": str(number), "published": at, "seen": at})


def texts() -> list[dict[str, str | None]]:
    """Title, summary, source and language of items."""
    if not DATA.exists():
        return [
            {"title": f"Envoys met for round {number}", "source": f"paper {number % 90}"} for number in range(5_000)
        ]
    with gzip.open(DATA, "rt", encoding="utf-8") as opened:
        read = [json.loads(line) for line in islice(opened, 10_000)]
    return [{key: one.get(key) for key in ("title", "summary", "source", "lang")} for one in read]


def main() -> None:
    """Print items, changes, CPU seconds and the greatest memory, every so many items."""
    authored = read_authored(ROOT / "rules", ROOT / "seeds")
    in_force = in_force_of(authored, make_assessor(authored), ROOT / "seeds")
    changes = 0

    def seen(number: int, _: datetime) -> None:
        if number % EVERY == 0:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{number:>8} items  {time.process_time() - begun:6.1f} s CPU  {memory:5.0f} MB at most", flush=True)

    with TemporaryFile("w+") as file:
        file.writelines(f"{one}\n" for one in lines())
        file.seek(0)
        begun = time.process_time()
        for _ in replayed(read_items(file, read_sources(ROOT / "seeds")), in_force, seen=seen):
            changes += 1
    print(f"{changes:>8} changes")


if __name__ == "__main__":
    main()
