import re

from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.whoosh.patterns import Words


def test_words_from_patterns_never_backtrack() -> None:
    words = Words(["a" * 5000, "b", "", "ab" * 2000])
    assert words.fitting("*a" * 400 + "*b").tolist() == [3]
    assert words.fitting("*a" * 5001).tolist() == []
    assert words.fitting("*").tolist() == [0, 1, 2, 3]
    assert words.fitting("").tolist() == [2]


@given(
    st.lists(st.text("abé😀", max_size=6), max_size=8),
    st.text("ab?*é😀", max_size=6),
)
def test_wildcards_as_regular_expressions(words: list[str], pattern: str) -> None:
    made = "".join({"*": ".*", "?": "."}.get(char, char) for char in pattern)
    expected = [n for n, word in enumerate(words) if re.fullmatch(made, word)]
    assert Words(words).fitting(pattern).tolist() == expected
