"""``make prove``: many seeds of a world that goes wrong, and spoilt stores that must be caught.

``python -m tests.prove --seeds 10000`` plays so many from seed 1, ``--seed 17`` that one alone. Prints each broken
promise with its seed, how often each fault was met, and how many seeds it took to catch each mutant.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SOMETIMES = (
    "refuses", "throttles", "loses the reply", "hangs", "arrived twice", "told together", "killed before the send",
    "killed after the send", "killed before receipt", "killed after receipt", "killed after claim_delivery",
    "killed before record_poll", "killed after record_poll", "killed before apply", "killed after apply",
)  # fmt: skip
"""What has to be met somewhere; a proof in which nothing went wrong proves nothing."""


def main(arguments: list[str]) -> int:
    """Play; 1 when a promise was broken, a fault never met, or a mutant not caught."""
    from prove.mutants import MUTANTS
    from prove.world import World

    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args(arguments)
    seeds = [asked.seed] if asked.seed is not None else range(1, asked.seeds + 1)
    seen: Counter[str] = Counter()
    broken, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory(dir=_quick()) as folder:
        for seed in seeds:
            world = World(Path(folder), seed)
            wrong = world.play()
            broken += bool(wrong)
            seen += world.life.seen
            for line in wrong:
                print(f"{line}  (python -m tests.prove --seed {seed})", flush=True)
        seconds = time.monotonic() - began
        caught = {mutant.__name__: _caught(Path(folder), mutant) for mutant in MUTANTS}
    deaths = sum(count for name, count in seen.items() if name.startswith("killed"))
    print(f"{len(seeds)} seeds, {deaths} deaths, {broken} seeds broke a promise, {seconds / len(seeds):.2f} s a seed")
    print("met: " + ", ".join(f"{name} {count}" for name, count in sorted(seen.items())))
    print(
        "mutants: " + ", ".join(f"{name} {f'caught at seed {n}' if n else 'NOT CAUGHT'}" for name, n in caught.items())
    )
    missing = [name for name in SOMETIMES if not seen[name]] if len(seeds) > 20 else []
    if missing:
        print(f"never met: {', '.join(missing)}")
    return 1 if broken or missing or not all(caught.values()) else 0


def _caught(folder: Path, mutant: type) -> int | None:
    from prove.world import World

    for seed in range(1001, 1021):
        here = folder / mutant.__name__
        here.mkdir(exist_ok=True)
        if World(here, seed, mutant).play():
            return seed - 1000
    return None


def _quick() -> str | None:
    """Memory instead of a disk, where there is one: the faults are ours, not the disk's."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main(sys.argv[1:]))
