"""An unusable Apprise URL is refused in words; the limits we know hold for the services Apprise knows."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from alerts.delivery.addresses import LOCAL, check_url, load_apprise, stated_room
from alerts.delivery.limits import limits_for, within
from alerts.delivery.readers import reader_of
from alerts.delivery.render import render
from alerts.model.delivery import Address
from telling import NOW, answer


@pytest.mark.parametrize(
    "url",
    [
        "json://example.org/hook",
        "JSONS://example.org",
        "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654321",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "mailto://user:password@gmail.com",
        "mailto://127.0.0.1:25?from=a@example.org&to=b@example.org&mode=insecure",
        "json://example.org/?retry=0&optional=no&overflow=split",
    ],
)
def test_a_sound_url_has_nothing_against_it(url: str) -> None:
    assert check_url(url) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "it has to begin with a service"),
        ("123456789:AAabcdefghijkl", "it has to begin with a service"),
        ("telegramm://a/b", "no service is called 'telegramm'"),
        ("tgarm://a/b", "Did you mean tgram://?"),
        ("mailtoo://a/b", "Did you mean mailto://?"),
        ("https://example.org/hook", "for a webhook of your own write jsons://"),
        ("http://example.org/hook", "for a webhook of your own write json://"),
        ("slack://T1JJ3T3L2", "Apprise cannot use this slack:// URL"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a/#b", "several recipients in one URL"),
        ("mailto://u:p@gmail.com?to=a@example.org,b@example.org", "several recipients in one URL"),
        ("json://a, json://b", "it holds several URLs"),
        ("json://a\njson://b", "it holds several URLs"),
        ("json://a?optional=yes", "'optional'"),
        ("json://a?Optional=1", "'optional'"),
        ("json://a?retry=3", "'retry'"),
        ("discord://a/b?template=/etc/passwd", "'template'"),
        ("json://a?attach=/etc/passwd", "'attach'"),
        ("mqtt://a/topic", "'mqtt' needs paho-mqtt"),
        ("json://[broken", "Apprise cannot use this json:// URL"),
    ],
)
def test_what_is_wrong_with_a_url_is_said(url: str, said: str) -> None:
    assert said in (check_url(url) or "")


@pytest.mark.parametrize("schema", sorted(LOCAL))
def test_this_machine_is_no_recipient_unless_allowed(schema: str) -> None:
    assert "speaks to this machine" in (check_url(f"{schema}://localhost") or "")


def test_a_local_service_can_be_allowed() -> None:
    assert check_url("syslog://", allowed=frozenset({"syslog"})) is None


def _plugins() -> list[Any]:
    load_apprise()
    from apprise.manager_plugins import NotificationManager

    return list(NotificationManager().plugins())  # type: ignore[no-untyped-call]


def _schemas(plugin: Any) -> list[str]:
    found = []
    for protocols in (plugin.protocol, plugin.secure_protocol):
        found += [protocols] if isinstance(protocols, str) else list(protocols or ())
    return found


def room(plugin: Any) -> tuple[int, int]:
    """Return what a plug-in states, as ``stated_room`` reads it off a usable address."""
    body, title = plugin.body_maxlen, plugin.title_maxlen
    return (body if isinstance(body, int) and body > 0 else 0, title if isinstance(title, int) else 0)


def test_no_message_of_ours_is_longer_than_a_service_of_apprise_takes() -> None:
    """Whatever services the installed release brings, known to our table or not."""
    wrong = []
    for plugin in _plugins():
        for schema in _schemas(plugin):
            address = Address(id="d/0", channel="d", url=f"{schema}://x", room=room(plugin))
            limits = reader_of(address).limits
            if room(plugin)[0] and limits.body > room(plugin)[0]:
                wrong.append((schema, limits.body, room(plugin)))
            if room(plugin)[1] >= 0 and limits.title > max(0, room(plugin)[1]):
                wrong.append((schema, limits.title, room(plugin)))
    assert not wrong


def test_a_service_no_table_knows_gets_what_its_plugin_states() -> None:
    """A release to come brings a plug-in of a few words: its messages fit all the same."""
    load_apprise()
    from apprise import NotifyBase
    from apprise.manager_plugins import NotificationManager

    states = {"service_name": "Telegraph", "secure_protocol": "telegraph", "body_maxlen": 120, "title_maxlen": 0}
    plugin = type("NotifyTelegraph", (NotifyBase,), states)
    manager: Any = NotificationManager  # it has no types
    manager = manager()
    manager.add(plugin, schemas="telegraph")
    try:
        url = "telegraph://wire/1"
        assert check_url(url) is None
        address = Address(id="d/0", channel="d", url=url, room=stated_room(url))
        message = render(answer(), reader_of(address), now=NOW)
        assert len(message.title) + len(message.body) <= 120
    finally:
        manager.remove("telegraph")


def test_what_the_plugin_states_never_widens_what_we_know() -> None:
    known = limits_for("pover://a@b")
    assert within(known, (9999, 9999)) == known
    assert within(known, None) == known
    assert (within(known, (100, 20)).body, within(known, (100, 20)).title) == (100, 20)
    assert within(known, (0, 0)).title == 0


def test_looking_at_limits_or_routes_does_not_load_apprise() -> None:
    program = (
        "import sys; import alerts.delivery.addresses, alerts.delivery.senders, alerts.delivery.render, "
        "alerts.delivery.routes, alerts.delivery.retry; "
        "print({'apprise', 'requests', 'aiohttp', 'aiosmtplib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
