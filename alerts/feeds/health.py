"""What polling teaches about a feed: does it miss items, lie, fall silent? Each is said once, and again when it ends.

A remark is ``<what it is about>: <sentence>``; the engine logs those that were not there before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.feeds.lateness import sampled
from alerts.feeds.pace import busier, rolls_over, words
from alerts.model.feed import FeedState, Learnt

GAP_SHOWN = timedelta(days=1)
SMALL = 3
"""A window of fewer items rolls over with every item, and proves nothing."""
SILENT_AT_LEAST = 36 * 3600.0
SILENT_TIMES = 10.0
"""A feed is silent when nothing new came for so many times its own rhythm, and for a night and a day."""
SMOOTHING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a whole body brought: how many items it has, how many were known, and the dates of the new ones."""

    window: int
    known: int
    dates: Sequence[datetime | None]

    @property
    def new(self) -> int:
        """How many items were never seen before."""
        return len(self.dates)


def learn(state: FeedState, body: Body | None, *, now: datetime, every: float) -> Learnt:
    """Return what is known of a feed after it answered; ``body`` None = nothing new, ``every`` its interval."""
    learnt = state.learnt if body is None else _from_body(state, body, now)
    return replace(learnt, remarks=tuple(_remarks(state, learnt, now, every)))


def _from_body(state: FeedState, body: Body, now: datetime) -> Learnt:
    learnt, looked = replace(state.learnt, window=body.window), state.health.ok_at
    if not body.new:
        return learnt
    if looked is None or state.health.primed_at is None:
        return replace(learnt, new_at=now)
    elapsed = max((now - looked).total_seconds(), 1.0)
    learnt = busier(learnt, now, new=body.new, elapsed=elapsed)
    if not body.known and min(body.window, state.learnt.window) >= SMALL:
        return replace(learnt, gap_at=now, new_at=now)
    learnt = sampled(learnt, [date for date in body.dates if date], now, elapsed=elapsed)
    return replace(learnt, new_at=now, rhythm=_rhythm(learnt, now))


def _rhythm(learnt: Learnt, now: datetime) -> float:
    if learnt.new_at is None:
        return learnt.rhythm
    pause = (now - learnt.new_at).total_seconds()
    return round(learnt.rhythm + SMOOTHING * (pause - learnt.rhythm) if learnt.rhythm else pause, 1)


def _remarks(state: FeedState, learnt: Learnt, now: datetime, every: float) -> Iterator[str]:
    if learnt.gap_at is not None and now - learnt.gap_at < GAP_SHOWN:
        yield _gap(state, learnt, now, every)
    if learnt.liar:
        yield "304: its server says that nothing is new when something is; it is asked without conditions from now on"
    if learnt.offset:
        hours = learnt.offset / 3600
        yield f"clock: its dates are {abs(hours):g} h {'behind' if hours > 0 else 'ahead'}; they are corrected"
    if learnt.untimed:
        yield "dates: they do not say when an item appeared; the moment of first sight counts instead"
    if _is_silent(learnt, now):
        yield f"silent: nothing new since {learnt.new_at:%Y-%m-%d %H:%M} UTC; usual is {words(learnt.rhythm)}"
    if learnt.address is not None:
        yield f"moved: it is fetched from {learnt.address} now; write that into the list"


def _gap(state: FeedState, learnt: Learnt, now: datetime, every: float) -> str:
    """Say what may be lost, in the same words for as long as it is shown."""
    said = next((line for line in state.learnt.remarks if line.startswith("gap:")), None)
    if said is not None and learnt.gap_at != now:
        return said
    since = f"{state.health.ok_at:%Y-%m-%d %H:%M}" if state.health.ok_at else "?"
    faster = rolls_over(learnt, now)
    soon = f"it is asked every {words(min(faster or every, every))} now"
    return f"gap: between {since} and {now:%Y-%m-%d %H:%M} UTC items may have come and gone unseen; {soon}"


def _is_silent(learnt: Learnt, now: datetime) -> bool:
    if learnt.new_at is None or not learnt.rhythm:
        return False
    return (now - learnt.new_at).total_seconds() > max(SILENT_AT_LEAST, SILENT_TIMES * learnt.rhythm)


def news(before: Learnt, after: Learnt) -> Iterator[str]:
    """Return the remarks on what was not remarked on before, and the ends of those that no longer hold."""
    old, new = ({line.partition(":")[0]: line for line in one.remarks} for one in (before, after))
    yield from (line for about, line in new.items() if about not in old)
    yield from (f"{about}: no longer so" for about in old if about not in new)
