"""The doctor finds what is wrong, says how to mend it, and goes on looking."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from alerts.engine.diagnosis import ROOM, Grade, judge_backlog, judge_clock, judge_feeds, judge_room
from alerts.engine.survey import Seen
from alerts.model.upkeep import Audit
from alerts.wiring.clock import SystemClock
from fakes import rss
from feedserver import reply
from terminal import Terminal

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)


def findings(terminal: Terminal, *options: str, exit_code: int = 0) -> dict[str, list[dict[str, Any]]]:
    """What the doctor found, by what it looked at."""
    by_check: dict[str, list[dict[str, Any]]] = {}
    for one in terminal.json("doctor", *options, exit_code=exit_code)["findings"]:
        by_check.setdefault(one["check"], []).append(one)
    return by_check


def grades(found: list[dict[str, Any]]) -> list[str]:
    return [one["grade"] for one in found]


def test_where_all_is_well_the_doctor_says_so(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    found = findings(terminal)
    assert {one["grade"] for group in found.values() for one in group} == {"ok"}
    assert "1 of 1 feeds answer" in found["feeds"][0]["text"]
    assert "127.0.0.1 can be reached" in found["channel"][0]["text"]
    assert terminal.told == []


def test_before_the_first_run_nothing_is_made(terminal: Terminal) -> None:
    found = findings(terminal, "--offline")
    assert "nothing there yet" in found["database"][0]["text"]
    assert not (terminal.folder / "home" / "alerts.db").exists()


def test_a_test_message_goes_to_every_address_and_says_that_it_is_one(terminal: Terminal) -> None:
    assert grades(findings(terminal, "--send")["channel"]) == ["ok"]
    [message] = terminal.told
    assert "TEST" in message


def test_a_service_that_refuses_is_a_failure_with_its_mend(terminal: Terminal) -> None:
    terminal.server.routes["/sink"] = reply(code=403)
    [found] = findings(terminal, "--send", exit_code=1)["channel"]
    assert (found["grade"], found["fix"]) == ("fail", "mend ALERTS_CHANNELS__DESK")


def test_nobody_there_is_a_failure_and_the_secret_stays_one(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        terminal.env["ALERTS_CHANNELS__DESK"] = f"json://me:hunter2@127.0.0.1:{taken.getsockname()[1]}/hunter3"
        done = terminal.run("doctor", exit_code=1)
    assert "cannot be reached" in done.stdout
    assert "hunter" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("ALERTS_CHANELS__DESK", "json://x", "settings"),
        ("ALERTS_CHANNELS__DESK", "nosuch://x", "channel"),
        ("ALERTS_DATABASE_URL", "nosuch://server/alerts", "database"),
        ("ALERTS_DATABASE_URL", "postgresql+psycopg://u:hunter2@127.0.0.1:1/alerts", "database"),
        ("ALERTS_WEB__LISTEN", "203.0.113.1:80", "page"),
        ("ALERTS_RULES", "no/such/folder", "rules"),
    ],
)
def test_each_wrong_setting_is_found_with_its_mend(terminal: Terminal, name: str, value: str, check: str) -> None:
    terminal.env[name] = value
    found = findings(terminal, "--offline", exit_code=1)
    assert "fail" in grades(found[check])
    assert all(one["fix"] for one in found[check] if one["grade"] == "fail")
    assert "hunter2" not in str(found)


def test_a_broken_rule_and_a_failing_test_are_found(terminal: Terminal) -> None:
    terminal.write("rules/story/bad.yaml", "question: The bridge\nmatch: (\n")
    terminal.write("rules/story/sad.yaml", "question: The bridge\nmatch: bridge\ntests: |\n  - | The bridge is open\n")
    found = findings(terminal, "--offline", exit_code=1)["rules"]
    assert grades(found) == ["fail", "fail"]


def test_a_dead_feed_is_a_warning_and_no_living_one_a_failure(terminal: Terminal) -> None:
    terminal.server.routes["/feed.xml"] = reply(code=410)
    found = findings(terminal, exit_code=1)
    assert (grades(found["feeds"]), grades(found["feed"])) == (["fail"], ["warn"])
    assert "alerts feeds remove" in found["feed"][0]["fix"]


def test_a_clock_that_is_wrong_is_seen_by_what_servers_say(terminal: Terminal) -> None:
    late = format_datetime(SystemClock().now() + timedelta(hours=1), usegmt=True)
    for name in "abc":
        terminal.server.routes[f"/{name}.xml"] = reply(rss(), headers={"Date": late})
        terminal.run("feeds", "add", terminal.server.url(f"/{name}.xml"), "--id", name)
    [found] = findings(terminal, exit_code=1)["clock"]
    assert re.match(r"3[56]\d\d s behind", found["text"])


def test_secrets_that_others_may_read_are_seen(terminal: Terminal) -> None:
    terminal.write(".env", "ALERTS_ZONE=UTC\n").chmod(0o644)
    [found] = findings(terminal, "--offline")["secrets"]
    assert found["fix"] == "chmod 600 .env"
    (terminal.folder / ".env").chmod(0o600)
    assert "secrets" not in findings(terminal, "--offline")


def test_a_port_that_is_taken_is_seen(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        terminal.env["ALERTS_WEB__LISTEN"] = f"127.0.0.1:{taken.getsockname()[1]}"
        [found] = findings(terminal, "--offline", exit_code=1)["page"]
    assert "cannot be listened on" in found["text"]


def test_offline_and_send_exclude_each_other(terminal: Terminal) -> None:
    assert "leave one of the two out" in " ".join(
        terminal.run("doctor", "--offline", "--send", exit_code=2).stderr.split()
    )


# --- judging what was seen --------------------------------------------------------------------


def seen(offset: float | None) -> Seen:
    return Seen(feed="wire", url="https://wire.example", offset=offset)


@pytest.mark.parametrize(
    ("offsets", "grade"),
    [
        ([0.4, -0.6, 0.1], Grade.OK),
        ([9, 10, 11], Grade.WARN),
        ([-90, -89, 3600], Grade.FAIL),
        ([0, 0.2, 3600], Grade.OK),  # one server is wrong, not we
        ([3600, None, None], Grade.OK),  # one voice is none
    ],
)
def test_the_clock_is_judged_by_the_median(offsets: list[float | None], grade: Grade) -> None:
    assert judge_clock([seen(one) for one in offsets]).grade is grade


@pytest.mark.parametrize(
    ("free", "size", "days", "grade"),
    [
        (ROOM * 40, 10**8, 100, Grade.OK),
        (ROOM * 2, 10**9, 10, Grade.WARN),
        (ROOM - 1, 10**6, 100, Grade.FAIL),
        (ROOM * 2, 10**9, 0, Grade.OK),  # a day old: no growth is known yet
    ],
)
def test_room_is_judged_by_the_growth_so_far(free: int, size: int, days: int, grade: Grade) -> None:
    assert judge_room(free, size, NOON - timedelta(days=days), NOON).grade is grade


def test_no_feeds_at_all_is_a_failure() -> None:
    assert [one.grade for one in judge_feeds([])] == [Grade.FAIL]


def test_what_is_owed_is_judged_by_its_age() -> None:
    quiet = Audit(
        at=NOON,
        waiting=0,
        waiting_since=None,
        owed=0,
        owed_since=None,
        dead=0,
        dead_lately=0,
        lapsed=0,
        late_feeds=0,
        late_since=None,
        first_item_at=None,
    )
    hour = NOON - timedelta(hours=1)
    assert [one.grade for one in judge_backlog(quiet, running=True)] == [Grade.OK]
    assert [one.check for one in judge_backlog(replace(quiet, dead=1), running=True)] == ["deliveries"]
    assert [one.check for one in judge_backlog(replace(quiet, owed=1, owed_since=hour), running=True)] == ["outbox"]
    assert not list(judge_backlog(replace(quiet, owed=1, owed_since=NOON), running=True))
    [found] = judge_backlog(replace(quiet, waiting=3, waiting_since=hour), running=False)
    assert "alerts run" in found.fix
