"""What an operator does about alerts at a terminal: silence, acknowledge, look, and route."""

from __future__ import annotations

from terminal import Terminal

ROUTES = """\
routes:
  desk:
    send: [{to: desk, from: urgent}]
"""


def tell(terminal: Terminal, *titles: str) -> None:
    """Let the feed hold these items, and everything that is due be done."""
    terminal.publish(*titles)
    terminal.make_due()
    terminal.run("run", "--once")


def test_a_silence_has_an_author_a_reason_and_an_end(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    said = terminal.run("silence", "add", "--question", "dam", "--for", "8h", "--reason", "drill", "--by", "ann")
    assert "silence 1 holds until" in said.stderr
    [one] = terminal.json("silence", "list")
    assert (one["by"], one["reason"], one["question"], one["address"]) == ("ann", "drill", "dam", None)
    tell(terminal, "Dam bursts")
    assert terminal.told == []
    [muted] = terminal.json("deliveries", "list", "--state", "muted")
    assert muted["error"] == "silence 1 by ann: drill"
    terminal.run("silence", "end", "1", "--by", "bob")
    assert terminal.json("silence", "list") == []
    [past] = terminal.json("silence", "list", "--past")
    assert past["ended_by"] == "bob"
    terminal.run("deliveries", "resend", str(muted["id"]))
    terminal.run("run", "--once")
    assert len(terminal.told) == 1


def test_what_makes_no_sense_is_refused(terminal: Terminal) -> None:
    terminal.run("silence", "add", "--for", "8h", exit_code=2)
    terminal.run("silence", "add", "--reason", "x", "--for", "90d", exit_code=2)
    terminal.run("silence", "add", "--reason", "x", "--for", "soon", exit_code=2)
    assert "no silence 9 holds" in terminal.run("silence", "end", "9", exit_code=2).stderr
    assert "no alert 'dam-9'" in terminal.run("ack", "dam-9", exit_code=2).stderr
    terminal.run("deliveries", "show", "9", exit_code=2)


def test_an_acknowledgement_is_kept_and_mutes_nothing(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    tell(terminal, "Dam bursts")
    assert "dam-1 acknowledged by ann" in terminal.run("ack", "dam-1", "--by", "ann", "--note", "calling").stderr
    terminal.run("ack", "dam-1")


def test_a_delivery_shows_every_send_that_was_begun(terminal: Terminal) -> None:
    terminal.run("run", "--once")
    tell(terminal, "Dam bursts")
    [listed] = terminal.json("deliveries", "list")
    shown = terminal.json("deliveries", "show", str(listed["id"]))
    assert shown["delivery"]["state"] == "sent"
    assert [(one["n"], one["ended"]) for one in shown["attempts"]] == [(1, "delivered")]
    assert "delivered" in terminal.run("deliveries", "show", str(listed["id"])).stdout


def test_a_route_is_read_checked_and_in_force(terminal: Terminal) -> None:
    terminal.write("rules/routes.yaml", ROUTES)
    terminal.run("check")
    terminal.run("run", "--once")
    tell(terminal, "Dam bursts")
    assert terminal.told == []


def test_a_broken_file_of_routes_is_said_with_its_place_and_the_last_good_one_stays(terminal: Terminal) -> None:
    terminal.write("rules/routes.yaml", ROUTES)
    terminal.run("run", "--once")
    terminal.write("rules/routes.yaml", ROUTES.replace("urgent", "urgnt"))
    checked = terminal.run("check", exit_code=1)
    assert "routes.yaml:3:29: E009: unknown from 'urgnt'. Did you mean 'urgent'?" in checked.stdout
    terminal.publish("Dam bursts")
    terminal.make_due()
    started = terminal.run("run", "--once")
    assert "The last good routes stay in force" in started.stderr
    assert terminal.told == []


def test_a_route_to_a_channel_that_is_not_set_is_said_at_the_start(terminal: Terminal) -> None:
    terminal.write("rules/routes.yaml", ROUTES.replace("to: desk", "to: night"))
    started = terminal.run("run", "--once")
    assert "route 'desk' names the channel 'night', which the settings do not hold" in started.stderr
    tell(terminal, "Dam bursts")
    assert len(terminal.told) == 1
