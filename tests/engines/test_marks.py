import random

import numpy as np

from searchkit.engines.marks import Marks, mark_of


def test_marks_are_a_map() -> None:
    chance = random.Random(1)
    expected: dict[int, int] = {}
    marks = Marks()
    assert not marks
    for size in (1, 7, 3, 40, 2, 2, 2, 100, 1, 0):
        some = chance.sample(range(200), size)
        fresh = {mark_of(str(number)): chance.randrange(2**63) for number in some}
        keys, values = list(fresh), list(fresh.values())
        marks.update(np.array(keys, dtype=np.uint64), np.array(values, dtype=np.int64))
        expected |= fresh
    asked = [mark_of(str(number)) for number in range(250)]
    assert marks
    assert [marks.get(mark) for mark in asked] == [expected.get(mark) for mark in asked]
    found = marks.find(np.array(asked, dtype=np.uint64))
    assert found.tolist() == [expected.get(mark, -1) for mark in asked]
