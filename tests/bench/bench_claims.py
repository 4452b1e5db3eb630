"""What reading claims costs: mean and p99 of CPU an item, the cached start, growth with the length of a text."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from claims_house import JUDGE, KNOWN, ROOT, item

from alerts.reading.known import Known

DATA = ROOT.parent / "shared" / "data"


def cost(texts: list[tuple[str, str | None]]) -> tuple[float, float]:
    """Return mean and p99 of CPU microseconds an item, each the best of three."""
    best = [9e9] * len(texts)
    for _ in range(3):
        for number, (title, summary) in enumerate(texts):
            one = item(title, summary)
            began = process_time()
            JUDGE.verdicts(one)
            best[number] = min(best[number], (process_time() - began) * 1e6)
    best.sort()
    return sum(best) / len(best), best[int(len(best) * 0.99)]


def main() -> None:
    """Print the figures; the texts are the evaluation's where they are there, else the rules' own tests."""
    sets = {"inline tests": [(test.title, test.summary) for q in JUDGE.questions for test in q.tests]}
    for name in ("story_dev", "background_dev"):
        path = DATA / f"{name}.jsonl.gz"
        if path.is_file():
            with gzip.open(path, "rt") as lines:
                rows = [json.loads(line) for line in lines]
            sets[name] = [(row["title"], row["summary"]) for row in rows[:: max(1, len(rows) // 5000)]]
    for name, texts in sets.items():
        mean, p99 = cost(texts)
        print(f"reading, {name}: mean {mean:.0f} µs, p99 {p99:.0f} µs of CPU an item, {len(texts)} items")
    raw = KNOWN.to_bytes()
    began = process_time()
    Known.from_bytes(raw).longer  # noqa: B018 — the start pays for it
    print(f"cached start: {(process_time() - began) * 1e3:.0f} ms, {len(raw) / 1e6:.1f} MB")
    for copies in (100, 1_000, 10_000):
        began = process_time()
        JUDGE.verdicts(item("Russia rejects ceasefire and " * copies))
        print(f"title of {copies * 29} letters: {(process_time() - began) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
