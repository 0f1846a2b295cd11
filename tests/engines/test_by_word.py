"""Values of the words of a table, made once a word."""

import gc
from concurrent.futures import ThreadPoolExecutor

from searchkit.analysis import TokenTable
from searchkit.engines.by_word import ByWord


def test_values_are_made_once_a_word_as_a_table_grows() -> None:
    made: list[str] = []

    def lengths(terms: object, forms: object) -> list[int]:
        assert isinstance(terms, list)
        assert isinstance(forms, list)
        made.extend(terms)
        return [len(form) for form in forms]

    values, table = ByWord(int, lengths), TokenTable()
    assert len(values.of(table)) == 0
    for number in range(20):
        assert table.number(f"w{number}", "x" * number) == number
        assert values.of(table)[: number + 1].tolist() == list(range(number + 1))
    assert made == table.terms


def test_tables_have_values_of_their_own_which_go_with_them() -> None:
    values, first, second = ByWord(object, lambda terms, _: list(terms)), TokenTable(), TokenTable()
    first.number("banjir", "banjir")
    second.number("bola", "bola")
    assert (values.of(first)[0], values.of(second)[0]) == ("banjir", "bola")
    del first
    gc.collect()
    assert list(values._made) == [second]


def test_threads_may_ask_while_a_table_grows() -> None:
    values, table = ByWord(object, lambda terms, _: list(terms)), TokenTable()

    def asked(start: int) -> bool:
        words = [f"w{number}" for number in range(start, start + 300)]
        return all(
            values.of(table)[number] == word
            for word in words
            for number in [table.number(word, word)]
        )

    with ThreadPoolExecutor(4) as threads:
        # One thread adds words, as an analyzer does one at a time; the others look them up.
        assert asked(0)
        growing = threads.submit(asked, 300)
        assert all(threads.map(asked, [0] * 20))
        assert growing.result()
