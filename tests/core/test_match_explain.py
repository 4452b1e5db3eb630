"""Explain says in words why a text matches or not, what lacks, and which line to paste as a test."""

from __future__ import annotations

import pytest

from alerts.judging.assess import Assessor
from alerts.judging.explain import Explanation, explain
from alerts.judging.patterns import words_of
from alerts.model.item import Item, Source
from alerts.model.seed import Seed, Seeds
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

SEEDS = Seeds({"putin": Seed(id="putin", kind="person", names={"en": ("Vladimir Putin", "Putin")})})
RULE = """\
question: Q
match: >
  (truce OR ceasefire) AND $putin AND NOT minsk AND (zaporizhzhia NEAR/3 (plant OR npp))
ignore: gaza OR sudan
"""
GOOD = "Putin on a truce around the Zaporizhzhia nuclear plant"


def why(title: str, summary: str | None = None, *, rule: str = RULE, lang: str | None = None) -> Explanation:
    questions, problems = read_rules({"my-rule.yaml": rule}, SEEDS)
    assert questions, problems
    assessor = Assessor(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)))
    source = Source(id="s", title="S", owner="s")
    return explain(assessor, questions[0], Item(id="1", source=source, title=title, summary=summary, lang=lang))


def said(explanation: Explanation) -> str:
    return "\n".join(explanation.lines())


def test_a_match_shows_what_was_found_at_every_gate_and_the_line_to_paste() -> None:
    assert why(GOOD, "And more.", lang="en").lines() == [
        f'my-rule: matched: "{GOOD}"',
        '  match       ok       "truce" in the title',
        '  match       ok       "Putin" in the title',
        "  match       ok       no minsk",
        '  match       ok       "Zaporizhzhia" in the title, "plant" in the title',
        "  ignore      ok       none of gaza, sudan",
        "  To leave such texts alone, add a word of theirs to 'ignore'.",
        f"  Test it: [en] matched | {GOOD} || And more.",
    ]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "Putin visits the Zaporizhzhia plant",
            ["stopped  none of truce, ceasefire", "It would match with one of truce, ceasefire."],
        ),
        (GOOD.replace("Putin", "Xi"), ["stopped  no $putin", "It would match with $putin."]),
        (
            f"{GOOD}, ten years after Minsk",
            ['stopped  "Minsk" in the title, which must not be there', "It would match with no minsk."],
        ),
        (
            "Putin on a truce around Zaporizhzhia city",
            ['stopped  "Zaporizhzhia" in the title, but none of plant, npp', 'within 3 words of "Zaporizhzhia"'],
        ),
        (
            "Putin on a truce around Zaporizhzhia and the talks about its plant",
            ['"plant" in the title, 5 words between', "It would match with at most 3 words between them"],
        ),
        (
            "Putin on a truce around Zaporizhzhia. The plant is safe",
            ['"plant" in the title, not in one sentence'],
        ),
        (
            f"{GOOD} and in Gaza",
            ['ignore      stopped  "Gaza" in the title vetoes it', 'It would match without "Gaza" in the'],
        ),
        (
            "Truce in Gaza",
            [
                "no $putin",
                "zaporizhzhia NEAR/3 (plant OR npp)",
                'and zaporizhzhia NEAR/3 (plant OR npp), without "Gaza"',
            ],
        ),
    ],
)
def test_a_silence_says_what_stopped_it_and_what_would_change_it(title: str, lines: list[str]) -> None:
    explanation = why(title)
    assert not explanation.verdicts
    assert all(line in said(explanation) for line in lines), said(explanation)
    assert explanation.test == f"- | {title}"


def test_of_several_ways_to_match_the_nearest_is_told() -> None:
    rule = "question: Q\nmatch: xyz OR (truce AND putin AND minsk) OR (a AND b)\n"
    assert why("Putin on Minsk", rule=rule).change == "It would match with truce."
    assert why("Nothing", rule=rule).change.startswith("It would match with one of xyz, ")


def test_long_expressions_and_many_words_are_cut() -> None:
    rule = f"question: Q\nmatch: truce AND ({' OR '.join(f'word{n}' for n in range(30))})\n"
    assert "none of word0, word1, word2, word3 and 26 more" in said(why("A truce", rule=rule))
    assert max(map(len, why("A truce", rule=rule).lines())) < 200


def test_a_rule_that_is_not_sent_says_so() -> None:
    assert "test: stored and shown, never pushed" in said(why(GOOD, rule=f"{RULE}status: test\n"))


def test_a_text_longer_than_what_is_read_says_so() -> None:
    assert "the first 20,000 letters of the summary's 20,010" in said(why(GOOD, "x" * 20_010))


def test_a_text_of_many_lines_makes_a_test_of_one() -> None:
    assert why("A\n truce", "One.\n\nTwo.").test == "- | A truce || One. Two."
