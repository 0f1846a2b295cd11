"""The words of an index: counted by documents, kept as bytes, added up."""

import random
from collections import Counter

import numpy as np
import pytest

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.opensearch.words import WordCounter, Words
from searchkit.query import MOST_EXPANSIONS, Fuzzy, Prefix, Wildcard
from searchkit.testing.making import document, random_documents, tokens


def counted(*texts: str) -> Words:
    counter = WordCounter()
    for number, text in enumerate(texts):
        counter.add(document(number, body=text).tokens)
    return counter.words()


@pytest.mark.parametrize("columns", [False, True])
def test_counts_are_those_of_a_loop(columns: bool) -> None:
    documents = random_documents(random.Random(1), 1100)
    counter, tables = WordCounter(), [TokenTable(), TokenTable()]
    occurrences: Counter[tuple[str, str]] = Counter()
    having: Counter[tuple[str, str]] = Counter()
    stems: set[tuple[str, str]] = set()
    for number, each in enumerate(documents):
        tokens = dict(each.tokens)
        if columns:
            table = tables[number % 2]
            tokens = {name: TokenColumns.of(list(given), table) for name, given in tokens.items()}
        counter.add(tokens)
        for field, given in each.tokens.items():
            occurrences.update((field, token.form) for token in given)
            having.update({(field, token.form) for token in given})
            stems |= {(field, token.term) for token in given}
    words = Words.from_bytes(counter.words().to_bytes())
    for row, field in enumerate(TEXT_FIELDS):
        for column, form in enumerate(words.forms):
            assert words.occurrences[row, column] == occurrences[field, form]
            assert words.documents[row, column] == having[field, form]
    distinct = Counter(field for field, _ in stems)
    assert words.distinct_stems() == dict(distinct)
    assert words.counted == {
        form: max(having[field, form] for field in TEXT_FIELDS) for form in words.forms
    }


def test_parts_add_up() -> None:
    one, other = counted("w1 w2 w2x", "w2"), counted("w2 w3", "w0")
    both, together = Words.merged([one, other]), counted("w1 w2 w2x", "w2", "w2 w3", "w0")
    assert both.to_bytes() == together.to_bytes()
    assert Words.merged([one]) is one
    assert Words.merged([]).counted == {}


@pytest.mark.parametrize("count", [0, 1, 8, 9, 20])
def test_words_of_own_fields_however_many(count: int) -> None:
    fields = tuple(f"text{n}" for n in range(count))
    parts = []
    for number in range(2):
        counter = WordCounter(fields)
        for n, field in enumerate(fields):
            counter.add({field: tokens([f"w{n}", f"v{number}"])})
        parts.append(Words.from_bytes(counter.words().to_bytes(), fields))
    words = Words.merged(parts, fields)
    assert words.distinct_stems() == dict.fromkeys(fields, 3)
    both = {f"v{n}": 1 for n in range(2)} if fields else {}
    assert words.counted == both | {f"w{n}": 2 for n in range(count)}
    assert Words.merged([], fields).distinct_stems() == {}


def test_bytes_of_the_fields_of_news_are_as_they_were() -> None:
    counter = WordCounter()
    counter.add(document(1, headline="w1", teaser="w1 w2").tokens)
    bits, text = bytes([0b10000001, 0b10000000]), b"w1\nw2\nw1\nw2"
    assert counter.words().to_bytes().endswith(bits + text)


def test_a_pattern_stands_for_the_most_frequent_forms_of_its_fields() -> None:
    rare = " ".join(f"v{n:03}" for n in range(MOST_EXPANSIONS))
    words = counted(rare, "v999 v999", "kabar kabra")
    found = [member.node for member in words.expansion(Prefix("v"), TEXT_FIELDS)]
    assert len(found) == MOST_EXPANSIONS
    assert found[-1].form == "v999"  # type: ignore[union-attr]
    assert [member.node for member in words.expansion(Wildcard("v99?"), ("body",))] == found[-1:]
    weights = {m.node.form: m.weight for m in words.expansion(Fuzzy("kabar", 1), ("body",))}  # type: ignore[union-attr]
    assert weights == {"kabar": 1.0, "kabra": 0.5}
    assert words.expansion(Prefix("v"), TEXT_FIELDS) is words.expansion(Prefix("v"), TEXT_FIELDS)


def test_damaged_words_are_recognised() -> None:
    data = counted("w1 w2", "w3 é").to_bytes()
    assert Words.from_bytes(data).forms == ["w1", "w2", "w3", "é"]
    for end in range(len(data)):
        with pytest.raises(ValueError, match=r"cut short|as many"):
            Words.from_bytes(data[:end])
    with pytest.raises(ValueError, match="not in order"):
        Words.from_bytes(data.replace(b"w1\nw2", b"w2\nw1"))
    with pytest.raises(ValueError, match="another version"):
        Words.from_bytes(b"\2" + data[1:])


def test_a_word_that_another_thread_is_adding_to_the_table() -> None:
    counter, table = WordCounter(), TokenTable()
    table.number("dukung", "mendukung")
    table.terms.append("pakta")
    counter.add({"body": TokenColumns(table, np.array([0], dtype=np.uint32))})
    table.forms.append("paktanya")
    counter.add({"body": TokenColumns(table, np.array([0, 1], dtype=np.uint32))})
    words = counter.words()
    assert (words.forms, words.stems) == (["mendukung", "paktanya"], ["dukung", "pakta"])
