"""Seeds are read whole, from many files into one namespace, and every law they break is told."""

from __future__ import annotations

from datetime import date

from alerts.model.seed import Role, Seeds
from alerts.rulebook.seeds import read_seeds

PEOPLE = """\
putin:
  kind: person
  part_of: [ukraine-war]
  names: {en: [Vladimir Putin, Putin], ru: [Путин], no: Putin}
  weak: {en: [the Russian leader]}          # counts only beside another name of the same text
  roles: [{speaks_for: russia, from: 2000-05-07, until: 2030-01-01}]
  not: [Vladimir Putin Academy]
russia: {kind: state, names: {en: Russia}}
"""
THINGS = """\
ukraine-war: {kind: war, names: {en: Ukraine war}}
full-ceasefire:
  kind: truce
  part_of: [ukraine-war]
  default: true
  names: {en: [ceasefire, truce]}
  not: [energy-pause]
energy-pause: {kind: truce, part_of: [ukraine-war], names: {en: [energy truce, Truce]}}
"""


def read(*texts: str) -> tuple[Seeds, list[tuple[str, str, int, int]]]:
    seeds, problems = read_seeds({f"{n}.yaml": text for n, text in enumerate(texts)})
    return seeds, [(problem.path, problem.code, problem.line, problem.col) for problem in problems]


def test_the_full_format_is_read() -> None:
    seeds, problems = read(PEOPLE, THINGS)
    assert problems == []
    putin = seeds["putin"]
    assert (putin.kind, putin.part_of, putin.excludes) == ("person", ("ukraine-war",), ("Vladimir Putin Academy",))
    assert putin.names == {"en": ("Vladimir Putin", "Putin"), "ru": ("Путин",), "no": ("Putin",)}
    assert putin.weak == {"en": ("the Russian leader",)}
    assert putin.roles == (Role(speaks_for="russia", since=date(2000, 5, 7), until=date(2030, 1, 1)),)
    assert (seeds["full-ceasefire"].default, seeds["putin"].default) == (True, False)


def test_an_id_stands_once_over_all_files() -> None:
    seeds, problems = read(PEOPLE, "putin: {kind: horse, names: {en: Putin}}\n")
    assert ("1.yaml", "E012", 1, 1) in problems
    assert seeds["putin"].kind == "person"


def test_what_is_referred_to_has_to_exist() -> None:
    _, problems = read(
        "a:\n  kind: x\n  names: {en: A}\n  part_of: [wra]\n  roles: [{speaks_for: b}]\n  not: [energy-puase]\n", THINGS
    )
    assert [problem for problem in problems if problem[1] == "E021"] == [
        *(("0.yaml", "E021", 4, 13), ("0.yaml", "E021", 5, 24), ("0.yaml", "E021", 6, 9))
    ]


def test_a_name_in_not_may_look_like_an_id() -> None:
    _, problems = read("a: {kind: x, names: {en: A}, not: [semi-final]}\n")
    assert problems == []


def test_nothing_is_part_of_itself() -> None:
    _, problems = read(
        "a: {kind: x, names: {en: A}, part_of: b}\nb: {kind: x, names: {en: B}, part_of: c}\n",
        "c: {kind: x, names: {en: C}, part_of: a}\n",
    )
    assert [code for _, code, _, _ in problems] == ["E040"]


def test_one_name_for_two_is_a_warning_unless_they_are_told_apart() -> None:
    state, other = "a: {kind: x, names: {en: Georgia}}\n", "b: {kind: x, names: {en: [Georgia]}}\n"
    _, problems = read(f"{state}{other}c: {{kind: x, names: {{en: Georgia}}, not: [a]}}\n")
    assert problems == [("0.yaml", "W040", 2, 1)]


def test_a_name_is_no_story() -> None:
    _, problems = read(f"a: {{kind: x, names: {{en: [A, {'word ' * 21}]}}}}\n")
    assert problems == [("0.yaml", "E008", 1, 30)]


def test_a_seed_without_names_is_a_warning() -> None:
    assert read("a: {kind: x}\n")[1] == [("0.yaml", "W041", 1, 1)]


MISTAKES = """\
a: {kind: x, names: {en: A}, alias: B}
B: {kind: x}
c: {kind: x, names: {english: C}}
d: x
e: {kind: x, names: {en: E}, roles: [{speaks_for: e, from: 2020-01-02, until: 2020-01-01}]}
f: {names: {en: F}}
"""


def test_mistakes_have_their_place_and_spare_the_other_seeds() -> None:
    seeds, problems = read(MISTAKES)
    assert set(seeds.by_id) == {"e"}
    assert [(code, line, col) for _, code, line, col in problems] == [
        *(("E006", 1, 30), ("E010", 2, 1), ("E010", 3, 22), ("E008", 4, 4), ("E009", 5, 79), ("E007", 6, 4))
    ]
