"""The manual is part of the product: what exists is written down, what is written down exists."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from alerts.settings import setting_names

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "apprise",
    "sqlmodel",
    "sqlalchemy",
    "aiohttp",
    "pydantic",
    "pydantic_settings",
    "pymorphy3",
    "feedparser",
    "apscheduler",
    "alembic",
    "ruamel",
    "starlette",
    "uvicorn",
    "jinja2",
    "aiosmtplib",
    "prometheus_client",
    "alerts.store.store",
    "alerts.judging.match",
)


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield " ".join(path), getattr(command, "help", "") or ""
        return
    for name, one in subcommands.items():
        yield from _commands(one, (*path, name))


def commands() -> list[tuple[str, str]]:
    """Return every command, with its help."""
    from alerts.cli.app import app

    return list(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize(("name", "text"), commands(), ids=lambda value: value if len(value) < 30 else "")
def test_every_command_has_help_with_an_example_of_itself(name: str, text: str) -> None:
    example = re.search(r"Example: \[bold\](.+)\[/bold\]", text)
    assert example is not None
    assert f"alerts {name}" in example[1]


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_stands_in_the_operators_manual(name: str) -> None:
    assert f"`{name}`" in (ROOT / "deploy/README.md").read_text("utf-8")


@pytest.mark.parametrize("manual", ["README.md", "rules/README.md", "deploy/README.md", "CONTRIBUTING.md"])
def test_every_command_a_manual_names_exists(manual: str) -> None:
    known = {name.split(" ")[0] for name, _ in commands()}
    text = (ROOT / manual).read_text("utf-8")
    named = set(
        re.findall(r"(?:^|`|\s)alerts ([a-z]+)(?=[\s`)]|$)", "\n".join(re.findall(r"`[^`\n]+`|```.*?```", text, re.S)))
    )
    assert named <= known


SHOW_HELP = """
import json, sys
sys.argv = ["alerts", "--help"]
try:
    from alerts.__main__ import main
    main()
except SystemExit:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def test_help_loads_nothing_heavy() -> None:
    command = [sys.executable, "-c", SHOW_HELP]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert not loaded & set(HEAVY)


def test_the_licence_is_the_one_the_package_states() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
