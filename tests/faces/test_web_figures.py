"""Figures over HTTP: the engine's meters, as Prometheus itself reads them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from alerts.engine.meters import NAMES
from alerts.store.store import Store
from alerts.web.listen import Listen
from alerts.web.site import Site
from fakes import item
from newsroom import Newsroom
from visitor import visiting


@pytest.fixture
def exposed(tmp_path: Path, noon: datetime) -> Iterator[str]:
    """What a scrape gets of a newsroom that has told one item."""
    with Store.open(str(tmp_path / "alerts.db")) as store:
        room = Newsroom(store, noon)
        room.work()
        room.publish("wire", item("Dam bursts above the valley", at=noon))
        room.work(minutes=2)
        room.dispatch.in_force = replace(room.dispatch.in_force, refused=("dam.yaml:1:1: E001: broken",))
        site = Site(
            store=store,
            clock=room.clock,
            key=b"k" * 32,
            listen=Listen("127.0.0.1", 0),
            in_force=lambda: room.dispatch.in_force,
            beat=room.clock.steady,
        )
        with visiting(site) as visitor:
            yield visitor.get("/metrics").text


def test_every_figure_is_exposed_with_its_help(exposed: str) -> None:
    for name, text in NAMES.items():
        assert f"# HELP {name} {text}" in exposed
    assert 'alerts_seen_lag_seconds{feed="wire",percentile="50"} 120.0' in exposed
    assert "alerts_rules_refused 1.0" in exposed
    assert "alerts_info{version=" in exposed


@pytest.mark.tool("promtool")
def test_prometheus_finds_nothing_to_complain_of(exposed: str) -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=exposed, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
