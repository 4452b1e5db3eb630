"""Forms are compiled once and kept as bytes; a cache that is old, damaged or somebody else's is refused, never used."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.reading.forms import word_forms
from alerts.reading.vocabulary import Vocabulary, compile_vocabulary, vocabulary_key

WORDS = [("plant", ""), ("перемирие", "ru"), ("перемир'я", "uk"), ("Waffenruhe", "de"), ("ЗАЭС", "")]


def test_a_vocabulary_comes_back_from_its_bytes_unchanged() -> None:
    made = compile_vocabulary(WORDS)
    back = Vocabulary.from_bytes(made.to_bytes())
    assert [back.forms(*word) for word in WORDS] == [made.forms(*word) for word in WORDS]
    assert (len(back), back.key) == (len(made), made.key)


def test_a_word_that_was_not_compiled_is_worked_out_when_asked_for() -> None:
    assert compile_vocabulary([]).forms("plant") == word_forms("plant")


def test_the_key_is_of_the_words_whatever_their_order() -> None:
    assert vocabulary_key(WORDS) == vocabulary_key([*reversed(WORDS), WORDS[0]]) == compile_vocabulary(WORDS).key
    assert vocabulary_key(WORDS) != vocabulary_key(WORDS[1:])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not zlib",
        compile_vocabulary(WORDS).to_bytes()[:-5],
        zlib.compress(b"[]"),
        zlib.compress(b"[" * 100_000),
        zlib.compress(json.dumps([0, "", []]).encode()),
        zlib.compress(json.dumps([1, "", [["a"]]]).encode()),
        zlib.compress(json.dumps([1, "", [[[], "", "a"]]]).encode()),
        zlib.compress(json.dumps({"version": 1}).encode()),
    ],
)
def test_bytes_of_another_version_or_damaged_ones_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="compile it again"):
        Vocabulary.from_bytes(raw)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_vocabulary_or_a_clear_refusal(raw: bytes) -> None:
    with pytest.raises(ValueError, match="compile it again"):
        Vocabulary.from_bytes(raw)
