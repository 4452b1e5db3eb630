"""Forty outlets that carry one agency are one source; a story about an agency is not its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine.rehearse import Sources
from alerts.feeds.opml import read_opml
from alerts.judging.weigh import Wires, origin_of
from alerts.model.feed import FeedKind, Reliability
from alerts.model.item import Item, Source
from alerts.model.seed import Seed, Seeds
from alerts.rulebook.seeds import read_seeds

ROOT = Path(__file__).resolve().parents[2]
FEEDS, FEED_PROBLEMS = read_opml((ROOT / "seeds/feeds.opml").read_bytes(), "feeds.opml")
SEEDS, SEED_PROBLEMS = read_seeds(
    {str(path): path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*/agencies.yaml"))}
)
WIRES = Wires(FEEDS, SEEDS)
SOURCES = Sources(FEEDS)
KINDS = {"%": FeedKind.AGGREGATOR, "~": FeedKind.SOCIAL}
CASES = [
    line
    for line in (Path(__file__).parent / "data" / "origins.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def source(name: str) -> Source:
    """Return a source of the list by name; ``%`` is an aggregator, ``~`` a social network."""
    if name[0] in KINDS:
        return Source(id=name[1:], title=name[1:], owner=name[1:], kind=KINDS[name[0]], reliability=Reliability.E)
    return SOURCES.find(name)


def item(carrier: str, title: str, story: str = "", author: str = "", link: str = "") -> Item:
    return Item(
        id="1", source=source(carrier), title=title, summary=story or None, author=author or None, link=link or None
    )


@pytest.mark.parametrize("line", CASES)
def test_a_text_belongs_to_whom_it_credits(line: str) -> None:
    owner, carrier, text = line.split(" | ", 2)
    origin = origin_of(item(carrier, *(part.strip() for part in text.split("||"))), WIRES)
    assert origin.id == owner, origin.why


def test_an_official_page_is_its_actors_own_word_and_nobody_else_speaks() -> None:
    official = origin_of(item("kremlin-en", "Telephone conversation"), WIRES)
    assert (official.speaks_for, official.kind, official.why) == ("russia", FeedKind.OFFICIAL, "own page of russia")
    loud = Source(id="gazette", title="Gazette", owner="crown", kind=FeedKind.STATE, speaks_for="ruritania")
    assert origin_of(Item(id="1", source=loud, title="Truce talks resume"), WIRES).speaks_for is None
    assert origin_of(item("rt", "Putin accepts the truce"), WIRES).speaks_for is None


def test_the_reason_shows_the_words_that_credit() -> None:
    origin = origin_of(
        item("bbc-world", "Talks resume", "Talks resumed on Thursday, two officials told Reuters."), WIRES
    )
    assert origin.why == "BBC News: World credits Reuters: “two officials told Reuters.”"
    assert origin_of(item("bbc-world", "Talks resume"), WIRES).why == "BBC News: World itself"
    carried = origin_of(item("%newsgate", "Talks resume - The Guardian"), WIRES)
    assert carried.why == "newsgate carries The Guardian: Ukraine"


def test_nobody_grows_reliable_by_quoting_and_an_aggregator_lends_nothing() -> None:
    told = "Truce talks resume, Reuters reports"
    assert origin_of(item("bbc-world", told), WIRES).reliability == Reliability.B
    assert origin_of(item("rt", told), WIRES).reliability == Reliability.E
    assert origin_of(item("rt", told), WIRES).kind is FeedKind.STATE
    assert origin_of(item("bbc-world", "Talks resume, TASS reports"), WIRES).kind is FeedKind.STATE
    assert origin_of(item("bbc-world", "Talks resume, AFP reports"), WIRES).kind is FeedKind.AGENCY
    carried = origin_of(item("%newsgate", "Truce talks resume - The Guardian"), WIRES)
    assert (carried.kind, carried.reliability) == (FeedKind.OUTLET, Reliability.B)
    unknown = origin_of(item("%newsgate", "Truce talks resume - The Harbour"), WIRES)
    assert (unknown.kind, unknown.reliability) == (FeedKind.AGGREGATOR, Reliability.E)
    assert origin_of(item("%newsgate", told), WIRES).kind is FeedKind.AGGREGATOR


def test_the_shipped_agencies_share_their_owners_with_the_feed_list() -> None:
    assert not FEED_PROBLEMS
    assert not SEED_PROBLEMS
    owners = {feed.owner for feed in FEEDS}
    carried = {agency for feed in FEEDS for agency in feed.carries}
    assert carried <= {seed.id for seed in SEEDS}
    of_feeds = {seed.owner for seed in SEEDS if {feed.id for feed in FEEDS} & {seed.id, f"{seed.id}-en"}}
    assert of_feeds
    assert of_feeds <= owners


def test_another_storys_agency_is_known_by_its_seed() -> None:
    wire = Seed(id="northern-wire", kind="agency", owner="crown", names={"en": ("Northern Wire",)})
    wires = Wires([], Seeds({wire.id: wire}))
    text = Item(id="1", source=Source(id="h", title="Harbour", owner="h"), title="Talks resume, Northern Wire reports")
    assert origin_of(text, wires).id == "crown"
    assert "northernwire" in wires.outlets
    assert origin_of(text, Wires([], Seeds())).id == "h"


def test_a_polled_agency_without_a_seed_is_credited_by_its_title() -> None:
    wire = Source(
        id="nw", title="Northern Wire (English)", owner="crown", kind=FeedKind.AGENCY, reliability=Reliability.A
    )
    text = Item(id="1", source=source("Harbour"), title="Talks resume, Northern Wire reports")
    origin = origin_of(text, Wires([wire], Seeds()))
    assert (origin.id, origin.kind, origin.reliability) == ("crown", FeedKind.AGENCY, Reliability.C)


def test_an_official_page_is_named_by_nobody_else() -> None:
    assert "kremlin" not in WIRES.outlets
    shared = item("%newsgate", "Russia accepts the truce - Kremlin", link="http://en.kremlin.ru/events/1")
    assert (origin_of(shared, WIRES).id, origin_of(shared, WIRES).speaks_for) == ("newsgate", None)


@given(st.text(max_size=200), st.text(max_size=300), st.text(max_size=40), st.text(max_size=60))
def test_every_text_has_an_origin(title: str, story: str, author: str, link: str) -> None:
    for carrier in ("bbc-world", "%newsgate", "kremlin"):
        assert origin_of(item(carrier, title, story, author, link), WIRES).id


@given(st.lists(st.sampled_from(["Reuters", "AFP", "(", ")", "/", " ", ": ", "\n", "told", "ТАСС", "- ", "Photo"])))
def test_names_and_signs_in_any_order_are_read(parts: list[str]) -> None:
    text = "".join(parts)
    assert origin_of(item("bbc-world", text, text, text), WIRES).why


@pytest.mark.parametrize("text", ["Reuters " * 50_000, "(Reuters" * 50_000, "told the " * 50_000, "http://[" * 9])
def test_a_hostile_text_is_weighed_at_once(text: str) -> None:
    assert origin_of(item("%newsgate", text, text, text, text), WIRES).id
