"""step by step | replay | as expected?

A story is played on its own clock, by the same code as a replay; each step says what came and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from alerts.engine.inforce import InForce
from alerts.engine.playback import Happened
from alerts.engine.rehearse import Sources
from alerts.engine.replay import Replay
from alerts.model.change import Reason
from alerts.model.item import Item
from alerts.model.question import Status
from alerts.model.story import Expected, Published, Step, Story

NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step: what was expected, what came, and, where that is not the same, why it came."""

    question: str
    path: str
    line: int
    col: int
    expected: str
    came: str
    passed: bool
    why: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.col}"
        if self.passed:
            return f"{place}: as expected: {self.came}"
        return f"{place}: expected {self.expected}; came {self.came}. {self.why}"


def run_stories(in_force: InForce, stories: Iterable[Story], sources: Sources) -> tuple[StepResult, ...]:
    """Play stories, each from a fresh start; a rule on trial or switched off is played as if it were stable."""
    stable = {name: replace(one, status=Status.STABLE) for name, one in in_force.questions.items()}
    played = replace(in_force, questions=stable)
    return tuple(result for story in stories for result in _run(played, story, sources))


def _run(in_force: InForce, story: Story, sources: Sources) -> Iterator[StepResult]:
    replay = Replay(in_force)
    for step in story.steps:
        items = _items(step, sources)
        came = [*replay.until(step.at)]
        for item in items:
            came += replay.take(item, step.at)
        came += replay.close()
        mine = [one for one in came if one.question.id == story.question]
        passed = len(mine) == len(step.expected) and all(map(fits, step.expected, mine))
        why = "" if passed else _why(in_force, story, items, replay)
        yield StepResult(
            question=story.question,
            path=story.path,
            line=step.line,
            col=step.col,
            expected=", ".join(one.text for one in step.expected) or NOTHING,
            came=", ".join(map(described, mine)) or NOTHING,
            passed=passed,
            why=why,
        )


def _items(step: Step, sources: Sources) -> list[Item]:
    text = step.text
    if text is None:
        return []
    carriers = text.sources or ("somebody",)
    return [_item(text, step, sources, name, number) for number, name in enumerate(carriers)]


def _item(text: Published, step: Step, sources: Sources, source: str, number: int) -> Item:
    return Item(
        id=text.id if number == 0 else f"{text.id}, {source}",
        source=sources.find(source),
        title=text.title,
        summary=text.summary,
        link=text.url,
        lang=text.lang,
        published=text.published,
        seen=step.at,
    )


def fits(expected: Expected, happened: Happened) -> bool:
    """Whether a change is the one that must come; what the author left out may be anything."""
    change = happened.change
    return (
        change.reason is expected.reason
        and subject_of(happened) == expected.answer
        and expected.was in {None, change.from_answer}
        and expected.severity in {None, happened.severity}
        and expected.told in {None, change.told}
        and expected.at in {None, change.at}
    )


def subject_of(happened: Happened) -> str | None:
    """Return the answer a change is about; of what is taken back, the one that stood."""
    change = happened.change
    return change.to_answer or change.from_answer


def described(happened: Happened) -> str:
    """Return a change as a story writes it."""
    change = happened.change
    is_move = change.reason in {Reason.ANSWER_CHANGED, Reason.CORRECTED} and change.from_answer != change.to_answer
    answer = f"{change.from_answer} -> {change.to_answer}" if is_move else subject_of(happened)
    at = f" at {change.at:%H:%M}" if change.reason in {Reason.OVERDUE, Reason.REMINDER} else ""
    return f"{change.reason} {answer} {happened.severity} {'told' if change.told else 'silent'}{at}"


def _why(in_force: InForce, story: Story, items: list[Item], replay: Replay) -> str:
    """What the text says of the question, and where that stands now."""
    stands = replay.playback.case_for(story.question).stands.values()
    now = ", ".join(f"{one.answer} ({one.standing})" for one in stands if one.answer is not None)
    stand = f"It stands at: {now or 'no answer'}."
    if not items:
        return stand
    said = [one for one in in_force.assessor.verdicts(items[0]) if one.question == story.question]
    labels = "; ".join(f"{one.label}{f' by {one.speaker}' if one.speaker else ''}" for one in said)
    if labels:
        return f"The text says: {labels}. {stand}"
    return f'The text says nothing of it: alerts explain --rule {story.question} --text "{items[0].title}". {stand}'
