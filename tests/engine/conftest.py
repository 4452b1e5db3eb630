"""The newsroom most stories begin in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from alerts.store.store import Store
from newsroom import Newsroom


@pytest.fixture
def room(tmp_path: Path, noon: datetime) -> Iterator[Newsroom]:
    """A newsroom that has polled its two empty feeds once, at noon."""
    store = Store.open(f"sqlite:///{tmp_path / 'alerts.db'}")
    newsroom = Newsroom(store, noon)
    newsroom.work()
    yield newsroom
    store.close()
