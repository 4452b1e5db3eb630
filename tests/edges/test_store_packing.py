"""Values come back equal from their JSON, and what cannot be understood is refused, never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model.case import Case, Occasion, Stand, Text, Voice
from alerts.model.change import Alert, Quote, Reason, Standing
from alerts.model.feed import FeedKind
from alerts.model.question import Severity
from alerts.model.verdict import Verdict, VerdictKind, Word
from alerts.store.packing import pack, unpack
from storeroom import NOON, told

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TIME = st.datetimes(timezones=st.just(UTC))
WORD = st.builds(Word, text=TEXT, role=TEXT, field=TEXT, start=st.integers(0, 9), end=st.integers(0, 9))
WORDS = st.lists(WORD, max_size=2).map(tuple)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
VERDICT = st.builds(
    Verdict,
    question=TEXT,
    answer=st.none() | TEXT,
    kind=st.sampled_from(VerdictKind),
    speaker=st.none() | TEXT,
    because=TEXTS,
    words=WORDS,
)
VOICE = st.builds(Voice, at=TIME, items=TEXTS, official=st.booleans())
STAND = st.builds(
    Stand,
    answer=st.none() | TEXT,
    standing=st.none() | st.sampled_from(Standing),
    since=st.none() | TIME,
    voices=st.dictionaries(TEXT, st.dictionaries(TEXT, VOICE, max_size=2), max_size=2),
    denials=st.dictionaries(TEXT, TIME, max_size=2),
    claims=TEXTS,
    told=st.booleans(),
)
OCCASION = st.builds(
    Occasion,
    id=TEXT,
    day=st.none() | st.dates(),
    closed_at=st.none() | TIME,
    stands=st.dictionaries(TEXT, STAND, max_size=2),
)
CASE = st.builds(
    Case,
    question=TEXT,
    seq=st.integers(0, 9),
    occasions=st.lists(OCCASION, max_size=2).map(tuple),
    texts=st.lists(st.builds(Text, key=TEXT, label=TEXT, origin=TEXT, at=TIME), max_size=2).map(tuple),
    waiting=st.lists(st.integers(0, 9), max_size=2).map(tuple),
    told_at=st.none() | TIME,
    wake_at=st.none() | TIME,
)
QUOTE = st.builds(
    Quote,
    item=TEXT,
    source=TEXT,
    kind=st.sampled_from(FeedKind),
    title=TEXT,
    sentence=TEXT,
    link=st.none() | TEXT,
    lang=st.none() | TEXT,
    published=st.none() | TIME,
    seen=st.none() | TIME,
    words=WORDS,
    copies=st.integers(0, 9),
)
ALERT = st.builds(
    Alert,
    id=TEXT,
    question=TEXT,
    text=TEXT,
    answer=st.none() | TEXT,
    says=TEXT,
    severity=st.sampled_from(Severity),
    reason=st.sampled_from(Reason),
    at=TIME,
    why=TEXT,
    quotes=st.lists(QUOTE, max_size=2).map(tuple),
    standing=st.none() | st.sampled_from(Standing),
    was=st.none() | TEXT,
    more=st.integers(0, 9),
    late=st.booleans(),
    revision=st.integers(1, 9),
    notify=st.none() | TEXT,
)


@given(VERDICT | CASE | ALERT)
def test_a_value_comes_back_equal(value: Verdict | Case | Alert) -> None:
    assert unpack(type(value), pack(value)) == value


@pytest.fixture
def alert() -> Alert:
    """An alert as short as can be."""
    return told(Case(question="truce")).outcome.alerts[0]


def test_times_are_kept_in_utc(alert: Alert) -> None:
    kyiv = datetime.fromisoformat("2025-03-18T14:00:00+02:00")
    kept = unpack(Alert, pack(replace(alert, at=kyiv)))
    assert kept.at.tzinfo is UTC
    assert kept.at == kyiv


def test_a_naive_time_is_refused(alert: Alert) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive time"):
        pack(replace(alert, at=naive))
    with pytest.raises(ValueError, match="naive time"):
        unpack(Alert, pack(alert).replace("+00:00", ""))


def test_a_row_of_an_older_release_lacks_newer_fields_and_is_read(alert: Alert) -> None:
    """What has its default is not written, so a field added later is simply not there."""
    assert "revision" not in json.loads(pack(alert))
    assert unpack(Alert, pack(alert)).revision == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"v": 2}, "Alert has layout version 2, this release reads 1"),
        ({"v": None}, "layout version None"),
        ({"mood": "calm"}, r"Alert has unknown fields \['mood'\]"),
        ({"says": 7}, "expected str, found int"),
        ({"late": "yes"}, "expected bool, found str"),
        ({"more": True}, "expected int, found bool"),
        ({"severity": "loud"}, "'loud' is not a valid Severity"),
        ({"quotes": "none"}, "expected list, found str"),
        ({"quotes": [{"item": "1"}]}, "Quote: .*missing"),
    ],
)
def test_what_cannot_be_understood_is_refused(alert: Alert, change: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        unpack(Alert, json.dumps(json.loads(pack(alert)) | change))
