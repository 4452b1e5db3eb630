"""How fast items are matched: CPU time, medians, ratios of one run.

    python tests/bench/bench_match.py [RULES …]

Rules are made as in the field's usual trial: 1 to 3 groups (AND) of 1 to 4 alternatives (OR), words or two-word
phrases, 0 to 2 NOT, drawn from the very texts they are put to. Headlines are read from ``../shared/data`` where it is
there, else made up.
"""

from __future__ import annotations

import gc
import gzip
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from alerts.judging.match import Matcher
from alerts.judging.patterns import words_of
from alerts.model.expression import And, Expression, Not, Or, Term
from alerts.model.item import Item, Source
from alerts.model.question import MATCHED, Answer, Question, Severity
from alerts.model.seed import Seeds
from alerts.reading.normalise import normalise
from alerts.reading.vocabulary import Vocabulary, compile_vocabulary

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "background_dev.jsonl.gz"
SOURCE = Source(id="bench", title="Bench", owner="bench")
TEXTS = 1_400
ROUNDS = 5


def texts(wanted: int = TEXTS) -> list[str]:
    """Title and summary in one, some 250 letters each."""
    if not SHARED.exists():
        return made_up(wanted)
    found = []
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            if one["lang"] == "en" and one["summary"] and len(one["summary"]) > 120:
                found.append(f"{one['title']}. {one['summary']}")
            if len(found) == wanted * 10:
                break
    return random.Random(1).sample(found, min(wanted, len(found)))


def made_up(wanted: int) -> list[str]:
    """Texts of made-up words, as unevenly frequent as real ones."""
    chance = random.Random(1)
    words = ["".join(chance.choices("aeioulnrstdkm", k=chance.randint(3, 9))) for _ in range(9_000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [" ".join(chance.choices(words, weights, k=40)) for _ in range(wanted)]


def rules(count: int, of: list[str]) -> list[Question]:
    """Rules whose words stand in the texts."""
    rows = [normalise(text).words for text in of]
    words = sorted({word for row in rows for word in row if len(word) > 3})
    pairs = sorted({pair for row in rows for pair in pairwise(row) if min(map(len, pair)) > 2})
    return made_of(words, pairs, count)


def sparse(count: int, of: list[str]) -> list[Question]:
    """Rules whose words stand in hardly any text."""
    chance = random.Random(3)
    words = ["".join(chance.choices("qxzvwkjy", k=8)) for _ in range(9_000)]
    seen = sorted({word for text in of for word in normalise(text).words if len(word) > 7})
    words += chance.sample(seen, min(9, len(seen)))
    return made_of(words, [(chance.choice(words), chance.choice(words)) for _ in range(9_000)], count)


def made_of(words: list[str], pairs: list[tuple[str, str]], count: int) -> list[Question]:
    """Rules of these words and two-word phrases."""
    chance = random.Random(2)

    def term() -> Term:
        return Term(chance.choice(pairs) if chance.random() < 0.3 else (chance.choice(words),))

    def group() -> Expression:
        terms = tuple(term() for _ in range(chance.randint(1, 4)))
        return Or(terms) if len(terms) > 1 else terms[0]

    def one(number: int) -> Question:
        parts = [group() for _ in range(chance.randint(1, 3))]
        parts += [Not(term()) for _ in range(chance.randint(0, 2))]
        tree = And(tuple(parts)) if len(parts) > 1 else parts[0]
        answer = Answer(id=MATCHED, says="", severity=Severity.ROUTINE)
        return Question(id=f"r{number}", story="", path="", text="", answers=(answer,), hash="", match=tree)

    return [one(number) for number in range(count)]


def cpu(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median CPU seconds of a run."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def rule_by_rule(questions: Iterable[Question], vocabulary: Vocabulary) -> Callable[[str], list[str]]:
    """The loop that everybody writes first: each rule's words looked for in the text, one rule after the other."""

    def spelled(tree: Expression) -> list[str]:
        match tree:
            case Term((one,)):
                return [f" {form} " for form in vocabulary.forms(one)]
            case Term((one, two)):
                return [f" {a} {b} " for a in vocabulary.forms(one) for b in vocabulary.forms(two)]
            case Or(parts):
                return [form for part in parts for form in spelled(part)]
        raise TypeError(tree)

    plain: list[tuple[str, list[list[str]], list[str]]] = []
    for question in questions:
        parts = question.match.parts if isinstance(question.match, And) else (question.match,)
        needed = [spelled(part) for part in parts if part and not isinstance(part, Not)]
        never = [form for part in parts if isinstance(part, Not) for form in spelled(part.part)]
        plain.append((question.id, needed, never))

    def loop(text: str) -> list[str]:
        words = f" {' '.join(normalise(text).words)} "
        return [
            rule
            for rule, needed, never in plain
            if all(any(form in words for form in forms) for forms in needed)
            and not any(form in words for form in never)
        ]

    return loop


def each(work: Callable[[Item], object], items: list[Item]) -> float:
    """CPU seconds an item; what it gives is dropped, as a daemon drops it."""

    def run() -> None:
        for item in items:
            work(item)

    return cpu(run) / len(items)


def of_size(size: int, of: list[str], items: list[Item]) -> None:
    """Print a line for so many rules."""
    questions = rules(size, of)
    start = time.process_time()
    vocabulary = compile_vocabulary(words_of(questions, Seeds()))
    compiled = time.process_time() - start
    raw = vocabulary.to_bytes()
    start = time.process_time()
    matcher = Matcher(questions, Seeds(), Vocabulary.from_bytes(raw))
    built = time.process_time() - start
    gc.collect()
    gc.freeze()
    matched = sum(len(matcher.matching(item)) for item in items) / len(items)
    which, whole = each(matcher.matching, items), each(matcher.verdicts, items)
    loop, sample = rule_by_rule(questions, vocabulary), of[: max(3, min(len(of), 200_000 // size))]
    plain = cpu(lambda: [loop(text) for text in sample], 3) / len(sample)
    print(
        f"{size:>7} rules, {matched:6.2f} match a text: {1 / whole:7.0f} texts/s ({whole * 1e6:6.1f} µs), "
        f"which alone {1 / which:7.0f}/s; rule by rule {1 / plain:8.1f}/s, ×{plain / whole:.0f}; "
        f"vocabulary {compiled:.2f} s, cached start {built:.2f} s"
    )


def main(sizes: list[int]) -> None:
    of = texts()
    items = [Item(id=str(n), source=SOURCE, title=text) for n, text in enumerate(of)]
    alone = cpu(lambda: [normalise(text) for text in of]) / len(of)
    letters = statistics.mean(map(len, of))
    print(f"{len(of)} texts of {letters:.0f} letters; normalising alone {alone * 1e6:.1f} µs a text")
    for size in sizes:
        of_size(size, of, items)
    few, many = (matcher_of(sparse(size, of)) for size in (10, 10_000))
    ten, all_of_them = each(few.verdicts, items), each(many.verdicts, items)
    print(
        f"sparse hits: 10 rules {ten * 1e6:.1f} µs, 10,000 rules {all_of_them * 1e6:.1f} µs, ×{all_of_them / ten:.2f}"
    )
    matcher = matcher_of(rules(1_000, of))
    for size in (1_000, 10_000, 20_000, 1_000_000):
        text = (" ".join(of) * 10)[:size]
        item = Item(id="long", source=SOURCE, title="Long", summary=text)
        print(f"{size:>9,} letters: {cpu(lambda one=item: matcher.verdicts(one)) * 1e3:.2f} ms")  # type: ignore[misc]


def matcher_of(questions: list[Question]) -> Matcher:
    return Matcher(questions, Seeds(), compile_vocabulary(words_of(questions, Seeds())))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10, 100, 1_000, 10_000])
