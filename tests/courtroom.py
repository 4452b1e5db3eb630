"""Rules for the tests of judging over time, compiled with the shipped seeds, and items as a file has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from claims_house import KNOWN, SEEDS

from alerts.engine.inforce import InForce
from alerts.engine.rehearse import Sources, read_items
from alerts.engine.replay import BadLine, replayed
from alerts.judging.assess import Assessor
from alerts.judging.patterns import words_of
from alerts.judging.weigh import Wires
from alerts.model.feed import Feed, FeedKind
from alerts.model.question import Question
from alerts.reading.vocabulary import compile_vocabulary
from alerts.rulebook.rules import read_rules

NOON = datetime(2025, 3, 18, 12, tzinfo=UTC)

TRUCE = """\
question: Does Russia accept the ceasefire?
scope: ukraine-war
answers:
  accepted:
    says: Russia accepts
    severity: flash
    claims: [{actor: russia, event: agree, object: full-ceasefire}]
  rejected:
    says: Russia rejects
    severity: urgent
    claims: [{actor: russia, event: reject, object: full-ceasefire}]
confirm: {independent_sources: 2, within: 30m, or_official: true}
expect:
  - {answer: accepted, window: 2025-03-18T13:00Z / 2025-03-18T15:00Z, grace: 20m, overdue: urgent}
notify: desk
"""

WATCH = """\
question: The dam in the news
match: dam
notify: desk
"""

FEEDS = (
    Feed(id="wire", url="https://wire.example/rss", title="The Wire", owner="wire-house", kind=FeedKind.AGENCY),
    Feed(id="daily", url="https://daily.example/rss", title="The Daily", owner="daily-house"),
    Feed(
        id="kremlin",
        url="https://kremlin.example/rss",
        title="The Kremlin's page",
        owner="kremlin",
        kind=FeedKind.OFFICIAL,
        speaks_for="russia",
    ),
)
SOURCES = Sources(FEEDS)


def questions_of(**texts: str) -> tuple[Question, ...]:
    """Read rule files, named by their ids; a ``_`` stands for ``-``."""
    files = {f"rules/story/{name.replace('_', '-')}.yaml": text for name, text in texts.items()}
    questions, problems = read_rules(files, SEEDS)
    assert not [str(problem) for problem in problems if problem.is_error]
    return questions


def in_force(**texts: str) -> InForce:
    """Return these rules, in force since ever."""
    questions = questions_of(**texts)
    assessor = Assessor(questions, SEEDS, compile_vocabulary(words_of(questions, SEEDS)), KNOWN)
    return InForce(
        questions={one.id: one for one in questions}, assessor=assessor, wires=Wires(FEEDS, SEEDS), activated={}
    )


def line(title: str, *, minutes: float | None = 0, id: str | None = None, source: str = "wire", **more: Any) -> str:  # noqa: A002
    """Return an item as a line of a file; ``minutes`` are after noon, None = the line says no time."""
    at = None if minutes is None else (NOON + timedelta(minutes=minutes)).isoformat()
    return json.dumps({"id": id or title, "published": at, "source": source, "title": title, **more})


def play(rules: InForce, *lines: str) -> tuple[list[dict[str, Any]], list[BadLine]]:
    """Replay lines; return the changes, and the lines that are none."""
    found = list(replayed(read_items(lines, SOURCES), rules))
    return [one for one in found if isinstance(one, dict)], [one for one in found if isinstance(one, BadLine)]
