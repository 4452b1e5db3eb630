"""The daemon is watched from outside: by systemd, by an all-clear that stops, by its log; and it watches its disk."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from alerts.wiring.logs import speak
from alerts.wiring.ping import pinger
from alerts.wiring.room import BALLAST_NAME, MEGABYTE, Room
from feedserver import FeedServer, reply
from newsroom import Newsroom
from storeroom import NOON
from terminal import Terminal

# --- systemd ----------------------------------------------------------------------------------


@contextmanager
def manager(folder: Path) -> Iterator[socket.socket]:
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(folder / "notify"))
        heard.settimeout(60)
        yield heard


def test_systemd_hears_when_the_daemon_is_ready_lives_and_stops(terminal: Terminal) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, manager(Path(folder)) as heard:
        env = terminal.env | {"NOTIFY_SOCKET": f"{folder}/notify", "WATCHDOG_USEC": "900000"}
        command = [sys.executable, "-m", "alerts", "run"]
        with subprocess.Popen(command, cwd=terminal.folder, env=env, stderr=subprocess.PIPE, text=True) as daemon:
            assert heard.recv(99) == b"READY=1"
            assert heard.recv(99) == b"WATCHDOG=1"
            daemon.send_signal(signal.SIGTERM)
            said = heard.recv(99)
            while said == b"WATCHDOG=1":
                said = heard.recv(99)
            assert said == b"STOPPING=1"
            daemon.communicate(timeout=60)
            assert daemon.returncode == 0


# --- the all-clear ----------------------------------------------------------------------------


def test_the_all_clear_is_one_get_and_its_address_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with FeedServer() as server:
        server.routes["/ping/hunter2"] = reply()
        ping = pinger(server.url("/ping/hunter2"))
        asyncio.run(ping())
        assert len(server.seen("/ping/hunter2")) == 1
        server.routes["/ping/hunter2"] = reply(code=404)
        asyncio.run(ping())
        asyncio.run(ping())
    assert len(caplog.records) == 1
    assert "hunter2" not in caplog.text


# --- the disk ---------------------------------------------------------------------------------


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    from alerts.store.store import Store

    with Store.open(str(tmp_path / "alerts.db")) as store:
        yield Newsroom(store, NOON)


def polls(newsroom: Newsroom) -> bool:
    """Whether feeds are polled now."""
    return newsroom.dispatch.polls


def test_when_room_gets_short_polling_waits_and_sending_goes_on(newsroom: Newsroom, tmp_path: Path) -> None:
    free = 500 * MEGABYTE
    room = Room(tmp_path, free=lambda: free)
    room.look(newsroom.dispatch)
    assert polls(newsroom)
    free = 63 * MEGABYTE
    room.look(newsroom.dispatch)
    assert not polls(newsroom)
    assert asyncio.run(newsroom.dispatch.tick()) == 0, "two feeds are due"
    free = 127 * MEGABYTE
    room.look(newsroom.dispatch)
    assert not polls(newsroom), "not to and fro at the edge"
    free = 129 * MEGABYTE
    room.look(newsroom.dispatch)
    assert polls(newsroom)


def test_the_ballast_is_given_back_to_a_full_disk_and_taken_again(newsroom: Newsroom, tmp_path: Path) -> None:
    free = 500 * MEGABYTE
    room = Room(tmp_path, free=lambda: free)
    room.look(newsroom.dispatch)
    assert (tmp_path / BALLAST_NAME).stat().st_blocks * 512 >= 8 * MEGABYTE
    free = 7 * MEGABYTE
    room.look(newsroom.dispatch)
    assert not (tmp_path / BALLAST_NAME).exists()
    free = 500 * MEGABYTE
    room.look(newsroom.dispatch)
    assert (tmp_path / BALLAST_NAME).exists()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A real disk of 24 MB; skipped where this machine lets nobody mount one."""
    folder = tempfile.mkdtemp()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        Path(folder).rmdir()
        pytest.skip("needs the right to mount a disk")
    yield Path(folder)
    subprocess.run(["umount", folder], check=True)
    Path(folder).rmdir()


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_a_disk_filled_to_the_brim_by_others_still_lets_what_is_owed_be_sent(small_disk: Path) -> None:
    """Real ENOSPC: the ballast is the room in which the last receipts are written."""
    from alerts.store.store import Store
    from storeroom import owe

    with Store.open(str(small_disk / "alerts.db")) as store:
        newsroom = Newsroom(store, NOON)
        room = Room(small_disk, least=4 * MEGABYTE)
        room.look(newsroom.dispatch)
        owe(store, "dam", "desk/1")
        with pytest.raises(OSError, match="No space"):
            fill_up(small_disk / "others")
        room.look(newsroom.dispatch)
        assert not polls(newsroom)
        assert len(newsroom.work()) == 1
        assert store.deliveries()[0].sent_at is not None
        (small_disk / "others").unlink()
        room.look(newsroom.dispatch)
        assert polls(newsroom)
        assert store.check() is None


# --- the log ----------------------------------------------------------------------------------


@pytest.fixture
def root() -> Iterator[None]:
    """The root logger, put back as it was."""
    one = logging.getLogger()
    before = one.handlers[:], one.level
    yield
    one.handlers[:], _ = before
    one.setLevel(before[1])


def spoken(form: str) -> str:
    said = io.StringIO()
    speak(verbose=True, form=form, stream=said)
    log = logging.getLogger("alerts.engine.poll")
    token = "hunter2"
    try:
        raise ValueError(f"{len(token)} letters")
    except ValueError:
        log.exception("feed '%s' failed", "wire")
    log.info("дамба")
    return said.getvalue()


@pytest.mark.usefixtures("root")
def test_for_programs_an_event_is_a_line_of_json() -> None:
    first, second = map(json.loads, spoken("auto").splitlines())
    assert (first["level"], first["event"], first["from"]) == ("error", "feed 'wire' failed", "alerts.engine.poll")
    assert first["at"].endswith("Z")
    assert first["exception"].endswith("ValueError: 7 letters")
    assert second["event"] == "дамба"


@pytest.mark.usefixtures("root")
def test_for_people_an_event_is_a_line_and_no_value_of_a_variable_is_shown() -> None:
    said = spoken("human")
    assert "feed 'wire' failed" in said.splitlines()[0]
    assert "ValueError: 7 letters" in said
    assert "hunter2" not in said.replace('token = "hunter2"', "")


def test_the_form_of_the_log_is_a_setting(terminal: Terminal) -> None:
    terminal.write("rules/story/bad.yaml", "question: The bridge\nmatch: (\n")
    lines = terminal.run("run", "--once").stderr.splitlines()
    assert any(line.startswith("{") and json.loads(line)["level"] == "error" for line in lines)
    terminal.env["ALERTS_LOG"] = "human"
    assert not any(line.startswith("{") for line in terminal.run("run", "--once").stderr.splitlines())
