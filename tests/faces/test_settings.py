"""Settings: the first place that speaks wins, a wrong name is refused, a secret is never shown."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from alerts.model.errors import ConfigError
from alerts.settings import Settings, origins, read_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    for name in ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _channels(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {name: urls for name, (urls, _) in settings.channel_addresses().items()}


def test_the_first_place_that_speaks_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = folder / "credentials"
    credentials.mkdir()
    (credentials / "alerts_zone").write_text("Africa/Cairo", "utf-8")
    (credentials / "alerts_channels__desk").write_text("json://desk.example/hunter2\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert read_settings().zone == "Africa/Cairo"
    assert _channels(read_settings()) == {"desk": ("json://desk.example/hunter2",)}
    assert origins() == {"ALERTS_ZONE": "systemd credential", "ALERTS_CHANNELS__DESK": "systemd credential"}
    (folder / "alerts.toml").write_text('zone = "Asia/Tokyo"\n', "utf-8")
    assert read_settings().zone == "Asia/Tokyo"
    (folder / ".env").write_text("ALERTS_ZONE=Europe/Rome\nOTHER_PROGRAM=1\n", "utf-8")
    assert read_settings().zone == "Europe/Rome"
    monkeypatch.setenv("ALERTS_ZONE", "Europe/Kyiv")
    assert read_settings().zone == "Europe/Kyiv"
    assert read_settings(zone="UTC").zone == "UTC"


def test_everything_has_a_sensible_default() -> None:
    settings = read_settings()
    assert settings.home == Path("alerts-data")
    assert settings.store_url.endswith("/alerts-data/alerts.db")


def test_systemds_state_directory_is_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "state"))
    assert read_settings().home == folder / "state"


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("json://a", ("json://a",)),
        (
            "mailto://u:p@example.org?to=a@example.org,b@example.org",
            ("mailto://u:p@example.org?to=a@example.org,b@example.org",),
        ),
        ('["json://a", "json://b"]', ("json://a", "json://b")),
        ('{"to": "json://a", "zone": "Europe/Kyiv"}', ("json://a",)),
        ('{"to": ["json://a", "json://b"]}', ("json://a", "json://b")),
    ],
)
def test_a_channel_is_one_url_a_list_or_a_list_with_a_zone(
    value: str, urls: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_CHANNELS__NIGHT_DESK", value)
    assert _channels(read_settings()) == {"night-desk": urls}


def test_channels_come_from_several_places_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "alerts.toml").write_text('[channels]\ndesk = "json://toml"\nduty = {to = ["json://a"]}\n', "utf-8")
    monkeypatch.setenv("ALERTS_CHANNELS__DESK", "json://env")
    assert _channels(read_settings()) == {"desk": ("json://env",), "duty": ("json://a",)}


def test_what_a_feed_is_asked_with_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"un": {"headers": {"X-Key": "canary-1"}, "login": "me:canary-2", "proxy": "http://me:canary-3@proxy:3128"}}
    monkeypatch.setenv("ALERTS_FETCH__FEEDS", json.dumps(asked))
    settings = read_settings()
    assert settings.fetch.feeds["un"].headers["X-Key"].get_secret_value() == "canary-1"
    assert "canary" not in repr(settings) + str(settings.model_dump())


def test_networks_may_be_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_FETCH__PRIVATE", "127.0.0.0/8, 10.1.2.3/8")
    assert read_settings().fetch.private == ["127.0.0.0/8", "10.0.0.0/8"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALERTS_HOEM", "x", "Did you mean 'ALERTS_HOME'"),
        ("ALERTS_FETCH__CONTCAT", "x", "Did you mean 'ALERTS_FETCH__CONTACT'"),
        ("ALERTS_CHANNELS__DESK", "[broken", "looks like JSON"),
        ("ALERTS_CHANNELS__DESK", '{"to": "json://a", "zon": "x"}', "Did you mean 'zone'"),
        ("ALERTS_CHANNELS__DESK", "[]", "ALERTS_CHANNELS__DESK"),
        ("ALERTS_PUBLIC_URL", "example", "ALERTS_PUBLIC_URL"),
        ("ALERTS_ZONE", "Kyiv", "IANA"),
        ("ALERTS_FETCH__FEEDS", "{broken", "looks like JSON"),
        ("ALERTS_FETCH__FEEDS", '{"x": {"headers": {"Host": "a"}}}', "not a header that can be set"),
        ("ALERTS_FETCH__FEEDS", '{"x": {"headers": {"A": "a\\nb"}}}', "one line"),
        ("ALERTS_FETCH__FEEDS", '{"x": {"proxy": "socks5://a"}}', "http://host:port"),
    ],
)
def test_a_wrong_setting_is_named_with_the_mend(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_all_wrong_settings_are_named_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "alerts.toml").write_text('zonne = "UTC"\n', "utf-8")
    (folder / ".env").write_text("ALERTS_HOEM=x\n", "utf-8")
    monkeypatch.setenv("ALERTS_ZONE", "Mars")
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert len(str(caught.value).splitlines()) == 3


def test_a_file_that_is_no_toml_is_one_line(folder: Path) -> None:
    (folder / "alerts.toml").write_text("zone = \n", "utf-8")
    with pytest.raises(ConfigError, match=r"alerts\.toml cannot be read"):
        read_settings()


@pytest.mark.parametrize("name", ["ALERTS_CHANNELS__DESK", "ALERTS_DATABASE_URL", "ALERTS_WEB__TOKEN"])
def test_a_secret_is_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "canary-7f3a")
    assert "canary" not in repr(read_settings())
    monkeypatch.setenv("ALERTS_ZONE", "Mars")
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert "canary" not in f"{caught.value!r}{caught.value.__cause__!r}"


UNREADABLE = """
import os
from alerts.model.errors import ConfigError
from alerts.settings import read_settings
if os.getuid() == 0:
    os.setuid(65534)
try:
    read_settings()
except ConfigError as error:
    print(error)
"""


@pytest.mark.parametrize("name", [".env", "alerts.toml"])
def test_a_file_that_the_daemons_user_may_not_read_is_said_in_a_line(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        Path(folder).chmod(0o755)
        (Path(folder) / name).write_text("", "utf-8")
        (Path(folder) / name).chmod(0o000)
        command = [sys.executable, "-c", UNREADABLE]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    assert f"{name} cannot be read by user" in done.stdout
