"""What is installed is what was tested: the built wheel carries the rules, the seeds and the word lists."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the unpacked wheel, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _alerts(installed: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "alerts", *args]
    env = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        command, cwd=installed.parent, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_carries_every_authored_file(installed: Path) -> None:
    for name in ("rules", "seeds"):
        ours = {one.relative_to(ROOT / name) for one in (ROOT / name).rglob("*") if one.is_file()}
        theirs = installed / "alerts" / "shipped" / name
        assert {one.relative_to(theirs) for one in theirs.rglob("*") if one.is_file()} == ours


def test_its_rules_pass_their_own_tests_far_from_the_checkout(installed: Path) -> None:
    done = _alerts(installed, "test")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    where = "import alerts; print(alerts.__file__)"
    shown = subprocess.run(
        [sys.executable, "-P", "-c", where],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=installed.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.startswith(str(installed))


def test_it_carries_no_test_and_no_cache(installed: Path) -> None:
    names = {one.relative_to(installed).parts[0] for one in installed.rglob("*") if one.is_file()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"alerts"}
    assert not list(installed.rglob("*.pyc"))
