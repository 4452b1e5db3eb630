"""The daemon is killed at each step of an item's way; after a restart every alert has reached the sink."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.store.store import Store
from feedserver import FeedServer, hang, in_turn, reply
from terminal import Terminal

VICTIM = Path(__file__).with_name("victim.py")
HEADLINES = ("Dam bursts above the valley", "Second dam holds, engineers say")


class Victim(Terminal):
    """A terminal whose daemons can be told at which step to die."""

    def start(self, step: str) -> subprocess.Popen[str]:
        """Start a daemon that dies at a step; ``never`` makes it a healthy one."""
        command = [sys.executable, str(VICTIM), step]
        return subprocess.Popen(command, cwd=self.folder, env=self.env, stderr=subprocess.PIPE, text=True)

    def work(self, step: str = "never") -> int:
        """Run a daemon to its end; return its exit code, -9 when it was killed."""
        with self.start(step) as process:
            process.communicate(timeout=60)
            return process.returncode


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Victim]:
    """A newsroom whose feed has been primed, empty, by a healthy daemon."""
    with FeedServer() as server:
        room = Victim(tmp_path, server)
        assert room.work() == 0
        room.make_due()
        yield room


@pytest.mark.parametrize("step", ["after fetch", "after poll commit", "after apply commit"])
def test_killed_before_the_send_everything_is_told_once_after_a_restart(room: Victim, step: str) -> None:
    room.publish(*HEADLINES)
    assert room.work(step) == -signal.SIGKILL
    assert room.told == []
    room.make_due()
    assert room.work() == 0
    [message] = room.told
    assert all(headline in message for headline in HEADLINES)
    assert "repeat" not in message.lower()


def test_killed_after_the_send_the_repeat_says_that_it_may_be_one(room: Victim) -> None:
    room.publish(*HEADLINES)
    assert room.work("after send") == -signal.SIGKILL
    assert room.work() == 0
    first, second = room.told
    assert "repeat" not in first.lower()
    assert "repeat" in second.lower()
    assert all(headline in second for headline in HEADLINES)


def test_killed_during_the_send_the_repeat_says_that_it_may_be_one(room: Victim) -> None:
    room.server.routes["/sink"] = in_turn(hang(), reply())
    room.publish(*HEADLINES)
    with room.start("never") as process:
        before = len(room.server.seen("/sink"))
        while len(room.server.seen("/sink")) == before and process.poll() is None:
            room.server.wait_for(len(room.server.requests) + 1, timeout=1.0)
        process.kill()
        process.communicate(timeout=60)
    assert room.work() == 0
    lost, second = room.told
    assert "repeat" not in lost.lower()
    assert "repeat" in second.lower()


def test_after_any_kill_the_database_is_sound_and_a_round_later_nothing_is_repeated(room: Victim) -> None:
    room.publish(*HEADLINES)
    for step in ("after fetch", "after poll commit", "after apply commit"):
        room.work(step)
        room.make_due()
    assert room.work() == 0
    told = len(room.told)
    room.make_due()
    assert room.work() == 0
    assert len(room.told) == told == 1
    with Store.open(f"sqlite:///{room.folder / 'home' / 'alerts.db'}") as store:
        assert store.check() is None


def test_sigterm_lets_the_send_under_way_leave_its_receipt(room: Victim) -> None:
    room.publish(*HEADLINES)
    with room.start("never") as process:
        while not room.server.seen("/sink") and process.poll() is None:
            room.server.wait_for(len(room.server.requests) + 1, timeout=1.0)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    room.make_due()
    assert room.work() == 0
    assert len(room.told) == 1
