"""The shipped seeds: whole, referring to one another, named in the languages of the story."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.model.seed import Seed
from alerts.reading.normalise import normalise
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2] / "seeds"
FILES = [*sorted((ROOT / "entities").glob("*.yaml")), ROOT / "things.yaml"]
SEEDS, PROBLEMS = read_seeds({str(path): path.read_text(encoding="utf-8") for path in FILES})


def test_they_are_read_without_a_remark() -> None:
    assert [str(problem) for problem in PROBLEMS] == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_each_has_an_english_name_and_all_its_names_have_words(seed: Seed) -> None:
    assert seed.names["en"]
    names = [name for by_language in (seed.names, seed.weak) for names in by_language.values() for name in names]
    assert all(normalise(name).words for name in names)


def test_what_the_watch_rules_name_is_named_in_english_russian_and_ukrainian() -> None:
    named = {"putin", "trump", "zelensky", "kremlin", "moscow", "kyiv", "zaporizhzhia", "zaporizhzhia-plant"}
    named |= {"full-ceasefire", "energy-pause", "black-sea-truce", "easter-truce"}
    assert not {seed_id for seed_id in named if not {"en", "ru", "uk"} <= SEEDS[seed_id].names.keys()}


def test_a_bare_word_means_one_thing_of_each_kind_in_a_war() -> None:
    defaults = [(seed.kind, above) for seed in SEEDS if seed.default for above in seed.part_of]
    assert len(defaults) == len(set(defaults))


def test_each_file_alone_lacks_only_what_the_others_hold() -> None:
    for path in FILES:
        _, problems = read_seeds({str(path): path.read_text(encoding="utf-8")})
        assert {problem.code for problem in problems} <= {"E021"}
