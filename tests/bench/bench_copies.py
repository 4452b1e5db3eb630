"""How fast copies are found among 50,000 texts of one window, and the origin of each: CPU time and memory.

    python tests/bench/bench_copies.py

Texts are read from ``../shared/data`` where it is there, else made up; all of them fall within 72 hours.
"""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.feeds.opml import read_opml
from alerts.judging.copies import WINDOW, Copies, Sketch, sketch_of
from alerts.judging.weigh import Wires, origin_of
from alerts.model.item import Item, Source
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "background_dev.jsonl.gz"
SOURCE = Source(id="bench", title="Bench", owner="bench")
WINDOWFUL = 50_000
START = datetime(2025, 3, 13, tzinfo=UTC)


def items(wanted: int) -> list[Item]:
    """Texts as feeds bring them, some of them copies."""
    if not SHARED.exists():
        return [_item(n, f"Palace speaks of bridge {n % 40_000} in Zenda", None) for n in range(wanted)]
    found: list[Item] = []
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            found.append(_item(len(found), one["title"], one["summary"]))
            if len(found) == wanted:
                break
    return found


def _item(number: int, title: str, summary: str | None) -> Item:
    return Item(id=str(number), source=SOURCE, title=title, summary=summary, lang="en")


def main() -> None:
    """Print texts a CPU second for sketching and for finding, and what a window full of texts holds in memory."""
    texts = items(WINDOWFUL)
    sketch_of(texts[0])
    began = time.process_time()
    sketches = [sketch_of(item) for item in texts]
    sketched = time.process_time()
    copies = _filled(sketches)
    filed = time.process_time()
    again = sum(copies.add(one, START + WINDOW / 2, "again") != "again" for one in sketches)
    found = time.process_time()
    print(f"texts {len(texts):,}, groups {len(copies):,}, found again {again:,}")
    for name, seconds in (("sketch", sketched - began), ("file", filed - sketched), ("find", found - filed)):
        print(f"{name:8} {len(texts) / seconds:10,.0f} texts a CPU second  {seconds / len(texts) * 1e6:6.1f} µs a text")
    wires = _wires()
    began = time.process_time()
    for item in texts:
        origin_of(item, wires)
    weighed = time.process_time() - began
    print(f"{'origin':8} {len(texts) / weighed:10,.0f} texts a CPU second  {weighed / len(texts) * 1e6:6.1f} µs a text")
    tracemalloc.start()
    held = _filled(sketches)
    print(f"memory   {tracemalloc.get_traced_memory()[0] / 1e6:10.1f} MB for {len(held):,} groups, sketches aside")


def _wires() -> Wires:
    feeds, _ = read_opml((ROOT / "seeds/feeds.opml").read_bytes(), "feeds.opml")
    agencies = ROOT / "seeds/entities/agencies.yaml"
    seeds, _ = read_seeds({str(agencies): agencies.read_text("utf-8")})
    return Wires(feeds, seeds)


def _filled(sketches: list[Sketch]) -> Copies:
    step = timedelta(seconds=WINDOW.total_seconds() / 2 / len(sketches))
    return Copies((sketch, START + number * step, str(number)) for number, sketch in enumerate(sketches))


if __name__ == "__main__":
    main()
