"""The page in a real browser: for eyes, for screen readers, for keyboards, on a phone, with and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from alerts.engine.diagnosis import Finding, bad, doubtful, well
from alerts.engine.ruling import Ruling, rule
from alerts.store.store import Store
from alerts.wiring.workbench import Workbench
from browser import axe, chromium, violations
from exhibit import ROOT, Exhibit
from visitor import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.tool("browser")

PAGES = (
    "/",
    "/alerts",
    "/questions/call-outcome",
    "/questions/call-news",
    "/questions/call-outcome/changes/3",
    "/playground?question=ceasefire-acceptance&text=Trump+hopes+that+Putin+accepts+the+truce",
    "/review",
    "/feeds",
    "/deliveries",
    "/silences",
    "/doctor",
    "/live",
)
ODD = ("/login", "/no-such-page")
"""Pages of which the browser itself has something to say."""


@pytest.fixture(scope="module")
def own(exhibit: Exhibit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A copy of the story's database, to write in."""
    path = tmp_path_factory.mktemp("browser") / "own.db"
    exhibit.store.backup(path)
    with Store.open(str(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def port(exhibit: Exhibit, own: Store) -> Iterator[int]:
    """The story, served."""
    bench = Workbench(ROOT / "rules" / "ukraine-ceasefire", ROOT / "seeds")
    with visiting(exhibit.site(store=own, running=lambda: False, workbench=bench, doctor=findings)) as visitor:
        yield visitor.port


def findings() -> list[Finding]:
    return [
        bad("channels", "none", "set one"),
        doubtful("disk", "1 GB free", "free some"),
        well("rules", "14 in force"),
    ]


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


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
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
        for path in ODD:
            page.goto(f"http://127.0.0.1:{port}{path}")
            assert violations(page, eyes) == [], path
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


def test_a_label_is_given_by_keyboard(browser: Browser, port: int) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/review")
        before = page.locator("article.card").count()
        page.get_by_role("button", name="not relevant").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("article.card").count() == before - 1


def test_what_comes_streams_in_and_stands_still_while_one_reads(
    browser: Browser, exhibit: Exhibit, own: Store, port: int
) -> None:
    """The daemon's own writes, as a ruling makes them, arrive in an open page; text from outside stays text."""
    question = exhibit.in_force.questions["sanctions"]

    def say(because: str) -> None:
        rule(own, Ruling(question=question, because=because, by="Anna", at=exhibit.clock.now()))

    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/live")
        page.get_by_text("connected", exact=True).wait_for()
        say("first <img src=x onerror=alert(1)>")
        page.locator("li.arrived q", has_text="first <img src=x").wait_for()
        page.get_by_role("button", name="Pause").click()
        say("second")
        page.get_by_role("button", name="Show 1 new").wait_for()
        assert page.locator("li.arrived").count() == 1
        context.set_offline(True)
        say("third")
        context.set_offline(False)
        page.get_by_role("button", name="Go on").click()
        page.locator("li.arrived q", has_text="third").wait_for()
        assert [one.inner_text().strip("“”") for one in page.locator("li.arrived q").all()][1:] == [
            "second",
            "first <img src=x onerror=alert(1)>",
        ]
