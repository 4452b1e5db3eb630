"""An alert finds its addresses by the name of a channel; ids are stable and hold no secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from alerts.delivery.routes import RouteBook, addresses, owed
from alerts.model.change import Alert, Reason, Standing
from alerts.model.question import Answer, Escalate, Question, Severity
from alerts.model.route import Claims, Pace, Quiet, Route, Terms
from alerts.rulebook.routes import read_routes
from telling import NOW, answer

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
MAIL = "mailto://desk:canary-password@example.org"


def test_an_address_is_named_after_its_channel_and_a_fingerprint() -> None:
    (one,) = addresses({"desk": ((SLACK,), "Europe/Kyiv")})["desk"]
    channel, _, fingerprint = one.id.partition("/")
    assert (channel, one.channel, one.zone, one.url) == ("desk", "desk", "Europe/Kyiv", SLACK)
    assert len(fingerprint) == 12
    assert int(fingerprint, 16) >= 0


def test_ids_do_not_change_when_urls_are_reordered() -> None:
    first = addresses({"desk": ((SLACK, MAIL), "UTC")})["desk"]
    second = addresses({"desk": ((MAIL, SLACK), "UTC")})["desk"]
    assert {one.id for one in first} == {one.id for one in second}
    assert [one.id for one in first] == [one.id for one in reversed(second)]


def test_a_url_named_twice_is_one_address() -> None:
    assert len(addresses({"desk": ((MAIL, SLACK, MAIL), "UTC")})["desk"]) == 2


def test_no_part_of_the_url_is_seen_in_an_address() -> None:
    (one,) = addresses({"desk": ((MAIL,), "UTC")})["desk"]
    assert "canary" not in f"{one!r} {one} {one.id}"


@pytest.mark.parametrize(
    ("notify", "channel"),
    [("desk", "desk"), (None, "default"), ("", "default"), ("ceasefire", "default"), ("Night_Desk", "night-desk")],
)
def test_notify_names_a_channel_else_the_default_one(notify: str | None, channel: str) -> None:
    known = addresses(dict.fromkeys(("desk", "default", "night-desk"), ((SLACK,), "UTC")))
    found = RouteBook(known).recipients(notify)
    assert [one.channel for one in found.addresses] == [channel]
    assert found.reason is None


def test_all_addresses_of_a_channel_are_told() -> None:
    known = addresses({"desk": ((SLACK, MAIL), "UTC")})
    assert RouteBook(known).recipients("desk").addresses == known["desk"]


@pytest.mark.parametrize(
    ("notify", "said"), [("desk", "channel 'desk' is not set and there is no"), (None, "no channel 'default' is set")]
)
def test_nobody_to_tell_comes_with_a_reason_and_what_to_do(notify: str | None, said: str) -> None:
    found = RouteBook(addresses({"other": ((SLACK,), "UTC"), "default": ((), "UTC")})).recipients(notify)
    assert found.addresses == ()
    assert found.reason is not None
    assert found.reason.startswith(said)
    assert "ALERTS_CHANNELS__DEFAULT" in found.reason


# --- the file of routes ---------------------------------------------------------------------------

ROUTES = """\
routes:
  ceasefire:
    send:
      - desk
      - {to: night, from: flash, min_standing: confirmed, claims: never, pace: 2 in 1h}
    quiet: {hours: 23:00-6:30, zone: Europe/Kyiv, let_through: urgent}
  morning:
    send: [desk]
    digest: 8:00, 16:30
    zone: Europe/London
"""


def test_a_file_of_routes_says_who_is_told_on_what_terms() -> None:
    routes, problems = read_routes("routes.yaml", ROUTES)
    assert problems == ()
    quiet = Quiet(start=time(23), end=time(6, 30), zone="Europe/Kyiv", let_through=Severity.URGENT)
    desk, night = routes["ceasefire"].terms
    assert desk == Terms(channel="desk", quiet=quiet)
    assert night == Terms(
        channel="night",
        quiet=quiet,
        least=Severity.FLASH,
        min_standing=Standing.CONFIRMED,
        claims=Claims.NEVER,
        pace=Pace(2, timedelta(hours=1)),
    )
    assert routes["morning"].terms == (Terms(channel="desk", digest=(time(8), time(16, 30)), zone="Europe/London"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("route: {}", "1:1: E006: unknown key 'route'. Did you mean 'routes'?"),
        ("routes: {}", "1:9: E008: 'routes' is empty"),
        ("routes: {Desk: {send: [a]}}", "1:10: E010: 'Desk' is no possible id"),
        ("routes: {a: {}}", "1:13: E007: 'send' is missing"),
        ("routes: {a: {send: []}}", "E008: 'send' is empty"),
        ("routes: {a: {send: [[b]]}}", "1:21: E008: a list is no recipient. Write a channel, or {to: channel, …}."),
        ("routes: {a: {send: [{frm: flash}]}}", "E007: 'to' is missing"),
        ("routes: {a: {send: [b, b]}}", "1:24: E012: channel 'b' stands twice"),
        ("routes: {a: {send: [b], from: flsh}}", "1:31: E009: unknown from 'flsh'. Did you mean 'flash'?"),
        ("routes: {a: {send: [b], pace: five}}", "E009: 'five' is no pace. Write 5 in 10m"),
        ("routes: {a: {send: [b], pace: 0 in 10m}}", "E009: '0 in 10m' is no pace"),
        ("routes: {a: {send: [b], digest: noon}}", "E009: 'noon' is no time of day"),
        ("routes: {a: {send: [b], quiet: {hours: 23-06}}}", "E009: '23-06' are no hours. Write 23:00-06:00."),
        ("routes: {a: {send: [b], quiet: {hours: 06:00-06:00}}}", "last a whole day"),
        ("routes: {a: {send: [b], quiet: {hours: 23:00-06:00, zone: Mars/Base}}}", "'Mars/Base' is no time zone"),
        ("routes: [", "E001"),
        ("- a", "E005"),
        ("routes: &a {x: *a}", "E003"),
    ],
)
def test_what_is_wrong_with_routes_is_said_with_its_place(text: str, said: str) -> None:
    routes, problems = read_routes("routes.yaml", text)
    assert routes == {}
    assert any(said in str(problem) for problem in problems), [str(one) for one in problems]


def test_every_problem_of_a_file_is_said_at_once() -> None:
    _, problems = read_routes(
        "r.yaml", "routes:\n  a: {send: [{to: b, pace: x}], digest: y, from: z}\n  c: {send: []}\n"
    )
    assert len(problems) >= 3


# --- who is owed an alert ---------------------------------------------------------------------------

KNOWN = addresses({"desk": ((SLACK,), "UTC"), "night": ((MAIL,), "UTC"), "boss": (("json://b",), "UTC")})
DESK, NIGHT, BOSS = (KNOWN[name][0].id for name in ("desk", "night", "boss"))
QUESTION = Question(
    id="truce", story="war", path="truce.yaml", text="Truce?", hash="1",
    answers=(Answer(id="rejected", says="It is rejected", severity=Severity.FLASH),),
)  # fmt: skip


def told(
    alert: Alert, *terms: Terms, heard: frozenset[str] = frozenset(), question: Question = QUESTION
) -> dict[str, Any]:
    """Return what each address is owed of an alert of the route ``desk``."""
    book = RouteBook(KNOWN, {"war": Route(id="war", terms=terms)})
    return {one.address: one for one in owed(replace(alert, notify="war"), question, book, told=heard, now=NOW)}


def test_a_route_says_from_which_loudness_on_somebody_is_told() -> None:
    both = Terms(channel="desk"), Terms(channel="night", least=Severity.FLASH)
    assert told(answer(), *both).keys() == {DESK, NIGHT}
    assert told(answer(severity=Severity.URGENT), *both).keys() == {DESK}
    assert told(answer(severity=Severity.LOG), *both) == {}


def test_who_wants_confirmed_answers_gets_the_confirmation_as_loudly_as_the_answer() -> None:
    sure = Terms(channel="night", least=Severity.FLASH, min_standing=Standing.CONFIRMED)
    confirmed = answer(reason=Reason.CONFIRMED, standing=Standing.CONFIRMED, severity=Severity.URGENT)
    assert told(answer(), sure) == {}
    assert told(confirmed, sure)[NIGHT].severity is Severity.FLASH
    assert told(confirmed, Terms(channel="night"))[NIGHT].severity is None
    assert told(answer(reason=Reason.CLAIMED, standing=Standing.CONFIRMED), sure) == {}
    assert told(answer(standing=Standing.CONFIRMED), sure).keys() == {NIGHT}
    assert told(answer(reason=Reason.OVERDUE, standing=None), sure).keys() == {NIGHT}


def test_a_claim_is_muted_while_the_answer_in_force_is_confirmed() -> None:
    claim = answer(reason=Reason.CLAIMED, standing=Standing.CONFIRMED)
    assert "while the answer in force is confirmed" in told(claim, Terms(channel="desk"))[DESK].muted
    assert told(claim, Terms(channel="desk", claims=Claims.ALWAYS))[DESK].muted is None
    assert told(answer(reason=Reason.CLAIMED), Terms(channel="desk"))[DESK].muted is None
    assert told(answer(reason=Reason.CLAIMED), Terms(channel="desk", claims=Claims.NEVER)) == {}


@pytest.mark.parametrize("reason", [Reason.RETRACTED, Reason.CORRECTED, Reason.DISPUTED])
def test_what_is_taken_back_goes_to_those_who_were_told_whatever_their_terms(reason: Reason) -> None:
    back = answer(reason=reason, severity=Severity.ROUTINE)
    route = Terms(channel="desk"), Terms(channel="night", least=Severity.FLASH, min_standing=Standing.CONFIRMED)
    assert told(back, *route, heard=frozenset({NIGHT, BOSS, "gone/1"})).keys() == {NIGHT, BOSS}


def test_where_nobody_was_told_nothing_is_taken_back_and_a_dispute_is_news() -> None:
    assert told(answer(reason=Reason.RETRACTED), Terms(channel="desk")) == {}
    assert told(answer(reason=Reason.DISPUTED), Terms(channel="desk")).keys() == {DESK}


def test_an_escalation_waits_for_its_time_and_is_for_others() -> None:
    question = replace(QUESTION, escalate=Escalate(to="boss", after=timedelta(minutes=10)))
    found = told(answer(), Terms(channel="desk"), question=question)
    assert (found[BOSS].escalates, found[BOSS].next_at) == (True, NOW + timedelta(minutes=10))
    assert not found[DESK].escalates
    assert told(answer(severity=Severity.URGENT), Terms(channel="desk"), question=question).keys() == {DESK}
    assert not told(answer(), Terms(channel="boss"), question=question)[BOSS].escalates


def test_a_route_without_a_channel_that_is_set_falls_back_to_the_default() -> None:
    book = RouteBook({**KNOWN, "default": KNOWN["boss"]}, {"war": Route(id="war", terms=(Terms(channel="unset"),))})
    assert book.recipients("war").addresses == KNOWN["boss"]
    assert list(book.unset()) == [("war", "unset")]


def test_an_address_of_two_channels_of_a_route_is_told_once() -> None:
    same = {"a": KNOWN["desk"], "b": KNOWN["desk"]}
    first, second = Terms(channel="a", least=Severity.FLASH), Terms(channel="b")
    found = RouteBook(same, {"war": Route(id="war", terms=(first, second))}).recipients("war")
    assert (found.addresses, found.terms) == (KNOWN["desk"], (first,))
