"""Dates of every format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.date_convention import learn
from digest.collector.articles.dates import Convention, parse_date

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 22 Nov 2026 18:05:00 +0200", "2026-11-22T16:05:00"),
        ("Sun, 22 Nov 2026 18:05:00 GMT", "2026-11-22T18:05:00"),
        ("Sun, 22 Nov 2026 09:00:00 EST", "2026-11-22T14:00:00"),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05"),
        ("Thu, 28 Jul 2022 04:35:05 UTC-03:30", "2022-07-28T08:05:05"),
        ("2026-11-22T18:05:00Z", "2026-11-22T18:05:00"),
        ("2015-08-12T20:55:59.867+03:00", "2015-08-12T17:55:59.867000"),
        ("2026-11-22", "2026-11-22T00:00:00"),
        ("2026-11-22 18:05:00", "2026-11-22T18:05:00"),
        ("22 November 2026", "2026-11-22T00:00:00"),
        ("20261122T180500Z", "2026-11-22T18:05:00"),
        ("Nov 22, 2026 6:05 PM", "2026-11-22T18:05:00"),
        ("Sun, 22 Nov 26 18:05:00 MEZ", "2026-11-22T17:05:00"),
        ("Sun, 22 Nov 2026 06:05:00 PM GMT", "2026-11-22T18:05:00"),
        ("Sun, 22 Nov 2026 12:05 AM EST", "2026-11-22T05:05:00"),
        ("Nov. 22, 2026 at 6:05 p.m. ET", "2026-11-22T23:05:00"),
        ("22.11.2026 klo 18.05", "2026-11-22T18:05:00"),
        ("05.11.2026", "2026-11-05T00:00:00"),
        ("2026/11/22 18:05:00", "2026-11-22T18:05:00"),
        ("Sat, 21 Nov 2026 24:00:00 GMT", "2026-11-22T00:00:00"),
        ("2026-11-21T24:00:00Z", "2026-11-22T00:00:00"),
        ("1795370700", "2026-11-22T18:05:00"),
        ("1795370700000", "2026-11-22T18:05:00"),
        ("Sun Nov 22 18:05:00 +0200 2026", "2026-11-22T16:05:00"),
        ("22-Nov-2026 18:05", "2026-11-22T18:05:00"),
        ("Sun Nov 22 2026 18:05:00 GMT+0200 (Central European Time)", "2026-11-22T16:05:00"),
        ("22 November 2026 18:05 Europe/Berlin", "2026-11-22T17:05:00"),
        ("dom., 22 nov. 2026 18:05:00 +0100", "2026-11-22T17:05:00"),
        ("mar, 03 nov 2026 18:05:00 +0100", "2026-11-03T17:05:00"),
        ("Do, 01 Okt 2026 18:05:00 +0200", "2026-10-01T16:05:00"),
        ("22 \u0441\u0435\u043d\u0442\u044f\u0431\u0440\u044f 2026 18:05", "2026-09-22T18:05:00"),
        ("22 Eyl\u00fcl 2026", "2026-09-22T00:00:00"),
        ("2026. szeptember 22. 18:05", "2026-09-22T18:05:00"),
        ("22 wrze\u015bnia 2026", "2026-09-22T00:00:00"),
        ("22 de setembre de 2026", "2026-09-22T00:00:00"),
        ("2026\u5e7411\u670822\u65e5 \u4e0b\u53486\u65f605\u5206", "2026-11-22T18:05:00"),
        (
            "\u09e8\u09e8 \u09a8\u09ad\u09c7\u09ae\u09cd\u09ac\u09b0 \u09e8\u09e6\u09e8\u09ec",
            "2026-11-22T00:00:00",
        ),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """Formats that feeds use are read in the zone that they name."""
    assert parse_date(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_future_is_now() -> None:
    """What is dated ahead counts from now: it must not lead for weeks."""
    assert parse_date("2031-01-01", NOW) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1970-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "31 Feb 2026",
        "2026",
        "1" * 90,
    ],
)
def test_no_date_is_none(text: str) -> None:
    """Words, unset clocks and impossible days give no date instead of a wrong one."""
    assert parse_date(text, NOW) is None


@given(st.text(max_size=120))
def test_any_text_gives_a_past_date_or_none(text: str) -> None:
    """No text raises, and no date lies after now."""
    found = parse_date(text, NOW)
    assert found is None or (found <= NOW and found.tzinfo is UTC)


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        (["05/11/2026", "13/11/2026"], "en-us", "2026-11-05"),
        (["05/11/2026", "05/22/2026"], "de", "2026-05-11"),
        (["05/11/2026", "28.10.2026"], "", "2026-11-05"),
        (["05/11/2026"], "en-gb", "2026-11-05"),
        (["05/11/2026"], "en-us", "2026-05-11"),
        (["05/11/2026", "04/11/2026", "03/11/2026"], "", "2026-11-05"),
        (["11/05/2026", "11/04/2026", "11/03/2026"], "en", "2026-11-05"),
        (["11/05/2026 6:00 PM", "11/04/2026 6:00 PM"], "", "2026-11-05"),
    ],
)
def test_all_dates_of_a_feed_are_read_by_one_convention(
    texts: list[str], language: str, expected: str
) -> None:
    """One date that leaves nothing open decides; then dots, the language, and what lies near."""
    found = parse_date(texts[0], NOW, learn(texts, language, NOW, Convention()))
    assert found is not None
    assert found.date().isoformat() == expected


def test_a_time_without_zone_is_the_sites() -> None:
    """And a zone that is always wrong is put right by an offset."""
    site = Convention(zone="Europe/Berlin")
    assert parse_date("2026-11-22 18:05", NOW, site) == datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    wrong = Convention(offset=timedelta(hours=6))
    found = parse_date("2026-11-22T10:00:00+03:00", NOW, wrong)
    assert found == datetime(2026, 11, 22, 13, tzinfo=UTC)
