"""The page in a real browser: for eyes, for screen readers, for keyboards, on a phone, with and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Literal

import pytest

from browser import axe, chromium, violations
from exhibit import Exhibit
from visitor import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.tool("browser")

PAGES = ("/", "/alerts", "/questions/call-outcome", "/questions/call-news", "/questions/call-outcome/changes/3")


@pytest.fixture(scope="module")
def port(exhibit: Exhibit) -> Iterator[int]:
    """The story, served."""
    with visiting(exhibit.site(running=lambda: False)) as visitor:
        yield visitor.port


@pytest.fixture(scope="module")
def browser(port: int) -> Iterator[Browser]:
    """One browser for all tests; each opens windows of its own."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def eyes() -> str:
    """The source of axe-core."""
    source = axe()
    if source is None:
        if "axe" in os.environ.get("ALERTS_TEST_REQUIRE", "").split(","):
            pytest.fail("ALERTS_TEST_REQUIRE names axe, but npm has no axe-core")
        pytest.skip("needs axe-core: npm install --global axe-core")
    return source


@pytest.mark.parametrize(("width", "scheme"), list(product((390, 1280), ("light", "dark"))))
def test_nothing_is_in_anybodys_way(
    width: int, scheme: Literal["light", "dark"], browser: Browser, port: int, eyes: str
) -> None:
    """axe-core finds nothing, nothing is wider than the window, and the page asks nobody else for anything."""
    with browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = context.new_page()
        said: list[str] = []
        asked: set[str] = set()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.add(request.url.split("/")[2]))
        for path in PAGES:
            page.goto(f"http://127.0.0.1:{port}{path}")
            assert violations(page, eyes) == [], path
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert said == []
        assert asked == {f"127.0.0.1:{port}"}


def test_it_works_without_scripts_and_by_keyboard(browser: Browser, port: int) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        assert page.locator("article.card").count() == 4
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # skip to the page
        page.get_by_role("link", name="Russia rejects the 30-day ceasefire").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/questions/ceasefire-acceptance")
        page.locator("details.behind summary").first.focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("three rivers courier").is_visible()


def test_times_stay_fresh(browser: Browser, port: int) -> None:
    """A page that is left open counts on, from the site's time, whatever the visitor's clock says."""
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install(time="2031-01-01T00:00:00Z")
        page.goto(f"http://127.0.0.1:{port}/questions/ceasefire-acceptance")
        before = page.locator("time.ago").first.inner_text()
        page.clock.run_for(3 * 24 * 3600 * 1000)
        after = page.locator("time.ago").first.inner_text()
        assert (before, after) == ("28 h 18 min ago", "4 days ago")
