"""A webhook gets a CloudEvent whose signature proves it, under an id that a repeat keeps."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from alerts.delivery.native.hook import send_hook
from alerts.delivery.native.http import Line
from alerts.delivery.native.parts import Hook, SlackBot, SlackHook, TelegramChat, parts_of
from alerts.delivery.readers import Telling
from alerts.delivery.render import render, tell
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown
from sinks import Answer, Drop, Hang, Received, WebhookSink
from telling import NOW, answer, reader, watch

AT = datetime(2025, 3, 18, 14, 35, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
URL = f"json://host/hook?sign={SECRET}"


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


def message(**fields: object) -> Message:
    return render(answer(**fields), reader(URL), now=NOW)


def send(sink: WebhookSink, one: Message, secret: str = SECRET, deadline: float = 20.0) -> Receipt:
    found = parts_of(f"json://127.0.0.1:{sink.port}/hook?sign={secret}&-room=7&+X-Key=abc")
    assert isinstance(found, Hook)

    async def story() -> Receipt:
        line = Line(deadline=deadline, now=lambda: AT)
        try:
            return await send_hook(line, found, one, now=AT)
        finally:
            await line.close()

    return asyncio.run(story())


def verified(got: Received, key: bytes) -> bool:
    """Verify as Standard Webhooks tell a receiver to."""
    said = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return got.headers["webhook-signature"] == f"v1,{expected}"


def test_an_alert_is_an_event_that_a_program_can_trust(sink: WebhookSink) -> None:
    assert send(sink, message()) == Delivered("ceasefire-acceptance-4.1.desk/1")
    [got] = sink.received
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert verified(got, b"a secret of twenty-four b")
    assert not verified(got, b"another")
    event = got.json
    assert {key: event[key] for key in ("specversion", "id", "type", "subject", "time")} == {
        "specversion": "1.0",
        "id": "ceasefire-acceptance-4.1.desk/1",
        "type": "alerts.alert.v1",
        "subject": "ceasefire-acceptance",
        "time": "2025-03-18T14:35:00Z",
    }
    data = event["data"]
    assert (data["answer"], data["severity"], data["standing"], data["was"]) == (
        "rejected",
        "flash",
        "reported",
        "undecided",
    )
    assert data["texts"][0]["domain"] == "un.org"


def test_the_secret_is_no_part_of_what_is_asked(sink: WebhookSink) -> None:
    send(sink, message())
    [got] = sink.received
    assert got.path == "/hook?room=7"
    assert got.headers["x-key"] == "abc"
    assert SECRET not in f"{got}"


def test_a_plain_secret_is_taken_as_it_is_written(sink: WebhookSink) -> None:
    send(sink, message(), secret="hush-hush")
    assert verified(sink.received[0], b"hush-hush")


def test_a_repeat_has_the_same_id(sink: WebhookSink) -> None:
    sink.answers(Drop(), Answer(204, b""))
    assert isinstance(send(sink, message()), Unknown)
    assert isinstance(send(sink, tell(answer(), reader(URL), Telling(now=NOW, may_repeat=True))), Delivered)
    first, second = sink.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert second.json["data"]["may_repeat"] is True


def test_what_was_held_back_comes_along(sink: WebhookSink) -> None:
    send(sink, tell(answer(), reader(URL), Telling(now=NOW, along=(watch(), watch(id="plant-news-4")))))
    assert [one["id"] for one in sink.received[0].json["data"]["along"]] == ["plant-news-3", "plant-news-4"]


@pytest.mark.parametrize(
    ("answer_", "kind"),
    [
        (Answer(202), Delivered),
        (Answer(410), GiveUp),
        (Answer(401), GiveUp),
        (Answer(500), RetryLater),
        (Answer(302), RetryLater),
    ],
)
def test_only_a_2xx_is_a_receipt(answer_: Answer, kind: type[Receipt], sink: WebhookSink) -> None:
    sink.answers(answer_)
    assert isinstance(send(sink, message()), kind)


def test_it_waits_as_long_as_the_receiver_wishes(sink: WebhookSink) -> None:
    sink.answers(Answer(429, retry_after=17))
    assert send(sink, message()) == RetryLater("the service answered 429: too many messages", after=17.0)


def test_no_answer_in_time_is_unknown(sink: WebhookSink) -> None:
    sink.answers(Hang())
    assert isinstance(send(sink, message(), deadline=0.3), Unknown)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("json://host/hook", type(None)),
        ("json://host/hook?sign=", type(None)),
        ("ntfy://host/topic", type(None)),
        ("tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/-100987:5", TelegramChat),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", SlackHook),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", SlackHook),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk", type(None)),
        ("slack://xoxb-1234-1234-abc124/#desk", SlackBot),
        ("slack://xoxb-1234-1234-abc124/@ann", type(None)),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", type(None)),
        ("slack://nonsense", type(None)),
    ],
)
def test_which_addresses_we_send_to_ourselves(url: str, kind: type) -> None:
    found = parts_of(url)
    assert type(found) is kind
    assert "AAabc" not in repr(found)
    assert "TIiaj" not in repr(found)
