"""The demo is played: real feeds, the real daemon, real deliveries, and a story's clock."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from alerts import daemon
from alerts.demo.play import play
from alerts.model.errors import AlertsError

STORY = """\
title: A small story
start: 2025-03-17T02:00Z
feeds:
  wire: {title: The Wire, format: rss, kind: agency, owner: wire, reliability: A, lang: en}
  paper: {title: The Paper, format: atom, kind: outlet, owner: paper, reliability: C, lang: en}
items:
  - {at: 2025-03-17T01:00Z, feed: wire, key: old, title: Dam from of old}
  - {at: 2025-03-17T02:10Z, feed: wire, key: crack, title: Crack in the dam}
  - {at: 2025-03-17T02:15Z, feed: paper, copy_of: crack}
  - {at: 2025-03-17T02:16Z, feed: paper, key: weather, title: Rain}
  - {at: 2025-03-17T02:17Z, feed: wire, key: burst, title: The dam bursts, summary: Water in the valley.}
  - {at: 2025-03-18T09:00Z, feed: wire, edit_of: burst, title: The dam holds}
"""

RULE = """\
question: The dam in the news
match: dam
tests: |
  matched | Dam bursts
  -       | Damsel fly seen
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a story and a rule; its settings name a channel that must never be used."""
    (tmp_path / "small.yaml").write_text(STORY, "utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "dam.yaml").write_text(RULE, "utf-8")
    (tmp_path / ".env").write_text("ALERTS_CHANNELS__DEFAULT=poison://never\n", "utf-8")
    (tmp_path / "alerts.toml").write_text("[channels]\ndesk = 'poison://never'\n", "utf-8")
    monkeypatch.setenv("ALERTS_CHANNELS__DESK", "poison://never")
    monkeypatch.setenv("ALERTS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def played(folder: Path, *, tty: bool = False, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=tty, color_system=None, highlight=False, soft_wrap=not tty)
    asyncio.run(play(console, daemon.serve, story=folder / "small.yaml", rules=folder / "rules"))
    return file.getvalue()


def test_each_text_is_told_once_when_it_comes_and_old_ones_never(folder: Path) -> None:
    lines = played(folder).splitlines()
    shown = [line for line in lines if line[:2].isdigit() or line.startswith("    | “")]
    assert shown == [
        "02:10  The Wire: Crack in the dam",
        "    | “Crack in the dam”",
        "02:15  The Paper (copy): Crack in the dam",
        "02:16  The Paper: Rain",
        "02:17  The Wire: The dam bursts",
        "    | “The dam bursts”",  # held back until ten minutes after the first
        "09:00  The Wire (edited): The dam holds",
        "    | “The dam holds”",
    ]
    assert [line.strip() for line in lines if "day " in line] == ["Monday 17 March", "Tuesday 18 March"]
    assert not any("of old" in line for line in shown)


def test_it_ends_with_the_contrast_and_what_to_type_next(folder: Path) -> None:
    text = played(folder)
    assert "4 texts, 1 of them copies" in text
    assert [line.split("█")[0].split() for line in text.splitlines() if "█" in line] == [
        ["keyword", "alerts", "3"],
        ["alerts", "3"],
    ]
    assert text.splitlines()[-3].strip().startswith("alerts init")


def test_an_operators_channels_and_folders_are_left_alone(folder: Path) -> None:
    """The poisoned channels of .env, alerts.toml and environment would be refused, were they read."""
    before = sorted(folder.rglob("*"))
    played(folder)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_terminal_is_never_overrun(folder: Path, width: int) -> None:
    assert all(cell_len(line) <= width for line in played(folder, tty=True, width=width).splitlines())


def test_a_bad_story_is_said_before_anything_starts(folder: Path) -> None:
    (folder / "small.yaml").write_text("title: only\n", "utf-8")
    with pytest.raises(AlertsError, match=r"small\.yaml:1:1: E007: missing here: start, feeds, items"):
        played(folder)


def test_the_shipped_story_is_played_to_its_end() -> None:
    file = io.StringIO()
    asyncio.run(play(Console(file=file, width=80, soft_wrap=True), daemon.serve))
    text = file.getvalue()
    assert "Monday 17 March" in text
    assert "Wednesday 19 March" in text
    assert text.count("    | Why: ") >= 3
    assert text.splitlines()[-1].strip().startswith("alerts run")
