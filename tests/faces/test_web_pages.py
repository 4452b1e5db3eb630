"""The page over the demo's story: what it says, what it gives to programs, and what it makes of bad input."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from alerts.model.item import Item, Source
from alerts.model.verdict import Evidence, Verdict, VerdictKind, Word
from alerts.settings import Settings
from alerts.store.store import Store
from alerts.web import quoting
from alerts.web.quoting import quoted, shown
from alerts.wiring.ondisk import RulesOnDisk
from exhibit import Exhibit
from visitor import Visitor, visiting

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "alerts" / "web" / "static"
PAGES = (
    "/",
    "/alerts",
    "/questions/call-outcome",
    "/questions/ceasefire-acceptance",
    "/questions/call-news",
    "/questions/casualties",
    "/questions/call-outcome/changes/3",
)
HOSTILE = "<script>alert(1)</script> \u202egnp.exe\u2066 <img src=x onerror=alert(2)> {{ 7 * 7 }} & ]]>"


@pytest.fixture
def visitor(exhibit: Exhibit) -> Iterator[Visitor]:
    with visiting(exhibit.site()) as found:
        yield found


def cards(visitor: Visitor) -> dict[str, Any]:
    """Return the board's cards by question."""
    found = json.loads(visitor.get("/board.json").text)["questions"]
    return {card["question"]: card for card in found}


def test_the_board_says_where_each_question_stands_and_who_says_so(visitor: Visitor) -> None:
    [answer] = cards(visitor)["ceasefire-acceptance"]["answers"]
    assert (answer["answer"], answer["standing"]) == ("rejected", "confirmed")
    assert {one["origin"] for one in answer["sources"]} == {"northern-wire", "meridian-media", "three-rivers-courier"}
    assert answer["copies"] == 2
    said = {piece["role"]: piece["text"] for piece in answer["by"]["pieces"] if piece["role"]}
    assert said == {"actor": "Putin", "event": "rejects", "object": "full ceasefire"}
    text = visitor.get("/").text
    assert '<mark class="event" title="event">rejects</mark>' in text
    assert "3 independent sources, +2 copies" in text


def test_an_earlier_stage_is_no_rival(visitor: Visitor) -> None:
    [answer] = cards(visitor)["call-outcome"]["answers"]
    assert (answer["answer"], answer["rivals"], answer["official"]) == ("ended_partial_agreement", [], True)


def test_a_question_tells_its_story(visitor: Visitor, exhibit: Exhibit) -> None:
    found = json.loads(visitor.get("/questions/call-outcome.json").text)
    assert [one["to_answer"] for one in reversed(found["changes"])][::2] == [
        "scheduled", "started", "ended", "ended_partial_agreement",
    ]  # fmt: skip
    assert sum(1 + len(voice["carried"]) for voice in found["voices"]) == found["texts"]
    assert len(exhibit.store.evidence_of("call-outcome", limit=1000)) == found["texts"]
    text = visitor.get("/questions/call-outcome").text
    assert text.count('<svg class="story') == 2
    assert text.count('<circle class="dot asserted" cx') == 2 * found["texts"] + 1  # the key's


def test_a_change_says_why(visitor: Visitor) -> None:
    text = visitor.get("/questions/call-outcome/changes/3").text
    assert "white-house says it, and may settle it" in text
    found = json.loads(visitor.get("/questions/call-outcome/changes/3.json").text)
    assert [gate["name"] for gate in found["explained"][0]["gates"]][:2] == ["event", "object"]
    assert visitor.get("/questions/call-outcome/changes/99").status == 404
    assert visitor.get("/questions/call-outcome/changes/x").status == 404


def test_what_changed_since_you_looked_is_marked_until_you_have_seen_it(exhibit: Exhibit) -> None:
    ended = exhibit.clock.now()
    with visiting(exhibit.site()) as visitor:
        visitor.cookies["alerts_looked"] = "0_" + str(int((ended - timedelta(hours=20)).timestamp()))
        changed = {name for name, card in cards(visitor).items() if card["changed"]}
        assert changed == {"zaporizhzhia-plant"}
        assert "1 question changed since you looked" in visitor.get("/").text
        assert "1 question changed since you looked" in visitor.get("/").text  # the same visit goes on
        visitor.submit("/looked", csrf=visitor.form_token("/"))
        assert not [card for card in cards(visitor).values() if card["changed"]]


@pytest.mark.parametrize("value", ["", "x", "_", "1_x", "1_" + "9" * 40, "1_99999999999999"])
def test_a_cookie_that_is_none_of_ours_is_nobody_who_looked(value: str, visitor: Visitor) -> None:
    visitor.cookies["alerts_looked"] = value
    assert visitor.get("/").status == 200
    assert not [card for card in cards(visitor).values() if card["changed"]]


@pytest.mark.parametrize("path", ["/alerts.atom", "/questions/call-outcome/alerts.atom"])
def test_alerts_are_an_atom_feed(path: str, visitor: Visitor, exhibit: Exhibit) -> None:
    found = feedparser.parse(visitor.get(path).text)
    assert not found.bozo
    ids = [entry.id for entry in found.entries]
    mine = exhibit.store.alerts("call-outcome" if "call" in path else None, limit=100)
    assert len(set(ids)) == len(ids) == len(mine)
    assert ids[-1] == f"tag:alerts,2025:{mine[-1].id}"
    assert found.entries[0].title.endswith(mine[0].says)
    assert found.entries[0].updated_parsed[:5] == mine[0].at.timetuple()[:5]
    assert mine[0].quotes[0].title in found.entries[0].content[0].value


def test_alerts_are_a_json_feed_of_the_same_ids(visitor: Visitor) -> None:
    seen = visitor.get("/alerts.feed.json")
    assert seen.headers["content-type"].startswith("application/feed+json")
    feed = json.loads(seen.text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    atom = feedparser.parse(visitor.get("/alerts.atom").text)
    assert [one["id"] for one in feed["items"]] == [one.id for one in atom.entries]
    assert all(one["url"].startswith(f"http://127.0.0.1:{visitor.port}/questions/") for one in feed["items"])


def test_links_in_a_feed_use_the_public_address(exhibit: Exhibit) -> None:
    with visiting(exhibit.site(public_url="https://desk.example/")) as visitor:
        feed = json.loads(visitor.get("/alerts.feed.json").text)
    assert feed["items"][0]["url"].startswith("https://desk.example/questions/")


def test_windows_are_a_calendar(visitor: Visitor, exhibit: Exhibit) -> None:
    calendar = Calendar.from_ical(visitor.get("/expected.ics").text)
    events = calendar.events
    windows = [one for question in exhibit.in_force.questions.values() for one in question.expect]
    assert sorted(event.start for event in events) == sorted(one.start for one in windows)
    assert len({event.uid for event in events}) == len(events) > 0
    only = Calendar.from_ical(visitor.get("/questions/call-outcome/expected.ics").text)
    assert str(only.events[0].get("SUMMARY")).startswith("Expected: started. What comes out of")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_strict_and_small(path: str, visitor: Visitor) -> None:
    seen = visitor.get(path)
    assert seen.status == 200
    assert len(seen.text.encode()) < 100_000
    assert not re.search(r"""<[^>]+\s(style|on\w+)=""", seen.text)
    assert not re.search(r"<script(?![^>]*src=)", seen.text)
    assert set(re.findall(r"""(?:src|<link[^>]*href)="(.?)""", seen.text)) == {"/"}
    assert "json://" not in seen.text


@pytest.mark.parametrize("path", ["/questions/no-such", "/questions/no-such.json", "/questions/no-such/alerts.atom"])
def test_what_is_not_there_is_said(path: str, visitor: Visitor) -> None:
    seen = visitor.get(path)
    assert seen.status == 404
    assert "no-such" in seen.text
    assert (seen.headers["content-type"] == "application/json") == path.endswith(".json")


def test_without_rules_the_board_says_what_to_do(exhibit: Exhibit) -> None:
    with visiting(exhibit.site(in_force=None)) as visitor:
        assert "alerts init" in visitor.get("/").text
        assert visitor.get("/questions/call-outcome").status == 404


def test_a_rule_file_that_is_refused_is_said_on_the_board(exhibit: Exhibit, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules" / "ukraine-ceasefire", folder)
    settings = Settings(home=tmp_path, rules=folder, seeds=ROOT / "seeds")
    rules = RulesOnDisk(settings)
    with visiting(exhibit.site(in_force=rules)) as visitor:
        assert "in the rules" not in visitor.get("/").text
        (folder / "sanctions.yaml").write_text("question: Are there sanctions?\nanswrs: {}\n", "utf-8")
        text = visitor.get("/").text
        assert "in the rules: what a broken file asks" in text
        assert "sanctions.yaml:2:1: E0" in text
        assert "sanctions" not in cards(visitor)


def test_a_daemon_that_is_away_is_said_on_every_page(exhibit: Exhibit) -> None:
    long_ago = exhibit.clock.steady() - timedelta(minutes=5)
    with visiting(exhibit.site(running=lambda: False)) as visitor:
        assert all("The daemon is not running" in visitor.get(path).text for path in PAGES)
    with visiting(exhibit.site(beat=lambda: long_ago)) as visitor:
        assert "has not looked what is due" in visitor.get("/").text
    with visiting(exhibit.site(beat=exhibit.clock.steady, running=lambda: True)) as visitor:
        assert 'class="notice"' not in visitor.get("/").text


def test_a_database_that_cannot_be_used_is_said(exhibit: Exhibit, tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "alerts.db")) as store, visiting(exhibit.site(store=store)) as visitor:
        other = sqlite3.connect(tmp_path / "alerts.db", isolation_level=None)
        other.execute("DROP TABLE cases")
        other.close()
        seen = visitor.get("/")
        assert seen.status == 503
        assert "The database cannot be used" in seen.text
        found = visitor.get("/board.json")
        assert (found.status, "cases" in json.loads(found.text)["error"]) == (503, True)


def evidence(title: str, *words: Word, summary: str | None = None) -> Evidence:
    source = Source(id="x", title=HOSTILE, owner="x<b>")
    item = Item(id="1", source=source, title=title, summary=summary, link="javascript:alert(1)", lang='en" onx="1')
    verdict = Verdict(
        question="q",
        answer="a",
        kind=VerdictKind.ASSERTED,
        because=(title if summary is None else summary,),
        words=words,
    )
    at = datetime.fromisoformat("2025-03-18T12:00Z")
    return Evidence(id=1, item=item, verdict=verdict, rule_hash="h", copy_key="k", at=at)


def test_a_long_headline_is_cut_around_the_words_that_decided() -> None:
    title = "x " * 50_000 + "Putin agrees" + " y" * 50_000
    start = title.index("Putin")
    word = Word("Putin", "actor", "title", start, start + 5)
    pieces = quoted(evidence(title, word)).pieces
    assert sum(len(one.text) for one in pieces) < 2 * quoting.LONGEST
    assert [one.text for one in pieces if one.role] == ["Putin"]


def test_characters_that_turn_text_round_are_gone() -> None:
    assert shown("a\u202eb\u2066c\u0000d\u200fe\ud800") == "abc de"
    assert shown("می\u200cخواهد") == "می\u200cخواهد"


@pytest.mark.parametrize(
    "words",
    [
        [Word("agrees", "event", "title", 5, 500)],
        [Word("agrees", "event", "title", 9, 3)],
        [Word("a", "event", "title", 0, 9), Word("b", "actor", "title", 4, 12)],
        [Word("x", "event", "summary", 0, 3)],
    ],
)
def test_words_that_do_not_fit_their_text_do_no_harm(words: list[Word]) -> None:
    pieces = quoted(evidence("Putin agrees to it", *words)).pieces
    assert "".join(one.text for one in pieces).strip()


def test_what_is_served_to_browsers_is_what_was_looked_at() -> None:
    """A script of ours changes only together with the line that says so."""
    listed = dict(line.split()[::-1] for line in (STATIC / "manifest.sha256").read_text("utf-8").splitlines())
    assert {one.name: sha256(one.read_bytes()).hexdigest() for one in STATIC.glob("*.js")} == listed
