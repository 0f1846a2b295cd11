import pytest

from searchkit.query import (
    AnyOf,
    InFields,
    Term,
    Without,
    leaves,
)
from tests.query.expanding import expand, shown


def excluded(text: str) -> list[str]:
    node = expand(text)
    assert isinstance(node, Without)
    return shown(node.excluded)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("rudal -korut", ['korut|"korea utara"']),
        ('rudal -"korea utara"', ['"korea utara"|korut']),
        ("rudal -(korea utara)", ["korea|korut", "utara|korut"]),
        ("kecelakaan -tewas", ["tewas"]),
        ('putusan -"madrasah aliyah"', ['"madrasah aliyah"']),
        ("putusan -MA", ['MA|"mahkamah agung"']),
        ("tewas -wafat", ["wafat"]),
        ('MA -"mahkamah agung"', ['"mahkamah agung"']),
        ('"sidang MA" -"mahkamah agung"', ['"mahkamah agung"']),
        ("judul:korut -korea -utara -korut", ["korea", "utara", 'korut|"korea utara"']),
        ("korea AND NOT korut", ['korut|"korea utara"']),
        ("korea utara -korut", ["korut"]),
        ("(korut OR pdip) BUKAN judul:korut", ['korut|"korea utara"']),
    ],
)
def test_what_is_excluded_is_what_was_named_and_not_what_is_asked_for(
    text: str, left_out: list[str]
) -> None:
    assert excluded(text) == left_out


def test_an_excluded_word_of_a_stem_that_is_asked_for_is_meant_as_it_is_spelled() -> None:
    node = expand("mendukung -dukungan -pakta")
    assert isinstance(node, Without)
    assert node.excluded == AnyOf((Term("dukung", "dukungan", exact=True), Term("pakta", "pakta")))
    same = expand("mendukung -mendukung")
    assert isinstance(same, Without)
    assert same.excluded == Term("dukung", "mendukung")
    in_headline = expand("mendukung -judul:dukungan")
    assert isinstance(in_headline, Without)
    assert list(leaves(in_headline.excluded)) == [
        InFields(Term("dukung", "dukungan"), ("headline", "sidebar"))
    ]
