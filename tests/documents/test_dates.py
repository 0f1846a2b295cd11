from datetime import datetime, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.wording.dates import format_moment
from searchkit.zones import WIB, WIT, WITA


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("KAMIS, 20 JUNI 2024 | 11:34 WIB | LAPORAN: RINA", "2024-06-20T11:34+07:00"),
        ("Jum'at, 5 Agt 2022 13.05 WITA", "2022-08-05T13:05+08:00"),
        ("Sabtu, 07 Pebruari 2009 - 8:05 WIT", "2009-02-07T08:05+09:00"),
        ("Senin, 05 Maret 2012 , 10:20:30 WIB", "2012-03-05T10:20:30+07:00"),
        ("11/12/2023, 11:30 WIB", "2023-12-11T11:30+07:00"),
        ("10/20/2025 12:00", "2025-10-20T12:00+07:00"),
        ("01-10-2023", "2023-10-01T00:00+07:00"),
        ("2023-02-27T12:59:29+07:00", "2023-02-27T12:59:29+07:00"),
        ("2015-11-18T16:28:00.000+0000", "2015-11-18T16:28+00:00"),
        ("2024-06-20T11:34:00Z", "2024-06-20T11:34+00:00"),
        ("2024-06-20T11:34:00-05:30", "2024-06-20T11:34-05:30"),
        ("Mon, 18 Sep 2023 11:40:51 +0700", "2023-09-18T11:40:51+07:00"),
        ("13+December+2018", "2018-12-13T00:00+07:00"),
        ("J|u|m|a|t|,| |1|0| |J|u|n|i| |2|0|2|2| |2|3|:|3|5", "2022-06-10T23:35+07:00"),
        ("Diperbarui 12/05/2024, 06:36 WIB", "2024-05-12T06:36+07:00"),
        ("June 5, 2024", "2024-06-05T00:00+07:00"),
        ("June 3, 2024 2:05 PM", "2024-06-03T14:05+07:00"),
        ("June 3rd, 2024 at 14:05", "2024-06-03T14:05+07:00"),
        ("3 Juni 2024 02:05 PM", "2024-06-03T14:05+07:00"),
        ("3 Juni 2024 12:05 a.m. WITA", "2024-06-03T00:05+08:00"),
        ("6/13/2024 2:05:00 PM", "2024-06-13T14:05+07:00"),
        ("Mon, 03 Jun 24 2:05 PM", "2024-06-03T14:05+07:00"),
        ("3 Juni 2024 14:05 PM", "2024-06-03T14:05+07:00"),
        ("Senin (3/6/2024) 14:05 WIB", "2024-06-03T14:05+07:00"),
        ("3 Juni 2024 (14:05 WIT)", "2024-06-03T14:05+09:00"),
        ("June 3, 2024 14:05 GMT+700", "2024-06-03T14:05+07:00"),
        ("Monday, 3 June 2024 14:05 GMT+0700", "2024-06-03T14:05+07:00"),
        ("3 Juni 2024 14:05 (UTC+8)", "2024-06-03T14:05+08:00"),
        ("3 Juni 2024 14.05 (WITA)", "2024-06-03T14:05+08:00"),
        ("3 June 2024 14:05 GMT -5", "2024-06-03T14:05-05:00"),
        ("3 Juni 2024 | Jam: 14:05", "2024-06-03T14:05+07:00"),
        ("Senin (3/6/2024) 50.000 orang", "2024-06-03T00:00+07:00"),
        ("June 3, 2024, diubah 4 Juni 2024", "2024-06-03T00:00+07:00"),
        ("Senin (3/6/2024) | 2024-06-04", "2024-06-03T00:00+07:00"),
        ("1717398300", "2024-06-03T07:05+00:00"),
        ("1717398300000", "2024-06-03T07:05+00:00"),
    ],
)
def test_dates_of_news_pages(text: str, moment: str) -> None:
    found = parse_published(text)
    assert found is not None
    assert found == datetime.fromisoformat(moment)
    assert found.utcoffset() == datetime.fromisoformat(moment).utcoffset()


@pytest.mark.parametrize("text", ["", "Date not found.", "[]", "3 hari lalu", "kemarin", "2024"])
def test_no_date(text: str) -> None:
    assert parse_published(text) is None


@pytest.mark.parametrize(
    "text", ["31 Februari 2024", "Kamis, 20 Juni 2024 | 25:10 WIB", "32/13/2024", "2023-02-29"]
)
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(NoSuchDate, match="there is no date"):
        parse_published(text)


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    try:
        found = parse_published(text)
    except NoSuchDate:
        return
    assert found is None or found.tzinfo is not None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.sampled_from([WIB, WITA, WIT]))
def test_what_readers_are_shown_is_read_back(moment: datetime, zone: timezone) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=zone)
    assume(moment.hour or moment.minute)  # midnight is shown as a date without a time
    long_after = datetime(2200, 1, 1, tzinfo=zone)
    assert parse_published(format_moment(moment, "id", long_after)) == moment
    assert parse_published(format_moment(moment, "en", long_after)) == moment
