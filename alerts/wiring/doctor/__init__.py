"""Everything an item needs on its way is tried once, and what is wrong is said with its mend."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.engine.diagnosis import Finding, bad
from alerts.model.errors import AlertsError, AuthoringError, ConfigError

__all__ = ["examine"]


def examine(*, offline: bool = False, send: bool = False) -> Iterator[Finding]:
    """Try settings, folders, database, rules, channels, feeds and clock; yield each finding as it is made.

    ``offline`` leaves out what needs the network; ``send`` sends a message marked as a test to every address.
    Never raises for what a person can mend, and changes nothing.
    """
    from alerts.wiring.doctor import home, outside, stored, written

    try:
        settings = home.read()
    except ConfigError as error:
        yield from (
            bad("settings", line, "mend it where it is set; the list: deploy/README.md") for line in _lines(error)
        )
        return
    yield from home.look(settings)
    yield from _kept("database", stored.look(settings))
    yield from _kept("rules", written.look(settings))
    yield from _kept("channels", outside.look_at_channels(settings, offline=offline, send=send))
    if not offline:
        yield from _kept("feeds", outside.look_at_feeds(settings))


def _kept(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings; what stops one look becomes its last finding, and the next look goes on."""
    try:
        yield from findings
    except (ConfigError, AuthoringError) as error:
        yield from (bad(check, line, "mend it, then: alerts doctor") for line in _lines(error))
    except AlertsError as error:
        text, _, fix = str(error).partition("; ")
        yield bad(check, text, fix or "mend it, then: alerts doctor")


def _lines(error: Exception) -> list[str]:
    return str(error).splitlines()
