"""What an address holds is seen nowhere: no log record at any level, no receipt, no reason, no representation."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.delivery.addresses import check_url
from alerts.delivery.redact import scrubber
from alerts.delivery.routes import addresses
from alerts.model.delivery import Message
from sinks import Answer, Behaviour, Drop, Hang, SmtpSink, WebhookSink, send_here, standing_in

CANARY = "CanaryXq7"


class Everything(logging.Handler):
    """Keeps every record as a formatter would write it, arguments and traceback included."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{logging.Formatter().format(record)} {record.__dict__}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    """Listen to all loggers at their loudest, the libraries' own included."""
    names = ["", "apprise", "urllib3", "urllib3.connectionpool", "requests", "smtplib", "asyncio", "alerts"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(one, one.level) for one in loggers]
    handler = Everything()
    for one in loggers:
        one.setLevel(1)
        one.addHandler(handler)
    yield handler
    for one, level in before:
        one.removeHandler(handler)
        one.setLevel(level)


def poisoned(sink: WebhookSink, mail: SmtpSink, standing: dict[str, str]) -> dict[str, str]:
    """Return an Apprise URL for each service with the canary at every place that may hold a secret."""
    web, c = f"127.0.0.1:{sink.port}", CANARY
    return {
        "json": f"json://{c}user:{c}pass@{web}/{c}/path?+X-Token={c}head&-key={c}get&:field={c}field",
        "form": f"form://{c}user:{c}pass@{web}/{c}%2Fpath",
        "xml": f"xml://{c}user:p%40{c}@{web}/{c}",
        "ntfy": f"ntfy://{c}user:{c}pass@{web}/{c}topic",
        "gotify": f"gotify://{web}/{c}123456",
        "slack": standing["slack"].replace("TIiajkdnlazkcOXrIdevi7FQ", f"{c}{c[:3]}dnlazkcOXrId"),
        "telegram": standing["telegram"].replace(
            "AAabcdefghijklmnopqrstuvwxyz0123456", f"AA{c}jklmnopqrstuvwxyz0123456"
        ),
        "discord": standing["discord"].replace("JHMHI8qBe7bk2ZwO5U711o3dV_js", f"{c}bk2ZwO5U711o3dV_js"),
        "mail": f"mailto://{c}user:{c}pass@127.0.0.1:{mail.port}?from={c}@example.org&to={c}to@example.org&mode=insecure",
    }


SERVICES = ["json", "form", "xml", "ntfy", "gotify", "slack", "telegram", "discord", "mail"]
ANSWERS: list[Behaviour] = [Answer(), Answer(401), Answer(500), Drop(), Hang()]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("answer", ANSWERS, ids=["sent", "refused", "failing", "dropped", "hung"])
def test_no_token_is_logged_or_shown_whatever_happens(
    service: str, answer: Behaviour, everything: Everything, caplog: pytest.LogCaptureFixture
) -> None:
    with WebhookSink() as sink, SmtpSink() as mail, standing_in(sink.url) as standing:
        url = poisoned(sink, mail, standing)[service]
        sink.answers(replace(answer, body=url.encode()) if answer == Answer(401) else answer)  # it may echo us
        (address,) = addresses({"desk": ((url,), "UTC")})["desk"]
        deadline = 0.3 if isinstance(answer, Hang) else 20
        receipt = send_here(Message(title="t", body="b"), address.url, deadline)
        sink.release()
    said = "\n".join(everything.said)
    assert "Apprise" in said or "apprise" in said or "http" in said
    assert CANARY not in said
    assert CANARY.lower() not in f"{receipt!r} {receipt} {address!r} {address.id} {caplog.text}".lower()


@pytest.mark.parametrize(
    "url",
    [
        f"slack://{CANARY}/{CANARY}",
        f"tgram://{CANARY}",
        f"tgarm://{CANARY}",
        f"https://example.org/{CANARY}",
        f"mailto://?to={CANARY}@example.org&smtp={CANARY}",
        f"json://{CANARY}:{CANARY}@[broken",
        f"discord://{CANARY}",
        f"{CANARY}",
        f"{CANARY}:{CANARY}@example.org",
        f"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#{CANARY}/#{CANARY}2",
        f"json://h/{CANARY}?retry=2",
        f"json://h/{CANARY} json://h/{CANARY}",
    ],
)
def test_no_reason_against_a_url_quotes_it(url: str, everything: Everything) -> None:
    reason = check_url(url)
    assert reason
    assert CANARY.lower() not in reason.lower()
    assert CANARY not in "\n".join(everything.said)


def test_an_address_scrubs_its_parts_in_every_spelling() -> None:
    scrub = scrubber(
        "json://user:p%40ss@hooks.example.org:8080/secret%2Fpath/tail?+X-Token=t%C3%B6ken&-key=a+b+c+d&verify=no"
    )
    for leak in [
        "p%40ss",
        "p@ss",
        "hooks.example.org",
        "secret%2Fpath",
        "secret/path",
        "TAIL",
        "töken",
        "t%C3%B6ken",
        "a+b+c+d",
    ]:
        assert leak.lower() not in scrub(f"sent to {leak}, error=429.").lower()
    assert scrub("Failed to send it, error=429.") == "Failed to send it, error=429."


def test_a_short_password_is_masked_as_a_word_only() -> None:
    scrub = scrubber("mailto://me:pw@example.org")
    assert scrub("login me with pw: sometimes pwned") == "login *** with ***: sometimes pwned"


def test_the_log_of_others_is_left_alone(everything: Everything) -> None:
    check_url(f"tgram://{CANARY}")
    logging.getLogger("alerts").warning("%s is a word like any other", CANARY)
    assert everything.said[-1].startswith(f"{CANARY} is a word")


def test_apprise_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    check_url("tgram://nope")
    send_here(Message(title="t", body="b"), "json://127.0.0.1:1")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
