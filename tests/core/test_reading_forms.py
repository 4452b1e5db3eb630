"""A word of a rule is found in every form a text may have, and not in its neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.reading.forms import word_forms
from alerts.reading.normalise import fold, normalise

TABLE = [
    line
    for line in (Path(__file__).parent / "data" / "forms.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", TABLE)
def test_a_word_has_the_forms_of_the_table_and_not_its_neighbours(line: str) -> None:
    head, _, rest = line.partition(": ")
    lang, word = head.split()
    wanted, _, others = rest.partition(" ! ")
    forms = word_forms(word, "" if lang == "-" else lang)
    assert set(wanted.split()) <= forms
    assert not set(others.split()) & forms


def test_a_latin_word_of_no_language_is_taken_for_english() -> None:
    assert word_forms("plants") == word_forms("plants", "en")


def test_a_word_in_capitals_is_an_abbreviation_in_any_script() -> None:
    assert word_forms("ЗАЭС") == {"заэс"}
    assert word_forms("IAEA") == {"iaea", "iaeas"}
    assert word_forms("UN") == {"un"}


@pytest.mark.parametrize("word", ["", "—", "30", "F16", "cease-fire", "two words", "停火"])
def test_what_is_not_one_plain_word_has_itself_alone(word: str) -> None:
    assert word_forms(word) == {fold(word)}


@given(st.text(alphabet="abcdefghiklmnoprstuyz", min_size=1, max_size=12))
def test_every_english_form_is_one_folded_word_and_the_word_is_among_them(word: str) -> None:
    forms = word_forms(word, "en")
    assert fold(word) in forms
    assert all(normalise(form).words == (form,) for form in forms)


@given(st.sampled_from(["перемирие", "принять", "станция", "огонь", "великий", "быстро", "пять", "який", "перемир'я"]))
def test_every_form_of_a_word_leads_to_forms_it_shares(word: str) -> None:
    forms = word_forms(word)
    assert fold(word) in forms
    assert all(normalise(form).words == (form,) for form in forms)
