"""The terminal a person sits at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exhibit import Exhibit, exhibited
from feedserver import FeedServer
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A folder with one rule, one feed and one sink."""
    with FeedServer() as server:
        yield Terminal(tmp_path, server)


@pytest.fixture(scope="session")
def exhibit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibit]:
    """A house in which the demo's story has happened."""
    with exhibited(tmp_path_factory.mktemp("exhibit")) as found:
        yield found
