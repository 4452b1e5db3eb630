"""Each feed in ``data/parse`` gives what stands beside it, to the letter; a new case needs no Python."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from alerts.feeds.dates import read_date
from alerts.feeds.parse import parse
from alerts.model.errors import FeedError
from alerts.model.feed import ParsedItem

CASES = Path(__file__).parent / "data" / "parse"
EXPECTED = sorted(CASES.glob("*.expected.yaml"))
DATES = [
    line.split(" => ") for line in (CASES / "dates.txt").read_text("utf-8").splitlines() if line and line[0] != "#"
]


def load(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return a case and its body."""
    case = YAML(typ="safe").load(path)
    stem = path.name.removesuffix(".expected.yaml")
    body = next(CASES.glob(f"{stem}.[!e]*"))
    return case, body.read_text("utf-8").encode(case.get("encode", "utf-8"))


def item(told: dict[str, Any]) -> ParsedItem:
    """Return the item a case expects; its times are UTC."""
    times: dict[str, Any] = {key: told[key].replace(tzinfo=UTC) for key in ("published", "updated") if key in told}
    return ParsedItem(**(told | times))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".expected.yaml"))
def test_a_body_gives_what_stands_beside_it(path: Path) -> None:
    case, body = load(path)
    url, headers = case.get("url", "https://news.example/feed.xml"), case.get("headers", {})
    if "error" in case:
        with pytest.raises(FeedError) as caught:
            parse(body, headers, url)
        assert caught.value.fault == case["error"]["fault"]
        assert case["error"]["says"] in str(caught.value)
        assert "\n" not in str(caught.value)
        return
    feed = parse(body, headers, url)
    told = case["feed"]
    assert list(feed.items) == [item(each) for each in case["items"]]
    assert (feed.title, feed.lang, feed.kind.value) == (told.get("title"), told.get("lang"), told["kind"])
    assert feed.salvaged is told["salvaged"]
    if "notes" in told:
        assert len(feed.notes) == len(told["notes"])
        assert all(words in note for words, note in zip(told["notes"], feed.notes, strict=True))


def test_every_file_has_its_expectation() -> None:
    bodies = {path.stem for path in CASES.iterdir() if path.suffix in {".xml", ".json", ".html"}}
    assert bodies <= {path.name.removesuffix(".expected.yaml") for path in EXPECTED}


@pytest.mark.parametrize(("written", "read"), DATES, ids=[written for written, _ in DATES])
def test_a_date_is_read_as_the_table_says(written: str, read: str) -> None:
    expected = None if read == "-" else datetime.fromisoformat(read).replace(tzinfo=UTC)
    assert read_date(written) == expected
