"""Words: severity, standing, speaker and time of an alert as its reader says them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from alerts.delivery.links import domain
from alerts.delivery.moments import moment, span
from alerts.model.change import Alert, Quote, Reason, Standing
from alerts.model.feed import FeedKind
from alerts.model.question import MATCHED

DELAYED = timedelta(minutes=10)
"""A message that leaves this long after it was judged says so."""

CLOCK_SLACK = timedelta(minutes=5)
"""A stamp this far in the future is wrong; the time we saw the text is shown instead."""

NAMED = 4
"""So many further sources are named, the others are counted."""

_REASONS = {
    Reason.CLAIMED: ("CLAIM, NOT CONFIRMED", "Said by someone who cannot settle it."),
    Reason.DISPUTED: ("DISPUTED", "Another source denies or contradicts it."),
    Reason.RETRACTED: ("RETRACTED", "The source has taken it back, and no other stands behind it."),
    Reason.CORRECTED: ("CORRECTED", "The source has corrected its text."),
    Reason.SETTLED: ("SETTLED", "Decided by the desk."),
    Reason.OVERDUE: ("OVERDUE", "Nobody has reported it in the expected time. The silence may be ours."),
    Reason.REMINDER: ("REMINDER", ""),
}
TAKES_BACK = frozenset({Reason.RETRACTED, Reason.CORRECTED, Reason.DISPUTED})
"""What was told before no longer holds, or not surely; its reader is reminded of what that was."""

_LEADS = {Reason.OVERDUE: "No report yet: ", Reason.RETRACTED: "Taken back: "}
_STANDINGS = {
    Standing.REPORTED: ("REPORTED", "Not confirmed so far."),
    Standing.CONFIRMED: ("CONFIRMED", ""),
    Standing.DISPUTED: ("DISPUTED", "Another source denies or contradicts it."),
    Standing.RETRACTED: ("RETRACTED", "The source has taken it back."),
    Standing.BLIND: ("FEEDS DOWN", "The feeds that matter are down: what is said here may be old."),
}
_KINDS = {
    FeedKind.OFFICIAL: "official",
    FeedKind.AGENCY: "news agency",
    FeedKind.STATE: "state media",
    FeedKind.AGGREGATOR: "aggregator",
    FeedKind.SOCIAL: "social media",
}
_LANGUAGES = {
    "ar": "Arabic", "be": "Belarusian", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def marks(alert: Alert, now: datetime, *, may_repeat: bool, escalates: bool = False) -> Iterator[str]:
    """Yield what stands before the sentence: how loud, how sure, and what is odd about this message."""
    yield alert.severity.upper()
    if escalates:
        yield "NOT ACKNOWLEDGED"
    standing = _standing(alert)[0]
    if standing:
        yield standing
    if texts := digest_size(alert):
        yield f"{texts} new texts"
    if alert.late:
        yield "LATE"
    elif now - alert.at >= DELAYED:
        yield "DELAYED"
    if may_repeat:
        yield "POSSIBLE REPEAT"


def meaning(alert: Alert) -> str:
    """Return what the mark means for this reader, empty where it speaks for itself."""
    return _standing(alert)[1]


def lead(alert: Alert) -> str:
    """Return what must stand before the sentence, where the sentence alone would say the opposite of the news."""
    return _LEADS.get(alert.reason, "")


def digest_size(alert: Alert) -> int:
    """Return how many texts a digest holds, 0 where the alert is none."""
    texts = len(alert.quotes) + alert.more
    return texts if alert.answer == MATCHED and texts > 1 else 0


def lateness(alert: Alert, zone: str, now: datetime) -> str:
    """Return why the news is old when it arrives, empty where it is not."""
    if alert.late:
        first = alert.quotes[0] if alert.quotes else None
        if first is None or first.published is None or first.seen is None:
            return "Late: it was published while nobody was looking."
        return f"Late: first seen here {span(first.seen - first.published)} after it was published."
    if now - alert.at >= DELAYED:
        return f"Delayed: ready since {moment(alert.at, zone, now)}, it could not be sent before."
    return ""


def before(alert: Alert) -> str:
    """Return what the answer was, empty where nothing was known."""
    if not alert.was:
        return ""
    was = alert.was.replace("_", " ")
    return f"Still: {was}" if alert.reason is Reason.CLAIMED else f"Was: {was}"


def speaker(quote: Quote) -> str:
    """Return who carries a text: its source, the domain its link leads to, what kind of source it is."""
    host = domain(quote.link)
    shown = f" ({host})" if host and host.casefold() != quote.source.strip().casefold() else ""
    kind = _KINDS.get(quote.kind)
    return f"{quote.source}{shown}{f', {kind}' if kind else ''}"


def spoken_in(quote: Quote) -> str:
    """Return `` (in Russian)``, empty for English and where the language is not known."""
    code = (quote.lang or "en").partition("-")[0].lower()
    return "" if code == "en" or not code.isalpha() else f" (in {_LANGUAGES.get(code, code)})"


def said_at(quote: Quote, zone: str, now: datetime) -> str:
    """Return when a text was published, else when we saw it; empty where neither is known."""
    published, seen = quote.published, quote.seen
    if published is not None and published <= (seen or now) + CLOCK_SLACK:
        return moment(published, zone, now)
    return f"seen {moment(seen, zone, now)}" if seen is not None else ""


def others(alert: Alert) -> str:
    """Return the further sources behind an answer, and the copies of their texts."""
    first = alert.quotes[0].source if alert.quotes else ""
    names = [name for name in dict.fromkeys(quote.source for quote in alert.quotes) if name != first]
    copies = sum(quote.copies for quote in alert.quotes)
    rest = len(names) - NAMED + alert.more if len(names) > NAMED else alert.more
    said = [*names[:NAMED], *([f"{rest} more"] if rest else []), *([_copies(copies)] if copies else [])]
    return f"Also: {', '.join(said)}" if said else ""


def _copies(count: int) -> str:
    return f"{count} copies" if count > 1 else "1 copy"


def _standing(alert: Alert) -> tuple[str, str]:
    if alert.reason in _REASONS:
        return _REASONS[alert.reason]
    return _STANDINGS[alert.standing] if alert.standing else ("", "")
