"""Amounts of money are found with the currency before them and behind them."""

import pytest

from searchkit.query.amounts import said_otherwise


@pytest.mark.parametrize(
    ("forms", "found"),
    [
        ("denda rp 5,6 miliar lagi", [(1, 4, "5,6 miliar rupiah")]),
        ("rp 50000", [(0, 2, "50000 rupiah")]),
        ("denda 5 miliar rupiah lagi", [(1, 4, "rp 5 miliar")]),
        ("usd 5 juta", [(0, 3, "5 juta dolar AS")]),
        ("5 dolar AS", [(0, 3, "usd 5")]),
        ("rp 5 rupiah", [(0, 2, "5 rupiah")]),
        # Without a number, or another currency.
        ("rupiah melemah", []),
        ("rp", []),
        ("5 juta", []),
        ("5 dolar singapura", []),
        ("5 dolar", []),
        ("usd", []),
        ("", []),
    ],
)
def test_amounts_among_words(forms: str, found: list[tuple[int, int, str]]) -> None:
    assert list(said_otherwise(forms.split())) == found
