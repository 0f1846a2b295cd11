"""Posting lists, many at once: packed, read again, inverted and merged, against plain Python."""

import tracemalloc
import weakref
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searchkit.analysis import Token, TokenColumns, TokenTable
from searchkit.engines.whoosh import inversion, keyword_values, spools
from searchkit.engines.whoosh.codec import CompactCodec
from searchkit.engines.whoosh.inversion import Inverter
from searchkit.engines.whoosh.merging import Source, merged
from searchkit.engines.whoosh.postings import (
    LongList,
    PostingList,
    PostingLists,
    packed,
    read_postings,
    run_starts,
    starts_at,
    starts_of,
    term_key,
    unpacked,
    within,
)
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.spools import Spools
from searchkit.engines.whoosh.tables import MappedFile
from searchkit.engines.whoosh.terms import TermsReader, TermWriter
from searchkit.errors import IndexDamaged, SearchIndexError

Postings = dict[int, list[int]]
"""Positions by document; no positions at all for a keyword."""

NUMBER = st.one_of(st.integers(0, 9), st.integers(250, 260), st.integers(65_530, 65_540))
LARGE = st.one_of(NUMBER, st.integers(2**31, 2**32 - 1))
POSITIONS = st.lists(LARGE, min_size=1, max_size=5, unique=True).map(sorted)
LISTS: st.SearchStrategy[dict[str, Postings]] = st.dictionaries(
    st.text("ab\0é\ud800", max_size=3),
    st.one_of(
        st.dictionaries(LARGE, POSITIONS, min_size=1, max_size=5),
        st.dictionaries(LARGE, st.just([]), min_size=1, max_size=5),
    ),
    max_size=8,
)


def lists_of(terms: dict[str, Postings], field: str = "body") -> PostingLists:
    rows = sorted((term_key(field, term), sorted(found.items())) for term, found in terms.items())
    flat = [(number, positions) for _, found in rows for number, positions in found]
    return PostingLists(
        [key for key, _ in rows],
        np.zeros(len(rows), dtype=np.int64),
        np.array([len(found) for _, found in rows], dtype=np.int64),
        np.array([sum(len(p) for _, p in found) for _, found in rows], dtype=np.int64),
        np.array([number for number, _ in flat], dtype=np.uint32),
        np.array([len(positions) or 1 for _, positions in flat], dtype=np.uint32),
        np.array([place for _, positions in flat for place in positions], dtype=np.uint32),
    )


def plain(*parts: PostingLists | LongList) -> list[tuple[bytes, Postings]]:
    found: list[tuple[bytes, Postings]] = []
    for lists in parts:
        if isinstance(lists, LongList):
            found.append((lists.key, postings_of(*lists.parts())))
            continue
        at = place = 0
        for key, before, length, occurrences in zip(*lists[:4], strict=True):
            postings: Postings = {}
            for number, frequency in zip(
                lists.documents[at : at + length].tolist(),
                lists.frequencies[at : at + length].tolist(),
                strict=True,
            ):
                count = frequency if occurrences else 0
                postings[number] = lists.positions[place : place + count].tolist()
                place += count
            at += length
            assert bool(before) != bool(length)
            found.append((key, found[-before][1] if before else postings))
        assert (at, place) == (len(lists.documents), len(lists.positions))
    return found


def postings_of(*parts: PostingList) -> Postings:
    found: Postings = {}
    for documents, frequencies, positions in parts:
        ends = np.cumsum(frequencies)[:-1] if len(positions) else np.zeros_like(frequencies[:-1])
        places = np.split(positions, ends)[: len(documents)]  # of none there is one piece
        found |= zip(documents.tolist(), (each.tolist() for each in places), strict=True)
    return found


@given(LISTS)
def test_packed_lists_are_read_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, terms: dict[str, Postings]
) -> None:
    lists = lists_of(terms)
    codes, sizes, data = packed(lists)
    offsets = np.cumsum(sizes) - sizes
    columns = unpacked(data, offsets, codes.astype(np.int64), lists.lengths, lists.occurrences)
    assert plain(PostingLists(*lists[:4], *columns)) == plain(lists)
    path = tmp_path_factory.mktemp("postings") / "file"
    path.write_bytes(data.tobytes())
    file = MappedFile(path)
    for row, (_, postings) in enumerate(plain(lists)):
        counts = int(lists.lengths[row]), int(lists.occurrences[row])
        found = read_postings(file, int(offsets[row]), int(codes[row]), *counts)
        assert found.documents.tolist() == list(postings)
        assert found.frequencies.tolist() == [len(p) or 1 for p in postings.values()]
        assert found.positions.tolist() == [place for p in postings.values() for place in p]


def test_numbers_take_as_many_bytes_as_they_need() -> None:
    small = packed(lists_of({"a": {1: [3], 5: [9]}}))
    assert small.sizes.tolist() == [2 + 0 + 2]  # frequencies that are all 1 are not written
    large = packed(lists_of({"a": {1: [3, 70_000], 300: [9]}}))
    assert large.sizes.tolist() == [2 * 2 + 2 * 1 + 3 * 4]


@given(st.lists(st.tuples(st.integers(0, 255), st.booleans())))
def test_starts_of_some_lists_are_those_among_all(lists: list[tuple[int, bool]]) -> None:
    lengths = np.array([length for length, _ in lists], dtype=np.uint8)
    chosen = np.flatnonzero([wanted for _, wanted in lists])
    assert starts_at(lengths, chosen).tolist() == starts_of(lengths)[chosen].tolist()


def test_runs_begin_where_values_change() -> None:
    assert run_starts(np.array([3, 3, 1, 2, 2, 3])).tolist() == [0, 2, 3, 5]
    assert run_starts(np.array([7])).tolist() == [0]
    assert run_starts(np.array([], dtype=np.int64)).tolist() == []


def test_only_frequencies_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(9))
    for codes in (0b00_00_11, 0b11_00_00):
        with pytest.raises(IndexDamaged, match="a posting list is described impossibly"):
            read_postings(MappedFile(tmp_path / "file"), 0, codes, 3, 3)


WORDS = st.lists(st.sampled_from(["w1", "w1x", "w2", "é", "\ud800"]), max_size=12)
VALUES = st.lists(st.one_of(st.text(max_size=3), st.text("a\0", min_size=14, max_size=20)))


def columns_of(words: list[str], table: TokenTable) -> TokenColumns:
    tokens = [Token(word.rstrip("x"), word, word, 0, 1, n) for n, word in enumerate(words)]
    return TokenColumns.of(tokens, table)


@given(st.lists(st.tuples(WORDS, st.booleans(), VALUES), max_size=8), st.integers(1, 9))
def test_inverted_are_the_words_of_documents(
    documents: list[tuple[list[str], bool, list[str]]], few: int
) -> None:
    """However many are taken together."""
    expected: dict[bytes, Postings] = defaultdict(dict)
    tables = TokenTable(), TokenTable()
    with (
        pytest.MonkeyPatch.context() as patch,
        TemporaryDirectory() as folder,
        closing(Spools(Path(folder), "MAIN")) as files,
    ):
        for name in ("_BLOCK", "_TOGETHER"):
            patch.setattr(inversion, name, few)
        patch.setattr(keyword_values, "_VALUES", few)
        patch.setattr(spools, "_IN_MEMORY", 8 * few)
        inverter = Inverter(files)
        for number, (words, which, values) in enumerate(documents):
            inverter.add("body", number, columns_of(words, tables[which]))
            inverter.add_values("id", number, values)
            for position, word in enumerate(words):
                for term in (word.rstrip("x"), f"={word}"):
                    expected[term_key("body", term)].setdefault(number, []).append(position)
            for value in values:
                expected[term_key("id", value)][number] = []
        found = plain(*inverter.lists())
    assert found == sorted(expected.items())


@given(
    st.lists(st.tuples(LISTS, st.sets(st.integers(0, 70_000))), max_size=4), st.integers(1, 9_999)
)
def test_merged_lists_are_those_of_all_sources(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[dict[str, Postings], set[int]]],
    memory: int,
) -> None:
    folder = tmp_path_factory.mktemp("merged")
    expected: dict[bytes, Postings] = defaultdict(dict)
    sources = []
    first = 0
    for terms, deleted in parts:
        # Documents are few enough to be numbered one by one.
        terms = {
            term: {number % 70_000: places for number, places in found.items()}
            for term, found in terms.items()
        }
        numbers = np.arange(first, first + 70_000, dtype=np.int64)
        numbers[[n for n in deleted if n < 70_000]] = -1
        first += 70_000
        sources.append(Source(terms_on_disk(folder, lists_of(terms)), numbers))
        for key, postings in plain(lists_of(terms)):
            for number, places in postings.items():
                if number not in deleted:
                    expected[key][int(numbers[number])] = places
    # A list has positions or none: not one here and the other there.
    kinds = defaultdict(set)
    for key, postings in expected.items():
        kinds[key] = {bool(places) for places in postings.values()}
    assume(all(len(kind) == 1 for kind in kinds.values()))
    found = plain(*merged(sources, memory))
    assert found == sorted(expected.items())


def terms_on_disk(folder: Path, *parts: PostingLists | LongList) -> TermsReader:
    segment = CompactSegment(CompactCodec(), "MAIN")
    with closing(Spools(folder, "MAIN")) as files:
        writer = TermWriter(folder, segment, files)
        for lists in parts:
            writer.add(lists)
        writer.finish({})
    return TermsReader(folder, segment)


def offsets(terms: TermsReader) -> dict[bytes, int]:
    return {key: int(terms.offsets(row, row + 1)[0]) for row, key in terms.rows()}


def test_lists_that_stand_before_are_read_in_their_place(tmp_path: Path) -> None:
    first = lists_of({"=a": {1: [3]}, "=b": {2: [70_000]}})
    none = np.empty(0, dtype=np.uint32)
    second = PostingLists(
        [term_key("body", term) for term in ("a", "b", "c")],
        np.array([2, 2, 4]),
        np.zeros(3, dtype=np.int64),
        np.zeros(3, dtype=np.int64),
        *(none, none, none),
    )
    terms = terms_on_disk(tmp_path, first, second)
    for term, places in (("a", [3]), ("b", [70_000]), ("c", [3])):
        found = terms.posting_list("body", term)
        assert isinstance(found, PostingList)
        assert found.positions.tolist() == places


def inverted(texts: list[str], word: str) -> Inverter:
    """Texts of "w1" and "w1x", which share a stem, and of a word that has its stem for itself."""
    inverter, table = Inverter(Spools(Path(), "MAIN")), TokenTable()  # all is kept in memory
    for number, text in enumerate(texts):
        inverter.add("body", number, columns_of([*text.split(), *[word] * 40], table))
    return inverter


def test_the_words_of_a_table_that_was_left_are_not_kept(tmp_path: Path) -> None:
    tables: list[weakref.ref[TokenTable]] = []
    with closing(Spools(tmp_path, "MAIN")) as files:
        inverter = Inverter(files)
        for number, word in enumerate("abc"):
            table = TokenTable()
            inverter.add("body", number, columns_of([word], table))
            inverter.add("section", number, columns_of(["w"], table))
            tables.append(weakref.ref(table))
            del table
            assert [left() is None for left in tables] == [True] * number + [False]
        found = dict(plain(*inverter.lists()))
    assert found[term_key("body", "b")] == {1: [0]}
    assert found[term_key("section", "w")] == {0: [0], 1: [0], 2: [0]}


def test_a_word_alone_with_its_stem_is_inverted_and_written_once(tmp_path: Path) -> None:
    given = list(inverted(["w1", "w1x"], "other").lists())
    assert sum(len(lists.positions) for lists in given) == 2 + 2 + 80  # =w1, =w1x; w1; =other
    at = offsets(terms_on_disk(tmp_path, *given))
    assert at[b"body\0=other"] == at[b"body\0other"]
    assert len(set(at.values())) == len(at) - 1


@pytest.mark.parametrize("memory", [5_000, 50_000])
def test_merged_lists_are_shared_where_they_were_in_every_source(
    tmp_path: Path, memory: int
) -> None:
    """With little memory the lists of 40 words are read in parts."""

    def merged_offsets(*second: str) -> dict[bytes, int]:
        sources = []
        for number, inverter in enumerate((inverted(["w1"], "other"), inverted(list(second), "o"))):
            terms = terms_on_disk(tmp_path, *inverter.lists())
            sources.append(Source(terms, np.arange(len(second)) + number))
        return offsets(terms_on_disk(tmp_path, *merged(sources, memory)))

    at = merged_offsets("w1", "w1")
    assert at[b"body\0=other"] == at[b"body\0other"]
    assert at[b"body\0=o"] == at[b"body\0o"]
    assert at[b"body\0=w1"] != at[b"body\0w1"]  # small ones are not worth knowing again
    at = merged_offsets("other " * 40, "otherx " * 40)
    assert at[b"body\0=other"] != at[b"body\0other"]


@pytest.mark.parametrize(("term", "form"), [("a\nb", "c"), ("a", "b\nc"), ("a\n", "")])
def test_words_with_line_breaks_are_refused(term: str, form: str) -> None:
    """They are what terms and forms are told apart by."""
    inverter = Inverter(Spools(Path(), "MAIN"))
    inverter.add("body", 0, TokenColumns.of([Token(term, form, form, 0, 1, 0)]))
    with pytest.raises(SearchIndexError, match="line break"):
        list(inverter.lists())


def test_a_text_of_any_length_is_inverted_beside_many(tmp_path: Path) -> None:
    table = TokenTable()
    word = table.number("w", "w")
    lengths = [*[1] * 4000, 2**21, 3]
    with closing(Spools(tmp_path, "MAIN")) as files:
        inverter = Inverter(files)
        for number, length in enumerate(lengths):
            numbers = np.full(length, word, dtype=np.uint32)
            inverter.add("body", number, TokenColumns(table, numbers))
        lists = next(inverter.lists())
    assert lists.frequencies.tolist() == lengths
    assert np.array_equal(lists.positions, within(np.array(lengths)))


def test_long_lists_are_merged_in_parts_and_written_as_others_are(tmp_path: Path) -> None:
    lists: dict[str, Postings] = {"a": {n: [3, 500] for n in range(70_000)}, "b": {7: []}}
    lists["c"] = {9: [70_000]}
    numbers = np.arange(70_000, dtype=np.int32)
    numbers[[0, 68_000]] = -1
    found = []
    for memory in (2**30, 10_000):
        sources = [Source(terms_on_disk(tmp_path, lists_of(lists)), numbers)]
        parts = list(merged(sources, memory))
        found.append(terms_on_disk(tmp_path, *parts))
    assert [each.key.decode() for each in parts if isinstance(each, LongList)] == ["body\0a"]
    whole, in_parts = (terms.lists(0, 3) for terms in found)
    assert plain(in_parts) == plain(whole)
    assert offsets(found[0]) == offsets(found[1])


def test_merging_a_list_of_any_length_takes_the_same_memory(tmp_path: Path) -> None:
    documents = 600_000

    def parts() -> Iterator[PostingList]:
        for first in range(0, documents, 10_000):
            some = np.arange(first, first + 10_000, dtype=np.uint32)
            yield PostingList(some, np.full(10_000, 3), np.tile(np.arange(3), 10_000))

    terms = terms_on_disk(tmp_path, LongList(term_key("body", "yang"), parts))
    numbers = np.arange(documents, dtype=np.int32)
    tracemalloc.start()
    merged_terms = terms_on_disk(tmp_path, *merged([Source(terms, numbers)], 2**20))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * 2**20  # as a whole it would take some 150 MB
    found = merged_terms.posting_list("body", "yang")
    assert found is not None
    assert np.array_equal(found.documents, numbers)
    assert len(found.positions) == 3 * documents


def test_a_long_list_of_which_nothing_is_left_is_not_written(tmp_path: Path) -> None:
    terms = terms_on_disk(tmp_path, lists_of({"a": {1: [*range(40)]}, "b": {0: [1]}}))
    found = plain(*merged([Source(terms, np.array([0, -1]))], 1000))
    assert found == [(b"body\0b", {0: [1]})]


def test_terms_out_of_order_are_damage_and_no_endless_reading(tmp_path: Path) -> None:
    # Looking for what comes after "b", one meets "e" first, and stays where it is.
    rows: list[dict[str, Postings]] = [{term: {0: [1]}} for term in ("a0", "a1", "a2", "e", "b")]
    terms = terms_on_disk(tmp_path, *map(lists_of, [*rows, {"z": {0: [*range(10)]}}]))
    with pytest.raises(IndexDamaged, match="its terms are not in order"):
        list(merged([Source(terms, np.arange(1))], 2500))


@pytest.mark.parametrize("memory", [1000, 100_000])
def test_a_damaged_segment_is_not_merged(tmp_path: Path, memory: int) -> None:
    terms = terms_on_disk(tmp_path, lists_of({"a": {5: [*range(40)]}}))
    with pytest.raises(IndexDamaged, match="a list has documents that are not there"):
        list(merged([Source(terms, np.arange(3))], memory))
    next(tmp_path.glob("*.postings")).write_bytes(b"")
    segment = CompactSegment(CompactCodec(), "MAIN")
    segment.segid = next(tmp_path.glob("*.postings")).stem.removeprefix("MAIN_")
    with pytest.raises(IndexDamaged, match="it is shorter than its lists"):
        TermsReader(tmp_path, segment).lists(0, 1)
