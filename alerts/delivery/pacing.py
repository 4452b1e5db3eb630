"""Pace: so many messages in ten minutes, none while its readers sleep; the rest comes together, and is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.delivery.moments import zone_of
from alerts.model.change import Alert, Reason
from alerts.model.delivery import Delivery, Hold
from alerts.model.outbox import HoldBack, Mute, Plan, Queue, SendNow
from alerts.model.question import Severity
from alerts.model.route import Terms

IN_FORCE = frozenset({Reason.FIRST_REPORT, Reason.ANSWER_CHANGED, Reason.CONFIRMED, Reason.SETTLED})
"""What overtakes a claim of the same answer."""

LOUDNESS = {severity: rank for rank, severity in enumerate(Severity)}


def plan(queue: Queue, terms_of: Callable[[Delivery], Terms], zone: str, now: datetime) -> Plan:
    """Return what becomes of the delivery whose turn it is: sent (with which others), held back, or muted.

    ``terms_of`` says on what terms a delivery goes to this address, ``zone`` is its reader's. What is loud enough
    never waits: it takes along what was held of its question, and, beyond the pace, everything as loud. The rest
    keeps to quiet hours, reading times and pace; held back, or put off by its service, it goes out as one message that
    counts all of it.
    """
    first = queue.first
    why = _muted(first, queue, now)
    if why is not None:
        return Mute(why)
    terms = terms_of(first)
    left = terms.pace.messages - sum(at > now - terms.pace.within for at in queue.recent)
    if _is_loud(first, terms):
        return _in_order(queue, _with_the_loud(queue, terms_of, now) if left <= 0 else (), now)
    held = _held(first, terms, zone, now)
    if held is None and left <= 0:
        held = HoldBack(queue.recent[terms.pace.messages - 1] + terms.pace.within, Hold.PACE)
    if held is not None:
        return replace(held, along=tuple(_held_with(queue, held, terms_of, zone, now)))
    together = first.hold is not None or first.attempts > 0 or left == 1
    return _in_order(queue, _with_the_held(queue, terms_of, zone, now) if together else (), now)


def _muted(one: Delivery, queue: Queue, now: datetime) -> str | None:
    """Return why somebody does not want it sent, None when nobody minds."""
    if one.escalates and queue.acks:
        ack = queue.acks[0]
        return f"acknowledged by {ack.by} at {ack.at:%Y-%m-%d %H:%M} UTC"
    for silence in queue.silences:
        if silence.covers(one.alert.question, one.address, one.severity, now):
            return f"silence {silence.id} by {silence.by}: {silence.reason}"
    later = [other.alert for other in queue.others if other.id > one.id]
    later += [queue.told.alert] if queue.told is not None and queue.told.alert.at > one.alert.at else []
    if one.alert.reason is Reason.CLAIMED and any(_overtakes(other, one) for other in later):
        return "the claim was overtaken before it could be told"
    return None


def _overtakes(later: Alert, one: Delivery) -> bool:
    same = (later.thread, later.answer) == (one.alert.thread, one.alert.answer)
    return same and later.reason in IN_FORCE


def _is_loud(one: Delivery, terms: Terms) -> bool:
    let_through = terms.quiet.let_through if terms.quiet is not None else Severity.FLASH
    return one.escalates or LOUDNESS[one.severity] <= LOUDNESS[let_through]


def _held(one: Delivery, terms: Terms, zone: str, now: datetime) -> HoldBack | None:
    """Return until when readers sleep, or when they read next."""
    if terms.quiet is not None:
        end = quiet_until(terms.quiet.start, terms.quiet.end, zone_of(terms.quiet.zone or terms.zone or zone), now)
        if end is not None:
            return HoldBack(end, Hold.QUIET)
    if terms.digest and one.hold is not Hold.DIGEST:
        return HoldBack(next_of(terms.digest, zone_of(terms.zone or zone), now), Hold.DIGEST)
    return None


def _held_with(
    queue: Queue, held: HoldBack, terms_of: Callable[[Delivery], Terms], zone: str, now: datetime
) -> Iterator[int]:
    """Yield what is due as well and has to wait for the same reason, so that a flood is put off at one stroke."""
    for one in queue.others:
        if one.next_at > now or one.escalates or _muted(one, queue, now) is not None:
            continue
        terms = terms_of(one)
        own = _held(one, terms, zone, now) if not _is_loud(one, terms) else None
        same = own == held if held.why is not Hold.PACE else own is None
        if same and not _is_loud(one, terms):
            yield one.id


def _with_the_loud(queue: Queue, terms_of: Callable[[Delivery], Terms], now: datetime) -> Iterator[int]:
    for one in queue.others:
        is_ready = one.next_at <= now and (queue.first.escalates or not one.escalates)
        if is_ready and _is_loud(one, terms_of(one)) and _muted(one, queue, now) is None:
            yield one.id


def _in_order(queue: Queue, along: Iterable[int], now: datetime) -> SendNow:
    """Return the send with these, and with what is owed of their questions from before, whatever that waits for.

    No news overtakes older news of its question, not even in the company of others.
    """
    wanted = set(along)
    latest = {queue.first.alert.question: queue.first.id}
    for one in queue.others:
        if one.id in wanted:
            latest[one.alert.question] = max(one.id, latest.get(one.alert.question, 0))
    return SendNow(
        tuple(
            one.id
            for one in queue.others
            if one.id in wanted
            or (one.id < latest.get(one.alert.question, 0) and not one.escalates and _muted(one, queue, now) is None)
        )
    )


def _with_the_held(queue: Queue, terms_of: Callable[[Delivery], Terms], zone: str, now: datetime) -> Iterator[int]:
    for one in queue.others:
        if one.escalates or _muted(one, queue, now) is not None:
            continue
        terms = terms_of(one)
        ready = one.next_at <= now or one.hold is Hold.PACE
        if ready and not _is_loud(one, terms) and _held(one, terms, zone, now) is None:
            yield one.id


def quiet_until(start: time, end: time, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when quiet hours that hold now end (UTC), None when they do not hold; they may go over midnight."""
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    if start < end:
        inside, day = start <= clock < end, local.date()
    else:
        inside = clock >= start or clock < end
        day = local.date() + timedelta(days=clock >= start)
    until = _at(day, end, zone)
    return until if inside and until > now else None


def next_of(times: tuple[time, ...], zone: ZoneInfo, now: datetime) -> datetime:
    """Return the next of these times of day (UTC), later than now."""
    today = now.astimezone(zone).date()
    coming = (_at(today + timedelta(days=days), at, zone) for days in (0, 1, 2) for at in times)
    return min(at for at in coming if at > now)


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
