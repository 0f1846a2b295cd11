import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.whoosh.sorting import PADDING, alphabetical

# Of few letters, zero bytes among them, and of lengths about those that are sorted at a time.
_SIZES = st.one_of(st.integers(0, 50), st.sampled_from([7, 8, 9, 15, 16, 17, 31, 32, 33]))
_STRINGS = _SIZES.flatmap(
    lambda size: st.lists(st.sampled_from([0, 1, 255]), min_size=size, max_size=size).map(bytes)
)


@given(st.lists(st.one_of(_STRINGS, st.binary(max_size=40)), max_size=30), st.integers(1, 3))
def test_strings_are_put_into_the_order_of_their_bytes(strings: list[bytes], times: int) -> None:
    strings *= times
    text = np.frombuffer(b"".join(strings) + b"\xff" * PADDING, dtype=np.uint8)
    borders = np.cumsum([0, *map(len, strings)])
    order, first = alphabetical(text, borders[:-1], borders[1:])
    expected = sorted(range(len(strings)), key=strings.__getitem__)
    assert order.tolist() == expected
    met: set[bytes] = set()
    for place, number in enumerate(expected):
        assert first[place] == (strings[number] not in met)
        met.add(strings[number])
