"""Mail is delivered over real SMTP; its headers hold what we wrote, and refusals are told apart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from alerts.delivery.plain import BREAK
from alerts.delivery.render import render
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown
from sinks import SmtpSink, send_here
from telling import NOW, quote, reader, watch


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def send(message: Message, url: str, deadline: float = 20.0) -> Receipt:
    return send_here(message, url, deadline)


def test_a_mail_arrives_as_plain_text_with_its_subject(sink: SmtpSink) -> None:
    message = render(watch(), reader(sink.apprise_url), now=NOW)
    assert send(message, sink.apprise_url) == Delivered()
    (mail,) = sink.mails
    assert mail.sender == "alerts@example.org"
    assert mail.recipients == ("desk@example.org",)
    assert mail.message["Subject"] == "ROUTINE · The Zaporizhzhia nuclear plant in the news"
    assert mail.message.get_content_type() == "text/plain"
    assert mail.message.get_content().replace("\r\n", "\n").strip() == message.body


def test_every_alphabet_arrives(sink: SmtpSink) -> None:
    title = "URGENT · Песков: «Россия не примет» – خبر עברית 日本 😀"
    assert send(Message(title=title, body=title), sink.apprise_url) == Delivered()
    assert sink.mails[0].message["Subject"] == title
    assert sink.mails[0].message.get_content().strip() == title


INJECTIONS = [
    "Truce\r\nBcc: victim@evil.example",
    "Truce\nContent-Type: text/html\n\n<b>x</b>",
    "Truce\r\n\r\nbody of another mail",
    "Truce\x00\x0b\x0c\x85\u2028\u2029To: victim@evil.example",
    "=?utf-8?q?Truce=0D=0ABcc:_victim@evil.example?=",
    "\r\n.\r\nMAIL FROM:<x@evil.example>",
    "x" * 5000,
]


@pytest.mark.parametrize("title", INJECTIONS)
def test_a_headline_cannot_write_a_header(title: str, sink: SmtpSink) -> None:
    alert = watch(says=title, quotes=(quote(title=title, sentence=title),), why=title)
    assert send(render(alert, reader(sink.apprise_url), now=NOW), sink.apprise_url) == Delivered()
    (mail,) = sink.mails
    assert set(mail.message.keys()) == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "X-Application", "Subject", "From", "To",
        "Message-ID", "Date",
    }  # fmt: skip
    assert mail.recipients == ("desk@example.org",)
    assert mail.message["To"] == "desk@example.org"
    assert mail.message.get_content_type() == "text/plain"
    assert len(mail.message["Subject"].replace(BREAK, "")) <= 200


@pytest.mark.parametrize(
    ("rcpt", "data"), [("550 5.1.1 no such mailbox", "250 OK"), ("250 OK", "554 5.7.1 refused as spam")]
)
def test_a_mail_refused_for_good_is_given_up(rcpt: str, data: str, sink: SmtpSink) -> None:
    sink.refuse(rcpt=rcpt, data=data)
    receipt = send(Message(title="t", body="b"), sink.apprise_url)
    assert isinstance(receipt, GiveUp)
    assert "the mail server answered 55" in receipt.why


@pytest.mark.parametrize(("rcpt", "data"), [("450 4.2.1 greylisted", "250 OK"), ("250 OK", "451 4.3.0 try later")])
def test_a_mail_refused_for_now_is_tried_again(rcpt: str, data: str, sink: SmtpSink) -> None:
    sink.refuse(rcpt=rcpt, data=data)
    assert isinstance(send(Message(title="t", body="b"), sink.apprise_url), RetryLater)


def test_a_dead_mail_server_is_tried_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"mailto://127.0.0.1:{taken.getsockname()[1]}?from=a@example.org&to=b@example.org&mode=insecure"
        assert send(Message(title="t", body="b"), url) == RetryLater("the service cannot be reached")


def _greet_take_and_hang_up(server: socket.socket) -> None:
    """Play a mail server that takes a whole mail and cuts the line instead of answering."""
    line, _ = server.accept()
    with line, line.makefile("rb") as heard:
        line.sendall(b"220 here\r\n")
        for command in heard:
            verb = command[:4].upper()
            if verb == b"DATA":
                line.sendall(b"354 go on\r\n")
            elif verb in {b"EHLO", b"MAIL", b"RCPT"}:
                line.sendall(b"250 OK\r\n")
            elif command == b".\r\n":
                return


def test_a_mail_without_a_reply_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        played = Thread(target=_greet_take_and_hang_up, args=(server,), daemon=True)
        played.start()
        url = f"mailto://127.0.0.1:{server.getsockname()[1]}?from=a@example.org&to=b@example.org&mode=insecure"
        receipt = send(Message(title="t", body="b"), url)
        played.join()
    assert isinstance(receipt, Unknown)


def test_a_mail_server_that_says_nothing_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"mailto://127.0.0.1:{server.getsockname()[1]}?from=a@example.org&to=b@example.org&mode=insecure"
        assert isinstance(send(Message(title="t", body="b"), url, deadline=0.3), RetryLater | Unknown)
