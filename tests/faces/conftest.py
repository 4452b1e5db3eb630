"""The terminal a person sits at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedserver import FeedServer
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A folder with one rule, one feed and one sink."""
    with FeedServer() as server:
        yield Terminal(tmp_path, server)
