from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.query.dates import LONGEST_DATE, read_period

THURSDAY = date(2024, 6, 20)


def days(first: str, last: str = "") -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        # The calendar: year, month, day; day first with slashes, dots or hyphens.
        ("2024", days("2024-01-01", "2024-12-31")),
        ("2024-02", days("2024-02-01", "2024-02-29")),
        ("2024-6-3", days("2024-06-03")),
        ("2024/06/03", days("2024-06-03")),
        ("3/6/2024", days("2024-06-03")),
        ("03.06.2024", days("2024-06-03")),
        ("6/2024", days("2024-06-01", "2024-06-30")),
        # Written out, in both languages, any case, short forms.
        ("3 Juni 2024", days("2024-06-03")),
        ("3  JUN. 2024", days("2024-06-03")),
        ("Juni 2024", days("2024-06-01", "2024-06-30")),
        ("17 August 2023", days("2023-08-17")),
        # Without a year: the latest that has begun.
        ("20 Juni", days("2024-06-20")),
        ("21 Juni", days("2023-06-21")),
        ("Juni", days("2024-06-01", "2024-06-30")),
        ("Juli", days("2023-07-01", "2023-07-31")),
        ("29 Februari", days("2024-02-29")),
        # Seen from today; weeks begin on Monday.
        ("hari ini", days("2024-06-20")),
        ("Today", days("2024-06-20")),
        ("kemarin", days("2024-06-19")),
        ("yesterday", days("2024-06-19")),
        ("besok", days("2024-06-21")),
        ("minggu ini", days("2024-06-17", "2024-06-23")),
        ("this week", days("2024-06-17", "2024-06-23")),
        ("pekan lalu", days("2024-06-10", "2024-06-16")),
        ("last week", days("2024-06-10", "2024-06-16")),
        ("bulan ini", days("2024-06-01", "2024-06-30")),
        ("bulan lalu", days("2024-05-01", "2024-05-31")),
        ("previous month", days("2024-05-01", "2024-05-31")),
        ("tahun lalu", days("2023-01-01", "2023-12-31")),
        # The last days count today.
        ("1 hari terakhir", days("2024-06-20")),
        ("7 hari terakhir", days("2024-06-14", "2024-06-20")),
        ("last 7 days", days("2024-06-14", "2024-06-20")),
        ("2 minggu terakhir", days("2024-06-07", "2024-06-20")),
        ("3 bulan terakhir", days("2024-03-21", "2024-06-20")),
        ("setahun terakhir", days("2023-06-21", "2024-06-20")),
        ("past 2 years", days("2022-06-21", "2024-06-20")),
        # So long ago is one day.
        ("3 hari lalu", days("2024-06-17")),
        ("2 weeks ago", days("2024-06-06")),
        ("sebulan yang lalu", days("2024-05-20")),
        # What reaches beyond the calendar ends with it.
        ("9999 tahun lalu", days("0001-01-01")),
        # With the day of the week, as pages write it, and as in English.
        ("Kamis, 20 Juni 2024", days("2024-06-20")),
        ("Jum'at 21 Jun. 2024", days("2024-06-21")),
        ("June 3, 2024", days("2024-06-03")),
        ("Monday, June 3rd 2024", days("2024-06-03")),
        ("June 3", days("2024-06-03")),
    ],
)
def test_period(text: str, period: tuple[date, date]) -> None:
    assert read_period(text, THURSDAY) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024-13", "2024-02-30", "31/2/2024", "31 Februari 2024", "31 Februari", "0000"),
        *("24", "x", "20245", "2024-06-031", "hari", "minggu", "tahun 2024 x", "7 hari", "12:30"),
        *(
            "Kamis, 31 Februari 2024",
            "3-5 Juni 2024",
            "3 Juni 2024 - 5 Juni 2024",
            "Senin Juni",
            *("rilis 2024-06-03", "2024-06-03T10:15", "3 Junior 2024"),
            "a" * 50,
            "1" * (LONGEST_DATE + 1),
        ),
    ],
)
def test_no_date(text: str) -> None:
    assert read_period(text, THURSDAY) is None


def test_month_back_ends_in_the_shorter_month() -> None:
    assert read_period("sebulan lalu", date(2024, 3, 31)) == days("2024-02-29")
    assert read_period("29 Februari", date(1903, 5, 1)) == days("1896-02-29")


@given(st.dates(), st.sampled_from(["kemarin", "minggu ini", "9999 hari lalu", "besok", "Mei"]))
def test_every_day_may_be_today(today: date, text: str) -> None:
    period = read_period(text, today)
    assert period is not None
    assert period.first <= period.last


@given(st.text(max_size=LONGEST_DATE), st.dates())
def test_whether_it_is_a_date_does_not_depend_on_today(text: str, today: date) -> None:
    assert (read_period(text, today) is None) == (read_period(text, THURSDAY) is None)
