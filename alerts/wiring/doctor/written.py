"""What items are read by: do the rules and seeds compile, do the rules' own tests pass, does each reach somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alerts.engine.diagnosis import Finding, bad, doubtful, well
from alerts.wiring.authored import make_assessor, read_authored, read_feeds
from alerts.wiring.reload import not_told

if TYPE_CHECKING:
    from alerts.settings import Settings


def look(settings: Settings) -> Iterator[Finding]:
    """Yield every error of rules and seeds, failing tests, and rules that reach nobody."""
    from alerts.delivery.routes import RouteBook, addresses
    from alerts.judging.rehearsal import run_tests

    authored = read_authored(settings.rules, settings.seeds)
    _, feed_problems = read_feeds(settings.seeds)
    for problem in (*authored.errors, *(one for one in feed_problems if one.is_error)):
        yield bad("rules", str(problem), "alerts check")
    outcomes = run_tests(make_assessor(authored, cache=settings.home / "cache"), authored.questions)
    failed = [str(one) for one in outcomes if not one.passed]
    for line in failed:
        yield bad("rules", line, "alerts test")
    if not authored.errors and not failed:
        yield well("rules", f"{len(authored.questions)} rules compile, their {len(outcomes)} tests pass")
    book = RouteBook(addresses(settings.channel_addresses()), authored.routes)
    for line in not_told(authored.questions, book):
        yield doubtful("routes", line, "set the channel: ALERTS_CHANNELS__<NAME>, or ALERTS_CHANNELS__DEFAULT")
