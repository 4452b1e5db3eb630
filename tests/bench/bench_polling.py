"""What a round of a thousand feeds costs: the first look, a round with nothing new, rounds in which a tenth changed."""

from __future__ import annotations

from bench.polling import run


def main() -> None:
    """Print CPU, memory and time of each round."""
    run(1_000, 30, [None, 0, *[10] * 10])
