"""Values of fields, as an engine compares them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.fields import LEAST_NUMBER
from searchkit.errors import SchemaError
from searchkit.schema.values import (
    keyword_pattern,
    moments_of,
    read_number,
    shown,
    to_keyword,
    to_moment,
    to_number,
)

FINITE = st.floats(allow_nan=False) | st.integers(-(2**52), 2**52)


@given(FINITE, FINITE)
def test_numbers_keep_their_order(one: float, other: float) -> None:
    kept = to_number(one), to_number(other)
    assert all(LEAST_NUMBER < number < -LEAST_NUMBER for number in kept)
    if one <= other:
        assert kept[0] <= kept[1]
    if isinstance(one, int) and isinstance(other, int) and one != other:
        assert kept[0] != kept[1], "whole numbers of fifteen digits are told apart"


def test_kinds_of_numbers_that_are_equal_are_kept_as_one() -> None:
    assert to_number(5) == to_number(5.0) == to_number(Decimal("5.00")) == read_number("5")
    assert to_number(0.0) == to_number(-0.0)
    assert to_number(99.99) < to_number(Decimal("99.990001"))
    assert to_number(float("-inf")) < to_number(-1e308) < 0 < to_number(float("inf"))


def test_what_is_no_number() -> None:
    for text in ("", "lima", "1.2.3", "nan", "٣"):
        assert read_number(text) is None
    with pytest.raises(SchemaError, match="has no place among numbers"):
        to_number(float("nan"))
    with pytest.raises(SchemaError, match="too large"):
        to_number(10**400)


@given(
    st.datetimes(timezones=st.just(UTC) | st.timezones()),
    st.datetimes(timezones=st.just(UTC)),
)
def test_moments_keep_their_order(one: datetime, other: datetime) -> None:
    assert (to_moment(one) < to_moment(other)) == (one - other < timedelta(0))
    assert to_moment(one) > LEAST_NUMBER


def test_days_are_those_of_jakarta() -> None:
    first, last = moments_of(date(2024, 6, 1))
    assert (
        first == to_moment(datetime(2024, 5, 31, 17, tzinfo=UTC)) == to_moment(datetime(2024, 6, 1))
    )
    assert last + 1 == to_moment(date(2024, 6, 2))
    at_noon = datetime(2024, 6, 1, 12)
    assert moments_of(at_noon) == (to_moment(at_noon),) * 2
    assert to_moment(date.min) < to_moment(date.max)


def test_keywords_are_folded_unless_told_not_to_be() -> None:
    assert to_keyword("  Danar   HADI ", folded=True) == "danar hadi"
    assert to_keyword("  Danar ", folded=False) == "  Danar "
    assert to_keyword(True, folded=True) == to_keyword("TRUE", folded=True) == "true"
    assert to_keyword(12, folded=True) == "12"
    assert to_keyword("’’", folded=True) == "’’", "a value of nothing but marks is a value"


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("*Hadi", ["danar hadi", "hadi"], ["hadiah"]),
        ("DANAR*", ["danar hadi", "danar"], ["d"]),
        ("d?n*", ["danar", "dinda"], ["dn"]),
        (r"a\*", ["a*"], ["ab"]),
        ("[ab]*", ["[ab]c"], ["a", "b"]),
        ("Danar Hadi", ["danar hadi"], ["danar"]),
    ],
)
def test_patterns_of_keywords(pattern: str, fitting: list[str], others: list[str]) -> None:
    beginning, fits = keyword_pattern(pattern, folded=True)
    assert [value for value in fitting + others if fits(value)] == fitting
    assert all(value.startswith(beginning) for value in fitting)


def test_patterns_of_unfolded_keywords_are_exact() -> None:
    beginning, fits = keyword_pattern("Da*", folded=False)
    assert beginning == "Da"
    assert fits("Danar")
    assert not fits("danar")


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_shown_numbers_are_the_numbers(value: int | Decimal) -> None:
    assert Decimal(shown(value)) == value
    assert "e" not in shown(value).lower()


def test_shown_values() -> None:
    assert shown(Decimal("450000.50")) == "450000.5"
    assert shown(250.0) == "250"
    assert shown(True) == "true"
    assert shown("Danar Hadi") == "Danar Hadi"
