"""Texts meant to break the reader are read in bounded time, and read right where they can be."""

from __future__ import annotations

from time import process_time

import pytest
from claims_house import JUDGE, item, labels

QUESTION = "ceasefire-acceptance"


@pytest.mark.parametrize(
    "title",
    [
        "Russia rejects 30-day cease\u200bfire",
        "Russia re\u00adjects 30-day ceasefire",
        "\u202aRussia rejects 30-day ceasefire\u202c",
        "Ｒｕｓｓｉａ ｒｅｊｅｃｔｓ 30-day ceasefire",
        "Ruѕѕia rejects 30-day ceаsefire",
        "🚨🚨 BREAKING 🚨 Russia rejects 30-day ceasefire 🕊️",
        "RUSSIA REJECTS 30-DAY CEASEFIRE",
        "russia rejects 30-day ceasefire",
        "Russia rejects 30‑day cease‑fire",
        "Russia “rejects” 30-day ceasefire",
    ],
)
def test_disguises_do_not_hide_the_words(title: str) -> None:
    assert labels(QUESTION, title) == {"rejected"}


@pytest.mark.parametrize(
    "title", ["", " ", "?", "...", "«»", "\u200b", "🕊️", "(((((", "a" * 20_000, "—" * 20_000, ", " * 10_000]
)
def test_texts_that_say_nothing_are_silence(title: str) -> None:
    assert JUDGE.verdicts(item(title)) == ()


@pytest.mark.parametrize(
    "unit",
    [
        "Russia rejects the ceasefire and ",
        "Putin says Trump says ",
        "no ceasefire, ",
        "if Russia accepts but ",
        "(",
        "to ",
        "not ",
    ],
)
def test_reading_is_linear_in_the_length_of_the_text(unit: str) -> None:
    def cost(copies: int) -> float:
        text = item("Russia rejects ceasefire. " + unit * copies, unit * copies)
        best = 9.0
        for _ in range(3):
            began = process_time()
            JUDGE.verdicts(text)
            best = min(best, process_time() - began)
        return best

    cost(10)
    assert cost(20_000) < max(cost(2_000) * 20, 0.2)


def test_a_million_letters_of_summary_cost_what_six_hundred_do() -> None:
    text = item("Kyiv wakes to drones", "Russia rejects the 30-day ceasefire. " * 30_000)
    assert {verdict.label for verdict in JUDGE.verdicts(text) if verdict.question == QUESTION} == {"rejected"}
