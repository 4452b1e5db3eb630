"""Links in messages: GET shows, POST acts, once opened or a hundred times; and nobody can make one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery.tickets import read_ticket, write_ticket
from alerts.model.acts import Act, Label, Ticket
from alerts.model.case import Case, Outcome
from alerts.model.ledger import Applied, NewDelivery
from alerts.store.store import Store
from alerts.web.acts import test_line as line_for
from alerts.web.listen import Listen
from alerts.web.site import Site
from fakes import HandClock
from telling import NOW, answer, quote
from visitor import Visitor, visiting

KEY = b"k" * 32
ALERT = answer(quotes=(quote(title="Kremlin <b>rejects</b>\ntruce", sentence="It will not, he said.", lang="ru"),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in which one alert was told."""
    with Store.open(str(tmp_path / "alerts.db")) as opened:
        owed = NewDelivery(alert_id=ALERT.id, address="desk/1", next_at=NOW)
        case = Case(question=ALERT.question, seq=1)
        opened.apply(
            ALERT.question, lambda *_: Applied(outcome=Outcome(case=case, alerts=(ALERT,)), deliveries=(owed,))
        )
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def visitor(store: Store, clock: HandClock) -> Iterator[Visitor]:
    with visiting(Site(store=store, clock=clock, key=KEY, listen=Listen("127.0.0.1", 0))) as found:
        yield found


def link(act: Act, **other: object) -> str:
    """Return the path of a link in the message."""
    fields: dict[str, object] = {"act": act, "alert": ALERT.id, "address": "desk/1", "until": NOW + timedelta(days=14)}
    return f"/act/{write_ticket(Ticket(**(fields | other)), KEY)}"  # type: ignore[arg-type]


@pytest.mark.parametrize("act", Act)
def test_opening_a_link_does_nothing(act: Act, visitor: Visitor, store: Store) -> None:
    """Chats preview links, and mail scanners open every one of them."""
    for method in ("GET", "HEAD"):
        assert visitor.send(method, link(act)).status == 200
    assert store.acknowledgements() == []
    assert store.silences(since=NOW) == []
    assert store.complaints() == []


def test_a_page_shows_what_a_feed_wrote_as_text(visitor: Visitor) -> None:
    text = visitor.get(link(Act.WRONG)).text
    assert "&lt;b&gt;rejects&lt;/b&gt;" in text
    assert "<b>" not in text
    assert ALERT.says in text


def test_the_button_acknowledges(visitor: Visitor, store: Store) -> None:
    assert "Acknowledged." in visitor.submit(link(Act.ACKNOWLEDGE), {"note": "on  it\nnow"}).text
    [done] = store.acknowledgements()
    assert (done.alert, done.thread, done.by, done.at, done.note) == (
        ALERT.id,
        ALERT.thread,
        "desk/1",
        NOW,
        "on it now",
    )


def test_the_button_mutes_the_question_for_that_address(visitor: Visitor, store: Store) -> None:
    visitor.submit(link(Act.MUTE), {"hours": "8"})
    visitor.submit(link(Act.MUTE), {"hours": "2"})
    [made] = store.silences(since=NOW)
    assert (made.question, made.address, made.until) == (ALERT.question, "desk/1", NOW + timedelta(hours=8))
    visitor.submit(link(Act.MUTE), {"hours": "24"})
    assert len(store.silences(since=NOW)) == 2


@pytest.mark.parametrize("hours", ["0", "-1", "999999", "x", ""])
def test_nobody_mutes_for_ever(hours: str, visitor: Visitor, store: Store) -> None:
    visitor.submit(link(Act.MUTE), {"hours": hours})
    assert store.silences(since=NOW)[0].until == NOW + timedelta(hours=2)


def test_wrong_keeps_the_word_and_offers_the_test_line(visitor: Visitor, store: Store) -> None:
    text = visitor.submit(link(Act.WRONG), {"label": "false_alarm", "note": "he only hoped"}).text
    [made] = store.complaints(ALERT.question)
    assert made.line == "[ru] - | Kremlin <b>rejects</b> truce || It will not, he said."
    assert "[ru] - | Kremlin &lt;b&gt;rejects&lt;/b&gt; truce || It will not, he said." in text
    assert (made.label, made.by, made.note, made.item) == (Label.FALSE_ALARM, "desk/1", "he only hoped", "1")


def test_the_test_line_says_what_should_have_been_said() -> None:
    alert = answer(quotes=(quote(title="Truce near", sentence="Truce near", lang="en"),))
    assert line_for(alert, Label.FALSE_ALARM) == "- | Truce near"
    assert line_for(alert, Label.WRONG_ANSWER) == "unclear | Truce near"
    assert line_for(alert, Label.NOT_NEWS) == "rejected | Truce near"


def test_a_link_is_for_one_purpose(visitor: Visitor, store: Store) -> None:
    visitor.submit(link(Act.MUTE), {"label": "false_alarm"})
    assert store.acknowledgements() == []
    assert store.complaints() == []


def test_a_link_ends(visitor: Visitor, clock: HandClock, store: Store) -> None:
    path = link(Act.ACKNOWLEDGE)
    token = visitor.form_token(path)
    clock.go(days=14)
    assert visitor.get(path).status == 410
    assert visitor.submit(path, csrf=token).status == 410
    assert store.acknowledgements() == []


def test_a_link_to_an_alert_that_is_gone_says_so(visitor: Visitor) -> None:
    assert visitor.get(link(Act.WRONG, alert="no-such-9")).status == 410


def test_another_sites_form_does_not_act(visitor: Visitor, store: Store) -> None:
    assert visitor.submit(link(Act.ACKNOWLEDGE), Origin="https://evil.example").status == 403
    assert visitor.submit(link(Act.ACKNOWLEDGE), csrf="guess").status == 403
    assert store.acknowledgements() == []


ACT = Ticket(act=Act.MUTE, alert="truce-1", address="desk/1", until=NOW.replace(microsecond=0))


def test_a_ticket_comes_back_as_it_was_written() -> None:
    assert read_ticket(write_ticket(ACT, KEY), KEY, NOW - timedelta(days=1)) == ACT
    assert read_ticket(write_ticket(ACT, KEY), KEY, NOW) is None
    assert read_ticket(write_ticket(ACT, KEY), b"other", NOW - timedelta(days=1)) is None


@given(position=st.integers(0, 60), letter=st.sampled_from("AZaz09-_"))
def test_a_ticket_with_one_letter_changed_is_no_ticket(position: int, letter: str) -> None:
    text = write_ticket(ACT, KEY)
    changed = text[:position] + letter + text[position + 1 :]
    found = read_ticket(changed, KEY, NOW - timedelta(days=1))
    assert found is None or found == ACT


@given(text=st.text(max_size=300))
def test_nonsense_is_no_ticket(text: str) -> None:
    assert read_ticket(text, KEY, NOW) is None


def test_every_act_has_its_words_before(visitor: Visitor, noon: datetime) -> None:
    for act in Act:
        page = visitor.get(link(act)).text
        assert "<h1>" in page
        assert "<button>" in page
