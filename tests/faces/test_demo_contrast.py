"""The demo's keyword alert: what it would send, counted on the same texts."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from alerts.demo.contrast import Contrast, contrast, rings
from alerts.demo.screen import Screen
from alerts.demo.story import Publication
from alerts.model.expression import And, Expression, Names, Near, Not, Or, Term
from alerts.model.question import Answer, Question, Severity
from alerts.model.seed import Seed, Seeds

SEEDS = Seeds({"plant": Seed(id="plant", kind="facility", names={"en": ("Big Plant", "BPP"), "ru": ("БАЭС",)})})

TRUCE = Or((Term(("ceasefire",)), Term(("cease", "fire")), Term(("перемири",), prefix=True)))
PLANT = Or((Names("plant"), Near(Term(("big",)), Term(("reactor",)), 3)))


def question(match: Expression | None, *, ignore: Expression | None = None, name: str = "q") -> Question:
    return Question(
        id=name,
        story="s",
        path=f"{name}.yaml",
        text="?",
        answers=(Answer(id="matched", says="In the news", severity=Severity.ROUTINE),),
        hash="h",
        match=match,
        ignore=ignore,
    )


def text(title: str, summary: str | None = None, *, guid: str = "wire/one", copy_of: str | None = None) -> Publication:
    at = datetime(2025, 3, 17, tzinfo=UTC)
    return Publication(at=at, outlet="wire", guid=guid, title=title, summary=summary, copy_of=copy_of)


@pytest.mark.parametrize(
    ("match", "title", "rung"),
    [
        (TRUCE, "A CEASEFIRE at last", True),
        (TRUCE, "Ceasefires end", False),  # a word as it is written, not its forms
        (TRUCE, "They cease fire", True),
        (TRUCE, "Fire will cease", False),
        (TRUCE, "О перемирии говорят", True),
        (PLANT, "bpp stops", True),
        (PLANT, "The big-plant story", True),
        (PLANT, "A reactor far, far away from any big town", True),  # no nearness in a keyword alert
        (PLANT, "A big town", False),
        (And((Term(("big",)), Not(Term(("town",))))), "A big town", False),
        (And((Term(("big",)), Not(Term(("town",))))), "A big city", True),
        (None, "A big city", False),
    ],
)
def test_a_keyword_alert_rings_for_words_wherever_they_stand(match: Expression | None, title: str, rung: bool) -> None:
    assert rings(question(match), text(title), SEEDS) is rung


def test_a_keyword_alert_reads_the_summary_and_honours_exclusions() -> None:
    rule = question(TRUCE, ignore=Term(("gaza",)))
    assert rings(rule, text("Talks", "On a ceasefire"), SEEDS)
    assert not rings(rule, text("Gaza talks", "On a ceasefire"), SEEDS)


def test_copies_ring_again_and_edits_do_not() -> None:
    told = [
        text("A ceasefire", guid="wire/one"),
        text("A ceasefire", guid="paper/one", copy_of="wire/one"),
        text("A ceasefire, perhaps", guid="wire/one"),
        text("Weather", guid="wire/two"),
    ]
    rules = [question(TRUCE, name="truce"), question(PLANT, name="plant"), question(None, name="silent")]
    found = contrast(told, rules, SEEDS, sent=1)
    assert found.keyword == {"truce": 2, "plant": 0}
    assert (found.keyword_sent, found.sent, found.texts, found.copies) == (2, 1, 3, 1)


def test_an_edit_that_first_matches_rings_once() -> None:
    told = [text("Talks go on"), text("Talks on a ceasefire go on")]
    assert contrast(told, [question(TRUCE)], SEEDS, sent=0).keyword == {"q": 1}


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("tty", [True, False])
def test_the_sum_fits_the_width_and_ends_with_what_to_type(width: int, tty: bool) -> None:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=tty, color_system=None, soft_wrap=not tty)
    Screen(console).ending(Contrast(texts=70, copies=11, keyword={"a": 30, "b": 11}, sent=7), 12.3)
    lines = file.getvalue().splitlines()
    bars = {" ".join(line.split()[:-1]): line.count("█") for line in lines if "█" in line}
    assert list(bars) == ["keyword alerts 41", "alerts 7"]
    assert bars["keyword alerts 41"] > 4 * bars["alerts 7"] > 0
    assert any(line.strip().startswith("alerts init") for line in lines)
    assert not tty or all(len(line) <= width for line in lines)


def test_a_sum_of_nothing_is_shown_too() -> None:
    file = io.StringIO()
    Screen(Console(file=file, width=80)).ending(Contrast(texts=0, copies=0, keyword={}, sent=0), 0.0)
    assert "keyword alerts    0" in file.getvalue()
