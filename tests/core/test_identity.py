"""What is one item and what is another: guids move, links carry tokens, headlines are edited; no text is swallowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from alerts.feeds.identity import canonical, name_items, recognise, strong_names
from alerts.model.feed import FeedFormat, ParsedFeed, ParsedItem
from alerts.model.ledger import KnownItem

NOON = datetime(2025, 3, 18, 12, 0, tzinfo=UTC)
LINK = "https://daily.example/news/plant"


@dataclass
class Shelf:
    """Keeps items as the store does: by all their names, in their latest words."""

    items: dict[str, KnownItem] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def poll(self, *parsed: ParsedItem) -> list[str]:
        """Take a body; return for each of its texts ``new``, ``edit`` or ``same``."""
        feed = ParsedFeed(title=None, lang=None, kind=FeedFormat.RSS, items=parsed)
        known = {name: self.items[id_] for name, id_ in self.names.items()}
        said = []
        for one in recognise("daily", name_items(feed), known):
            said.append("new" if one.before is None else "edit" if one.is_new_text else "same")
            if said[-1] == "same" and not one.by_words:
                continue
            link = one.named.parsed.link if one.before is None else one.before.link
            version = 1 if one.before is None else one.before.version + 1
            self.items[one.id] = KnownItem(one.id, version, one.named.text_hash, one.named.title, one.key, link)
            for name in one.named.aliases:
                self.names.setdefault(name, one.id)
        return said


def text(
    title: str | None = "Talks go on", guid: str | None = None, link: str | None = None, **more: object
) -> ParsedItem:
    return ParsedItem(title=title, id=guid, link=link, published=more.pop("at", None), **more)  # type: ignore[arg-type]


def test_the_same_guid_with_new_words_is_an_edit_whatever_the_words_were_before() -> None:
    shelf = Shelf()
    assert shelf.poll(text("Putin accepts", "1", LINK)) == ["new"]
    assert shelf.poll(text("Putin does not accept", "1", LINK)) == ["edit"]
    assert shelf.poll(text("Putin accepts", "1", LINK)) == ["edit"]
    assert shelf.poll(text("Putin accepts", "1", LINK)) == ["same"]
    assert len(shelf.items) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text(guid="http://daily.example/1"), text(guid="https://daily.example/1")),
        (text(guid="http://daily.example/1"), text(guid="https://www.daily.example/1/")),
        (text(guid="https://daily.example/1?token=a"), text(guid="https://daily.example/1?token=b")),
        (text(guid="a", link=LINK), text(guid="b", link=LINK)),
        (text(guid="a", link=LINK), text(guid="a", link=LINK + "?utm_source=rss&at=x")),
        (text(guid="a", link=LINK), text(link=LINK)),
        (text(guid="a", link=LINK, at=NOON), text(guid="b", link="https://new.example/plant", at=NOON)),
        (text(at=NOON), text(guid="b", at=NOON)),
        (text(), text()),
        (text(None, summary="Talks go on"), text(None, summary="Talks go on")),
    ],
)
def test_a_guid_or_link_that_moves_is_no_new_item(before: ParsedItem, after: ParsedItem) -> None:
    shelf = Shelf()
    shelf.poll(before)
    assert shelf.poll(after) == ["same"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            text("Old words", "https://d.example/world-12345678", "https://d.example/world-12345678"),
            text("New words", "https://d.example/europe/12345678.html", "https://d.example/europe/12345678.html"),
        ),
        (text("Old words", "a", LINK), text("New words", "a", LINK)),
        (text("Old words", "a"), text("New words", "a")),
        (text("Old words", None, LINK), text("New words", None, LINK)),
        (text("Old words", "a", LINK), text("New words", None, LINK)),
        (text("Same words", "a", LINK), text("Same words", "a", LINK, summary="more")),
    ],
)
def test_new_words_under_names_that_agree_are_an_edit(before: ParsedItem, after: ParsedItem) -> None:
    shelf = Shelf()
    shelf.poll(before)
    assert shelf.poll(after) == ["edit"]
    assert len(shelf.items) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text("One story", "a", LINK), text("Another story", "a", LINK + "/other")),
        (text("One story", "a", LINK), text("Another story", "b", LINK)),
        (text("Air raid alert", "a", at=NOON), text("Air raid alert", "b", at=NOON.replace(hour=18))),
        (text("Air raid alert", "a"), text("Air raid alert", "b")),
        (text("One story"), text("Another story")),
        (text("Report", "https://d.example/20250318"), text("Another report", "https://d.example/20250319")),
        (text("Report", "https://d.example/?id=1"), text("Another report", "https://d.example/?id=2")),
        (text("Part 1", LINK + "#1", LINK + "#1"), text("Part 2", LINK + "#2", LINK + "#2")),
    ],
)
def test_another_text_is_another_item(before: ParsedItem, after: ParsedItem) -> None:
    shelf = Shelf()
    shelf.poll(before)
    assert shelf.poll(after) == ["new"]
    assert shelf.poll(after, before) == ["same", "same"]


def test_a_guid_that_every_item_has_names_none_of_them() -> None:
    shelf = Shelf()
    one, two = text("One", "x", LINK + "/1", at=NOON), text("Two", "x", LINK + "/2", at=NOON)
    three = text("Three", "x", LINK + "/3", at=NOON)
    assert shelf.poll(one) == ["new"]
    assert shelf.poll(two, one) == ["new", "same"]
    assert shelf.poll(three, two, one) == ["new", "same", "same"]
    assert len(shelf.items) == 3


def test_without_links_the_words_tell_items_of_one_guid_apart() -> None:
    shelf = Shelf()
    assert shelf.poll(text("One", "x"), text("Two", "x")) == ["new", "new"]
    assert shelf.poll(text("Three", "x"), text("One", "x"), text("Two", "x")) == ["new", "same", "same"]


def test_the_same_story_under_two_guids_in_one_document_is_one_item() -> None:
    shelf = Shelf()
    twice = (text("Story", "a", LINK, at=NOON), text("Story", "b", LINK, at=NOON))
    assert shelf.poll(*twice) in (["new"], ["new", "new"])
    assert "new" not in shelf.poll(*twice)


def test_an_item_found_by_its_words_is_known_by_its_new_names_from_then_on() -> None:
    shelf = Shelf()
    shelf.poll(text("Old words", "a", LINK, at=NOON))
    assert shelf.poll(text("Old words", "b", LINK + "/moved", at=NOON)) == ["same"]
    assert shelf.poll(text("New words", "b", LINK + "/moved", at=NOON)) == ["edit"]


def test_a_count_of_comments_is_no_edit() -> None:
    shelf = Shelf()
    shelf.poll(text("Talks go on (3 comments)", "a"))
    assert shelf.poll(text("Talks go on (14 comments)", "a")) == ["same"]
    assert shelf.poll(text("Talks go on [15]", "a")) == ["same"]
    assert shelf.poll(text("Talks go on, 15 killed", "a")) == ["edit"]


def test_what_has_no_text_is_no_item() -> None:
    assert Shelf().poll(text(None, "a", LINK), text("", None, LINK)) == []


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("https://www.daily.example/a/?utm_medium=rss", "http://daily.example/a"),
        ("https://daily.example/a?id=7&fbclid=x", "https://daily.example/a?id=7"),
        ("https://daily.example/world/some-words-31415926", "https://daily.example/31415926/"),
        ("//daily.example/a", "https://daily.example/a"),
    ],
)
def test_one_address_has_one_spelling(name: str, same: str) -> None:
    assert canonical(name) == canonical(same)


@pytest.mark.parametrize("name", ["tag:daily.example,2025:1", "urn:uuid:1", "1", "http://["])
def test_what_is_no_address_stays_as_it_is(name: str) -> None:
    assert canonical(name) == name
    assert len(strong_names(ParsedItem(id=name))) == 1
