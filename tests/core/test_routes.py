"""An alert finds its addresses by the name of a channel; ids are stable and hold no secret."""

from __future__ import annotations

import pytest

from alerts.delivery.routes import RouteBook, addresses

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
