"""What each part of the match language finds, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.judging.match import Matcher
from alerts.judging.patterns import words_of
from alerts.model.expression import Not, Term
from alerts.model.item import Item, Source
from alerts.model.seed import Seed, Seeds
from alerts.model.verdict import Verdict, VerdictKind
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

SOURCE = Source(id="iaea", title="IAEA", owner="iaea")
SEEDS = Seeds(
    {
        seed.id: seed
        for seed in (
            Seed(
                id="putin",
                kind="person",
                names={"en": ("Vladimir Putin", "Putin"), "ru": ("Путин",), "de": ("Wladimir Putin",)},
                weak={"en": ("the Russian leader",)},
                excludes=("Vladimir Putin Academy",),
            ),
            Seed(id="truce", kind="truce", names={"en": ("ceasefire", "truce")}, excludes=("energy-pause",)),
            Seed(id="energy-pause", kind="truce", names={"en": ("energy ceasefire", "energy truce")}),
            Seed(id="plant", kind="plant", names={"en": ("Zaporizhzhia plant",), "ru": ("Запорожская АЭС",)}),
        )
    }
)


def verdicts(match: str, title: str, summary: str | None = None, ignore: str = "") -> tuple[Verdict, ...]:
    indented = f"ignore: >\n  {ignore}\n" if ignore else ""
    questions, problems = read_rules({"q.yaml": f"question: Q\nmatch: >\n  {match}\n{indented}"}, SEEDS)
    assert questions, "\n".join(map(str, problems))
    matcher = Matcher(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)))
    return matcher.verdicts(Item(id="1", source=SOURCE, title=title, summary=summary))


@pytest.mark.parametrize(
    ("match", "title"),
    [
        # words: case, accents, endings, look-alikes, hyphens
        ("zaporizhzhia", "ZAPORIZHZHIA’s"),
        ("plant", "Power plants fail"),
        ("plants", "The plant fails"),
        ("accept", "Kremlin accepted it"),
        ("Erdogan", "Erdoğan in Sochi"),
        ("Erdoğan", "ERDOGAN in Sochi"),
        ("перемирие", "Условия перемирия"),
        ("перемир'я", "Про перемир’ям не йдеться"),
        ("ЗАЭС", "МАГАТЭ: ЗАЭС обесточена"),
        ("заэс", "МАГАТЭ: ЗАЭС обесточена"),
        ("Putin", "Рutin agrees"),
        ("ceasefire", "A cease-fire holds"),
        ("cease-fire", "The ceasefires hold"),
        ("30-day", "A 30 day truce"),
        ("Russia's", "Russia agrees"),
        ("停火", "俄羅斯同意停火協議"),
        # phrases
        ('"peace deal"', "New peace deals near"),
        ('"peace deal"', 'A "peace" deal'),
        ('"30-day ceasefire"', "a 30-day cease-fire"),
        ('"U.S. president"', "The U.S. President spoke"),
        # prefixes
        ("sanction*", "Sanctioned tanker"),
        ('"new sanct*"', "New sanctions"),
        # names
        ("$putin", "Сказал Путину"),
        ("$plant", "На Запорожской АЭС"),
        # operators
        ("a AND b", "b then a"),
        ("a OR b", "only b"),
        ("a AND NOT b", "only a"),
        ("truce NEAR/3 putin", "Putin says no to truce"),
        ("putin NEAR/3 truce", "Putin says no to truce"),
        ("truce NEAR/0 putin", "Putin's truce"),
        ("(truce OR ceasefire) NEAR/1 $putin", "ceasefire with Vladimir Putin"),
        ("cease-fire NEAR/2 day", "30-day cease-fire"),
        ("plant NEAR/0 zaporizhzhia", "Zaporizhzhia-plant talks"),
        ('("peace deal" NEAR/2 putin) OR xyz', "Putin rejects peace deal"),
        ("NOT (a NEAR/1 b) AND a", "a x x b"),
        ("a AND NOT (b AND c)", "a b"),
    ],
)
def test_it_is_found(match: str, title: str) -> None:
    assert [verdict.label for verdict in verdicts(match, title)] == ["matched"]


@pytest.mark.parametrize(
    ("match", "title"),
    [
        ("plant", "A plan in the planetarium"),
        ("news", "A new day"),
        ("сор", "Cop on the run"),
        ("мій", "міи"),
        ("ЗАЭС", "ЗАЭСовец"),
        ('"peace deal"', "Peace. Deal"),
        ('"peace deal"', "Peace, deal or no deal"),
        ('"peace deal"', "deal peace"),
        ('"peace deal"', "peace – deal"),
        ('"peace deal"', "peace a deal"),
        ("sanction*", "sanctity"),
        ("$putin", "The Vladimir Putin Academy opens"),
        ("$putin", "The Russian leader spoke"),
        ("$truce", "An energy ceasefire"),
        ("a AND b", "only a"),
        ("a AND NOT b", "a b"),
        ("truce NEAR/3 putin", "Truce far away from here, says Putin"),
        ("truce NEAR/9 putin", "A truce? No. Putin spoke."),
        ("truce NEAR/3 truce", "One truce"),
        ("a AND NOT (b NEAR/1 c)", "a b c"),
    ],
)
def test_it_is_left_alone(match: str, title: str) -> None:
    assert verdicts(match, title) == ()


def test_and_not_and_ignore_look_at_title_and_summary_together() -> None:
    assert verdicts("truce AND putin", "Putin speaks", "No truce.")
    assert not verdicts("truce AND NOT gaza", "A truce", "Quiet in Gaza.")
    assert not verdicts("truce", "A truce", "Quiet in Gaza.", ignore="gaza OR sudan")
    assert verdicts("truce", "A truce", "Quiet in Kyiv.", ignore="gaza AND quiet")
    assert not verdicts("truce", "A truce", "Quiet in Gaza.", ignore="gaza NEAR/1 quiet")


def test_no_phrase_and_no_near_spans_title_and_summary() -> None:
    assert not verdicts('"peace deal"', "Peace", "deal")
    assert not verdicts("peace NEAR/5 deal", "Peace", "deal")
    assert not verdicts("ceasefire", "cease-", "-fire")


def test_a_name_that_is_not_meant_counts_where_it_stands_alone_as_well() -> None:
    assert verdicts("$truce", "Energy ceasefire holds, full ceasefire does not")
    assert verdicts("$putin", "Putin opens the Vladimir Putin Academy")


def test_a_weak_name_counts_beside_a_full_one() -> None:
    assert not verdicts("$putin NEAR/1 truce", "Truce for the Russian leader")
    assert verdicts("$putin NEAR/0 truce", "Truce, the Russian leader said. Putin smiled.")


def test_a_verdict_says_which_words_in_which_sentences() -> None:
    title, summary = "Kremlin: no word", "Рutin’s aide spoke. A 30-day ce\u00adase-fire is near!  Nothing else."
    (verdict,) = verdicts("$putin AND (ceasefire OR deal)", title, summary)
    assert (verdict.question, verdict.answer, verdict.kind) == ("q", "matched", VerdictKind.ASSERTED)
    assert [(word.text, word.role, word.field) for word in verdict.words] == [
        ("Рutin", "match", "summary"),
        ("ce\u00adase-fire", "match", "summary"),
    ]
    assert [summary[word.start : word.end] for word in verdict.words] == [word.text for word in verdict.words]
    assert verdict.because == ("Рutin’s aide spoke.", "A 30-day ce\u00adase-fire is near!")


def test_of_overlapping_words_the_longest_is_shown() -> None:
    (verdict,) = verdicts("$putin OR putin", "Vladimir Putin spoke")
    assert [word.text for word in verdict.words] == ["Vladimir Putin"]


def test_near_shows_the_two_that_are_near() -> None:
    (verdict,) = verdicts("truce NEAR/2 putin", "Truce. Putin was far. The truce of Putin")
    assert [word.text for word in verdict.words] == ["truce", "Putin"]
    assert verdict.because == ("The truce of Putin",)


def test_twenty_thousand_letters_are_read_and_no_more() -> None:
    assert verdicts("truce", "T", "x " * 9_990 + "truce")
    assert not verdicts("truce", "T", "x " * 10_001 + "truce")


@pytest.mark.parametrize(
    ("match", "text"),
    [
        ("truce NEAR/3 putin", "truce " * 3_000),
        ("truce NEAR/3 $putin", "Putin. Truce " * 1_500),
        ("$putin OR (truce NEAR/0 xyz)", "Vladimir Putin Academy " * 800),
        ('"truce truce truce xyz" OR truce*', "truce-" * 3_000),
        ('"U.S. truce"', "U.S. " * 4_000),
    ],
)
def test_a_text_of_one_word_over_and_over_is_read_soon_and_shown_in_brief(match: str, text: str) -> None:
    for verdict in verdicts(match, "T", text):
        assert 1 <= len(verdict.words) <= 20


def test_a_rule_that_asks_for_nothing_is_no_rule_to_a_matcher() -> None:
    bad = replace(read_rules({"q.yaml": "question: Q\nmatch: a\n"}, SEEDS)[0][0], match=Not(Term(("a",))))
    with pytest.raises(ValueError, match="rule 'q' asks for nothing"):
        Matcher([bad], SEEDS, compile_vocabulary([]))


def test_an_empty_item_says_nothing() -> None:
    assert verdicts("truce", "") == ()
    assert verdicts("truce", "", "A truce.")[0].because == ("A truce.",)
