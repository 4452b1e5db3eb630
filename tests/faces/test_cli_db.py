"""The operator's year at a terminal: back up, lose everything, restore; move; a database that cannot be used."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from terminal import Terminal


def database(terminal: Terminal) -> Path:
    return terminal.folder / "home" / "alerts.db"


def live(terminal: Terminal, *titles: str) -> None:
    """Run the daemon once with these headlines in the feed."""
    terminal.publish(*titles)
    terminal.run("run", "--once")
    terminal.make_due()


def test_the_restore_drill_at_a_terminal(terminal: Terminal) -> None:
    """Back up in use, lose the disk, restore, go on: nothing is told twice, what is new is told."""
    live(terminal)
    live(terminal, "Dam bursts above the valley")
    made = terminal.json("db", "backup")
    live(terminal, "Dam bursts above the valley", "Second dam holds")
    database(terminal).unlink()
    (terminal.folder / made["path"]).rename(database(terminal))
    terminal.make_due()
    before = len(terminal.told)
    assert terminal.json("db", "check")["fit"] == "ready"
    live(terminal, "Dam bursts above the valley", "Third dam holds")
    assert not any("bursts" in one.splitlines()[0] for one in terminal.told[before:])
    assert len(terminal.json("items", "--grep", "Third")) == 1


def test_copies_have_a_date_and_the_oldest_make_room(terminal: Terminal) -> None:
    live(terminal)
    folder = terminal.folder / "home" / "backups"
    folder.mkdir()
    (folder / "alerts-20200101-000000.db").touch()
    done = terminal.json("db", "backup", "--keep", "1")
    assert [Path(path).name for path in done["removed"]] == ["alerts-20200101-000000.db"]
    assert [path.name for path in folder.iterdir()] == [Path(done["path"]).name]
    assert "sound" in terminal.run("db", "check", done["path"]).stderr


def test_a_damaged_database_is_told_and_the_daemon_does_not_start(terminal: Terminal) -> None:
    live(terminal, *(f"Dam {n}" for n in range(200)))
    with database(terminal).open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xa5" * 4096)
    said = terminal.run("db", "check", exit_code=1).stderr
    assert "damaged" in said
    assert "put the newest copy" in " ".join(said.split())
    assert "damaged" in terminal.run("run", "--once", exit_code=4).stderr
    assert "damaged" in json.dumps(terminal.json("doctor", "--offline", exit_code=1))


def test_a_database_of_a_newer_release_is_left_alone(terminal: Terminal) -> None:
    live(terminal)
    with closing(sqlite3.connect(database(terminal))) as behind:
        behind.execute("UPDATE alembic_version SET version_num = '0999'")
        behind.commit()
    assert "newer release" in terminal.run("db", "check", exit_code=1).stderr
    assert "newer release" in terminal.run("run", "--once", exit_code=4).stderr
    [found] = [one for one in terminal.json("doctor", "--offline", exit_code=1)["findings"] if one["grade"] == "fail"]
    assert "install that release" in found["fix"]


def test_a_database_moves_house(terminal: Terminal) -> None:
    live(terminal, "Dam bursts above the valley")
    copied = {one["table"]: one["rows"] for one in terminal.json("db", "copy", "--to", "sqlite:///moved.db")}
    assert copied["items"] == 1
    assert "not empty" in terminal.run("db", "copy", "--to", "sqlite:///moved.db", exit_code=4).stderr
    terminal.env["ALERTS_DATABASE_URL"] = "sqlite:///moved.db"
    assert [one["title"] for one in terminal.json("items")] == ["Dam bursts above the valley"]


def test_an_upgrade_says_what_it_did(terminal: Terminal) -> None:
    done = terminal.json("db", "upgrade")
    assert (done["before"], done["copy"]) == (None, None)
    assert "nothing to do" in terminal.run("db", "upgrade").stderr


def test_pruning_says_what_would_go(terminal: Terminal) -> None:
    live(terminal, "Dam bursts above the valley", "Nothing of note")
    assert terminal.json("db", "prune", "--dry-run")["summaries"] == 0
    assert "30" in terminal.run("db", "prune", "--keep-days", "7", exit_code=2).stderr
