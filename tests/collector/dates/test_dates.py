"""Dates of every format."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.dates.convention import learn
from digest.collector.dates.reading import Convention, parse_date

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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fa", "\u06f1۴\u06f0\u06f5/\u06f0۹/\u06f0\u06f1 \u06f1۴:۳\u06f0", "2026-11-22T14:30"),
        ("fa", "یکشنبه \u06f1 آذر \u06f1۴\u06f0\u06f5 - ۲:۳\u06f0 ب.ظ", "2026-11-22T14:30"),
        ("fa", "1/9/1405 14:30", "2026-11-22T14:30"),
        ("fa", "1403-12-30T14:30:00+03:30", "2025-03-20T11:00"),
        ("fa", "\u06f1 قوس \u06f1۴\u06f0\u06f5 \u06f1۴:۳\u06f0", "2026-11-22T14:30"),
        ("th", "22 พ.ย. 2569 14.30 น.", "2026-11-22T14:30"),
        ("th", "22 พ.ย. 69 14:30", "2026-11-22T14:30"),
        ("th", "วันอาทิตย์ที่ ๒๒ พฤศจิกายน พ.ศ. ๒๕๖๙ เวลา ๑๔:๓๐ น.", "2026-11-22T14:30"),
        ("th", "2569-11-22T14:30:00+07:00", "2026-11-22T07:30"),
        ("th", "Sun, 22 Nov 2569 14:30:00 +0700", "2026-11-22T07:30"),
        ("ja", "令和8年11月22日 14時30分", "2026-11-22T14:30"),
        ("ja", "R8.11.22 14:30", "2026-11-22T14:30"),
        ("zh", "民國115年11月22日 下午2:30", "2026-11-22T14:30"),
        ("zh", "115/11/22 14:30", "2026-11-22T14:30"),
        ("ar", "1448/06/12 - 2026/11/22 14:30", "2026-11-22T14:30"),
    ],
)
def test_other_calendars(language: str, text: str, expected: str) -> None:
    """Persian, Thai, Japanese and Taiwanese years are read as what they are in ours."""
    read = parse_date(text, NOW, Convention(language=language))
    assert read == datetime.fromisoformat(f"{expected}+00:00")


@given(st.integers(1370, 1404))
def test_persian_days_follow_each_other(year: int) -> None:
    """The days of a Persian year stand in order, and the first is about that of spring."""
    days = [(month, day) for month in range(1, 13) for day in (1, 31 if month <= 6 else 29)]
    read = [parse_date(f"{year}/{month}/{day}", NOW) for month, day in days]
    assert all(one and other and one < other for one, other in pairwise(read))
    assert read[0] is not None
    assert date(year + 621, 3, 20) <= read[0].date() <= date(year + 621, 3, 22)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "22/11/2026 02:30 م", "2026-11-22T14:30"),
        ("ar", "22/11/2026 02:30 ص", "2026-11-22T02:30"),
        ("ar", "22 نوفمبر 2026م 02:30 مساءً", "2026-11-22T14:30"),
        ("el", "22 Νοεμβρίου 2026, 2:30 μ.μ.", "2026-11-22T14:30"),
        ("el", "22/11/2026 2:30 πμ", "2026-11-22T02:30"),
        ("vi", "22/11/2026 2:30 CH", "2026-11-22T14:30"),
        ("hu", "2026. november 22. du. 2:30", "2026-11-22T14:30"),
        ("es", "22 de noviembre de 2026 a las 2:30 de la tarde", "2026-11-22T14:30"),
        ("bn", "২২ নভেম্বর ২০২৬, ০২:৩০ পিএম", "2026-11-22T14:30"),
        ("de", "am 22. November 2026 um 2:30", "2026-11-22T02:30"),
        ("ko", "2026-11-22 PM 02:30:00", "2026-11-22T14:30"),
        ("en", "22 Nov 2026 2:30 EST PM", "2026-11-22T19:30"),
        ("zh", "2026年11月22日星期日下午2:30", "2026-11-22T14:30"),
    ],
)
def test_halves_of_the_day(language: str, text: str, expected: str) -> None:
    """A 12-hour clock is read by its language's words for the two halves."""
    read = parse_date(text, NOW, Convention(language=language, day_first=True))
    assert read == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "22 تشرين الثاني 2026 14:30", "2026-11-22T14:30"),
        ("ar", "22 تشرين الثاني/نوفمبر 2026 14:30", "2026-11-22T14:30"),
        ("ar", "22 شتنبر 2026 14:30", "2026-09-22T14:30"),
        ("ar", "22 جوان 2026 14:30", "2026-06-22T14:30"),
        ("vi", "Chủ nhật, ngày 22 tháng 11 năm 2026 14:30", "2026-11-22T14:30"),
        ("vi", "CN, 22 Th11 2026 14:30:00 +0700", "2026-11-22T07:30"),
        ("vi", "Tháng Mười Một 22, 2026 14:30", "2026-11-22T14:30"),
        ("en", "4th October 2026 11:30", "2026-10-04T11:30"),
        ("lv", "2026. gada 22. novembr\u012b 14:30", "2026-11-22T14:30"),
        ("eu", "2026ko azaroaren 22a 14:30", "2026-11-22T14:30"),
        ("mt", "22 ta' Novembru 2026 14:30", "2026-11-22T14:30"),
        ("hi", "22 नवम्बर 2026 14:30", "2026-11-22T14:30"),
        ("id", "22 Nop 2026 14:30 WIB", "2026-11-22T07:30"),
        (
            "mn",
            "2026 \u043e\u043d\u044b 11 \u0441\u0430\u0440\u044b\u043d 22 14:30",
            "2026-11-22T14:30",
        ),
    ],
)
def test_months_of_several_words_or_in_another_case(
    language: str, text: str, expected: str
) -> None:
    """A month may be two words, a number, a regional name, or in a case of its own."""
    read = parse_date(text, NOW, Convention(language=language))
    assert read == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "Sun Nov 22 14:30:00 CST 2026", "2026-11-22T06:30"),
        ("en", "Sat Nov 21 14:30:00 CST 2026", "2026-11-21T20:30"),
        ("he", "Sun, 22 Nov 2026 14:30:00 IST", "2026-11-22T12:30"),
        ("ru", "22.11.2026 14:30 (\u041c\u0421\u041a)", "2026-11-22T11:30"),
        ("ru", "22.11.2026 14:30 \u041c\u0421\u041a+4", "2026-11-22T07:30"),
    ],
)
def test_zones_as_their_own_press_means_them(language: str, text: str, expected: str) -> None:
    """CST is China's in a Chinese feed, and Russian regions count from Moscow."""
    read = parse_date(text, NOW, Convention(language=language))
    assert read == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize("text", ["/Date(1795357800000)/", "20261122143000", "202611221430"])
def test_dates_as_programs_print_them(text: str) -> None:
    """.NET's JSON and a row of digits are dates too."""
    assert parse_date(text, NOW) == datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
