"""The contracts hold, and each of them fails when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREAKS = {
    "Imports only go down": ("alerts/model/item.py", "import alerts.engine.ports"),
    "The core does no I/O": ("alerts/judging/advance.py", "import time"),
    "A station never reads a later one": ("alerts/judging/copies.py", "import alerts.judging.advance"),
    "One door to the database": ("alerts/engine/poll.py", "import alerts.store.tables"),
    "No cycles anywhere": ("alerts/rulebook/__init__.py", "import alerts.reading.normalise"),
}
"""Contract → a file and the line that breaks it."""


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the house that a test may break."""
    shutil.copytree(ROOT / "alerts", tmp_path / "alerts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_seen(contract: str, copy: Path) -> None:
    file, line = BREAKS[contract]
    path = copy / file
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    if contract == "No cycles anywhere":
        other = copy / "alerts/reading/__init__.py"
        other.write_text(f"{other.read_text('utf-8')}\nimport alerts.rulebook.problems\n", "utf-8")
    done = _lint_imports(copy)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("from datetime import datetime, UTC\n\nNOW = datetime.now(UTC)\n", "banned-api"),
        ("import time\n\nNOW = time.time()\n", "banned-api"),
        ("def f(a, b, c, d, e, g):\n    return a\n", "too-many-arguments"),
    ],
)
def test_the_clock_and_long_argument_lists_are_refused(line: str, rule: str, copy: Path) -> None:
    (copy / "alerts/model/broken.py").write_text(line, "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "alerts/model/broken.py"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert rule in done.stdout
