"""What was worked out lately is kept, and no more than said."""

from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.kept import Kept


@given(st.integers(1, 4), st.lists(st.integers(0, 9)))
def test_there_are_never_more_than_said_and_the_last_is_there(most: int, keys: list[int]) -> None:
    kept: Kept[int, str] = Kept(most)
    for key in keys:
        assert kept.keep(key, str(key)) == str(key)
        assert kept[key] == kept.get(key) == str(key)
        assert len(kept) <= most
        assert all(value == str(number) for number, value in kept.items())


def test_a_full_one_forgets() -> None:
    kept: Kept[str, int] = Kept(2)
    for number, key in enumerate("abc"):
        kept.keep(key, number)
    assert kept == {"c": 2}
