"""The rules as they stand in their folders, for whoever looks without a daemon."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from alerts.wiring.authored import fingerprint, in_force_of, make_assessor, read_authored

if TYPE_CHECKING:
    from alerts.engine.inforce import InForce
    from alerts.settings import Settings


class RulesOnDisk:
    """Returns the rules that read well, compiled, and says what was refused; reads again only when a file changed.

    Thread-safe.

    ConfigError where a folder cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: dict[str, tuple[int, int]] | None = None
        self._read: InForce | None = None
        self._lock = Lock()

    def __call__(self) -> InForce:
        """Return the rules of this moment."""
        rules, seeds = self._settings.rules, self._settings.seeds
        with self._lock:
            seen = fingerprint(rules, seeds)
            if self._read is None or seen != self._seen:
                authored = read_authored(rules, seeds)
                read = in_force_of(authored, make_assessor(authored), seeds)
                self._read = replace(read, refused=tuple(map(str, authored.errors)))
                self._seen = seen
            return self._read
