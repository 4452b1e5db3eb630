"""Who may come in, under which name, and what a form must bring: asked of the real server."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from alerts.model.errors import ConfigError
from alerts.store.store import Store
from alerts.web.guard import LARGEST
from alerts.web.listen import Listen, read_listen
from alerts.web.site import Site
from fakes import HandClock
from visitor import Visitor, visiting

TOKEN = "correct-horse-battery"
ANY = Listen("127.0.0.1", 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "alerts.db")) as opened:
        yield opened
    gc.collect()


@pytest.fixture
def door(store: Store, noon: datetime) -> Any:
    """Return a function that opens a site and sends a visitor there."""

    def open_site(**known: Any) -> Any:
        return visiting(Site(**{"store": store, "clock": HandClock(noon), "key": b"k" * 32, "listen": ANY, **known}))

    return open_site


@pytest.mark.parametrize("text", ["127.0.0.1:8787", "[::1]:80", "localhost:0", "127.3.2.1:1"])
def test_this_machine_needs_no_token(text: str) -> None:
    listen = read_listen(text, token=None)
    assert listen is not None
    assert listen.is_loopback


@pytest.mark.parametrize(
    "text", ["0.0.0.0:8787", "[::]:80", "192.0.2.7:80", "desk.example.org:80", "127.0.0.1.example:80"]
)
def test_beyond_this_machine_a_token_is_needed(text: str) -> None:
    with pytest.raises(ConfigError, match="wants a token"):
        read_listen(text, token=None)
    assert read_listen(text, token=TOKEN) is not None


@pytest.mark.parametrize(
    "text", ["8787", "127.0.0.1", "127.0.0.1:x", "http://127.0.0.1:80", "a@127.0.0.1:80", "127.0.0.1:99999"]
)
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="is no address"):
        read_listen(text, token=TOKEN)


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ConfigError, match="can be guessed"):
        read_listen("127.0.0.1:1", token="secret")


@pytest.mark.parametrize("text", ["off", "", "None"])
def test_the_page_can_be_off(text: str) -> None:
    assert read_listen(text, token=None) is None


def test_a_page_comes_with_everything_locked_down(door: Any) -> None:
    with door() as visitor:
        seen = visitor.get("/")
    assert seen.status == 200
    assert "default-src 'none'" in seen.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in seen.headers["content-security-policy"]
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["cache-control"] == "no-store"
    assert "HttpOnly; SameSite=Strict" in seen.headers["set-cookie"]
    assert "server" not in seen.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", "", "192.0.2.1", "[::1"]
)
def test_a_name_that_is_not_ours_is_refused(host: str, door: Any) -> None:
    """DNS rebinding: a page of evil.example whose name now leads to us still asks for evil.example."""
    with door() as visitor:
        visitor.host = host or " "
        assert visitor.get("/").status in {400, 421}


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "[::1]:80", "page.localhost"])
def test_this_machine_may_be_called_by_any_of_its_names(host: str, door: Any) -> None:
    with door() as visitor:
        visitor.host = host
        assert visitor.get("/").status == 200


def test_without_a_token_a_public_name_leads_to_signed_links_only(door: Any) -> None:
    """A proxy in front of loopback must not open the page to the world."""
    with door(public_url="https://alerts.example.org") as visitor:
        visitor.host = "alerts.example.org"
        assert visitor.get("/").status == 403
        assert visitor.get("/metrics").status == 403
        assert visitor.get("/act/nonsense").status == 410
        assert visitor.get("/healthz").status == 200


def test_with_a_token_nothing_is_shown_before_it_is(door: Any) -> None:
    with door(token=TOKEN, public_url="https://alerts.example.org") as visitor:
        visitor.host = "alerts.example.org"
        for path in ("/", "/metrics", "/readyz", "/nothing"):
            assert visitor.get(path).status == 401
        assert visitor.get("/", Accept="text/html").headers["location"] == "/login?to=%2F"
        assert visitor.get("/", Authorization=f"Bearer {TOKEN}").status == 200
        assert visitor.get("/", Authorization="Bearer wrong").status == 401
        assert visitor.get("/healthz").status == 200


def test_whoever_shows_the_token_is_let_in_and_remembered(door: Any) -> None:
    with door(token=TOKEN) as visitor:
        assert visitor.submit("/login", {"token": "wrong"}).status == 403
        entered = visitor.submit("/login?to=%2Fmetrics", {"token": TOKEN, "to": "/metrics"})
        assert (entered.status, entered.headers["location"]) == (303, "/metrics")
        assert visitor.get("/metrics").status == 200
        visitor.cookies["alerts_session"] = "x" + visitor.cookies["alerts_session"][1:]
        assert visitor.get("/metrics").status == 401


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_in_leads_nowhere_else(to: str, door: Any) -> None:
    with door(token=TOKEN) as visitor:
        assert visitor.submit("/login", {"token": TOKEN, "to": to}).headers["location"] == "/"


def enter(visitor: Visitor, **how: str) -> int:
    return visitor.submit("/login", {"token": TOKEN}, **how).status


def test_a_form_of_another_site_is_refused(door: Any) -> None:
    with door(token=TOKEN) as visitor:
        assert enter(visitor, Origin="https://evil.example") == 403
        assert enter(visitor, Origin="null") == 403
        assert enter(visitor, Sec_Fetch_Site="cross-site") == 403
        assert enter(visitor, Sec_Fetch_Site="same-origin") == 303


def test_a_form_without_what_its_page_gave_is_refused(door: Any) -> None:
    with door(token=TOKEN) as visitor:
        assert enter(visitor, csrf="") == 403
        token = visitor.form_token("/login")
        assert enter(visitor, csrf=token[:-1] + "x") == 403
        visitor.cookies.clear()
        assert enter(visitor, csrf=token) == 403


def test_a_script_with_the_token_needs_no_form(door: Any) -> None:
    with door(token=TOKEN) as visitor:
        assert visitor.send("POST", "/login", "{}", Authorization=f"Bearer {TOKEN}").status == 403
        assert visitor.send("POST", "/metrics", "", Authorization=f"Bearer {TOKEN}").status == 405


def test_a_body_without_end_is_not_read(door: Any) -> None:
    with door() as visitor:
        seen = visitor.send("POST", "/login", "x" * (LARGEST + 1))
        assert seen.status == 413


def test_what_is_not_there_is_said_on_a_page(door: Any) -> None:
    with door() as visitor:
        seen = visitor.get("/questions/<script>alert(1)</script>")
    assert seen.status == 404
    assert "<script>" not in seen.text


def test_no_file_outside_the_folder_of_looks_is_served(door: Any) -> None:
    with door() as visitor:
        assert visitor.get("/static/site.css").status == 200
        for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"):
            assert visitor.get(path).status in {404, 405}


def test_readiness_tells_a_daemon_that_stands_still(door: Any, noon: datetime) -> None:
    clock = HandClock(noon)
    with door(clock=clock, beat=lambda: noon) as visitor:
        assert visitor.get("/readyz").status == 200
        clock.go(seconds=61)
        seen = visitor.get("/readyz")
    assert seen.status == 503
    assert "has not looked what is due" in seen.text


def test_figures_come_in_the_format_of_prometheus(door: Any) -> None:
    with door() as visitor:
        seen = visitor.get("/metrics")
    assert seen.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'alerts_deliveries{state="dead"} 0.0' in seen.text
    assert 'alerts_feeds{health="ok"} 0.0' in seen.text
