"""A real browser, and the eye of somebody who cannot see the page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WRONG = "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => `${n.target} ${n.failureSummary}`)]))"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that the system has; it talks to nobody but the pages it is sent to."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def axe() -> str | None:
    """Return the source of axe-core, where npm has it."""
    if not shutil.which("npm"):
        return None
    root = subprocess.run(["npm", "root", "--global"], capture_output=True, text=True, check=True, timeout=60)
    file = Path(root.stdout.strip()) / "axe-core" / "axe.min.js"
    return file.read_text("utf-8") if file.is_file() else None


def violations(page: Page, source: str) -> list[Any]:
    """Return what axe finds wrong with a page."""
    page.evaluate(source)
    found: list[Any] = page.evaluate(WRONG)
    return found
