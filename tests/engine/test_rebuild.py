"""What a living engine stored is what a replay gives, and what its evidence gives when it is judged again."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alerts.engine.apply import apply
from alerts.engine.rebuild import put_right, rebuild
from alerts.engine.rehearse import Sources, read_items
from alerts.engine.replay import replayed
from alerts.engine.ruling import Ruling, rule, undo
from alerts.model.case import Case
from alerts.model.change import Reason, Standing
from alerts.model.question import Status
from alerts.store.store import Store
from courtroom import NOON, TRUCE, WATCH
from fakes import item
from newsroom import Newsroom

YES, NO = "Russia accepts the 30-day ceasefire", "Russia rejects the 30-day ceasefire"
TEXTS = (
    YES,
    NO,
    "Kremlin: Russia agrees to the 30-day ceasefire",
    "Putin turns down 30-day ceasefire",
    "Kremlin denies that Putin accepted the ceasefire",
    "Trump says Putin accepted the ceasefire",
    "Russia is still studying the 30-day ceasefire",
    "Dam bursts in the north",
    "Farmers meet",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "alerts.db")) as opened:
        yield opened


def newsroom(store: Store) -> Newsroom:
    """A newsroom that has polled once, with a question and a watch rule."""
    room = Newsroom(store, NOON)
    room.ask(truce=TRUCE, dam=WATCH)
    for feed in ("wire", "daily"):
        room.publish(feed, item("Farmers meet", at=NOON - timedelta(days=1)))
    room.work(seconds=1)
    return room


Story = list[tuple[int, str, str, str]]
"""Minutes since the step before, feed, guid, title."""

STEPS = st.tuples(
    st.integers(1, 45), st.sampled_from(("wire", "daily")), st.sampled_from("abc"), st.sampled_from(TEXTS)
)


def live(room: Newsroom, story: Story) -> list[str]:
    """Let the story happen; return it as the lines of a file, as it was seen."""
    lines = []
    held: dict[str, dict[str, str]] = {"wire": {}, "daily": {}}
    for minutes, feed, guid, title in story:
        room.clock.go(minutes=minutes)
        known = held[feed].get(guid)
        held[feed][guid] = title
        first = room.clock.now()
        room.publish(feed, *(item(text, guid=name, at=NOON) for name, text in held[feed].items()))
        hasten(room, feed)
        room.work()
        if known != title:
            stamp = first.isoformat()
            lines.append(
                json.dumps(
                    {
                        "id": f"{feed}/{guid}",
                        "source": feed,
                        "title": title,
                        "seen": stamp,
                        "published": NOON.isoformat(),
                    }
                )
            )
    return lines


def hasten(room: Newsroom, feed: str) -> None:
    """Let a feed be due now."""
    room.store.hasten([feed], by=room.clock.now())


def brief(changes: Any) -> list[tuple[object, ...]]:
    return [
        (one.question, one.seq, one.at, one.from_answer, one.to_answer, one.reason, one.standing, one.told)
        for one in changes
    ]


def replayed_brief(room: Newsroom, lines: list[str]) -> list[tuple[object, ...]]:
    in_force = replace(room.dispatch.in_force, activated={})
    sources = Sources(state.feed for state in room.store.feeds())
    # the end of the story is a moment too: windows and digests until then
    lines = [*lines, json.dumps({"title": "Farmers meet", "seen": room.clock.now().isoformat()})]
    found = [one for one in replayed(read_items(lines, sources), in_force) if isinstance(one, dict)]
    keys = ("at", "from", "to", "reason", "standing", "told")
    return [(one["question"], int(one["id"].rpartition("-")[2]), *(one[key] for key in keys)) for one in found]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(story=[(5, "wire", "a", YES if number % 2 else NO) for number in range(8)])
@given(story=st.lists(STEPS, min_size=1, max_size=8))
def test_a_replay_says_what_the_living_engine_stored_and_so_does_its_evidence(story: Story, tmp_path: Path) -> None:
    path = tmp_path / f"{abs(hash(json.dumps(story)))}.db"
    path.unlink(missing_ok=True)
    with Store.open(str(path)) as store:
        room = newsroom(store)
        lines = live(room, story)
        room.work(hours=5)
        stored = [one for question in ("dam", "truce") for one in store.changes_of(question)]
        assert sorted(brief(stored), key=str) == sorted(replayed_brief(room, lines), key=str)
        for question in room.dispatch.in_force.questions.values():
            assert rebuild(store, question).differences == ()


def test_a_state_that_was_meddled_with_is_found_and_put_right(store: Store) -> None:
    room = newsroom(store)
    live(room, [(5, "wire", "a", YES), (5, "daily", "a", TEXTS[2])])
    question = room.dispatch.in_force.questions["truce"]
    good, changes = store.case_for("truce"), store.changes_of("truce")
    assert [one.reason for one in changes] == [Reason.FIRST_REPORT, Reason.CONFIRMED]
    stand = replace(good.stands[""], answer="rejected", standing=Standing.DISPUTED)
    bad = replace(good, occasions=(replace(good.occasions[-1], stands={"": stand}),), told_at=None)
    wrong = replace(changes[0], to_answer="rejected", at=NOON)
    assert store.put_right(bad, (wrong,), instead_of=good)
    found = rebuild(store, question)
    text = "\n".join(found.differences)
    assert "change 1: stored is 2025-03-18 12:00:00Z first_report None -> rejected" in text
    assert "change 2: stored is nothing" in text
    assert "occasions: stored is" in text
    assert put_right(store, found)
    assert (store.case_for("truce"), store.changes_of("truce")) == (good, changes)
    assert rebuild(store, question).differences == ()
    assert not put_right(store, found)  # it no longer stands where it was found


def test_two_processes_judge_the_same_question_once(store: Store, tmp_path: Path) -> None:
    room = newsroom(store)
    question = room.dispatch.in_force.questions["truce"]
    for number in range(5):
        rule(store, Ruling(question=question, answer="accepted", because=f"{number}", by="Anna", at=room.clock.now()))
    with Store.open(str(tmp_path / "alerts.db")) as other:
        both = [
            threading.Thread(
                target=lambda one=one: asyncio.run(apply(one, room.outside, room.dispatch.in_force, "truce"))
            )
            for one in (store, other)
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert len(store.changes_of("truce")) == 5
    assert rebuild(store, question).differences == ()


def test_evidence_of_a_rule_that_is_gone_waits_and_harms_nobody(store: Store) -> None:
    room = newsroom(store)
    question = room.dispatch.in_force.questions["truce"]
    rule(store, Ruling(question=question, answer="accepted", because="a call", by="Anna", at=room.clock.now()))
    room.ask(dam=WATCH)
    room.work(minutes=5)
    assert store.case_for("truce").occasions == ()
    room.ask(truce=TRUCE)
    room.work(minutes=5)
    assert store.case_for("truce").stands[""].answer == "accepted"


def test_an_answer_that_was_renamed_keeps_what_stood_under_its_old_name(store: Store) -> None:
    room = newsroom(store)
    live(room, [(5, "wire", "a", YES)])
    renamed = TRUCE.replace("accepted:", "agreed:").replace("answer: accepted", "answer: agreed")
    room.ask(truce=renamed.replace("says: Russia accepts\n", "says: Russia accepts\n    renamed_from: accepted\n"))
    live(room, [(5, "daily", "a", TEXTS[2])])
    assert [(one.reason, one.to_answer) for one in store.changes_of("truce")][-1] == (Reason.CONFIRMED, "agreed")
    assert rebuild(store, room.dispatch.in_force.questions["truce"]).differences == ()


def test_an_answer_that_is_gone_is_forgotten_and_the_question_goes_on(store: Store) -> None:
    room = newsroom(store)
    live(room, [(5, "wire", "a", YES)])
    answers, rejected, rest = TRUCE.partition("  rejected:")
    room.ask(truce=answers.split("  accepted:")[0] + rejected + rest.replace("answer: accepted", "answer: rejected"))
    live(room, [(5, "daily", "a", NO)])
    assert [(one.reason, one.to_answer) for one in store.changes_of("truce")] == [
        (Reason.FIRST_REPORT, "accepted"),
        (Reason.FIRST_REPORT, "rejected"),
    ]


# --- the desk -------------------------------------------------------------------------------------


def desk(room: Newsroom, answer: str | None, because: str = "read the decree") -> Ruling:
    question = room.dispatch.in_force.questions["truce"]
    return Ruling(question=question, answer=answer, because=because, by="Anna", at=room.clock.now())


def test_the_desk_settles_and_people_are_told_by_whom_and_why(store: Store) -> None:
    room = newsroom(store)
    live(room, [(5, "wire", "a", YES)])
    name = rule(store, desk(room, "rejected"))
    assert len(room.work(seconds=1)) == 1
    assert "read the decree" in room.send.sent[-1][1].body
    stand = store.case_for("truce").stands[""]
    assert (stand.answer, stand.standing) == ("rejected", Standing.CONFIRMED)
    (ruling,) = store.rulings("truce")
    assert (ruling.item.id, ruling.item.author, ruling.verdict.speaker) == (name, "Anna", "Anna")
    assert ruling.verdict.because == ("read the decree",)
    assert ruling.at == room.clock.now() - timedelta(seconds=1)


def test_what_the_desk_ruled_can_be_taken_back_the_last_first(store: Store) -> None:
    room = newsroom(store)
    live(room, [(5, "wire", "a", YES)])
    for because, answer in (("first", "rejected"), ("second", None)):
        rule(store, desk(room, answer, because))
        room.work(minutes=1)
    assert store.case_for("truce").stands[""].answer is None
    assert undo(store, desk(room, None, "a mistake")).verdict.because == ("second",)
    room.work(minutes=1)
    assert store.case_for("truce").stands[""].answer == "rejected"
    assert undo(store, desk(room, None, "another")).verdict.because == ("first",)
    room.work(minutes=1)
    assert store.case_for("truce").stands[""].answer == "accepted"
    assert [one.verdict.because[0] for one in store.rulings("truce")] == ["another", "a mistake", "second", "first"]
    assert rebuild(store, room.dispatch.in_force.questions["truce"]).differences == ()


def test_the_desk_is_no_feed_and_its_words_are_no_news(store: Store) -> None:
    room = newsroom(store)
    rule(store, desk(room, "rejected", because="Russia accepts the 30-day ceasefire, dam bursts"))
    assert {state.feed.id for state in store.feeds()} == {"wire", "daily"}
    assert all(one.source.id != "desk" for one, _ in store.texts(since=NOON - timedelta(days=9)))
    assert all(one.source.id != "desk" for _, one in store.items_after((NOON - timedelta(days=9), ""), limit=99))
    assert room.dispatch.in_force.questions["truce"].status is Status.STABLE
    assert store.case_for("nobody") == Case(question="nobody")
