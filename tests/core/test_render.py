"""A message says the most important first, in words its reader knows, and fits its service."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.delivery.limits import limits_for
from alerts.delivery.plain import BREAK
from alerts.delivery.render import render
from alerts.model.change import Alert, Reason, Standing
from alerts.model.delivery import Message
from alerts.model.feed import FeedKind
from alerts.model.question import Severity
from telling import NOW, answer, quote, reader, watch


def shown(alert: Alert, url: str = "ntfy://host/topic", **how: Any) -> str:
    """Return what a reader sees, without the invisible spaces."""
    whose = reader(url, public_url=how.pop("public_url", None), link_key=b"k" * 32)
    message = render(alert, whose, **{"now": NOW, **how})
    return f"{message.title}\n{message.body}".replace(BREAK, "")


def test_a_watched_topic_reads_like_a_headline_with_its_source() -> None:
    assert shown(watch()) == (
        "ROUTINE · The Zaporizhzhia nuclear plant in the news\n"
        "“IAEA: Zaporizhzhia plant is back on both power lines”\n"
        "UN News (un.org), official, 14:31 UTC (16:31 Kyiv)\n"
        "Why: rule plant-news matched “Zaporizhzhia plant”\n"
        "https://news.un.org/en/story/2025/03/1161234\n"
        "Alert plant-news-3"
    )


def test_an_answer_says_how_sure_who_when_what_before_and_why_in_this_order() -> None:
    alert = answer(
        standing=Standing.CONFIRMED,
        reason=Reason.CONFIRMED,
        revision=3,
        quotes=(
            quote(
                source="Kremlin",
                title="Песков: Россия не примет 30-дневное перемирие",
                sentence="Песков: Россия не примет 30-дневное перемирие",
                lang="ru",
                link="http://kremlin.ru/events/1",
                copies=7,
            ),
            quote(source="AFP", kind=FeedKind.AGENCY),
            quote(source="Reuters", kind=FeedKind.AGENCY),
        ),
    )
    text = re.sub(r"(?<=/act/)[\w-]+", "…", shown(alert, public_url="https://alerts.example.org/"))
    assert text == (
        "FLASH · CONFIRMED · Russia rejects the full 30-day ceasefire\n"
        "“Песков: Россия не примет 30-дневное перемирие” (in Russian)\n"
        "Kremlin (kremlin.ru), official, 14:31 UTC (16:31 Kyiv)\n"
        "Also: AFP, Reuters, 7 copies\n"
        "Was: undecided\n"
        "Why: rule ceasefire-acceptance: answer changed\n"
        "http://kremlin.ru/events/1\n"
        "Question: https://alerts.example.org/questions/ceasefire-acceptance\n"
        "Acknowledge: https://alerts.example.org/act/…\n"
        "Mute: https://alerts.example.org/act/…\n"
        "Wrong?: https://alerts.example.org/act/…\n"
        "Alert ceasefire-acceptance-4, update 3"
    )


def test_a_single_report_says_that_it_is_not_confirmed() -> None:
    assert "FLASH · REPORTED · Russia rejects" in shown(answer())
    assert "Not confirmed so far." in shown(answer())


def test_a_claim_is_no_answer_and_says_what_stays() -> None:
    text = shown(answer(reason=Reason.CLAIMED, standing=None, severity=Severity.URGENT))
    assert text.startswith("URGENT · CLAIM, NOT CONFIRMED · Russia rejects")
    assert "Said by someone who cannot settle it.\nStill: undecided" in text


@pytest.mark.parametrize(
    ("reason", "first", "meaning"),
    [
        (Reason.DISPUTED, "FLASH · DISPUTED · Russia rejects", "Another source denies or contradicts it."),
        (Reason.RETRACTED, "FLASH · RETRACTED · Taken back: Russia rejects", "no other stands behind it."),
        (Reason.CORRECTED, "FLASH · CORRECTED · Russia rejects", "The source has corrected its text."),
        (Reason.SETTLED, "FLASH · SETTLED · Russia rejects", "Decided by the desk."),
        (Reason.REMINDER, "FLASH · REMINDER · Russia rejects", "Was: undecided"),
    ],
)
def test_every_reason_is_told_in_words(reason: Reason, first: str, meaning: str) -> None:
    text = shown(answer(reason=reason))
    assert text.startswith(first)
    assert meaning in text


def test_a_silence_is_told_with_the_health_of_the_feeds() -> None:
    alert = answer(reason=Reason.OVERDUE, says="The call is under way", quotes=(), was=None)
    text = shown(replace(alert, health="41 of 42 feeds answer."))
    assert text.startswith("FLASH · OVERDUE · No report yet: The call is under way\n")
    assert "The silence may be ours.\n41 of 42 feeds answer.\n" in text


def test_the_sentence_that_decided_stands_beside_the_headline() -> None:
    text = shown(answer(quotes=(quote(title="Kremlin on the truce", sentence="Russia will not accept it, he said."),)))
    assert "“Kremlin on the truce”\n“Russia will not accept it, he said.”\n" in text


def test_a_text_without_a_headline_is_quoted_by_its_sentence() -> None:
    assert "“The plant is back on both lines.”\n" in shown(
        watch(quotes=(quote(title=" ", sentence="The plant is back on both lines."),))
    )


def test_late_news_says_how_late() -> None:
    text = shown(watch(late=True, quotes=(quote(published=NOW - timedelta(hours=5, minutes=18), seen=NOW),)))
    assert text.startswith("ROUTINE · LATE · ")
    assert "09:17 UTC (11:17 Kyiv)" in text
    assert "Late: first seen here 5 h 18 min after it was published." in text


def test_a_message_that_could_not_leave_says_since_when_it_is_ready() -> None:
    text = shown(watch(), now=NOW + timedelta(hours=20))
    assert text.startswith("ROUTINE · DELAYED · ")
    assert "Delayed: ready since 18 March, 14:35 UTC (16:35 Kyiv), it could not be sent before." in text


def test_a_possible_repeat_says_so_under_the_same_id() -> None:
    text = shown(watch(), may_repeat=True)
    assert text.startswith("ROUTINE · POSSIBLE REPEAT · ")
    assert text.endswith("\nAlert plant-news-3. An earlier try got no reply, so you may have it already.")


def test_there_are_no_links_of_ours_without_a_public_address() -> None:
    assert "Question:" not in shown(answer())
    assert "Acknowledge:" not in shown(answer())


def test_routine_news_asks_for_no_acknowledgement() -> None:
    text = shown(watch(), public_url="https://alerts.example.org")
    assert "Question: https://alerts.example.org/questions/plant-news\n" in text
    assert "Acknowledge" not in text


def test_the_day_is_named_where_it_is_not_today() -> None:
    text = shown(watch(quotes=(quote(published=NOW - timedelta(days=1), lang=None),)), now=NOW)
    assert "17 March, 14:35 UTC (16:35 Kyiv)" in text
    night = NOW.replace(hour=23, minute=30)
    text = shown(watch(at=night, quotes=(quote(published=night, seen=night),)), now=night)
    assert "23:30 UTC (01:30 Kyiv, 19 March)" in text


def test_a_stamp_from_the_future_gives_way_to_the_time_we_saw_it() -> None:
    text = shown(watch(quotes=(quote(published=NOW + timedelta(hours=2), seen=NOW),)))
    assert "seen 14:35 UTC (16:35 Kyiv)" in text


def test_an_unknown_zone_never_stops_an_alert() -> None:
    message = render(watch(), reader(zone="Mars/Olympus"), now=NOW)
    assert ", 14:31 UTC\n" in message.body


def digest(texts: int, more: int = 0) -> Alert:
    return watch(quotes=tuple(quote(title=f"Plant report {n}") for n in range(1, texts + 1)), more=more)


def test_a_digest_counts_what_it_holds_and_lists_it() -> None:
    text = shown(digest(3, more=4))
    assert text.startswith("ROUTINE · 7 new texts · ")
    assert "1. “Plant report 1”\nUN News (un.org), official, 14:31 UTC (16:31 Kyiv)\nhttps://news.un.org/" in text
    assert "3. “Plant report 3”" in text
    assert "\n… and 4 more.\nWhy: " in text


@pytest.mark.parametrize("url", ["discord://a/b", "workflows://h/a/b", "pover://a@b", "eight00com://a"])
def test_a_digest_lists_as_many_as_fit_and_says_how_many_more(url: str) -> None:
    text = shown(digest(20, more=7), url)
    listed = text.count("“Plant report")
    assert 1 <= listed < 20
    assert f"… and {27 - listed} more." in text


def test_a_digest_in_a_text_message_still_shows_the_first_text() -> None:
    text = shown(digest(20), "d7sms://a")
    assert text.startswith("ROUTINE - 20 new texts - ")
    assert '1. "Plant report 1"' in text
    assert text.isascii()


def test_a_text_message_keeps_the_sentence_and_who_said_it_when() -> None:
    assert shown(answer(), "d7sms://a", may_repeat=True) == (
        "FLASH - REPORTED - POSSIBLE REPEAT - Russia rejects the full 30-day ceasefire\n"
        "UN News, 14:31 UTC\n"
        "Was: undecided\n"
        "Alert ceasefire-acceptance-4"
    )


def test_a_service_of_a_few_words_gets_the_sentence_and_the_id() -> None:
    message = render(answer(), reader("aprs://a"), now=NOW, may_repeat=True)
    assert message.title.startswith("FLASH - REPORTED - POSSIBLE REPEAT")
    assert message.body
    assert len(message.title) + len(message.body) <= 67 - 4


def test_a_sentence_too_long_for_its_title_stands_whole_in_the_body() -> None:
    says = "Russia accepts the ceasefire for the whole front line, the Black Sea and all energy sites"
    message = render(answer(says=says), reader("zulip://a/b"), now=NOW)
    assert message.title.endswith("…")
    assert len(message.title) <= 60
    assert message.body.startswith(says)


def test_the_severity_goes_with_the_message() -> None:
    assert isinstance(message := render(answer(), reader(), now=NOW), Message)
    assert message.severity == "flash"


@pytest.mark.parametrize(
    ("url", "body", "title"),
    [
        ("tgram://a/b", 4096, 0),
        ("slack://a/b/c", 35000, 250),
        ("https://hooks.slack.com/services/a/b/c", 35000, 250),
        ("https://discord.com/api/webhooks/1/a", 2000, 250),
        ("DISCORD://a/b", 2000, 250),
        ("mailto://a:b@example.org", 32768, 200),
        ("pover://a@b", 1024, 250),
        ("nobody://knows", 1000, 0),
        ("no url at all", 1000, 0),
        ("https://[broken", 1000, 0),
        ("", 1000, 0),
    ],
)
def test_limits_are_read_off_the_schema(url: str, body: int, title: int) -> None:
    limits = limits_for(url)
    assert (limits.body, limits.title) == (body, title)


def test_sizes_are_counted_as_the_service_counts_them() -> None:
    assert limits_for("json://a").size("a😀") == 3  # UTF-16 units
    assert limits_for("ntfy://a").size("Ж😀") == 6  # bytes
    assert limits_for("tgram://a/b").size("a < b & c") >= len("a &lt; b &amp; c")
    assert limits_for("json://a?format=markdown").size("*") == 2
