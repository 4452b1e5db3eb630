"""What people are told, and when: the whole way from feed to receipt on hand time."""

from __future__ import annotations

from alerts.model.delivery import DeliveryState, GiveUp, RetryLater, Unknown
from alerts.model.errors import FeedError, FeedFault
from fakes import item
from newsroom import Newsroom


def test_a_new_item_is_told_once(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts above the valley"))
    assert len(room.work(minutes=2)) == 1
    assert room.work(minutes=20) == []


def test_the_message_carries_the_sentence_the_source_and_the_reason(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts above the valley"))
    [message] = room.work(minutes=2)
    assert "Dam bursts above the valley" in message
    assert "Wire" in message
    assert "dam" in message


def test_an_empty_first_body_primes_so_that_the_first_real_item_is_told(room: Newsroom) -> None:
    assert all(state.health.primed_at for state in room.store.feeds())
    room.publish("daily", item("Dam opened after ten years"))
    assert len(room.work(minutes=2)) == 1


def test_what_stood_in_a_feed_before_it_was_known_is_stored_and_not_told(room: Newsroom) -> None:
    from alerts.model.feed import Feed

    old = room.clock.now()
    room.clock.go(hours=3)
    room.fetch.bodies["late"] = room.fetch.bodies.get("late") or b""
    room.publish("late", item("Dam inspected", at=old), item("Dam leaks", at=room.clock.now()), item("Dam undated"))
    room.store.add_feed(
        Feed(id="late", url="https://late.example/rss", title="Late", owner="late", pace=60), now=room.clock.now()
    )
    told = room.work()
    assert len(told) == 1
    assert "Dam leaks" in told[0]
    assert "Dam inspected" not in told[0]
    assert len(room.store.items(source="late")) == 3


def test_copies_of_one_text_are_one_message(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts above the valley", summary="Thousands flee."))
    room.publish("daily", item("DAM BURSTS above the valley", guid="other", summary="Thousands  flee"))
    assert len(room.work(minutes=2)) == 1
    assert room.work(minutes=15) == []


def test_a_question_is_no_copy_of_a_statement(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts"))
    room.work(minutes=2)
    room.publish("wire", item("Dam bursts?", guid="2"))
    room.work(minutes=2)
    assert len(room.work(minutes=10)) == 1


def test_a_burst_is_one_message_and_one_digest_that_counts(room: Newsroom) -> None:
    room.publish("wire", item("Dam one"))
    room.work(minutes=2)
    room.publish("wire", *(item(f"Dam news number {n}") for n in range(1, 31)))
    assert room.work(minutes=2) == []
    [digest] = room.work(minutes=10)
    assert "30" in digest


def test_an_edited_headline_is_a_version_not_an_item(room: Newsroom) -> None:
    room.publish("wire", item("Dam holds", guid="a"))
    room.work(minutes=2)
    room.publish("wire", item("Dam breaks", guid="a"))
    room.work(minutes=12)
    [stored] = room.store.items()
    assert (stored.title, stored.version) == ("Dam breaks", 2)


def test_two_items_that_share_a_guid_are_both_kept(room: Newsroom) -> None:
    room.publish("wire", item("Dam north", guid="same"), item("Dam south", guid="same"))
    room.work(minutes=2)
    assert {one.title for one in room.store.items()} == {"Dam north", "Dam south"}


def test_a_rule_under_test_is_stored_and_never_pushed(room: Newsroom) -> None:
    room.rules("question: q\nmatch: dam\nstatus: test\n")
    room.publish("wire", item("Dam bursts"))
    assert room.work(minutes=2) == []
    assert room.store.counts().waiting == 0


def test_news_older_than_the_rule_fills_the_state_silently(room: Newsroom) -> None:
    room.clock.go(hours=5)
    room.rules("question: q\nmatch: dam OR weir\nnotify: desk\n")
    room.publish("wire", item("Weir opened", at=room.clock.go(minutes=1).replace(hour=13)))
    assert room.work(minutes=2) == []


def test_one_broken_feed_harms_no_other(room: Newsroom) -> None:
    room.fetch.bodies["wire"] = FeedError(FeedFault.STATUS, "feed 'wire' answered 500", status=500)
    room.publish("daily", item("Dam bursts"))
    assert len(room.work(minutes=2)) == 1
    health = room.store.feed("wire").health
    assert (health.failures, health.fault) == (1, "status")
    assert health.next_at > room.clock.now()


def test_a_feed_that_fails_is_asked_again_for_ever(room: Newsroom) -> None:
    room.fetch.bodies["wire"] = FeedError(FeedFault.UNREACHABLE, "feed 'wire' could not be reached")
    for _ in range(12):
        room.work(days=2)
    room.publish("wire", item("Dam is back"))
    assert len(room.work(days=2)) == 1


def test_a_message_put_off_is_sent_later(room: Newsroom) -> None:
    room.send.receipts = [RetryLater("429", after=30.0)]
    room.publish("wire", item("Dam bursts"))
    assert len(room.work(minutes=2)) == 1
    assert len(room.work(hours=1)) == 1
    assert room.store.counts().deliveries == {DeliveryState.SENT: 1}


def test_a_message_refused_for_good_is_a_dead_letter_and_can_be_sent_again(room: Newsroom) -> None:
    room.send.receipts = [GiveUp("the token was revoked")]
    room.publish("wire", item("Dam bursts"))
    room.work(minutes=2)
    [dead] = room.store.deliveries(DeliveryState.DEAD)
    assert dead.error == "the token was revoked"
    assert room.work(hours=5) == []
    room.store.resend(dead.id, now=room.clock.now())
    assert len(room.work()) == 1


def test_a_lost_reply_is_repeated_and_the_repeat_says_so(room: Newsroom) -> None:
    room.send.receipts = [Unknown("the reply was lost")]
    room.publish("wire", item("Dam bursts"))
    [first] = room.work(minutes=2)
    [second] = room.work(hours=2)
    assert "repeat" not in first.lower()
    assert "repeat" in second.lower()


def test_an_address_that_left_the_settings_is_a_dead_letter_with_the_reason(room: Newsroom) -> None:
    room.send.receipts = [RetryLater("503")]
    room.publish("wire", item("Dam bursts"))
    room.work(minutes=2)
    room.channels = {}
    room.rules("question: The dam in the news\nmatch: dam\nnotify: desk\n")
    room.work(hours=1)
    [dead] = room.store.deliveries(DeliveryState.DEAD)
    assert "desk/1" in (dead.error or "")


def test_a_movement_that_fails_unforeseen_rests_and_the_others_go_on(room: Newsroom) -> None:
    room.send.receipts = [RuntimeError("nobody foresaw this")]
    room.publish("wire", item("Dam bursts"))
    assert len(room.work(minutes=2)) == 1
    repeat = room.work(minutes=10)
    assert len(repeat) == 1
    assert "repeat" in repeat[0].lower()


def test_a_round_with_nothing_new_asks_and_writes_no_item(room: Newsroom) -> None:
    room.publish("wire", item("Dam bursts"))
    room.work(minutes=2)
    before = room.store.counts()
    asked = len(room.fetch.asked)
    room.work(minutes=10)
    assert len(room.fetch.asked) > asked
    assert room.store.counts().versions == before.versions
