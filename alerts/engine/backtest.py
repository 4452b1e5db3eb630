"""stored texts | replay | what would have been told?

A rule is played over what the store holds, in the order it was seen, beside the version that is in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts.engine.inforce import InForce
from alerts.engine.playback import Happened
from alerts.engine.replay import Replay
from alerts.model.item import Item
from alerts.model.question import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What one version of a rule would have told, and how many texts it read for that."""

    told: tuple[Happened, ...]
    silent: int
    texts: int

    @property
    def a_day(self) -> dict[date, int]:
        """How many messages on each day that had any."""
        return dict(sorted(Counter(one.change.at.date() for one in self.told).items()))


def backtest(
    versions: Sequence[InForce],
    texts: Iterable[tuple[Item, bool]],
    *,
    until: datetime,
    seen: Callable[[int, datetime], None] = lambda _number, _at: None,
) -> tuple[Backtest, ...]:
    """Play versions of a rule over texts in the order they were seen, as if each were stable, up to a time.

    With each text goes whether its feed was known by then. ``seen`` is called for every text.
    """
    replays = [Replay(_stable(one)) for one in versions]
    came: list[list[Happened]] = [[] for _ in replays]
    number = 0
    for number, (item, primed) in enumerate(texts, start=1):
        at = item.seen or until
        seen(number, at)
        for replay, happened in zip(replays, came, strict=True):
            happened += replay.take(item, at, primed=primed)
    for replay, happened in zip(replays, came, strict=True):
        happened += replay.until(until)
    return tuple(_sum(happened, number) for happened in came)


def _stable(in_force: InForce) -> InForce:
    return replace(
        in_force, questions={name: replace(q, status=Status.STABLE) for name, q in in_force.questions.items()}
    )


def _sum(happened: Sequence[Happened], texts: int) -> Backtest:
    told = tuple(one for one in happened if one.change.told)
    return Backtest(told=told, silent=len(happened) - len(told), texts=texts)


def only_in(first: Backtest, second: Backtest) -> Iterator[Happened]:
    """Yield what the first would have told and the second not: another change, or because of another text."""
    known = {_identity(one) for one in second.told}
    return (one for one in first.told if _identity(one) not in known)


def _identity(one: Happened) -> tuple[object, ...]:
    return one.change.reason, one.change.to_answer, one.change.at, tuple(text.item.id for text in one.texts)
