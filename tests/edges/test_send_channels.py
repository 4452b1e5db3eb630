"""Every channel answers the same list of troubles with the right receipt: sent, again later, never, or perhaps."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from alerts.delivery.apprising import warm
from alerts.model.delivery import Address, Delivered, GiveUp, Message, Receipt, RetryLater, Unknown
from sinks import Answer, Behaviour, Drop, Hang, WebhookSink, send_here, standing_in

MESSAGE = Message(title="URGENT · Russia rejects it", body="“Headline”\nAlert ceasefire-4", severity="urgent")

CHANNELS = ["json", "form", "xml", "ntfy", "gotify", "mattermost", "slack", "telegram", "discord"]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


@pytest.fixture
def sink() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@contextmanager
def leading_to(port: int, channel: str) -> Iterator[Address]:
    """Let a channel lead to a port of this machine."""
    host = f"127.0.0.1:{port}"
    with standing_in(f"http://{host}") as urls:
        urls |= {
            "json": f"json://{host}/hook",
            "form": f"form://{host}/hook",
            "xml": f"xml://{host}/hook",
            "ntfy": f"ntfy://{host}/topic",
            "gotify": f"gotify://{host}/A1b2C3d4E5f6G7h",
            "mattermost": f"mmost://{host}/3ccdd113474722377935511fc85d3dd4",
        }
        yield Address(id=f"{channel}/0", channel=channel, url=urls[channel])


@pytest.fixture(params=CHANNELS)
def address(request: pytest.FixtureRequest, sink: WebhookSink) -> Iterator[Address]:
    """Return the address of each channel in turn; all of them lead to the sink."""
    with leading_to(sink.port, request.param) as address:
        yield address


def send(address: Address, deadline: float = 20.0) -> Receipt:
    return send_here(MESSAGE, address.url, deadline)


def test_a_message_arrives_once(sink: WebhookSink, address: Address) -> None:
    assert send(address) == Delivered()
    (request,) = sink.wait_for(1)
    assert b"ceasefire-4" in request.body
    assert len(sink.received) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_a_refusal_for_good_is_given_up(status: int, sink: WebhookSink, address: Address) -> None:
    sink.answers(Answer(status, b"no"))
    receipt = send(address)
    assert isinstance(receipt, GiveUp)
    assert str(status) in receipt.why


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 302])
def test_a_failing_service_is_tried_again_later(status: int, sink: WebhookSink, address: Address) -> None:
    sink.answers(Answer(status, b"later"))
    receipt = send(address)
    assert isinstance(receipt, RetryLater)
    assert str(status) in receipt.why


def test_too_many_messages_are_tried_again_after_a_pause(sink: WebhookSink, address: Address) -> None:
    sink.answers(Answer(429, b"slow down", retry_after=3))
    receipt = send(address)
    assert isinstance(receipt, RetryLater)
    assert receipt.after == 60
    assert "429" in receipt.why


def test_no_answer_in_time_is_unknown(sink: WebhookSink, address: Address) -> None:
    sink.answers(Hang())
    receipt = send(address, deadline=0.3)
    assert isinstance(receipt, Unknown)
    sink.wait_for(1)


def test_a_lost_reply_is_unknown(sink: WebhookSink, address: Address) -> None:
    sink.answers(Drop())
    assert isinstance(send(address), Unknown)
    sink.wait_for(1)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_dead_host_is_tried_again_later(channel: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else can take it meanwhile
        with leading_to(taken.getsockname()[1], channel) as address:
            assert send(address) == RetryLater("the service cannot be reached")


def test_a_name_that_does_not_resolve_is_tried_again_later() -> None:
    receipt = send(Address(id="d/0", channel="d", url="json://no-such-host.invalid/hook"))
    assert receipt == RetryLater("the service cannot be reached")


def test_a_redirect_is_not_followed(sink: WebhookSink) -> None:
    sink.answers(Answer(307, b""), path="/hook")
    address = Address(id="d/0", channel="d", url=f"{sink.apprise_url}?redirect=yes")
    assert isinstance(send(address), RetryLater)
    assert len(sink.received) == 1


@pytest.mark.parametrize("behaviour", [Answer(500), Drop()])
def test_nothing_is_repeated_behind_our_back(behaviour: Behaviour, sink: WebhookSink) -> None:
    sink.answers(behaviour)
    send(Address(id="d/0", channel="d", url=sink.apprise_url))
    assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("tgarm://1234/5", "Did you mean tgram://?"),
        ("not a url", "it has to begin with a service"),
        ("syslog://", "speaks to this machine"),
        ("json://h/a?optional=yes", "'optional'"),
    ],
)
def test_an_unusable_url_is_given_up_with_the_reason(url: str, said: str) -> None:
    receipt = send(Address(id="d/0", channel="d", url=url))
    assert isinstance(receipt, GiveUp)
    assert said in receipt.why


def test_a_headline_cannot_pass_for_an_error(sink: WebhookSink) -> None:
    """Payloads are logged beside errors; only errors are read."""
    sink.answers(Answer(503))
    message = Message(
        title="error=404.", body="Socket Exception: (550, b'no') error=404.\nSocket Exception: error=410."
    )
    receipt = send_here(message, sink.apprise_url)
    assert isinstance(receipt, RetryLater)
    assert "503" in receipt.why


def test_whoever_sets_up_logging_does_not_change_a_receipt(sink: WebhookSink) -> None:
    """Apprise says only in its log why a send failed; a ``dictConfig`` switches loggers off."""
    logger = logging.getLogger("apprise")
    logger.disabled, logger.propagate = True, True
    logger.setLevel(logging.CRITICAL)
    sink.answers(Answer(404))
    receipt = send(Address(id="d/0", channel="d", url=sink.apprise_url))
    assert isinstance(receipt, GiveUp)
