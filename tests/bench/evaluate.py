"""``make evaluate``: precision and recall on the labelled headlines, per question and language, with the errors.

Reads ../shared/data; prints Wilson 95 % intervals and n. Development items up to 2025-08 are *seen*, later ones *test*.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import time
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from claims_house import JUDGE, PROBLEMS, ROOT, SEED_PROBLEMS

from alerts.model.item import Item, Source

DATA = ROOT.parent / "shared" / "data"
SOURCE = Source(id="x", title="x", owner="x")


def wilson(hits: int, n: int) -> str:
    """Return ``p [low–high] n`` of a proportion."""
    if n == 0:
        return "–"
    z, p = 1.96, hits / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return f"{p:.3f} [{low:.2f}–{high:.2f}] {hits}/{n}"


class Judge:
    """The shipped questions as a function from a text to its labels."""

    def __init__(self) -> None:
        self.judge = JUDGE
        self.questions = self.judge.questions
        self.weak = {(q.id, answer.id) for q in self.questions for answer in q.answers if answer.weak}

    def __call__(self, title: str, summary: str | None = None, day: date | None = None) -> dict[str, set[str]]:
        out: dict[str, set[str]] = defaultdict(set)
        for verdict in self.judge.verdicts(Item(id="x", source=SOURCE, title=title, summary=summary), day):
            out[verdict.question].add(verdict.label)
        return dict(out)


def parse_labels(text: str) -> dict[str, list[str]]:
    """Return question → alternatives, the better one first; NONE stands for no label."""
    wanted: dict[str, list[str]] = defaultdict(list)
    if text in {"-", "", "?"}:
        return {}
    for label in text.split(";"):
        question = label.split("=")[0]
        for way in label.split("|"):
            wanted[question].append("NONE" if way == "NONE" else way.split("=", 1)[1])
    return wanted


class Score:
    """Counts of one set, in all and per question and language."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        self.errors: list[str] = []

    def add(self, where: tuple[str, str], got: dict[str, set[str]], wanted: dict[str, list[str]], text: str) -> None:
        lang, item = where
        for question in sorted({*got, *wanted}):
            said = {label for label in got.get(question, set()) if label != "unclear" and not label.endswith("/denied")}
            unclear = "unclear" in got.get(question, set())
            ways = wanted.get(question, [])
            for mode in ("asserted", "claimed"):
                self._one(mode, (question, lang), said, ways)
            self._error((question, item), said, ways, text, unclear)

    def _one(self, mode: str, key: tuple[str, str], said: set[str], ways: list[str]) -> None:
        def is_mode(label: str) -> bool:
            return label.endswith("/claimed") == (mode == "claimed")

        for name in ((*key, mode), ("all", key[1], mode), ("all", "*", mode)):
            cell = self.cells[name]
            for label in filter(is_mode, said):
                cell["said"] += 1
                cell["right"] += label in ways
            if ways and is_mode(ways[0]) and "NONE" not in ways:
                cell["wanted"] += 1
                cell["found"] += bool(said & set(ways))

    def _error(self, what: tuple[str, str], said: set[str], ways: list[str], text: str, unclear: bool) -> None:
        question, item = what
        good = said & set(ways)
        if (said and not good) or len(said - set(ways)) > 0:
            self.errors.append(f"WRONG {question}: said {sorted(said)} wanted {ways or '-'}  [{item}] {text}")
        elif ways and not good and "NONE" not in ways:
            self.errors.append(f"{'UNCLR' if unclear else 'MISS '} {question}: wanted {ways}  [{item}] {text}")

    def print(self, name: str, *, errors: bool) -> None:
        print(f"== {name}")
        for key in sorted(self.cells):
            cell = self.cells[key]
            if cell["said"] or cell["wanted"]:
                precision, recall = wilson(cell["right"], cell["said"]), wilson(cell["found"], cell["wanted"])
                print(f"  {key[0]:22}{key[1]:4}{key[2]:9} P {precision:32} R {recall}")
        for error in self.errors if errors else ():
            print("   ", error)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.open(path, "rt")]


def claims_dev(judge: Judge, *, errors: bool) -> None:
    score, weak = Score(), 0
    for line in (DATA / "claims_dev.tsv").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        item, lang, text, labels, kind = line.split("\t")
        got = judge(text)
        if labels == "?":
            continue
        if labels == "-" and any((q, label) in judge.weak for q, said in got.items() for label in said):
            weak += 1  # the labels are older than the weak answers: a plan was none, a discussion neither
            continue
        wanted = parse_labels(labels)
        if (
            (got and set(wanted) == {"ceasefire-acceptance"})
            or set(wanted) == {"limited-truce"}
            or set(wanted) == {"call-outcome"}
        ):
            got = {question: value for question, value in got.items() if question in wanted}
        score.add((lang, f"{item} {kind}"), got, wanted, text)
    score.print(
        f"claims_dev (regression; {weak} weak answers where the older labels say nothing left out)", errors=errors
    )


def headlines(judge: Judge, part: str, *, errors: bool) -> None:
    wanted = dict(line.split("\t") for line in (DATA / "labels_dev.tsv").read_text().splitlines())
    score = Score()
    for row in rows(DATA / "story_dev.jsonl.gz"):
        seen = row["published"] < "2025-09"
        if part == ("test" if seen else "seen"):
            continue
        got = judge(row["title"], row["summary"], date.fromisoformat(row["published"][:10]))
        text = f"{row['title']} || {(row['summary'] or '')[:200]}"
        score.add((row["lang"], row["id"][:6]), got, parse_labels(wanted.get(row["id"], "-")), text)
    score.print(f"labels_dev, {part}", errors=errors)


def _day(row: dict[str, Any]) -> date | None:
    return date.fromisoformat(row["published"][:10]) if row["published"] else None


def background(judge: Judge, topics: set[str]) -> None:
    counts: Counter[str] = Counter()
    began, number = time.process_time(), 0
    for row in rows(DATA / "background_dev.jsonl.gz"):
        if row["topic"] not in topics:
            continue
        number += 1
        for question, label in _labels(judge, row):
            counts["unclear" if label == "unclear" else label.partition("/")[2] or "asserted"] += 1
            if label != "unclear":
                print(f"  {question}={label} [{row['topic']}] {row['title'][:150]} || {(row['summary'] or '')[:150]}")
    each = (time.process_time() - began) / max(number, 1) * 1e6
    print(f"== background {sorted(topics)}: {number} items {dict(counts)}; {each:.0f} µs an item, loading included")


def _labels(judge: Judge, row: dict[str, Any]) -> list[tuple[str, str]]:
    said = judge(row["title"], row["summary"], _day(row))
    return [(question, label) for question, labels in said.items() for label in sorted(labels)]


def inline(judge: Judge) -> None:
    bad = total = 0
    for question in judge.questions:
        for test in question.tests:
            total += 1
            got = judge(test.title, test.summary).get(question.id, set()) or {"-"}
            if got != set(test.expected):
                bad += 1
                print(f"  {question.id}:{test.line}: expected {test.expected} got {sorted(got)} | {test.title}")
    print(f"== inline tests: {total - bad}/{total}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=["inline", "claims", "seen"])
    parser.add_argument("--no-errors", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"no evaluation data: {DATA} is not there; put it beside the project", file=sys.stderr)
        return 4
    for problem in (*SEED_PROBLEMS, *PROBLEMS):
        print(problem, file=sys.stderr)
    judge = Judge()
    errors = not options.no_errors
    for name in options.sets:
        if name == "claims":
            claims_dev(judge, errors=errors)
        elif name in {"seen", "test", "all"}:
            headlines(judge, name, errors=errors)
        elif name == "inline":
            inline(judge)
        else:
            background(judge, {"other", "other_ceasefire"} if name == "background" else {name})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
