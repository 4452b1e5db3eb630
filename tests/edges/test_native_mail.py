"""Mail: text and HTML under a stable id, in its thread; every trouble of a real SMTP talk has its receipt."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

import pytest

from alerts.delivery.native.mail import letter_of, send_mail
from alerts.delivery.native.parts import Mailbox, parts_of
from alerts.delivery.render import render
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown
from sinks import SmtpSink
from telling import NOW, answer, quote, reader

AT = datetime(2025, 3, 18, 14, 35, tzinfo=UTC)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def mailbox(url: str) -> Mailbox:
    found = parts_of(url)
    assert isinstance(found, Mailbox)
    return found


def send(message: Message, url: str, deadline: float = 20.0) -> Receipt:
    return asyncio.run(send_mail(mailbox(url), message, now=AT, deadline=deadline))


def message(url: str = "mailto://a:b@example.org", **fields: object) -> Message:
    whose = reader(url, public_url="https://alerts.example.org", link_key=b"k")
    return render(answer(**fields), whose, now=NOW)


def test_a_letter_arrives_in_text_and_html_under_an_id_of_ours(sink: SmtpSink) -> None:
    receipt = send(message(), sink.apprise_url)
    [mail] = sink.mails
    assert receipt == Delivered(mail.message["Message-ID"])
    assert mail.recipients == ("desk@example.org",)
    assert mail.message["Subject"] == "FLASH · REPORTED · Russia rejects the full 30-day ceasefire"
    assert mail.message["Date"] == "Tue, 18 Mar 2025 14:35:00 +0000"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Importance"] == "high"
    assert mail.message["List-Unsubscribe"].startswith("<https://alerts.example.org/act/")
    text, html = mail.message.iter_parts()
    assert text.get_content().replace("\r\n", "\n").strip() == message().body
    assert "Russia rejects the full 30-day ceasefire</h1>" in html.get_content()


def test_a_repeat_keeps_its_id_and_another_message_has_another(sink: SmtpSink) -> None:
    first, again = send(message(), sink.apprise_url), send(replace(message(), may_repeat=True), sink.apprise_url)
    other = send(message(id="ceasefire-acceptance-5"), sink.apprise_url)
    assert first == again != other


def test_the_letters_of_a_question_are_one_thread_and_those_of_an_occasion_another(sink: SmtpSink) -> None:
    def threads(one: Message) -> str:
        send(one, sink.apprise_url)
        return str(sink.mails[-1].message["References"])

    first = threads(message())
    root = str(sink.mails[0].message["Message-ID"])
    assert threads(message(id="x-2")) == first
    assert threads(message(id="x-3", occasion="easter")) != first
    answered = threads(replace(message(id="x-4"), root=root))
    assert answered.split() == [first, root]
    assert sink.mails[-1].message["In-Reply-To"] == root


INJECTIONS = [
    "Truce\r\nBcc: victim@evil.example",
    "Truce\nContent-Type: text/html\n\n<b>x</b>",
    "\x00\x85\u2028To: x@y",
    "x" * 5000,
]


@pytest.mark.parametrize("title", INJECTIONS)
def test_a_headline_cannot_write_a_header(title: str, sink: SmtpSink) -> None:
    alert = answer(says=title, text=title, quotes=(quote(title=title, sentence=title),), why=title)
    whose = reader("mailto://a:b@example.org")
    assert isinstance(send(render(alert, whose, now=NOW), sink.apprise_url), Delivered)
    [mail] = sink.mails
    assert mail.recipients == ("desk@example.org",)
    assert set(mail.message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "References", "In-Reply-To", "Auto-Submitted", "X-Priority",
        "Importance", "MIME-Version", "Content-Type",
    }  # fmt: skip
    html = list(mail.message.iter_parts())[1].get_content()
    assert "<b>" not in html


@pytest.mark.parametrize(("rcpt", "data"), [("550 5.1.1 no such mailbox", "250 OK"), ("250 OK", "554 5.7.1 spam")])
def test_a_letter_refused_for_good_is_given_up(rcpt: str, data: str, sink: SmtpSink) -> None:
    sink.refuse(rcpt=rcpt, data=data)
    receipt = send(message(), sink.apprise_url)
    assert isinstance(receipt, GiveUp)
    assert "the mail server answered 55" in receipt.why


@pytest.mark.parametrize(("rcpt", "data"), [("450 4.2.1 greylisted", "250 OK"), ("250 OK", "451 4.3.0 later")])
def test_a_letter_refused_for_now_is_tried_again(rcpt: str, data: str, sink: SmtpSink) -> None:
    sink.refuse(rcpt=rcpt, data=data)
    assert isinstance(send(message(), sink.apprise_url), RetryLater)


def _play(server: socket.socket, hang_up_at: bytes) -> None:
    """Play a mail server that hangs up when a command comes; the letter's end counts as one."""
    line, _ = server.accept()
    with line, line.makefile("rb") as heard:
        line.sendall(b"220 here\r\n")
        for command in heard:
            verb = command.strip().upper()
            if verb.startswith(hang_up_at):
                return
            if verb == b"DATA":
                line.sendall(b"354 go on\r\n")
            elif verb.startswith((b"EHLO", b"MAIL", b"RCPT")):
                line.sendall(b"250 OK\r\n")


@pytest.mark.parametrize(
    ("hang_up_at", "kind"), [(b"EHLO", RetryLater), (b"RCPT", RetryLater), (b"DATA", Unknown), (b".", Unknown)]
)
def test_only_after_the_letter_itself_nobody_knows(hang_up_at: bytes, kind: type[Receipt]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        played = Thread(target=_play, args=(server, hang_up_at), daemon=True)
        played.start()
        url = f"mailto://127.0.0.1:{server.getsockname()[1]}?from=a@example.org&to=b@example.org&mode=insecure"
        assert isinstance(send(message(), url), kind)
        played.join()


def test_a_server_that_says_nothing_has_not_taken_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"mailto://127.0.0.1:{server.getsockname()[1]}?from=a@example.org&to=b@example.org&mode=insecure"
        assert isinstance(send(message(), url, deadline=0.3), RetryLater)


def test_the_parts_of_a_provider_are_those_apprise_knows() -> None:
    found = mailbox("mailto://user:secret@gmail.com?to=desk@example.org&cc=c@example.org&bcc=b@example.org")
    assert (found.host, found.port, found.tls, found.verify) == ("smtp.gmail.com", 587, "starttls", True)
    assert (found.to[1], found.copies, found.blind) == ("desk@example.org", ("c@example.org",), ("b@example.org",))
    assert "secret" not in repr(found)


def test_nothing_private_stands_in_a_letter() -> None:
    found = mailbox("mailto://user:CanaryXq7@example.org?to=desk@example.org&bcc=hidden@example.org")
    text = letter_of(found, message(), now=AT).as_string()
    assert "CanaryXq7" not in text
    assert "hidden@" not in text
