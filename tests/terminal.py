"""A newsroom on loopback, as a person at a terminal has it: a folder, a feed, a sink, and the commands."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from fakes import item, rss
from feedserver import FeedServer, feed, reply

LONG_AGO = "2000-01-01 00:00:00.000000"

RULE = """\
question: The dam in the news
match: dam
notify: desk
tests: |
  matched | Dam bursts above the valley
  -       | Damsel fly seen
"""


class Terminal:
    """Runs ``alerts …`` in a folder whose settings name one feed and one sink on loopback."""

    def __init__(self, folder: Path, server: FeedServer) -> None:
        self.folder, self.server = folder, server
        self.env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env |= {
            "ALERTS_HOME": "home",
            "ALERTS_CHANNELS__DESK": server.url("/sink").replace("http://", "json://"),
            "ALERTS_FETCH__PRIVATE": "127.0.0.0/8",
        }
        self.write("rules/story/dam.yaml", RULE)
        (folder / "seeds" / "entities").mkdir(parents=True)
        outline = f'<outline type="rss" text="Wire" xmlUrl="{server.url("/feed.xml")}"/>'
        self.write(
            "seeds/feeds.opml", f'<opml version="2.0"><head><title>t</title></head><body>{outline}</body></opml>'
        )
        server.routes["/sink"] = reply()
        self.publish()

    def write(self, name: str, text: str) -> Path:
        """Write a file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def publish(self, *titles: str) -> None:
        """Let the feed hold these items from now on."""
        self.server.routes["/feed.xml"] = feed(rss(*(item(title) for title in titles)), etag=f'"{hash(titles)}"')

    def run(self, *args: str, given: str | None = None, exit_code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command; its exit code must be the one expected."""
        done = subprocess.run(
            [sys.executable, "-m", "alerts", *args],
            cwd=self.folder,
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == exit_code, f"{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def json(self, *args: str, exit_code: int = 0) -> Any:
        """Run a command with ``--json`` and return what it printed."""
        return json.loads(self.run(*args, "--json", exit_code=exit_code).stdout)

    @property
    def told(self) -> list[str]:
        """The messages that reached the sink, title and body of each."""
        posts = [json.loads(one.body) for one in self.server.seen("/sink")]
        return [f"{post['title']}\n{post['message']}" for post in posts]

    def make_due(self) -> None:
        """Let time go by for the feed and the outbox: what waits is due now."""
        with sqlite3.connect(self.folder / "home" / "alerts.db") as database:
            database.execute("UPDATE feeds SET next_at = ?", [LONG_AGO])
            database.execute("UPDATE deliveries SET next_at = ? WHERE state IN ('pending', 'unknown')", [LONG_AGO])
