"""Rules change while the house stands: good files come into force, broken ones keep their last good version."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from alerts.model.errors import ConfigError
from alerts.settings import Settings
from alerts.wiring.house import House, build, rules_state

RULE = """\
question: The dam
match: dam
tests: |
  matched | Dam bursts
  -       | Rain falls
"""
BROKEN = RULE.replace("match: dam", "match: dam AND")
FAILING = RULE.replace("match: dam", "match: ferry")
BETTER = RULE.replace("match: dam", "match: dam OR barrage")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A newsroom's folders with one rule."""
    (tmp_path / "seeds" / "entities").mkdir(parents=True)
    write(tmp_path, "dam", RULE)
    return Settings(home=tmp_path / "home", rules=tmp_path / "rules", seeds=tmp_path / "seeds")


def write(folder: Path, name: str, text: str) -> Path:
    """Write a rule file."""
    path = folder / "rules" / "story" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


async def looked(house: House) -> bool:
    """Look once; return whether rules were swapped."""
    return await house.reload.look(house.dispatch, house.outside.clock.now)


def test_a_good_change_comes_into_force_at_once_and_as_of_now(settings: Settings, tmp_path: Path) -> None:
    async def story() -> None:
        async with build(settings) as house:
            before = house.dispatch.in_force
            assert not await looked(house)
            write(tmp_path, "dam", BETTER)
            write(tmp_path, "rain", RULE.replace("dam", "dam AND bursts"))
            assert await looked(house)
            after = house.dispatch.in_force
            assert set(after.questions) == {"dam", "rain"}
            assert after.questions["dam"].hash != before.questions["dam"].hash
            assert after.activated["dam"] > before.activated["dam"]
            assert after.channels is before.channels

    asyncio.run(story())


def test_a_deleted_rule_leaves_force_and_the_last_one_stays(settings: Settings, tmp_path: Path) -> None:
    async def story() -> None:
        rain = write(tmp_path, "rain", RULE)
        async with build(settings) as house:
            rain.unlink()
            assert await looked(house)
            assert set(house.dispatch.in_force.questions) == {"dam"}
            write(tmp_path, "dam", RULE).unlink()
            assert not await looked(house)
            assert set(house.dispatch.in_force.questions) == {"dam"}

    asyncio.run(story())


@pytest.mark.parametrize("bad", [BROKEN, FAILING], ids=["error", "failing test"])
def test_a_bad_file_keeps_its_last_good_version_and_is_said_once(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    async def story() -> None:
        async with build(settings) as house:
            good = house.dispatch.in_force.questions["dam"].hash
            path = write(tmp_path, "dam", bad)
            caplog.clear()
            await looked(house)
            write(tmp_path, "rain", RULE)
            await looked(house)
            assert house.dispatch.in_force.questions["dam"].hash == good
            assert "rain" in house.dispatch.in_force.questions
            [line] = [one.message for one in caplog.records if one.levelno == logging.ERROR]
            assert line.startswith(f"{path}:")
            assert "stays in force" in line
            assert rules_state(settings) == {"in_force": 2, "refused": [line]}
            write(tmp_path, "dam", BETTER)
            await looked(house)
            assert house.dispatch.in_force.questions["dam"].hash != good
            assert rules_state(settings) == {"in_force": 2, "refused": []}

    asyncio.run(story())


@pytest.mark.parametrize("bad", [BROKEN, FAILING], ids=["error", "failing test"])
def test_after_a_restart_the_last_good_version_comes_from_the_database(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    async def begun() -> str:
        async with build(settings) as house:
            return house.dispatch.in_force.questions["dam"].hash

    good = asyncio.run(begun())
    write(tmp_path, "dam", bad)
    caplog.clear()
    assert asyncio.run(begun()) == good
    [line] = [one.message for one in caplog.records if one.levelno == logging.ERROR]
    assert "stays in force" in line


def test_a_bad_file_nobody_knows_a_good_version_of_is_left_out(settings: Settings, tmp_path: Path) -> None:
    async def story() -> None:
        write(tmp_path, "rain", BROKEN)
        async with build(settings) as house:
            assert set(house.dispatch.in_force.questions) == {"dam"}
            assert "no good version" in rules_state(settings)["refused"][0]

    asyncio.run(story())


def test_with_no_usable_rule_at_all_the_house_is_not_built(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path, "dam", BROKEN)
    with pytest.raises(ConfigError, match=r"dam\.yaml:2:"):
        build(settings)


def test_a_bad_seed_file_rejects_the_whole_reload(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with build(settings) as house:
            before = house.dispatch.in_force
            (tmp_path / "seeds" / "things.yaml").write_text("things: [", "utf-8")
            write(tmp_path, "dam", BETTER)
            assert not await looked(house)
            assert not await looked(house)
            assert house.dispatch.in_force is before
            assert [one.message for one in caplog.records if "things.yaml:" in one.message]
            (tmp_path / "seeds" / "things.yaml").unlink()
            assert await looked(house)

    asyncio.run(story())


def test_folders_that_vanish_leave_everything_in_force(settings: Settings, tmp_path: Path) -> None:
    async def story() -> None:
        async with build(settings) as house:
            before = house.dispatch.in_force
            (tmp_path / "rules").rename(tmp_path / "away")
            assert not await looked(house)
            (tmp_path / "away").rename(tmp_path / "rules")
            assert not await looked(house)
            assert house.dispatch.in_force is before

    asyncio.run(story())
