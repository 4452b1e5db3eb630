"""Laws over the shipped list of feeds: who is behind each, for whom it speaks, and nothing said twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from alerts.feeds.address import canonical_url, same_place
from alerts.feeds.opml import read_opml, write_opml
from alerts.model.feed import FeedKind, Reliability

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LIST = SEEDS / "feeds.opml"
STORY = "ukraine-ceasefire"
FEEDS, PROBLEMS = read_opml(LIST.read_bytes(), "seeds/feeds.opml")
WORDS = {"id", "owner", "kind", "reliability", "lang", "checked"}


def test_the_list_has_no_problem() -> None:
    assert [str(problem) for problem in PROBLEMS] == []


def test_there_are_enough_feeds_in_every_language() -> None:
    assert len(FEEDS) >= 45
    assert all(Counter(feed.lang for feed in FEEDS)[lang] >= 4 for lang in ("en", "ru", "uk", "de", "fr", "pl"))


def test_ids_and_addresses_are_unique() -> None:
    for keys in ([feed.id for feed in FEEDS], [same_place(feed.url) for feed in FEEDS]):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_address_stands_in_its_one_spelling() -> None:
    assert [feed.url for feed in FEEDS if canonical_url(feed.url) != feed.url] == []


def test_everything_is_said_of_every_feed() -> None:
    """Nothing is left to what the reader would derive: owner, kind, grade, language and day of the last check."""
    rows = [line for line in LIST.read_text("utf-8").splitlines() if "xmlUrl=" in line]
    said = [{word for word in WORDS if f" a:{word}=" in row} for row in rows]
    assert len(rows) == len(FEEDS)
    assert [row for row, words in zip(rows, said, strict=True) if words != WORDS] == []
    assert [feed.id for feed in FEEDS if not feed.category.startswith(f"{STORY}/")] == []


def test_no_feed_carries_itself_or_another_twice() -> None:
    for feed in FEEDS:
        assert not {feed.id, feed.owner} & set(feed.carries), feed.id
        assert len(set(feed.carries)) == len(feed.carries), feed.id


def test_state_media_are_marked_and_never_better_than_d() -> None:
    state = [feed for feed in FEEDS if feed.kind is FeedKind.STATE]
    assert {"tass", "ria", "rt", "sputnik"} <= {feed.id for feed in state}
    assert all(feed.reliability >= Reliability.D for feed in state)
    assert all(feed.kind is FeedKind.STATE for feed in FEEDS if feed.owner.endswith("-state"))


def test_an_official_page_speaks_for_somebody_and_no_other_feed_does() -> None:
    assert all((feed.speaks_for is not None) is (feed.kind is FeedKind.OFFICIAL) for feed in FEEDS)
    assert {"russia", "ukraine", "iaea", "nato"} <= {feed.speaks_for for feed in FEEDS}


def test_one_owner_is_one_side() -> None:
    """Feeds of one owner share kind, or a publisher would count once as a paper and once as the state."""
    kinds = {feed.owner: set[FeedKind]() for feed in FEEDS}
    for feed in FEEDS:
        kinds[feed.owner].add(feed.kind)
    assert [owner for owner, of_owner in kinds.items() if len(of_owner) > 1] == []


def test_whom_official_pages_speak_for_is_known_to_the_seeds() -> None:
    entities = "\n".join(path.read_text("utf-8") for path in (SEEDS / "entities").glob("*.yaml"))
    if not entities:
        pytest.skip("needs seeds/entities")
    known = set(re.findall(r"^([a-z0-9-]+):", entities, flags=re.MULTILINE))
    assert {feed.speaks_for for feed in FEEDS if feed.speaks_for} <= known


def test_the_list_survives_being_written_and_read_again() -> None:
    again, problems = read_opml(write_opml(FEEDS, "again").encode(), "again.opml")
    assert (again, problems) == (FEEDS, [])
