"""Ten thousand feeds with a tenth changed: does a round fit into a minute, and does memory stay flat?"""

from __future__ import annotations

from bench.polling import run


def main() -> None:
    """Print CPU, memory and time of each round."""
    run(10_000, 5, [None, 0, 10, 10, 10])
