"""A few seeds of the world that goes wrong on purpose, and the spoilt stores it must notice; see ``make prove``."""

from __future__ import annotations

from pathlib import Path

import pytest

from prove.mutants import MUTANTS
from prove.world import World


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_goes_wrong_nothing_is_lost_and_nothing_is_repeated_unannounced(seed: int, tmp_path: Path) -> None:
    world = World(tmp_path, seed)
    assert world.play() == []
    assert sum(count for name, count in world.life.seen.items() if name.startswith("killed")) > 5


def test_one_seed_is_one_story(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, again = World(tmp_path, 4), World(tmp_path / "again", 4)
    assert (first.play(), first.sinks.arrived) == (again.play(), again.sinks.arrived)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_a_spoilt_store_is_noticed(mutant: type, tmp_path: Path) -> None:
    for seed in range(1001, 1006):
        if World(tmp_path, seed, mutant).play():
            return
    pytest.fail("nobody noticed in five seeds")
