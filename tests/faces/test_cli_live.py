"""What a person types between the first feed and the first alert, and what they see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedserver import status
from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


def test_from_the_first_poll_to_the_alert(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    terminal.publish("Dam bursts above the valley")
    terminal.make_due()
    terminal.run("run", "--once")
    [message] = terminal.told
    assert "Dam bursts above the valley" in message
    assert [one["title"] for one in terminal.json("items")] == ["Dam bursts above the valley"]
    [delivery] = terminal.json("deliveries", "list")
    assert (delivery["state"], delivery["attempts"]) == ("sent", 1)
    seen = terminal.json("status")
    assert (seen["daemon"], seen["items"], seen["feeds"]["ok"]) == ("stopped", 1, 1)
    [stand] = terminal.json("brief")
    assert (stand["question"], stand["texts_24h"]) == ("dam", 1)


def test_no_secret_of_a_channel_is_stored_or_shown(terminal: Terminal) -> None:
    terminal.env["ALERTS_CHANNELS__DESK"] += "?+Authorization=canary-7f3a"
    terminal.run("run", "--once")
    terminal.publish("Dam bursts")
    terminal.make_due()
    shown = [
        terminal.run("run", "--once", "--verbose"),
        terminal.run("status", "--json"),
        terminal.run("deliveries", "list", "--json"),
        terminal.run("brief"),
    ]
    assert terminal.told
    assert not any("canary" in one.stdout + one.stderr for one in shown)
    assert not any(b"canary" in file.read_bytes() for file in terminal.folder.rglob("*") if file.is_file())


def test_a_resent_delivery_says_that_it_may_be_a_repeat(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    terminal.publish("Dam bursts")
    terminal.make_due()
    terminal.run("run", "--once")
    [delivery] = terminal.json("deliveries", "list")
    terminal.run("deliveries", "resend", str(delivery["id"]))
    terminal.run("run", "--once")
    assert "repeat" in "".join(terminal.told[1:]).lower()


def test_resending_what_does_not_exist_is_a_usage_error(terminal: Terminal) -> None:
    done = terminal.run("deliveries", "resend", "99", exit_code=2)
    assert "99" in done.stderr


def test_status_wants_attention_when_no_feed_answers(terminal: Terminal) -> None:
    terminal.server.routes["/feed.xml"] = status(500)
    terminal.run("run", "--once")
    done = terminal.run("status", exit_code=1)
    assert "500" in done.stdout
    assert "feeds test" in done.stderr


def test_feeds_are_sorted_into_dead_and_living_on_one_screen(terminal: Terminal) -> None:
    terminal.publish("Dam bursts")
    terminal.run("feeds", "add", terminal.server.url("/gone.xml"), "--id", "gone", "--title", "Gone")
    done = terminal.run("feeds", "test", exit_code=1)
    assert "1 alive, 1 dead" in done.stderr
    assert "gone" in done.stdout


def test_what_polling_found_out_is_said_once_and_stands_in_the_list(terminal: Terminal) -> None:
    terminal.publish("One", "Two", "Three")
    terminal.run("run", "--once")
    assert terminal.json("feeds", "list", "--noted") == []
    terminal.publish("Ten", "Eleven", "Twelve")
    terminal.make_due()
    assert "items may have come and gone unseen" in terminal.run("run", "--once").stderr
    terminal.make_due()
    assert "gone unseen" not in terminal.run("run", "--once").stderr
    [noted] = terminal.json("feeds", "list", "--noted")
    assert noted["learnt"]["remarks"][0].startswith("gap: between ")
    assert "remembered" not in noted
    assert "gap: between" in " ".join(terminal.run("feeds", "list", "--noted").stdout.split())


def test_feeds_go_out_and_come_in_as_opml(terminal: Terminal) -> None:
    terminal.run("feeds", "add", "https://example.org/rss.xml", "--title", "Example & Daily", "--lang", "en")
    terminal.run("feeds", "export", "out.opml")
    before = {one["feed"]["id"] for one in terminal.json("feeds", "list")}
    terminal.run("feeds", "remove", "wire" if "wire" in before else min(before))
    terminal.env["ALERTS_HOME"] = "other"
    assert "would be added" in terminal.run("feeds", "import", "out.opml", "--dry-run").stderr
    assert terminal.json("feeds", "list") == []
    terminal.run("feeds", "import", "out.opml")
    assert "Example & Daily" in {one["feed"]["title"] for one in terminal.json("feeds", "list")}
    assert "0 feeds added" in terminal.run("feeds", "import", "out.opml").stderr


def test_an_unknown_feed_is_a_usage_error_with_a_proposal(terminal: Terminal) -> None:
    terminal.run("feeds", "add", "https://example.org/rss.xml", "--id", "example")
    assert "Did you mean 'example'" in terminal.run("feeds", "test", "exmple", exit_code=2).stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALERTS_CHANELS__DESK", "json://x", "Did you mean 'ALERTS_CHANNELS__DESK'"),
        ("ALERTS_ZONE", "Mars/Base", "Mars/Base"),
        ("ALERTS_CHANNELS__DUTY", "tgrm://token/chat", "duty"),
        ("ALERTS_RULES", "nowhere", "nowhere"),
        ("ALERTS_FETCH__PRIVATE", "ten dot", "ten dot"),
    ],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_3(terminal: Terminal, name: str, value: str, said: str) -> None:
    terminal.env[name] = value
    done = terminal.run("run", "--once", exit_code=3)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_second_daemon_on_the_same_home_is_refused(terminal: Terminal) -> None:
    import fcntl

    terminal.run("run", "--once")
    with (terminal.folder / "home" / "daemon.lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "already runs" in terminal.run("run", "--once", exit_code=4).stderr
        assert terminal.json("status")["daemon"] == "running"


def test_a_bad_rule_file_is_named_and_the_good_ones_go_on(terminal: Terminal) -> None:
    terminal.write("rules/story/bad.yaml", "question: q\nmacth: dam\n")
    terminal.run("run", "--once")
    terminal.publish("Dam bursts")
    terminal.make_due()
    done = terminal.run("run", "--once")
    assert "bad.yaml:2:1" in done.stderr
    assert len(terminal.told) == 1


def test_init_copies_out_and_never_overwrites(terminal: Terminal) -> None:
    terminal.run("init", "newsroom")
    mine = terminal.write("newsroom/rules/ukraine-ceasefire/plant-news.yaml", "question: mine\nmatch: dam\n")
    done = terminal.run("init", "newsroom")
    assert "kept" in done.stderr
    assert mine.read_text("utf-8").startswith("question: mine")
    assert "ALERTS_CHANNELS__DEFAULT" in (terminal.folder / "newsroom" / ".env").read_text("utf-8")
    for name in ("rules", "seeds"):
        there = {one.relative_to(ROOT / name) for one in (ROOT / name).rglob("*") if one.is_file()}
        copied = terminal.folder / "newsroom" / name
        assert {one.relative_to(copied) for one in copied.rglob("*") if one.is_file()} == there


def test_a_dry_init_writes_nothing(terminal: Terminal) -> None:
    terminal.run("init", "elsewhere", "--dry-run")
    assert not (terminal.folder / "elsewhere").exists()


def test_match_prints_a_line_an_item_in_order_and_goes_on_after_a_bad_one(terminal: Terminal) -> None:
    lines = ['{"id": "a", "title": "Dam bursts", "extra": 1}', "not json", '{"id": "b", "title": "Nothing here"}', ""]
    done = terminal.run("match", "-", given="\n".join(lines), exit_code=1)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert [one["id"] for one in (first, second)] == ["a", "b"]
    [verdict] = first["verdicts"]
    assert (verdict["question"], verdict["answer"], verdict["verdict"]) == ("dam", "matched", "asserted")
    assert verdict["words"] == [{"text": "Dam", "role": "match", "field": "title", "start": 0, "end": 3}]
    assert second["verdicts"] == []
    assert done.stderr.startswith("-:2: ")


def test_explain_names_the_word_that_is_missing(terminal: Terminal) -> None:
    assert "dam" in terminal.run("explain", "--text", "Weir opened").stdout.lower()
    assert "Did you mean 'dam'" in terminal.run("explain", "--rule", "damm", "--text", "x", exit_code=2).stderr


def test_check_and_test_say_what_is_wrong_and_where(terminal: Terminal) -> None:
    assert terminal.json("check") == []
    assert "2 of 2 tests" in terminal.run("test").stderr
    terminal.write("rules/story/dam.yaml", "question: q\nmatch: dam\ntests: |\n  - | Dam bursts\n")
    failed = terminal.run("test", exit_code=1)
    assert "dam.yaml:4" in failed.stdout
    terminal.write("rules/story/dam.yaml", "question: q\nmatch: dam weir\nseverty: flash\n")
    done = terminal.run("check", exit_code=1)
    assert "dam.yaml:2:" in done.stdout
    assert "dam.yaml:3:1:" in done.stdout
    assert "Did you mean 'severity'" in done.stdout


def test_a_run_on_a_database_of_a_newer_release_is_refused(terminal: Terminal) -> None:
    import sqlite3

    terminal.run("run", "--once")
    with sqlite3.connect(terminal.folder / "home" / "alerts.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = terminal.run("run", "--once", exit_code=4)
    assert len(done.stderr.strip().splitlines()) == 1
