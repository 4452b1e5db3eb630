"""What must hold of every claim: hedges silence it, other actors leave the answer, its words carry it."""

from __future__ import annotations

import pytest
from claims_house import JUDGE, KNOWN, item, labels

from alerts.model.verdict import VerdictKind, Word
from alerts.reading.known import Known

QUESTION = "ceasefire-acceptance"
ACCEPTS = ["accepts", "approves", "backs", "endorses", "embraces", "agrees to", "signs up to", "says yes to", "okays"]
REJECTS = ["rejects", "dismisses", "spurns", "rebuffs", "turns down", "rules out", "says no to", "balks at", "snubs"]
BASE = {
    "accepts": "accept", "approves": "approve", "backs": "back", "endorses": "endorse", "embraces": "embrace",
    "agrees to": "agree to", "signs up to": "sign up to", "says yes to": "say yes to", "okays": "okay",
    "rejects": "reject", "dismisses": "dismiss", "spurns": "spurn", "rebuffs": "rebuff", "turns down": "turn down",
    "rules out": "rule out", "says no to": "say no to", "balks at": "balk at", "snubs": "snub",
}  # fmt: skip
OBJECTS = ["30-day ceasefire", "the US ceasefire plan", "Trump's truce proposal", "a full truce with Ukraine"]
ACTORS = ["Russia", "Putin", "Moscow", "The Kremlin", "Vladimir Putin", "Russia's Lavrov"]
OTHERS = ["Ukraine", "Zelensky", "Macron", "The White House", "Poland", "A senator"]
HEDGES = [
    "may {}", "might {}", "could {}", "hopes to {}", "is expected to {}", "is likely to {}", "should {}", "must {}",
    "has yet to {}", "wants to {}", "is poised to {}", "plans to {}", "will {}", "to {}", "appears to {}",
]  # fmt: skip
FRAMES = [
    "Trump hopes that {}", "Zelensky doubts that {}", "Will {}", "If {}, talks begin", "Markets fall on fears that {}",
    "Why {}", "What happens after {}", "Trump urges calm before {}", "Analysis: {}",
]  # fmt: skip


@pytest.mark.parametrize("thing", OBJECTS)
@pytest.mark.parametrize("actor", ACTORS)
def test_paraphrase_within_the_word_lists_keeps_the_answer(actor: str, thing: str) -> None:
    for verbs, answer in ((ACCEPTS, "accepted"), (REJECTS, "rejected")):
        for verb in verbs:
            assert labels(QUESTION, f"{actor} {verb} {thing}") == {answer}, f"{actor} {verb} {thing}"


@pytest.mark.parametrize("hedge", HEDGES)
def test_a_hedge_before_the_verb_never_leaves_it_asserted(hedge: str) -> None:
    for verb in (*ACCEPTS, *REJECTS):
        title = f"Russia {hedge.format(BASE[verb])} {OBJECTS[0]}"
        assert not labels(QUESTION, title) & {"accepted", "rejected"}, title


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_around_the_sentence_never_leaves_it_asserted(frame: str) -> None:
    for verb in (*ACCEPTS, *REJECTS):
        title = frame.format(f"Russia {verb} {OBJECTS[0]}") + ("?" if frame.startswith("Will") else "")
        assert not labels(QUESTION, title) & {"accepted", "rejected"}, title


@pytest.mark.parametrize("negation", ["does not {}", "will not {}", "won't {}", "refuses to {}", "declines to {}"])
def test_a_negated_yes_is_a_no_and_a_negated_no_is_never_a_yes(negation: str) -> None:
    for verb in ACCEPTS:
        title = f"Russia {negation.format(BASE[verb])} {OBJECTS[0]}"
        assert labels(QUESTION, title) == {"rejected"}, title
    for verb in REJECTS:
        title = f"Russia {negation.format(BASE[verb])} {OBJECTS[0]}"
        assert not labels(QUESTION, title) & {"accepted", "rejected"}, title


@pytest.mark.parametrize("other", OTHERS)
def test_another_actor_never_leaves_the_answer(other: str) -> None:
    for verb in (*ACCEPTS, *REJECTS):
        title = f"{other} {verb} {OBJECTS[0]} in Ukraine"
        assert not labels(QUESTION, title) & {"accepted", "rejected", "accepted/claimed", "rejected/claimed"}, title


@pytest.mark.parametrize("speaker", ["Trump", "Zelensky", "White House", "Macron", "A senator", "Officials"])
def test_a_third_party_only_claims_it(speaker: str) -> None:
    for verb in (*ACCEPTS, *REJECTS):
        for title in (f"{speaker}: Russia {verb} {OBJECTS[0]}", f"Russia {verb} {OBJECTS[0]}, {speaker} says"):
            assert not labels(QUESTION, title) & {"accepted", "rejected"}, title


@pytest.mark.parametrize("speaker", ["Kremlin", "Peskov", "Lavrov", "Russian foreign ministry"])
def test_who_speaks_for_the_actor_settles_it(speaker: str) -> None:
    assert labels(QUESTION, f"{speaker}: Russia accepts 30-day ceasefire") == {"accepted"}
    assert labels(QUESTION, f"Russia rejects 30-day ceasefire, {speaker} says") == {"rejected"}


ASSERTED = [
    (question.id, test.title, verdict)
    for question in JUDGE.questions
    for test in question.tests
    if not test.summary and test.expected != ("-",)
    for verdict in JUDGE.verdicts(item(test.title))
    if verdict.kind is VerdictKind.ASSERTED and verdict.question == question.id
]


def test_deleting_a_word_the_verdict_quotes_changes_the_verdict() -> None:
    assert len(ASSERTED) > 200
    for question, title, verdict in ASSERTED:
        _deleting(question, title, verdict.label, next(word for word in verdict.words if word.role == "event"))


def _deleting(question: str, title: str, label: str, word: Word) -> None:
    event = word.text
    without = f"{title[: word.start]} {title[word.end :]}"
    again = labels(question, without)
    assert label not in again or _says_it_twice(question, without, event), (title, event, again)


def _says_it_twice(question: str, title: str, event: str) -> bool:
    """Whether another word of the headline says the same again."""
    return any(
        verdict.question == question and {word.text for word in verdict.words if word.role == "event"} != {event}
        for verdict in JUDGE.verdicts(item(title))
    )


def test_every_verdict_quotes_words_that_stand_where_it_says() -> None:
    for _, title, verdict in ASSERTED:
        for word in verdict.words:
            assert word.field == "title"
            assert title[word.start : word.end] == word.text


def test_the_vocabulary_survives_its_own_bytes() -> None:
    again = Known.from_bytes(KNOWN.to_bytes())
    assert again == KNOWN
    with pytest.raises(ValueError, match="another version"):
        Known.from_bytes(b"[0, {}, {}]")
