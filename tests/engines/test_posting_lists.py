"""Posting lists, many at once: packed, read again, inverted and merged, against plain Python."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searchkit.analysis import Token, TokenColumns, TokenTable
from searchkit.engines.whoosh import inversion
from searchkit.engines.whoosh.codec import CompactCodec
from searchkit.engines.whoosh.inversion import Inverter
from searchkit.engines.whoosh.merging import Source, merged
from searchkit.engines.whoosh.postings import (
    PostingList,
    PostingLists,
    fingerprints,
    packed,
    read_postings,
    run_starts,
    starts_at,
    starts_of,
    term_key,
    unpacked,
)
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.tables import MappedFile
from searchkit.engines.whoosh.terms import TermsReader, TermWriter
from searchkit.errors import IndexDamaged

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
        np.array([len(found) for _, found in rows], dtype=np.int64),
        np.array([sum(len(p) for _, p in found) for _, found in rows], dtype=np.int64),
        np.array([number for number, _ in flat], dtype=np.uint32),
        np.array([len(positions) or 1 for _, positions in flat], dtype=np.uint32),
        np.array([place for _, positions in flat for place in positions], dtype=np.uint32),
    )


def plain(lists: PostingLists) -> list[tuple[bytes, Postings]]:
    found: list[tuple[bytes, Postings]] = []
    at = place = 0
    for key, length, occurrences in zip(*lists[:3], strict=True):
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
        found.append((key, postings))
    assert (at, place) == (len(lists.documents), len(lists.positions))
    return found


@given(LISTS)
def test_packed_lists_are_read_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, terms: dict[str, Postings]
) -> None:
    lists = lists_of(terms)
    codes, sizes, data = packed(lists)
    offsets = np.cumsum(sizes) - sizes
    columns = unpacked(data, offsets, codes.astype(np.int64), lists.lengths, lists.occurrences)
    assert plain(PostingLists(*lists[:3], *columns)) == plain(lists)
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


@given(LISTS, st.integers(0, 2**64 - 1))
def test_fingerprints_tell_lists_apart(terms: dict[str, Postings], seed: int) -> None:
    lists = lists_of(terms)
    marks = fingerprints(lists, seed).tolist()
    contents = [str(postings) for _, postings in plain(lists)]
    assert len(set(marks)) == len(set(contents))
    assert len(set(zip(marks, contents, strict=True))) == len(set(marks))


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
    inverter = Inverter()
    expected: dict[bytes, Postings] = defaultdict(dict)
    tables = TokenTable(), TokenTable()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_BLOCK", "_VALUES", "_TOGETHER"):
            patch.setattr(inversion, name, few)
        for number, (words, which, values) in enumerate(documents):
            inverter.add("body", number, columns_of(words, tables[which]))
            inverter.add_values("id", number, values)
            for position, word in enumerate(words):
                for term in (word.rstrip("x"), f"={word}"):
                    expected[term_key("body", term)].setdefault(number, []).append(position)
            for value in values:
                expected[term_key("id", value)][number] = []
        found = [pair for lists in inverter.lists() for pair in plain(lists)]
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
    found = [pair for lists in merged(sources, memory) for pair in plain(lists)]
    assert found == sorted(expected.items())


def terms_on_disk(folder: Path, lists: PostingLists) -> TermsReader:
    segment = CompactSegment(CompactCodec(), "MAIN")
    writer = TermWriter(folder, segment)
    writer.add(lists)
    writer.finish({})
    return TermsReader(folder, segment)


def test_equal_lists_are_written_once(tmp_path: Path) -> None:
    many, others = list(range(40)), list(range(1, 41))
    terms = {"a": {1: many}, "=a": {1: many}, "b": {1: others}, "c": {1: [2]}, "=c": {1: [2]}}
    segment = CompactSegment(CompactCodec(), "MAIN")
    writer = TermWriter(tmp_path, segment)
    for part in (("=a", "=c"), ("a", "b"), ("c",)):
        writer.add(lists_of({term: terms[term] for term in part}))
    writer.finish({})
    reader = TermsReader(tmp_path, segment)
    for term, postings in terms.items():
        found = reader.posting_list("body", term)
        assert isinstance(found, PostingList)
        assert found.positions.tolist() == [place for p in postings.values() for place in p]
    large, small = 1 + 1 + 40, 1 + 1  # a document, its frequency, its positions
    size = (tmp_path / segment.make_filename(".postings")).stat().st_size
    assert size == 2 * large + 2 * small  # small ones are not worth knowing again


def test_a_damaged_segment_is_not_merged(tmp_path: Path) -> None:
    terms = terms_on_disk(tmp_path, lists_of({"a": {5: [1]}}))
    with pytest.raises(IndexDamaged, match="a list has documents that are not there"):
        list(merged([Source(terms, np.arange(3))], 1000))
    next(tmp_path.glob("*.postings")).write_bytes(b"")
    segment = CompactSegment(CompactCodec(), "MAIN")
    segment.segid = next(tmp_path.glob("*.postings")).stem.removeprefix("MAIN_")
    with pytest.raises(IndexDamaged, match="it is shorter than its lists"):
        TermsReader(tmp_path, segment).lists(0, 1)
