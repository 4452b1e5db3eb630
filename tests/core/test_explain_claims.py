"""Explain says which gate of a question stopped a text, which word is missing, and what would change it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest
from claims_house import KNOWN, READ, ROOT, SEEDS, item, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.judging.assess import Assessor
from alerts.judging.claims import taught
from alerts.judging.explain import Explanation, explain
from alerts.judging.patterns import words_of
from alerts.judging.rehearsal import item_of
from alerts.reading.lexicons import compile_known, word_lists
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

ASSESSOR = Assessor(READ, SEEDS, compile_vocabulary(words_of(READ, SEEDS)), KNOWN)
QUESTIONS = {question.id: question for question in READ}
TRUCE = "ceasefire-acceptance"


def why(title: str, summary: str | None = None, *, rule: str = TRUCE) -> Explanation:
    return explain(ASSESSOR, QUESTIONS[rule], item(title, summary))


def stops(explanation: Explanation) -> dict[str, str]:
    """The gates that stopped the text, with what they say."""
    return {gate.name: gate.says for gate in explanation.gates if not gate.passed}


def test_an_explanation_reads_like_this() -> None:
    assert why("Trump hopes that Putin accepts the truce").lines() == [
        'ceasefire-acceptance: silent: "Trump hopes that Putin accepts the truce"',
        '  scope       ok       "Putin", "truce" → ukraine-war',
        '  actor       ok       "Putin" → putin, for russia',
        '  event       ok       "accepts" → agree',
        '  object      ok       "truce" → full-ceasefire',
        '  factuality  stopped  uncommitted: "hopes that" (hope)',
        "  context     ok       current",
        "  speaker     ok       the text says it itself",
        '  It would be accepted if it were asserted, without "hopes that" (hope).',
        "  Test it: - | Trump hopes that Putin accepts the truce",
    ]


@pytest.mark.parametrize(
    ("title", "gate", "says", "change"),
    [
        ("Ukraine agrees to the 30-day ceasefire", "actor", "nobody who is or speaks for russia", "if russia did it."),
        ("Putin agrees to energy truce", "object", "energy-pause, not full-ceasefire", "were about full-ceasefire."),
        ("Russia will sign on to the truce", "context", 'planned: "will" (planned); asked: ', "It would be "),
        ("After Russia rejected the truce, Trump calls Putin", "context", 'historical: "After"', "rejected/claimed if"),
    ],
)
def test_the_gate_that_stopped_a_text_is_named_and_what_would_open_it(
    title: str, gate: str, says: str, change: str
) -> None:
    explanation = why(title)
    assert not explanation.verdicts
    assert stops(explanation).keys() == {gate}
    assert says in stops(explanation)[gate]
    assert change in explanation.change
    assert explanation.test == f"- | {title}"


def test_an_event_that_no_answer_asks_for_is_told_as_such() -> None:
    explanation = why("Russia discusses a ceasefire in Ukraine")
    assert stops(explanation) == {"event": '"discusses" → discuss, which no answer asks for'}
    assert explanation.change.startswith("It would be an answer if it said withdraw, agree, ")


def test_a_number_too_small_stops_a_toll() -> None:
    explanation = why("Two killed in strike on Kharkiv, Ukraine", rule="casualties")
    assert stops(explanation) == {"amount": "2, less than 10"}
    assert explanation.change == "It would be reported if it counted 10 or more."


def test_another_war_stops_at_the_scope() -> None:
    assert stops(why("Strike on Gaza kills 40", rule="casualties")) == {
        "scope": '"Gaza" → gaza-war: another war, not ukraine-war alone'
    }
    assert "scope" in stops(why("Hamas rejects Gaza ceasefire"))


def test_a_text_of_something_else_is_told_so() -> None:
    explanation = why("Dog bites man")
    assert set(stops(explanation)) == {"scope", "actor", "event", "object"}
    assert explanation.change == "The text holds nothing that the question is about."


# --- verdicts that stand


def test_a_third_party_makes_it_a_claim() -> None:
    explanation = why("Zelensky: Russia rejected ceasefire")
    assert [one.label for one in explanation.verdicts] == ["rejected/claimed"]
    assert "  speaker     claimed  zelensky says it; only russia may settle it" in explanation.lines()
    assert explanation.change == "Said by russia, or by the text itself, it would be rejected."
    assert explanation.test == "rejected/claimed | Zelensky: Russia rejected ceasefire"


def test_who_may_settle_it_makes_it_asserted() -> None:
    explanation = why("Kremlin: Russia agrees to the 30-day ceasefire")
    assert "kremlin says it, and may settle it" in explanation.gates[-1].says
    assert explanation.change == "Said by somebody who does not speak for russia, it would be accepted/claimed."


def test_a_report_denied_quotes_the_denial() -> None:
    explanation = why("Kremlin denies that Putin accepted the truce")
    assert explanation.gates[-1].turns == "denied"
    assert explanation.change == 'It would be accepted without "denies that" (denied).'


def test_somebody_out_of_office_did_not_speak_for_it() -> None:
    title = "Medvedev rejects ceasefire in Ukraine"
    days = [datetime(year, 3, 1, tzinfo=UTC) for year in (2010, 2025)]
    then, now = (explain(ASSESSOR, QUESTIONS[TRUCE], replace(item(title), published=day)) for day in days)
    for explanation, day in ((then, days[0]), (now, days[1])):
        verdicts = ASSESSOR.verdicts(replace(item(title), published=day))
        assert explanation.verdicts == tuple(one for one in verdicts if one.question == TRUCE)


# --- no claim is read


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Russia torpedoes the 30-day ceasefire", "torpedoes"),
        ("Putin spits on the ceasefire in Ukraine", "spits on"),
        ("Russia torpedoes ceasefire, announces drills", "torpedoes"),
    ],
)
def test_the_unknown_word_between_actor_and_thing_is_proposed(title: str, word: str) -> None:
    explanation = why(title)
    assert set(stops(explanation)) == {"event"}
    assert f'unknown word: "{word}"' in stops(explanation)["event"]
    asked = f'Which event is "{word}": withdraw, agree, welcome, announce, reject, study, defer or decide?'
    assert explanation.change == f"{asked} Teach it to the rule: words: {{<event>: [{word}]}}"


def test_a_word_that_a_rule_cannot_teach_is_named_all_the_same() -> None:
    explanation = why("Россия торпедирует перемирие")
    assert 'unknown word: "торпедирует"' in stops(explanation)["event"]
    assert "A rule teaches English words only" in explanation.change


def test_the_words_proposed_once_taught_answer() -> None:
    path = ROOT / f"rules/ukraine-ceasefire/{TRUCE}.yaml"
    text = texts(path)[str(path)].replace("tests: |", "words: {reject: [torpedoes, spits on]}\ntests: |")
    questions, problems = read_rules({str(path): text}, SEEDS)
    assert not problems
    known = compile_known(SEEDS, taught(questions), word_lists())
    assessor = Assessor(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)), known)
    for said in ("Russia torpedoes", "Russia torpedoed", "Putin spits on", "Russia has torpedoed"):
        title = f"{said} the 30-day ceasefire"
        assert explain(assessor, questions[0], item(title)).test == f"rejected | {title}"


def test_a_word_that_makes_the_thing_another_one_is_seen() -> None:
    assert "only says what the word behind it is about" in stops(why("Putin's ceasefire stance hardens"))["object"]


def test_of_no_actor_at_all_the_one_who_is_named_is_told() -> None:
    assert stops(why("Medvedev mocks ceasefire offer"))["actor"] == (
        '"Medvedev" → medvedev, nobody who is or speaks for russia'
    )


def test_cues_are_quoted_as_written() -> None:
    gates = why("Zelensky won't give up Donbas", rule="territory").gates
    assert 'denied: "won\'t" (negation)' in {gate.says for gate in gates}


def test_the_manual_shows_what_is_said() -> None:
    manual = (ROOT / "rules" / "README.md").read_text("utf-8")
    shown = re.findall(r'^alerts explain --rule (\S+) --text "(.+)"\n\n((?:.+\n)+)```', manual, re.MULTILINE)
    assert len(shown) == 2
    for rule, title, lines in shown:
        assert why(title, rule=rule).lines() == lines.splitlines()


# --- laws


def test_explain_agrees_with_every_test_of_every_question() -> None:
    for question in READ:
        for test in question.tests:
            explanation = explain(ASSESSOR, question, item_of(test))
            assert (tuple(sorted({one.label for one in explanation.verdicts})) or ("-",)) == test.expected
            stopped = [gate.name for gate in explanation.gates if not gate.passed]
            settled = any(one.answer for one in explanation.verdicts)
            assert bool(stopped) != settled, f"{test.title}: {explanation.lines()}"
            assert explanation.test.endswith(test.title if test.summary is None else test.summary)


WORDS = [
    *("Russia", "Putin", "Kremlin", "Ukraine", "Trump", "Gaza", "accepts", "rejects", "denies", "hopes", "that"),
    *("the", "30-day", "ceasefire", "truce", "plant", "not", "will", "if", "says", "call", "ended", "40", "killed"),
    *("sanctions", ":", ",", ".", "?", "—", "(", "«", "перемирие", "Россия", "отвергла", "\n", "\u200b", "\u202e", "🕊"),
]
HOSTILE = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))


@given(title=HOSTILE, summary=st.none() | HOSTILE, rule=st.sampled_from(sorted(QUESTIONS)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_explained_and_the_verdicts_are_the_judges(title: str, summary: str | None, rule: str) -> None:
    explanation = why(title, summary, rule=rule)
    verdicts = ASSESSOR.verdicts(item(title, summary))
    assert explanation.verdicts == tuple(one for one in verdicts if one.question == rule)
    assert explanation.change
    assert not any("\n" in line or "\r" in line for line in explanation.lines())


def test_a_text_longer_than_what_is_read_says_so() -> None:
    gate = why("Kyiv wakes to drones", "Russia rejects the 30-day ceasefire. " * 30_000).gates[0]
    assert gate.says == "the first 600 letters of the summary's 1,110,000"


@pytest.mark.parametrize(
    "unit", ["Russia torpedoes the ceasefire and ", "Putin ceasefire ", "Putin says Trump says ", "( "]
)
def test_explaining_is_bounded_whatever_the_length(unit: str) -> None:
    def cost(copies: int) -> float:
        began = process_time()
        for rule in QUESTIONS:
            why(unit * copies, unit * copies, rule=rule)
        return process_time() - began

    cost(10)
    assert cost(20_000) < max(cost(2_000) * 20, 2)


def test_the_text_of_a_test_is_one_line_however_it_came() -> None:
    assert why("Russia\ntorpedoes the 30-day\nceasefire").test == "- | Russia torpedoes the 30-day ceasefire"
    assert why("\n").test == ""
