"""The daemon is killed at each step of an item's way; after a restart every alert has reached the sink."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.store.store import Store
from fakes import item, rss
from feedserver import FeedServer, feed, hang, in_turn, reply

VICTIM = Path(__file__).with_name("victim.py")
RULE = "question: The dam in the news\nmatch: dam\nnotify: desk\n"
HEADLINES = ("Dam bursts above the valley", "Second dam holds, engineers say")


class Newsroom:
    """A home folder, a feed and a sink on loopback, for daemons that are killed and started again."""

    def __init__(self, folder: Path, server: FeedServer) -> None:
        self.folder, self.server = folder, server
        (folder / "rules" / "story").mkdir(parents=True)
        (folder / "rules" / "story" / "dam.yaml").write_text(RULE, "utf-8")
        (folder / "seeds" / "entities").mkdir(parents=True)
        self.publish()
        outline = f'<outline type="rss" text="Wire" xmlUrl="{server.url("/feed.xml")}"/>'
        opml = f'<opml version="2.0"><head><title>t</title></head><body>{outline}</body></opml>'
        (folder / "seeds" / "feeds.opml").write_text(opml, "utf-8")
        server.routes["/sink"] = reply()

    def publish(self, *titles: str) -> None:
        """Let the feed hold these items from now on."""
        body = rss(*(item(title) for title in titles))
        self.server.routes["/feed.xml"] = feed(body, etag=f'"{hash(titles)}"')

    def start(self, step: str) -> subprocess.Popen[str]:
        """Start a daemon that dies at a step; ``never`` makes it a healthy one."""
        settings = {
            "ALERTS_HOME": str(self.folder / "home"),
            "ALERTS_CHANNELS__DESK": self.server.url("/sink").replace("http://", "json://"),
            "ALERTS_FETCH__PRIVATE": "127.0.0.0/8",
        }
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, str(VICTIM), step],
            cwd=self.folder,
            env={**keep, **settings},
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, step: str = "never") -> int:
        """Run a daemon to its end; return its exit code, -9 when it was killed."""
        with self.start(step) as process:
            process.communicate(timeout=60)
            return process.returncode

    def make_due(self) -> None:
        """Let time go by for the feed and the outbox: what waits is due now."""
        import sqlite3

        with sqlite3.connect(self.folder / "home" / "alerts.db") as database:
            database.execute("UPDATE feeds SET next_at = 0")
            database.execute("UPDATE deliveries SET next_at = 0 WHERE state IN ('pending', 'unknown')")

    @property
    def told(self) -> list[str]:
        """The messages that reached the sink, title and body of each."""
        posts = [json.loads(request.body) for request in self.server.seen("/sink")]
        return [f"{post['title']}\n{post['message']}" for post in posts]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom whose feed has been primed, empty, by a healthy daemon."""
    with FeedServer() as server:
        newsroom = Newsroom(tmp_path, server)
        assert newsroom.run() == 0
        newsroom.make_due()
        yield newsroom


@pytest.mark.parametrize("step", ["after fetch", "after poll commit", "after apply commit"])
def test_killed_before_the_send_everything_is_told_once_after_a_restart(room: Newsroom, step: str) -> None:
    room.publish(*HEADLINES)
    assert room.run(step) == -signal.SIGKILL
    assert room.told == []
    room.make_due()
    assert room.run() == 0
    [message] = room.told
    assert all(headline in message for headline in HEADLINES)
    assert "repeat" not in message.lower()


def test_killed_after_the_send_the_repeat_says_that_it_may_be_one(room: Newsroom) -> None:
    room.publish(*HEADLINES)
    assert room.run("after send") == -signal.SIGKILL
    assert room.run() == 0
    first, second = room.told
    assert "repeat" not in first.lower()
    assert "repeat" in second.lower()
    assert all(headline in second for headline in HEADLINES)


def test_killed_during_the_send_the_repeat_says_that_it_may_be_one(room: Newsroom) -> None:
    room.server.routes["/sink"] = in_turn(hang(), reply())
    room.publish(*HEADLINES)
    with room.start("never") as process:
        before = len(room.server.seen("/sink"))
        while len(room.server.seen("/sink")) == before and process.poll() is None:
            room.server.wait_for(len(room.server.requests) + 1, timeout=1.0)
        process.kill()
        process.communicate(timeout=60)
    assert room.run() == 0
    lost, second = room.told
    assert "repeat" not in lost.lower()
    assert "repeat" in second.lower()


def test_after_any_kill_the_database_is_sound_and_a_round_later_nothing_is_repeated(room: Newsroom) -> None:
    room.publish(*HEADLINES)
    for step in ("after fetch", "after poll commit", "after apply commit"):
        room.run(step)
        room.make_due()
    assert room.run() == 0
    told = len(room.told)
    room.make_due()
    assert room.run() == 0
    assert len(room.told) == told == 1
    with Store.open(f"sqlite:///{room.folder / 'home' / 'alerts.db'}") as store:
        assert store.check() is None


def test_sigterm_lets_the_send_under_way_leave_its_receipt(room: Newsroom) -> None:
    room.publish(*HEADLINES)
    with room.start("never") as process:
        while not room.server.seen("/sink") and process.poll() is None:
            room.server.wait_for(len(room.server.requests) + 1, timeout=1.0)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    room.make_due()
    assert room.run() == 0
    assert len(room.told) == 1
