"""An unusable Apprise URL is refused in words; the limits we know hold for the services Apprise knows."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from alerts.delivery.addresses import LOCAL, check_url, load_apprise
from alerts.delivery.limits import limits_for


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


def test_no_message_of_ours_is_longer_than_a_service_of_apprise_takes() -> None:
    """Where a plug-in states its limits as numbers; a new release with a stricter one fails here."""
    wrong = []
    for plugin in _plugins():
        for schema in _schemas(plugin):
            limits = limits_for(f"{schema}://x")
            if isinstance(plugin.body_maxlen, int) and limits.body > plugin.body_maxlen:
                wrong.append((schema, limits.body, plugin.body_maxlen))
            if isinstance(plugin.title_maxlen, int) and limits.title and limits.title > plugin.title_maxlen > 0:
                wrong.append((schema, limits.title, plugin.title_maxlen))
    assert not wrong


def test_looking_at_limits_or_routes_does_not_load_apprise() -> None:
    program = (
        "import sys; import alerts.delivery.addresses, alerts.delivery.send, alerts.delivery.render, "
        "alerts.delivery.routes, alerts.delivery.retry; print('apprise' in sys.modules, 'requests' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False False\n"
