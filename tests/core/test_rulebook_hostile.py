"""Whatever stands in a file, the loader answers soon, with problems inside the file, and other files are unharmed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.model.seed import Seeds
from alerts.rulebook.rules import read_rules
from alerts.rulebook.seeds import read_seeds

GOOD = "question: A\nmatch: truce\ntests: |\n  matched | Truce\n  - | War\n"
BOMBS = {
    "brackets": "[" * 200_000,
    "dashes": "- " * 100_000,
    "mappings": "{a: " * 50_000,
    "question marks": "? " * 100_000,
    "indentation": "".join(" " * n + "a:\n" for n in range(700)),
    "laughs": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a, *a, *a, *a, *a]\n" for n in range(50)),
    "itself": "a: &a [*a]\n",
    "merge": "<<: {question: A}\nmatch: truce\n",
    "python": "question: !!python/object/apply:os.system ['true']\nmatch: truce\n",
    "one key often": "match: truce\n" * 1_000,
    "many keys": "".join(f"k{n}: v\n" for n in range(2_000)),
    "one long word": f"question: A\nmatch: {'x' * 250_000}\n",
    "many words": f"question: A\nmatch: {'x ' * 20_000}\n",
    "many alternatives": f"question: A\nmatch: x{' OR xyz' * 5_000}\n",
    "many NOT": f"question: A\nmatch: {'NOT ' * 20_000}x\n",
    "many NEAR": f"question: A\nmatch: x{' NEAR/3 y' * 3_000}\n",
    "expression brackets": f"question: A\nmatch: {'(' * 40_000}x{')' * 40_000}\n",
    "300 brackets": f"question: A\nmatch: {'(' * 300}x{')' * 300}\n",
    "open quotes": "question: A\nmatch: >\n  " + '"' * 20_001,
    "many tests": "question: A\nmatch: x\ntests: |\n" + "  x\n" * 10_000,
    "long test line": "question: A\nmatch: x\ntests: |\n  " + "a | " * 60_000,
    "test brackets": "question: A\nmatch: x\ntests: |\n  " + "[" * 200_000,
    "comments": "#\n" * 50_000,
    "zero": "question: A\0\nmatch: x\n",
    "surrogate": "question: \ud800\nmatch: x\n",
    "controls": "question: \x1b[31mA\nmatch: x\n",
    "other line breaks": "question: A\u2028match: x\x85\ntests: |\u2028  matched | x\n",
    "empty": "",
    "only a mark": "\ufeff",
    "too large": "# " + "x" * 300_000,
    "directive": "%YAML 9.9\n---\nquestion: A\nmatch: x\n",
}
READABLE = {"one long word", "many alternatives", "many NOT", "surrogate", "other line breaks"}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_gives_problems_in_its_own_lines_and_harms_no_other(name: str) -> None:
    text = BOMBS[name]
    questions, problems = read_rules({"bad.yaml": text, "good.yaml": GOOD}, Seeds())
    assert questions[-1].id == "good"
    assert len(questions) == 1 or name in READABLE
    assert all(problem.path == "bad.yaml" for problem in problems)
    assert all(1 <= one.line <= text.count("\n") + text.count("\r") + 1 and one.col >= 1 for one in problems)
    assert all(len(str(problem)) < 600 and str(problem).isprintable() for problem in problems)


@pytest.mark.parametrize("name", ["brackets", "laughs", "itself", "python", "many keys", "zero", "too large", "empty"])
def test_seed_files_are_read_as_strictly(name: str) -> None:
    files = {"bad.yaml": BOMBS[name], "good.yaml": "putin: {kind: person, names: {en: Putin}}\n"}
    seeds, problems = read_seeds(files)
    assert set(seeds.by_id) == {"putin"}
    assert all(problem.path == "bad.yaml" for problem in problems)


def test_a_long_chain_and_many_circles_of_seeds_are_checked_soon() -> None:
    chain = "".join(f"s{n}: {{kind: x, names: {{en: s{n}}}, part_of: s{n + 1}}}\n" for n in range(600))
    circles = "".join(f"c{n}: {{kind: x, names: {{en: c{n}}}, part_of: c{n ^ 1}}}\n" for n in range(100))
    _, problems = read_seeds({"a.yaml": chain, "b.yaml": circles})
    assert [one.code for one in problems].count("E040") == 20


pieces = st.sampled_from(
    [
        *"abno:#-|>\"'[]{}&*!%@`,?\n\t  é\ud83d\u2028\x00~",
        "question: ",
        "match: ",
        "tests: |\n  ",
        " | ",
        "\n  ",
        "\r\n",
    ]
)
yaml_like = st.lists(pieces, max_size=40).map("".join)


@settings(max_examples=150)
@given(yaml_like)
def test_any_text_is_a_rule_or_has_problems_within_it(text: str) -> None:
    questions, problems = read_rules({"a.yaml": text}, Seeds())
    assert questions or any(problem.is_error for problem in problems)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert all(1 <= one.line <= len(lines) and 1 <= one.col <= len(lines[one.line - 1]) + 1 for one in problems)


@settings(max_examples=80)
@given(yaml_like)
def test_any_text_is_seeds_or_has_problems(text: str) -> None:
    seeds, problems = read_seeds({"a.yaml": text})
    assert len(seeds) or not text.strip() or any(problem.is_error for problem in problems)
