"""Evidence moves a case in one commit; nothing is judged twice, nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from alerts.model.case import Case, Occasion, Outcome, Stand, Text, Voice
from alerts.model.change import Reason, Standing
from alerts.model.errors import StoreError
from alerts.model.ledger import Applied, NewDelivery
from alerts.model.verdict import Evidence
from alerts.store.store import Store
from storeroom import NOON, SOON, feed, fill, new_item, owe, poll, told


def quietly(case: Case, _: list[Evidence]) -> Applied:
    """Judge without a word: the case is as it was."""
    return Applied(outcome=Outcome(case=case))


class SpoiltError(Exception):
    """What a judge with a fault raises."""


def test_judging_gets_what_waits_the_oldest_first_and_only_once(store: Store) -> None:
    fill(store, "late")
    older = replace(poll("wire", 0, new_item("wire", "early"), questions=["truce"]), at=NOON - timedelta(hours=1))
    store.record_poll(older)
    seen: list[str] = []

    def judge(case: Case, evidence: list[Evidence]) -> Applied:
        seen.extend(one.item.id for one in evidence)
        return quietly(case, evidence)

    assert store.pending_questions(NOON) == ["truce"]
    store.apply("truce", judge)
    store.apply("truce", judge)
    assert seen == ["wire/early", "wire/late"]
    assert store.pending_questions(NOON) == []


def test_a_flood_of_evidence_is_judged_in_parts(store: Store) -> None:
    fill(store, *(str(n) for n in range(1_100)))
    sizes: list[int] = []

    def judge(case: Case, evidence: list[Evidence]) -> Applied:
        sizes.append(len(evidence))
        return quietly(case, evidence)

    while store.pending_questions(NOON):
        store.apply("truce", judge, limit=600)
    assert sizes == [600, 500]


def test_questions_do_not_see_each_others_evidence(store: Store) -> None:
    fill(store, "1", questions=["truce", "plant"])
    store.apply("plant", quietly)
    assert store.pending_questions(NOON) == ["truce"]
    assert len(store.evidence_of("plant")) == len(store.evidence_of("truce")) == 1


def test_a_case_comes_back_as_it_was_left(store: Store) -> None:
    voices = {"rejected": {"a": Voice(at=SOON, items=("wire/1",), official=True)}}
    stand = Stand(answer="accepted", standing=Standing.CONFIRMED, since=NOON, voices=voices, told=True)
    left = Case(
        question="truce",
        seq=3,
        occasions=(Occasion(id="2025-03-18", opened_at=NOON, day=NOON.date(), stands={"": stand}),),
        texts=(Text(key="Перемир’я", label="accepted/asserted", origin="a", at=NOON),),
        begun_at=NOON,
        waiting=(1, 2),
        told_at=SOON,
        wake_at=SOON,
    )
    assert store.case_for("truce") == Case(question="truce")
    store.apply("truce", lambda _, __: Applied(outcome=Outcome(case=left)))
    assert store.case_for("truce") == left
    store.apply("truce", lambda _, __: Applied(outcome=Outcome(case=replace(left, seq=4))))
    assert store.case_for("truce").seq == 4


def test_a_case_that_wants_a_tick_is_pending_when_its_time_has_come(store: Store) -> None:
    sleeping = Case(question="truce", wake_at=SOON)
    store.apply("truce", lambda _, __: Applied(outcome=Outcome(case=sleeping)))
    assert store.pending_questions(NOON) == []
    assert store.pending_questions(SOON) == ["truce"]
    store.apply("truce", lambda case, _: Applied(outcome=Outcome(case=replace(case, wake_at=None))))
    assert store.pending_questions(SOON) == []


def test_a_change_its_alert_and_who_is_owed_it_are_kept_together(store: Store) -> None:
    fill(store, "1")
    applied = store.apply("truce", lambda case, _: told(case, "desk/1", "night/2", "desk/1"))
    assert store.changes() == list(applied.outcome.changes)
    assert [(one.alert, one.address) for one in reversed(store.deliveries())] == [
        (applied.outcome.alerts[0], "desk/1"),
        (applied.outcome.alerts[0], "night/2"),
    ]


def test_a_judge_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    fill(store, "1")

    def judge(_: Case, __: list[Evidence]) -> Applied:
        raise SpoiltError

    with pytest.raises(SpoiltError):
        store.apply("truce", judge)
    assert store.pending_questions(NOON) == ["truce"]
    assert store.case_for("truce") == Case(question="truce")


def test_the_same_change_cannot_be_told_twice(store: Store) -> None:
    """A judge that forgot the case: the evidence stays, and the fault is loud."""
    fill(store, "1", "2")
    store.apply("truce", lambda case, _: told(case, "desk/1"), limit=1)
    with pytest.raises(StoreError, match=r"(?i)unique constraint .*changes"):
        store.apply("truce", lambda _, __: told(Case(question="truce"), "desk/1"), limit=1)
    assert len(store.deliveries()) == 1
    assert store.pending_questions(NOON) == ["truce"]


def test_a_revision_of_an_alert_is_owed_anew(store: Store) -> None:
    """The first one may be on its way, and stays readable as it was sent."""
    first = store.apply("truce", lambda case, _: told(case, "desk/1")).outcome.alerts[0]
    second = replace(first, revision=2, says="There is no truce")

    def revise(case: Case, _: list[Evidence]) -> Applied:
        owed = NewDelivery(alert_id=second.id, address="desk/1", next_at=SOON)
        return Applied(outcome=Outcome(case=case, alerts=(second,)), deliveries=(owed,))

    store.apply("truce", revise)
    assert [one.alert for one in store.deliveries()] == [second, first]


def test_a_judge_may_read_the_store_while_it_judges(store: Store) -> None:
    fill(store, "1")
    [kept] = store.evidence_of("truce")
    read: list[Evidence] = []

    def judge(case: Case, evidence: list[Evidence]) -> Applied:
        read.extend(store.evidence([one.id for one in evidence]))
        return quietly(case, evidence)

    store.apply("truce", judge)
    assert read == [kept]


def test_two_threads_that_read_and_write_a_case_lose_nothing(store: Store) -> None:
    def count() -> None:
        for _ in range(200):
            store.apply("truce", lambda case, _: Applied(outcome=Outcome(case=replace(case, seq=case.seq + 1))))

    threads = [Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.case_for("truce").seq == 400


def test_two_stores_on_one_database_lose_nothing(store: Store, url: str) -> None:
    """Two processes would do the same: each has a connection of its own."""
    with Store.open(url) as other:

        def count(mine: Store) -> None:
            for _ in range(50):
                mine.apply("truce", lambda case, _: Applied(outcome=Outcome(case=replace(case, seq=case.seq + 1))))

        threads = [Thread(target=count, args=[one]) for one in (store, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.case_for("truce").seq == other.case_for("truce").seq == 100


def test_changes_are_the_newest_first_and_can_be_narrowed(store: Store) -> None:
    for minute, question in enumerate(["truce", "plant", "truce"]):
        at = NOON + timedelta(minutes=minute)
        store.apply(question, lambda case, _, at=at: told(case, at=at))  # type: ignore[misc]
    assert [(one.question, one.seq) for one in store.changes()] == [("truce", 2), ("plant", 1), ("truce", 1)]
    assert [one.seq for one in store.changes("truce", limit=1)] == [2]
    assert len(store.changes(since=NOON + timedelta(minutes=1))) == 2


def test_a_change_keeps_all_it_says(store: Store) -> None:
    change = replace(
        told(Case(question="truce")).outcome.changes[0],
        from_answer="rejected",
        reason=Reason.ANSWER_CHANGED,
        because=(3, 1),
        standing=Standing.REPORTED,
        occasion="2025-03-18",
    )
    store.apply("truce", lambda case, _: Applied(outcome=Outcome(case=case, changes=(change,))))
    assert store.changes() == [change]


# --- rules ------------------------------------------------------------------------------------


def test_a_rule_is_activated_when_its_hash_is_first_seen(store: Store) -> None:
    assert store.activate([("truce", "h1", "one"), ("plant", "p1", "two")], now=NOON) == {"truce": NOON, "plant": NOON}
    assert store.activate([("truce", "h1", "one"), ("plant", "p2", "three")], now=SOON) == {
        "truce": NOON,
        "plant": SOON,
    }
    assert store.activate([("plant", "p1", "two")], now=SOON) == {"plant": NOON}


def test_the_last_good_file_of_a_rule_survives_a_restart(store: Store, url: str) -> None:
    store.activate([("truce", "h1", "one")], now=NOON)
    store.activate([("truce", "h1", "one, other words"), ("plant", "p1", "two")], now=SOON)
    store.activate([("plant", "p2", "three")], now=SOON)
    store.activate([("plant", "p1", "two")], now=SOON)
    store.close()
    with Store.open(url) as again:
        assert [again.rule_text(one) for one in ("truce", "plant", "never")] == ["one, other words", "two", None]


# --- counts -----------------------------------------------------------------------------------


def test_counts_say_how_much_there_is(store: Store) -> None:
    fill(store, "1", "2")
    store.put_feeds([feed("silent")], now=NOON)
    store.apply("truce", quietly, limit=1)
    owe(store, "truce", "desk/1")
    counts = store.counts()
    assert (counts.feeds, counts.ok_feeds, counts.items, counts.versions, counts.waiting) == (2, 1, 2, 2, 0)
    assert counts.deliveries == {"pending": 1}
    assert counts.delivered_at is None
    assert counts.size >= 4096
