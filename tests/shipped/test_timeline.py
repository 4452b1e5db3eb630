"""The shipped timeline is in order, sourced and about seeds; a timeline's mistakes are told at their places."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.model.seed import Seed, Seeds
from alerts.model.timeline import Fact, Precision
from alerts.rulebook.seeds import read_seeds
from alerts.rulebook.timeline import read_timeline

ROOT = Path(__file__).resolve().parents[2] / "seeds"
SEEDS, _ = read_seeds(
    {str(path): path.read_text("utf-8") for path in (*(ROOT / "entities").glob("*.yaml"), ROOT / "things.yaml")}
)
FACTS, PROBLEMS = read_timeline({"timeline.yaml": (ROOT / "timeline.yaml").read_text("utf-8")}, SEEDS)

KNOWN = Seeds({"dam": Seed(id="dam", kind="dam"), "torvald": Seed(id="torvald", kind="person")})
FACT = """\
opened:
  at: 2031-04-02T09:00
  precision: hour
  zone: America/New_York
  says: The dam is opened
  about: [dam, torvald]
  sources: ["Daily Post, 2031-04-03"]
"""


def read(*texts: str) -> tuple[tuple[Fact, ...], list[tuple[str, int, int]]]:
    facts, problems = read_timeline({f"{n}.yaml": text for n, text in enumerate(texts)}, KNOWN)
    return facts, [(problem.code, problem.line, problem.col) for problem in problems]


# --- what ships ---------------------------------------------------------------------------------


def test_the_shipped_timeline_is_read_without_a_remark() -> None:
    assert [str(problem) for problem in PROBLEMS] == []
    assert len(FACTS) >= 20


def test_its_facts_ascend() -> None:
    assert [fact.at for fact in FACTS] == sorted(fact.at for fact in FACTS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_each_is_about_seeds_and_told_around_its_day(fact: Fact) -> None:
    assert fact.about
    assert set(fact.about) <= SEEDS.by_id.keys()
    told = [date.fromisoformat(source.rpartition(", ")[2]) for source in fact.sources]
    assert told
    assert all(abs(day - fact.at.date()) <= timedelta(days=14) for day in told)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_each_says_one_sentence(fact: Fact) -> None:
    assert fact.says[0].isupper()
    assert not fact.says.endswith(".")
    assert len(fact.says) <= 120


def test_who_acts_for_somebody_did_so_in_those_days() -> None:
    """A fact about somebody whose roles are dated lies within one of them."""
    strangers = [
        (fact.id, name)
        for fact in FACTS
        for name in fact.about
        if (roles := SEEDS[name].roles)
        and not any((role.since or date.min) <= fact.at.date() <= (role.until or date.max) for role in roles)
    ]
    assert strangers == []


# --- the loader ---------------------------------------------------------------------------------


def test_a_moment_is_told_by_the_clock_of_the_place() -> None:
    (fact,), problems = read(FACT)
    assert problems == []
    assert fact.at.isoformat() == "2031-04-02T09:00:00-04:00"
    assert (fact.id, fact.precision, fact.zone) == ("opened", Precision.HOUR, "America/New_York")
    assert (fact.about, fact.sources) == (("dam", "torvald"), ("Daily Post, 2031-04-03",))


@pytest.mark.parametrize(("precision", "at"), [("day", "2031-04-02"), ("minute", "2031-04-02T09:41")])
def test_a_day_has_no_hour_and_a_minute_has_both(precision: str, at: str) -> None:
    (fact,), problems = read(FACT.replace("hour", precision).replace("2031-04-02T09:00", at))
    assert problems == []
    assert fact.precision == precision


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2031-04-02T09:00", "2031-04-02", ("E009", 2, 7)),
        ("2031-04-02T09:00", "2031-04-02T09:30", ("E009", 2, 7)),
        ("2031-04-02T09:00", "2031-02-30T09:00", ("E009", 2, 7)),
        ("2031-04-02T09:00", "٢٠٣١-٠٤-٠٢T09:00", ("E009", 2, 7)),
        ("2031-04-02T09:00", "yesterday", ("E009", 2, 7)),
        ("2031-04-02T09:00", "[2031-04-02]", ("E008", 2, 7)),
        ("precision: hour", "precision: week", ("E009", 3, 14)),
        ("America/New_York", "America/Brenhold", ("E009", 4, 9)),
        ("America/New_York", "../etc/passwd", ("E009", 4, 9)),
        ("America/New_York", "America", ("E009", 4, 9)),
        ("  says: The dam is opened\n", "", ("E007", 2, 3)),
        ("The dam is opened", "", ("E008", 5, 3)),
        ("torvald]", "torvlad]", ("E021", 6, 16)),
        ("[dam, torvald]", "[]", ("E008", 6, 10)),
        ('["Daily Post, 2031-04-03"]', "[]", ("E008", 7, 12)),
        ('"Daily Post, 2031-04-03"', "Daily Post", ("E009", 7, 13)),
        ('["Daily Post, 2031-04-03"]', "https://post.example/", ("E009", 7, 12)),
        ("opened:", "Opened:", ("E010", 1, 1)),
        ("says:", "tells:", ("E006", 5, 3)),
        ("opened:\n", "opened: &a\n", ("E003", 1, 9)),
    ],
)
def test_a_mistake_has_its_place_and_spares_the_other_facts(old: str, new: str, problem: tuple[str, int, int]) -> None:
    facts, problems = read(FACT.replace(old, new) + FACT.replace("opened", "closed"))
    assert problem in problems
    assert "closed" in {fact.id for fact in facts}


def test_an_id_stands_once_over_all_files() -> None:
    facts, problems = read(FACT, FACT.replace("The dam is opened", "The dam is closed"))
    assert problems == [("E012", 1, 1)]
    assert [fact.says for fact in facts] == ["The dam is opened"]


def test_all_mistakes_of_a_fact_are_told_at_once() -> None:
    _, problems = read(FACT.replace("T09:00", "").replace("New_York", "x").replace("dam,", "dma,"))
    assert [code for code, _, _ in problems] == ["E009", "E009", "E021"]


@pytest.mark.parametrize("text", ["", "# nothing happened yet\n", "\ufeff\r\n"])
def test_a_story_without_a_past_is_no_mistake(text: str) -> None:
    assert read(text)[0] == ()
