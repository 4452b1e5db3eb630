"""Words come out alike however they were written, and every one is found again in the source."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.reading.normalise import fold, normalise
from alerts.reading.sentences import sentences

LETTERS = "aZéйЙїёи\u0306і\u0308\u0301ßﬁİΣς½\u00ad\u200b\u202e'’-–— .中がРaс1_\u200d👩"
texts = st.text(max_size=80) | st.text(alphabet=st.sampled_from(LETTERS), max_size=40)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Zaporizhzhia", ["zaporizhzhia"]),
        ("ZELENSKYY’S", ["zelenskyy", "s"]),
        ("Erdoğan, Wałęsa & Đukanović", ["erdogan", "walesa", "dukanovic"]),
        ("Straße ﬁne Ｐｕｔｉｎ 𝐓𝐫𝐮𝐜𝐞", ["strasse", "fine", "putin", "truce"]),
        ("İstanbul ISTANBUL ısı", ["istanbul", "istanbul", "isi"]),
        ("Ёлка за́мок перемир'я", ["елка", "замок", "перемирʼя"]),
        ("co\u00adop Pu\u200btin \u202eKyiv\u202c", ["coop", "putin", "kyiv"]),
        ("停火協議", ["停", "火", "協", "議"]),
        ("#Zaporizhzhia_NPP", ["zaporizhzhia", "npp"]),
    ],
)
def test_spellings_of_a_word_become_one(source: str, words: list[str]) -> None:
    assert list(normalise(source).words) == words


def test_short_i_and_yi_are_letters_of_their_own_in_either_encoding() -> None:
    for word in ("мой", "їжа", "ЗАПОРІЖЖЯ Україні Й"):
        composed, decomposed = unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)
        assert normalise(composed).words == normalise(decomposed).words
    assert normalise("мой").words != normalise("мои").words
    assert normalise("їх").words != normalise("іх").words


@pytest.mark.parametrize("sign", list("'’ʼ`´‘"))
def test_the_ukrainian_apostrophe_is_a_letter_whichever_sign_stands_for_it(sign: str) -> None:
    assert normalise(f"Перемир{sign}я в Лук{sign}янівці").words == ("перемирʼя", "в", "лукʼянівці")


def test_quotes_around_cyrillic_words_are_no_letters() -> None:
    assert normalise("‘Перемир’я’ 'мир'").words == ("перемирʼя", "мир")


@pytest.mark.parametrize(
    ("mixed", "meant"),
    [("Рutin", "putin"), ("Нamas", "hamas"), ("Кremlin", "kremlin"), ("Ρutin", "putin"), ("Пyтин", "путин")],
)
def test_look_alikes_are_folded_in_words_that_mix_scripts(mixed: str, meant: str) -> None:
    assert normalise(mixed).words == (meant,)


@pytest.mark.parametrize("genuine", ["сор", "рос", "НАТО", "Хорватия", "ΑΘΗΝΑ", "Telegram-канал", "Су-34"])
def test_a_word_of_one_script_is_never_folded_into_another(genuine: str) -> None:
    assert fold(genuine) == unicodedata.normalize("NFC", genuine).casefold()


def test_quotes_and_dashes_have_one_spelling_and_an_en_dash_still_joins() -> None:
    assert fold("“truce” «truce» ‘truce’ U‑turn") == '"truce" "truce" \'truce\' u-turn'
    assert [token.text for token in normalise("Trump–Putin call—no truce – yet").tokens] == [
        *("trump–putin", "call", "no", "truce", "yet")
    ]


def test_compounds_are_tokens_with_parts() -> None:
    text = normalise("U.S.-brokered 30-day cease-fire: Russia's reply")
    assert [(t.text, text.words[t.first : t.end]) for t in text.tokens] == [
        ("u.s.-brokered", ("u", "s", "brokered")),
        ("30-day", ("30", "day")),
        ("cease-fire", ("cease", "fire")),
        ("russia's", ("russia", "s")),
        ("reply", ("reply",)),
    ]
    assert text.ordinals == (0, 0, 0, 1, 1, 2, 2, 3, 3, 4)


def test_the_source_of_a_word_takes_its_accents_along() -> None:
    text = normalise("Un cafe\u0301, s’il vous plaît")
    assert text.surface(1) == "cafe\u0301"
    assert text.surface(2, 4) == "s’il"


@given(texts)
@example("İ\u0307 ǆ ŉ ﷺ")
@example("аa\u0308 іi\u0308x")
def test_every_word_is_found_again_where_its_offsets_point(source: str) -> None:
    text = normalise(source)
    assert len(text.gaps) == len(text.words) + 1
    assert "".join(a + b for a, b in zip(text.gaps, (*text.words, ""), strict=True)) == text.folded
    at = 0
    for start, stop in text.spans:
        assert 0 <= start < stop <= len(source)
        assert start >= at or source[start:stop]  # one letter may hold two words: ½
        at = start
    assert [t.text for t in text.tokens] or not text.words


one_script = st.text(alphabet=st.sampled_from("aZéßﬁİ½\u00ad\u200b'’-–— .中が1_\u0301👩"), max_size=40) | st.text(
    alphabet=st.sampled_from("жЙїёи\u0306і\u0308Ґ«»— .1\u0301"), max_size=40
)


@given(one_script)
def test_folding_twice_changes_nothing(source: str) -> None:
    assert fold(fold(source)) == fold(source)


@given(one_script)
def test_the_source_of_a_word_alone_holds_the_same_word(source: str) -> None:
    text = normalise(source)
    for word, (start, stop) in zip(text.words, text.spans, strict=True):
        assert word in normalise(source[start:stop]).words


def test_reading_is_linear_in_the_length_of_hostile_text() -> None:
    for piece in ("a\u0301", "Рutin ", "\u200b", "й\u0306", "a.b.", "'", "中", "½", "\n \n", ". "):
        text = normalise(piece * 20_000)
        assert len(text.spans) == len(text.words) == len(text.ordinals)
        assert sentences(text) is not None
