"""Texts fall into sentences where a reader would stop, and nowhere else."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.reading.normalise import normalise
from alerts.reading.sentences import sentences

CASES = [
    line
    for line in (Path(__file__).parent / "data" / "sentences.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def cut(source: str) -> list[str]:
    return [source[s.start : s.stop] for s in sentences(normalise(source))]


@pytest.mark.parametrize("line", CASES)
def test_a_sentence_ends_where_a_reader_would_stop(line: str) -> None:
    assert cut(line.replace("¦ ", "")) == line.split(" ¦ ")


def test_a_line_break_ends_a_sentence_before_a_capital_only() -> None:
    assert cut("Truce holds\nKyiv says so") == ["Truce holds", "Kyiv says so"]
    assert cut("Truce holds\nin Kharkiv") == ["Truce holds\nin Kharkiv"]


def test_an_empty_line_or_a_bullet_always_ends_a_sentence() -> None:
    assert cut("truce holds\n\nin kharkiv • in odesa") == ["truce holds", "in kharkiv", "• in odesa"]


@pytest.mark.parametrize("source", ["", "   ", "!!! … —", "\n\n"])
def test_a_text_without_words_has_no_sentence(source: str) -> None:
    assert cut(source) == []


@given(st.text(alphabet=st.sampled_from("aB. !?…\n\"'”»()1é\u0301。•"), max_size=60) | st.text(max_size=60))
def test_sentences_hold_every_word_once_in_order_and_never_overlap(source: str) -> None:
    text = normalise(source)
    found = sentences(text)
    assert [i for s in found for i in range(s.first, s.end)] == list(range(len(text.words)))
    assert all(s.start <= text.spans[s.first][0] and text.spans[s.end - 1][1] <= s.stop for s in found)
    assert all(a.stop <= b.start for a, b in pairwise(found))
