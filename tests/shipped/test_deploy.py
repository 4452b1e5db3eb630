"""What an operator copies out of deploy/ holds: each file is read by the very tool that will read it there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.engine.meters import NAMES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]
METRIC = re.compile(r"\balerts_[a-z_]+\b")


def tool(*command: str | Path, folder: Path = DEPLOY, exit_code: int = 0) -> str:
    """Run a tool; its exit code must be the one expected. Returns all it said."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == exit_code, done.stdout + done.stderr
    return done.stdout + done.stderr


# --- systemd ----------------------------------------------------------------------------------


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is there on this machine in place of /opt/alerts."""
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text("utf-8")
        assert "/opt/alerts/.venv/bin/alerts" in text or not name.endswith(".service")
        there = text.replace("/opt/alerts/.venv/bin/alerts", sys.executable)
        (tmp_path / name.replace("@.", "@1.")).write_text(there, "utf-8")
    return tmp_path


@pytest.mark.tool("systemd-analyze")
@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_is_hardened(units: Path, name: str) -> None:
    """At most 1.5 of 10; a unit without hardening has 9.6."""
    unit = f"./{name.replace('@.', '@1.')}"
    tool("systemd-analyze", "security", "--offline=yes", "--threshold=15", unit, folder=units)


@pytest.mark.tool("systemd-analyze")
def test_systemd_understands_every_line_of_the_units(units: Path) -> None:
    said = tool("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *_files(units), folder=units)
    assert said == ""


@pytest.mark.tool("systemd-analyze")
def test_a_misspelt_line_would_be_seen(units: Path) -> None:
    with (units / "alerts.service").open("a") as file:
        file.write("[Service]\nProtectSistem=strict\n")
    verify = ("systemd-analyze", "verify", "--man=no", "--recursive-errors=no")
    assert "ProtectSistem" in tool(*verify, *_files(units), folder=units, exit_code=1)


def _files(folder: Path) -> list[str]:
    return [f"./{path.name}" for path in sorted(folder.iterdir())]


# --- figures ----------------------------------------------------------------------------------


def rules() -> str:
    return (DEPLOY / "prometheus/alerts.rules.yml").read_text("utf-8")


def expressions() -> Iterator[str]:
    """Yield every expression of the dashboard."""
    for panel in json.loads((DEPLOY / "grafana/alerts.json").read_text("utf-8"))["panels"]:
        for one in panel["targets"]:
            yield one["expr"]


def test_rules_and_dashboard_ask_only_for_figures_there_are() -> None:
    asked = {name for text in (rules(), *expressions()) for name in METRIC.findall(text)}
    assert asked <= NAMES.keys()


def test_every_figure_is_looked_at_by_somebody() -> None:
    asked = {name for text in (rules(), *expressions()) for name in METRIC.findall(text)}
    assert NAMES.keys() == asked


def test_every_rule_rings_in_a_test_and_says_what_to_do() -> None:
    named = re.findall(r"- alert: (\w+)", rules())
    tests = (DEPLOY / "prometheus/alerts.rules.test.yml").read_text("utf-8")
    ringing = re.findall(r"alertname: (\w+)\n\s+exp_alerts:", tests)
    assert named
    assert set(named) == set(ringing)
    assert rules().count(" fix: ") == len(named)


@pytest.mark.tool("promtool")
def test_the_rules_ring_when_they_should_and_not_before() -> None:
    folder = DEPLOY / "prometheus"
    assert "SUCCESS" in tool("promtool", "test", "rules", "alerts.rules.test.yml", folder=folder)
    tool("promtool", "check", "config", "prometheus.yml", folder=folder)


@pytest.mark.tool("promtool")
def test_prometheus_understands_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    recorded = [{"record": f"panel:{n}", "expr": one} for n, one in enumerate(expressions())]
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": recorded}]}), "utf-8")
    assert f"{len(recorded)} rules found" in tool("promtool", "check", "rules", "panels.yml", folder=tmp_path)


# --- containers -------------------------------------------------------------------------------


@pytest.mark.tool("hadolint")
def test_the_image_is_written_as_it_should_be() -> None:
    tool("hadolint", "docker/Dockerfile")


@pytest.mark.tool("check-jsonschema")
def test_the_compose_file_is_one() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker/compose.yaml")


def test_the_image_runs_nothing_as_root_and_keeps_its_data() -> None:
    text = (DEPLOY / "docker/Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", text, re.MULTILINE)
    assert "--require-hashes" in text


# --- proxies ----------------------------------------------------------------------------------


@pytest.mark.tool("nginx")
def test_nginx_takes_the_snippet(tmp_path: Path) -> None:
    http = f"access_log off; include {DEPLOY}/proxy/nginx.conf;"
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {http} }}"
    (tmp_path / "nginx.conf").write_text(main, "utf-8")
    tool(shutil.which("nginx") or "nginx", "-t", "-q", "-c", tmp_path / "nginx.conf", "-p", tmp_path)


@pytest.mark.tool("caddy")
def test_caddy_takes_the_file() -> None:
    assert "Valid configuration" in tool("caddy", "validate", "--adapter", "caddyfile", "--config", "proxy/Caddyfile")
