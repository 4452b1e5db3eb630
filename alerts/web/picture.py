"""The story of a question as a picture: answers over time, windows, what was told, and every text by its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model.change import Alert, Change, Reason, Standing
from alerts.model.question import Question
from alerts.web.quoting import Quoted

LANES = 12
"""Sources that have a line of their own, those with most texts; the others share the last one."""

ROW, BAND, TOP, FOOT = 20, 22, 34, 22
"""Heights: a source, an answer, what stands above them, the axis below."""

LETTER = 5.8
"""About how wide a letter is."""

STEPS = [
    timedelta(minutes=one) for one in (5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7 * 1440, 14 * 1440, 30 * 1440)
]
"""What lies between two strokes of the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How wide a picture is, where time begins in it, and how many strokes its axis has room for."""

    width: int
    left: int
    ticks: int
    letters: int


WIDE, NARROW = Frame(width=860, left=170, ticks=8, letters=24), Frame(width=380, left=96, ticks=3, letters=13)


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer in force from ``x`` on; ``sure`` is its standing."""

    x: float
    width: float
    label: str
    standing: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A text."""

    x: float
    y: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A mark at a time, with its words; ``width`` where it lasts."""

    x: float
    label: str
    width: float = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The line of a source, or of an aspect."""

    y: float
    label: str
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All of it, in units of its own viewBox."""

    frame: Frame
    height: float
    answers: tuple[Lane, ...]
    sources: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    windows: tuple[Stroke, ...]
    alerts: tuple[Stroke, ...]
    ticks: tuple[Stroke, ...]
    now: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """What is drawn; ``changes`` go by time, the oldest first."""

    question: Question
    changes: Sequence[Change]
    texts: Sequence[Quoted]
    alerts: Sequence[Alert]


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime
    frame: Frame

    def x(self, at: datetime) -> float:
        frame = self.frame
        part = (at - self.start) / (self.end - self.start)
        return round(frame.left + max(0.0, min(1.0, part)) * (frame.width - frame.left - 12), 1)

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end


def draw(story: Story, frame: Frame, now: datetime) -> Picture | None:
    """Return the picture of a story in a frame, None where nothing has happened."""
    scale = _scale(story, frame, now)
    if scale is None:
        return None
    answers = tuple(_answers(story, scale))
    below = TOP + BAND * len(answers) + 10
    lanes = _lanes(story.texts)
    return Picture(
        frame=frame,
        height=below + ROW * len(lanes) + FOOT,
        answers=answers,
        sources=tuple(Lane(below + ROW * i + ROW / 2, _short(name, frame)) for i, name in enumerate(lanes)),
        dots=tuple(_dots(story.texts, lanes, scale, below)),
        windows=tuple(_windows(story.question, scale)),
        alerts=tuple(Stroke(scale.x(one.at), one.says, kind=one.severity.value) for one in story.alerts),
        ticks=tuple(_ticks(scale)),
        now=scale.x(now) if scale.holds(now) else None,
    )


def _scale(story: Story, frame: Frame, now: datetime) -> _Scale | None:
    moments = [*(one.at for one in story.changes), *(one.at for one in story.texts)]
    if not moments:
        return None
    start, last = min(moments), max(moments)
    near = (last - start) / 4 + timedelta(hours=3)
    coming = [one.end for one in story.question.expect if start <= one.end <= last + near]
    end = max(last, now if now - last <= near else last, *coming)
    room = max((end - start) * 0.02, timedelta(minutes=2))
    return _Scale(start - room, end + room, frame)


def _answers(story: Story, scale: _Scale) -> Iterable[Lane]:
    """Yield a lane for each aspect and occasion, with what was in force when."""
    lanes: dict[tuple[str, str], list[Change]] = {}
    for one in story.changes:
        if one.reason in {Reason.CLAIMED, Reason.OVERDUE, Reason.REMINDER} or story.question.watches:
            continue
        answer = one.to_answer or one.from_answer
        current = story.question.current_id(answer) if answer else None
        aspect = story.question.aspect_of(current) if current else ""
        lanes.setdefault((one.occasion, aspect), []).append(one)
    for number, ((occasion, aspect), changes) in enumerate(lanes.items()):
        label = " ".join(part.replace("-", " ").replace("_", " ") for part in (aspect, occasion) if part)
        yield Lane(TOP + BAND * number, _short(label or "answer", scale.frame), tuple(_bars(changes, scale)))


def _bars(changes: Sequence[Change], scale: _Scale) -> Iterable[Bar]:
    """Yield what was in force from change to change; each answer is named once, where there is room."""
    ends = [*(one.at for one in changes[1:]), scale.end]
    number, before, is_named = 0, None, False
    for one, end in zip(changes, ends, strict=True):
        if one.to_answer != before:
            number, before, is_named = number + 1, one.to_answer, False
        if one.to_answer is None:
            continue
        x, width = scale.x(one.at), scale.x(end) - scale.x(one.at)
        said, standing = one.to_answer.replace("_", " "), (one.standing or Standing.REPORTED).value
        fits = not is_named and len(said) <= int((width - 8) / LETTER)
        is_named = is_named or fits
        title = f"{said}, {standing}, {one.at:%d %b %H:%M} UTC"
        yield Bar(x, round(max(width, 2), 1), said if fits else "", standing, number % 2, title)


def _lanes(texts: Sequence[Quoted]) -> dict[str, int]:
    """Return the line of each source, those that spoke first on top."""
    counts: dict[str, int] = {}
    for one in texts:
        counts[one.source] = counts.get(one.source, 0) + 1
    own = set(sorted(counts, key=lambda name: -counts[name])[:LANES])
    first = sorted(texts, key=lambda one: one.at)
    listed = list(dict.fromkeys(one.source for one in first if one.source in own))
    if len(counts) > len(own):
        listed.append(f"{len(counts) - len(own)} others")
    return {name: i for i, name in enumerate(listed)}


def _dots(texts: Sequence[Quoted], lanes: dict[str, int], scale: _Scale, below: float) -> Iterable[Dot]:
    last = len(lanes) - 1
    for one in sorted(texts, key=lambda one: (one.at, one.id)):
        if scale.holds(one.at):
            y = below + ROW * lanes.get(one.source, last) + ROW / 2
            said = one.label.replace("_", " ")
            yield Dot(scale.x(one.at), y, one.leaning.value, f"{one.source}, {one.at:%d %b %H:%M} UTC: {said}")


def _windows(question: Question, scale: _Scale) -> Iterable[Stroke]:
    for one in question.expect:
        if one.end >= scale.start and one.start <= scale.end:
            x = scale.x(one.start)
            said = f"{one.answer.replace('_', ' ')} expected {one.start:%d %b %H:%M}–{one.end:%H:%M} UTC"
            yield Stroke(x, said, max(2.0, round(scale.x(one.end) - x, 1)))


def _ticks(scale: _Scale) -> Iterable[Stroke]:
    length = scale.end - scale.start
    step = next(
        (one for one in STEPS if length / one <= scale.frame.ticks), STEPS[-1] * (1 + length // (STEPS[-1] * 6))
    )
    midnight = scale.start.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * (1 + (scale.start - midnight) // step)
    while at <= scale.end:
        is_day = (at.hour, at.minute) == (0, 0)
        yield Stroke(scale.x(at), f"{at.day} {at:%b}" if is_day else f"{at:%H:%M}", kind="day" if is_day else "")
        at += step


def _short(name: str, frame: Frame) -> str:
    return name if len(name) <= frame.letters else name[: frame.letters - 1].rstrip() + "…"
