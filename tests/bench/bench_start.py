"""What starting costs: CPU of whole processes, as ratios to an empty Typer program of the same run."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EMPTY = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
RUNS = 7


def _cpu(command: list[str]) -> float:
    """Return the CPU seconds of one child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Print the median CPU of each start, in milliseconds, and its ratio to the empty program."""
    python, rule = sys.executable, min((ROOT / "rules").rglob("*-news.yaml"))
    commands = {
        "empty Typer program --help": [python, "-c", EMPTY, "--help"],
        "alerts --help": [python, "-m", "alerts", "--help"],
        "alerts check FILE": [python, "-m", "alerts", "check", str(rule)],
        "alerts test FILE": [python, "-m", "alerts", "test", str(rule)],
    }
    medians = {name: statistics.median(_cpu(command) for _ in range(RUNS)) for name, command in commands.items()}
    base = medians["empty Typer program --help"]
    for name, seconds in medians.items():
        print(f"{name:<28} {seconds * 1000:7.0f} ms  {seconds / base:5.2f}x")
