"""Names of people and places are data of a story: none that the shipped seeds know stands in the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2]
SEEDS, _ = read_seeds({str(path): path.read_text("utf-8") for path in (ROOT / "seeds/entities").glob("*.yaml")})
FILES = [path for path in sorted((ROOT / "alerts").rglob("*")) if path.suffix in {".py", ".yaml"}]

SHORTEST = 4
"""Letters of a Latin name that is looked for; a shorter one (US, UN, EU) is a word, or a code, as well."""

ALLOWED = {
    "alerts/reading/english.py": {"paris", "beijing", "reuters"},  # an s and an ing that are no endings
}
"""File → the names that stand there, each for a reason."""


def names() -> set[str]:
    """Return every name of a person, body or place that is looked for, in lower case."""
    known = {name.casefold() for seed in SEEDS for group in seed.names.values() for name in group}
    return {name for name in known if not name.isascii() or sum(map(str.isalpha, name)) >= SHORTEST}


NAMES = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names(), key=len, reverse=True)))})"
    r"(?!\w)(?!/[A-Z])",  # Europe/Vienna is a time zone
    re.IGNORECASE,
)


def standing(text: str) -> set[str]:
    """Return the names that stand in a text."""
    return {found.casefold() for found in NAMES.findall(text)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_of_a_person_or_place_stands_in_the_package(path: Path) -> None:
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), set())
    assert standing(path.read_text("utf-8")) - allowed == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# as when Putin's aide", {"putin"}),
        ("putin", {"putin"}),
        ("Путин", {"путин"}),
        ("ukraine-war", {"ukraine"}),
        ("$zaporizhzhia-plant", {"zaporizhzhia"}),
        ("zone = 'Europe/Kyiv'", {"kyiv"}),
        ("Ruritania's truce; the US; computing; Europe/Vienna", set()),
    ],
)
def test_a_name_is_seen_in_any_case_and_as_a_whole_word(text: str, found: set[str]) -> None:
    assert standing(text) == found


def test_the_law_looks_for_names_of_every_kind_and_script() -> None:
    assert {"putin", "путин", "путін", "кремль", "iaea", "київ", "gaza"} <= names()
    assert FILES
