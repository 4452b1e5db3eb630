"""The matcher says of any rules and any text what the plainest reading of each rule says, one rule after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.judging.match import Matcher
from alerts.judging.patterns import variants, words_of
from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.item import Item, Source
from alerts.model.question import MATCHED, Answer, Question, Severity
from alerts.model.seed import Seed, Seeds
from alerts.reading.forms import word_forms
from alerts.reading.normalise import Text, normalise
from alerts.reading.sentences import sentences
from alerts.reading.vocabulary import compile_vocabulary

SOURCE = Source(id="s", title="S", owner="s")
SEEDS = Seeds(
    {
        "putin": Seed(
            id="putin", kind="p", names={"en": ("Vladimir Putin", "Putin")}, excludes=("Putin deal", "the Putin")
        ),
        "truce": Seed(id="truce", kind="t", names={"en": ("truce", "cease-fire")}, weak={"en": ("the deal",)}),
    }
)
WORDS = ["truce", "truces", "Putin", "Vladimir", "deal", "the", "cease", "fire", "Перемирия"]
GAPS = [" "] * 6 + ["-", ". ", ", ", "’s ", " – ", "\n", ".", "! "]
TERMS = ["truce", "putin", "deals", "cease", "ceasefire", "перемирие", "the deal", "cease fire", "deal putin"]
TERMS += ["the ceasefire", "ceasefire truce", "putin the deal"]
STEMS = [Term(("tru",), True), Term(("cea",), True), Term(("the", "dea"), True)]

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=14).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
spots: st.SearchStrategy[Expression] = (
    st.sampled_from(TERMS).map(lambda words: Term(tuple(words.split())))
    | st.sampled_from([*STEMS, Term(("cease-fire",))])
    | st.sampled_from([Names("putin"), Names("truce")])
)
sides = spots | st.tuples(spots, spots).map(Or)
nears = st.builds(Near, sides, sides, st.integers(0, 3))
trees = st.recursive(
    spots | nears,
    lambda parts: (
        st.tuples(parts, parts).map(And)
        | st.tuples(parts, parts).map(Or)
        | st.tuples(parts, parts.map(Not)).map(And)
        | st.tuples(parts, st.tuples(parts, parts.map(Not)).map(Or)).map(And)
    ),
    max_leaves=6,
)
"""Trees that ask for something; what they forbid, they forbid beside it."""

# --- the plainest reading -----------------------------------------------------------------------

Place = tuple[int, int, int]  # 0 title, 1 summary; first word, end


def places(tree: Expression, item: list[Text]) -> set[Place]:
    match tree:
        case Term(words, prefix):
            return _phrases(words, item, prefix=prefix)
        case Or(parts):
            return {place for part in parts for place in places(part, item)}
        case Names(seed_id):
            seed = SEEDS[seed_id]
            full = {p for names in seed.names.values() for name in names for p in _phrases(name.split(), item)}
            weak = {p for names in seed.weak.values() for name in names for p in _phrases(name.split(), item)}
            others = {p for name in seed.excludes for p in _phrases(name.split(), item)}
            kept = {p for p in full if not _within(p, others)}
            return kept | {p for p in weak if kept and not _within(p, others)}
    raise TypeError(tree)


def _within(place: Place, others: set[Place]) -> bool:
    return any(field == place[0] and first <= place[1] and place[2] <= end for field, first, end in others)


def _phrases(words: tuple[str, ...] | list[str], item: list[Text], *, prefix: bool = False) -> set[Place]:
    starts = ((field, text, first) for field, text in enumerate(item) for first in range(len(text.words)))
    return {
        (field, first, end)
        for (field, text, first), pieces in product(starts, variants(words))
        for end in _ends(text, first, pieces, prefix=prefix)
        if all(_bridged(text, i) for i in range(first + 1, end))
    }


def _ends(text: Text, at: int, pieces: list[str], *, prefix: bool) -> Iterator[int]:
    """Where the pieces, read from word ``at``, end; a hyphenated pair may be one word."""
    if not pieces:
        yield at
        return
    here = [(at + 1, text.words[at])] if at < len(text.words) else []
    if at + 1 < len(text.words) and text.gaps[at + 1] == "-":
        here.append((at + 2, text.words[at] + text.words[at + 1]))
    for end, word in here:
        if prefix and len(pieces) == 1:
            fits = end == at + 1 and word.startswith(normalise(pieces[0]).words[0])
        else:
            fits = word in word_forms(pieces[0])
        if fits:
            yield from _ends(text, end, pieces[1:], prefix=prefix)


def _bridged(text: Text, i: int) -> bool:
    gap = text.gaps[i]
    cut = any(sentence.first == i for sentence in sentences(text))
    return not cut and not any(sign in gap for sign in (",", "!", "\n", " – "))


def holds(tree: Expression, item: list[Text]) -> bool:
    match tree:
        case And(parts):
            return all(holds(part, item) for part in parts)
        case Or(parts):
            return any(holds(part, item) for part in parts)
        case Not(part):
            return not holds(part, item)
        case Near(left, right, gap):
            pairs = product(places(left, item), places(right, item))
            return any(_near(min(pair), max(pair), gap, item) for pair in pairs)
    return bool(places(tree, item))


def _near(one: Place, two: Place, gap: int, item: list[Text]) -> bool:
    text = item[one[0]]
    if one[0] != two[0] or one[2] > two[1]:
        return False
    together = any(s.first <= one[1] and two[1] < s.end for s in sentences(text))
    return together and text.ordinals[two[1]] - text.ordinals[one[2] - 1] - 1 <= gap


# --- the laws -----------------------------------------------------------------------------------


def question(number: int, match: Expression, ignore: Expression | None) -> Question:
    answer = Answer(id=MATCHED, says="", severity=Severity.ROUTINE)
    return Question(id=f"q{number}", story="", path="", text="", answers=(answer,), hash="", match=match, ignore=ignore)


rules = st.lists(st.tuples(trees, st.none() | trees), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(rules, texts, texts)
def test_the_matcher_agrees_with_the_plainest_reading(
    written: list[tuple[Expression, Expression | None]], title: str, summary: str
) -> None:
    questions = [question(number, match, ignore) for number, (match, ignore) in enumerate(written)]
    matcher = Matcher(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)))
    item = Item(id="1", source=SOURCE, title=title, summary=summary)
    read = [normalise(title), normalise(summary)]
    expected = [
        one.id
        for one, (match, ignore) in zip(questions, written, strict=True)
        if holds(match, read) and not (ignore and holds(ignore, read))
    ]
    verdicts = matcher.verdicts(item)
    assert [verdict.question for verdict in verdicts] == expected
    assert [one.id for one in matcher.matching(item)] == expected
    for word in (word for verdict in verdicts for word in verdict.words):
        assert word.text == (title if word.field == "title" else summary)[word.start : word.end] != ""
    for verdict in verdicts:
        spots = [(word.field == "summary", word.start, word.end) for word in verdict.words]
        assert all((one < two and one[2] < two[2]) or one[0] != two[0] for one, two in pairwise(spots))


@settings(max_examples=40, deadline=None)
@given(rules, texts)
def test_a_rule_says_the_same_alone_and_among_others(
    written: list[tuple[Expression, Expression | None]], title: str
) -> None:
    questions = [question(number, match, ignore) for number, (match, ignore) in enumerate(written)]
    vocabulary = compile_vocabulary(words_of(questions, SEEDS))
    item = Item(id="1", source=SOURCE, title=title)
    together = Matcher(questions, SEEDS, vocabulary).verdicts(item)
    alone = [verdict for one in questions for verdict in Matcher([one], SEEDS, vocabulary).verdicts(item)]
    assert list(together) == alone
