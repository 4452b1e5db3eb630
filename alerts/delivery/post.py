"""Post: the program that Apprise runs in. Each message is sent by a fork of it, which can be killed at any moment.

Reads one JSON object a line (``n url title body severity deadline local``), writes one a line
(``n kind why after``). A plug-in that hangs, crashes or never ends costs its own message and no other.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import sys
from dataclasses import dataclass
from time import monotonic  # noqa: TID251 (a program of its own: nobody hands it a clock)
from typing import Any

MOST = 256
"""Sends under way at once, hung ones among them."""


@dataclass(frozen=True, slots=True)
class _Send:
    n: int
    pid: int
    until: float
    deadline: float


class Post:
    """The loop of the program; ends when its input does."""

    def __init__(self, source: int, target: int) -> None:
        self._source = source
        self._target = target
        self._ready = selectors.DefaultSelector()
        self._sends: dict[int, _Send] = {}
        self._heard = b""

    def run(self) -> None:
        """Take messages and give receipts until nobody is there to take them."""
        self._ready.register(self._source, selectors.EVENT_READ)
        while True:
            for key, _ in self._ready.select(self._patience()):
                if key.fd != self._source:
                    self._collect(key.fd)
                elif not self._hear():
                    self._end()
                    return
            self._cut_off()

    def _patience(self) -> float | None:
        until = min((one.until for one in self._sends.values()), default=None)
        return None if until is None else max(0.0, until - monotonic())

    def _hear(self) -> bool:
        chunk = os.read(self._source, 65536)
        *lines, self._heard = (self._heard + chunk).split(b"\n")
        for line in lines:
            self._begin(json.loads(line))
        return bool(chunk)

    def _begin(self, asked: dict[str, Any]) -> None:
        if len(self._sends) >= MOST:
            self._tell({"n": asked["n"], "kind": "retry", "why": f"{MOST} other messages are still unanswered"})
            return
        heard, said = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(heard)
            os.close(said)
            self._tell({"n": asked["n"], "kind": "retry", "why": "this machine cannot start another process"})
            return
        if pid == 0:
            self._ready.close()
            for other in (heard, self._source, self._target, *self._sends):  # else nobody would see the program end
                os.close(other)
            _send_and_leave(asked, said)
        os.close(said)
        self._sends[heard] = _Send(asked["n"], pid, monotonic() + asked["deadline"], asked["deadline"])
        self._ready.register(heard, selectors.EVENT_READ)

    def _collect(self, heard: int) -> None:
        """Pass on what a fork says before it leaves; one that leaves without a word may have sent its message."""
        said = os.read(heard, 65536)
        one = self._forget(heard)
        receipt = json.loads(said) if said else {"kind": "unknown", "why": "the send broke off"}
        self._tell({"n": one.n, **receipt})

    def _cut_off(self) -> None:
        now = monotonic()
        for heard in [fd for fd, one in self._sends.items() if one.until <= now]:
            one = self._sends[heard]
            os.kill(one.pid, signal.SIGKILL)
            self._forget(heard)
            self._tell({"n": one.n, "kind": "unknown", "why": f"no answer within {one.deadline:g} s"})

    def _forget(self, heard: int) -> _Send:
        one = self._sends.pop(heard)
        self._ready.unregister(heard)
        os.close(heard)
        os.waitpid(one.pid, 0)
        return one

    def _end(self) -> None:
        for one in self._sends.values():
            os.kill(one.pid, signal.SIGKILL)

    def _tell(self, receipt: dict[str, Any]) -> None:
        left = json.dumps(receipt).encode() + b"\n"
        while left:
            left = left[os.write(self._target, left) :]


def _send_and_leave(asked: dict[str, Any], said: int) -> None:
    """Send one message, say what became of it, and end the fork, whatever happens."""
    from alerts.delivery.apprising import Errand, send_by_apprise

    try:
        receipt = send_by_apprise(Errand(**{key: value for key, value in asked.items() if key != "n"}))
        os.write(said, json.dumps(receipt).encode())
    finally:
        os._exit(0)


def main() -> None:
    """Load Apprise once, then answer on what standard output was; nothing else is ever written there."""
    target = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from alerts.delivery.apprising import warm

    warm()
    Post(sys.stdin.fileno(), target).run()


if __name__ == "__main__":
    main()
