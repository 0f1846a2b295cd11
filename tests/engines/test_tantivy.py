"""What is tantivy's own: its files, its faults, and how query trees become its queries."""

import itertools
import json
import multiprocessing
import os
import random
import resource
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("tantivy", reason="needs the extra tantivy")

from tantivy import Query

from searchkit.analysis import Token
from searchkit.engines.base import ITEM, FacetsWanted, Filters, IndexedDocument
from searchkit.engines.fields import NEWS
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.sealed import sealed
from searchkit.engines.tantivy import TantivyEngine
from searchkit.engines.tantivy.boundary import reading, writing
from searchkit.engines.tantivy.folder import POINTER, SEGMENT_FILE, current, read_commit
from searchkit.engines.tantivy.queries import Combinations, _combinations
from searchkit.engines.tantivy.schema import as_written, layout_of
from searchkit.errors import (
    IndexDamaged,
    IndexNotWritable,
    IndexVersionMismatch,
    SearchIndexError,
    SettingsError,
)
from searchkit.query import AnyOf, Everything, Fuzzy, KeywordFilter, Phrase, Prefix, Term, Wildcard
from searchkit.results import FacetCount
from searchkit.settings import Settings
from searchkit.testing.formulas import Formulas
from searchkit.testing.making import document, ids, put, random_documents

ONE = Term("w1", "w1")
MANIFEST = Manifest(engine="tantivy", analyzer="test-1", version=TantivyEngine.format_version)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "index"
    TantivyEngine.create(Location.of(made), MANIFEST, Settings())
    return made


@pytest.fixture
def engine(folder: Path) -> TantivyEngine:
    return TantivyEngine(folder, lock_timeout=0.1)


def segment_files(folder: Path) -> set[str]:
    """The names of the files of segments."""
    return {path.name for path in current(folder).iterdir() if SEGMENT_FILE.fullmatch(path.name)}


# Files


def test_files_of_old_commits_are_removed(engine: TantivyEngine) -> None:
    for number in range(30):
        put(engine, document(number, body="w1"), document(number // 2, body="w2"))
    assert segment_files(engine.folder) == read_commit(current(engine.folder)).files
    assert engine.stats().segments < 12
    engine.optimize()
    assert segment_files(engine.folder) == read_commit(current(engine.folder)).files
    assert engine.stats().segments == 1
    assert len(list(engine.folder.glob("tantivy-*"))) == 1
    assert len(ids(engine, Everything())) == 30


def test_what_a_killed_writer_left_is_removed(engine: TantivyEngine) -> None:
    put(engine, document(1, body="w1"))
    old = current(engine.folder)
    stray = [old / f"{'a' * 32}.7.del", old / f"{'b' * 32}.store"]
    for path in stray:
        path.write_bytes(b"left")
    unfinished = engine.folder / "tantivy-7"
    unfinished.mkdir()
    (unfinished / "meta.json").write_text("{}")
    put(engine, document(2, body="w1"))
    assert not any(path.exists() for path in (*stray, unfinished))
    assert ids(engine, Term("w1", "w1")) == ["d0001", "d0002"]


def test_a_rebuilding_that_fails_leaves_nothing(folder: Path, engine: TantivyEngine) -> None:
    put(engine, document(1, body="w1"))
    other = Manifest(engine="tantivy", analyzer="test-2", version=1)
    new = TantivyEngine(folder, replacing=other)
    with pytest.raises(KeyError), new.writer() as writer:
        writer.put(document(2, body="w1"))
        raise KeyError("stop")
    assert [path.name for path in folder.glob("tantivy-*")] == ["tantivy-1"]
    assert ids(engine, Everything()) == ["d0001"]
    put(new, document(2, body="w1"))
    assert ids(new, Everything()) == ["d0002"]
    with pytest.raises(IndexVersionMismatch, match="another analyzer since it was opened"):
        ids(engine, Everything())
    assert TantivyEngine.manifest(Location.of(folder), Settings()) == other
    assert [path.name for path in folder.glob("tantivy-*")] == ["tantivy-2"]


def test_a_rebuilding_whose_manifest_cannot_be_written_changes_nothing(
    folder: Path, engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, body="w1"))
    new = TantivyEngine(folder, replacing=Manifest(engine="tantivy", analyzer="other", version=1))

    def full(self: Manifest, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Manifest, "write", full)
    with pytest.raises(IndexNotWritable, match="is full"):
        put(new, document(2, body="w1"))
    assert ids(TantivyEngine(folder), Everything()) == ["d0001"]


def test_sizes_are_told_while_a_directory_is_removed(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (engine.folder / "tantivy-9").mkdir()
    real = os.scandir

    def removing(path: Any = ".") -> Any:
        if Path(path).name == "tantivy-9":
            Path(path).rmdir()
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr("os.scandir", removing)
        assert engine.stats().disk_bytes > 0


# Faults


def test_a_directory_of_a_stranger(engine: TantivyEngine, folder: Path) -> None:
    put(engine, document(1, body="w1"))
    directory = current(folder)
    link = directory / "more.json"
    link.symlink_to("/etc/hostname")
    with pytest.raises(IndexDamaged, match=r"more\.json is no file"):
        TantivyEngine(folder)
    link.unlink()
    moved = directory.rename(folder / "elsewhere")
    directory.symlink_to(moved)
    with pytest.raises(IndexDamaged, match="is a link, not a directory"):
        TantivyEngine(folder)


def test_a_file_that_goes_while_the_index_is_opened(
    engine: TantivyEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, body="w1"))
    real = Path.iterdir

    def listed_before(path: Path) -> list[Path]:
        return [*real(path), path / "gone.store"]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", listed_before)
        assert ids(TantivyEngine(folder), Everything()) == ["d0001"]


@pytest.mark.parametrize("name", ["../tantivy-1", "tantivy-0", "", 7, None])
def test_only_directories_of_the_index_are_opened(folder: Path, name: object) -> None:
    (folder / POINTER).write_bytes(sealed({"directory": name}))
    with pytest.raises(IndexDamaged, match=r"tantivy\.json is missing or damaged"):
        TantivyEngine(folder)


def test_another_schema(engine: TantivyEngine, folder: Path) -> None:
    put(engine, document(1, body="w1"))
    meta = current(folder) / "meta.json"
    found = json.loads(meta.read_text())
    found["schema"].pop()
    meta.write_text(json.dumps(found))
    with pytest.raises(IndexDamaged, match="schema"):
        TantivyEngine(folder)


@pytest.mark.parametrize("seed", range(12))
def test_altered_bytes_are_told_or_do_no_harm(folder: Path, seed: int) -> None:
    """No exception but those of searchkit, whatever tantivy makes of the bytes."""
    chance = random.Random(seed)
    put(TantivyEngine(folder), *random_documents(chance, 40))
    for path in sorted(current(folder).iterdir()):
        content = path.read_bytes()
        if not content or path.name.startswith("."):
            continue
        place = chance.randrange(len(content))
        altered = bytes([content[place] ^ (1 << chance.randrange(8))])
        replace(path, content[:place] + altered + content[place + 1 :])
        try:
            engine = TantivyEngine(folder)
            for match in engine.search(Term("w1", "w1"), Filters(), 0, 50).matches:
                match.stored()
            list(engine.documents())
            engine.search(Everything(), Filters(), 0, 50, sort="newest", collapse="newest")
        except SearchIndexError as error:
            assert str(folder) in str(error) or "document" in str(error)
        replace(path, content)


def replace(path: Path, content: bytes) -> None:
    """Put another file in the place of one that may be mapped."""
    other = path.with_name("other")
    other.write_bytes(content)
    other.replace(path)


def test_a_panic_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"more than one term.; repair it"), reading(tmp_path):
        Query.phrase_query(layout_of(NEWS).schema, "all", ["a"])
    with pytest.raises(IndexNotWritable, match="the index is as it was"), writing(tmp_path):
        Query.phrase_query(layout_of(NEWS).schema, "all", ["a"])
    unreadable = pytest.raises(SearchIndexError, match=r"cannot be read \(Input/output error\)")
    with unreadable, reading(tmp_path):
        raise OSError(5, "Input/output error")
    with pytest.raises(KeyError), reading(tmp_path), writing(tmp_path):
        raise KeyError("ours")


def test_why_a_write_failed_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> None:
        with writing(tmp_path):
            raise ValueError("a worker thread encountered an error.\nmore")

    with pytest.raises(IndexNotWritable, match=r"written \(a worker thread encountered an error\)"):
        failing()
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(IndexNotWritable, match="check its permissions"):
        failing()
    monkeypatch.setattr("os.access", lambda *_: True)
    free = os.statvfs_result((4096, 4096, 9, 0, 0, 9, 9, 9, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda _: free)
    with pytest.raises(IndexNotWritable, match="is full"):
        failing()


def write_with_little_room(folder: Path, told: Any) -> None:
    """Write more than the operating system lets this process put into a file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    engine = TantivyEngine(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        put(
            engine,
            *(document(n, body=" ".join(f"v{n}x{m}" for m in range(90))) for n in range(900)),
        )
        told.send("written")
    except BaseException as error:
        told.send(f"{type(error).__name__}: {error}")


def test_files_that_cannot_be_written_leave_the_index_as_it_was(
    folder: Path, engine: TantivyEngine
) -> None:
    put(engine, document(1, body="w1"))
    before = segment_files(folder)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=write_with_little_room, args=(folder, there)
    )
    process.start()
    assert here.poll(60)
    assert here.recv().startswith("IndexNotWritable: ")
    process.join()
    assert segment_files(folder) == before
    assert ids(TantivyEngine(folder), Everything()) == ["d0001"]
    put(engine, document(2, body="w1"))
    assert ids(engine, Everything()) == ["d0001", "d0002"]


def test_as_many_are_ranked_together_as_is_asked_for(folder: Path) -> None:
    """However many tantivy was asked for at first, and however many of those are items."""
    engine = TantivyEngine(folder, rescored=1200)
    items = [document(n, kind=ITEM, moment=0, sidebar="w1") for n in range(1000, 2000)]
    articles = [document(n, moment=0, body="w1 w2") for n in range(1100)]
    put(engine, *items, *articles, document(9999, moment=10**6, body="w1 " + "w2 " * 60))
    found = engine.search(ONE, Filters(), 0, 1, recency=Recency(9.0, half_life=1.0))
    assert [match.id for match in found.matches] == ["d9999"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rescored": 0}, "is to be a whole number above 0, not 0"),
        ({"rescored": True}, "not True"),
        ({"rescored": "50"}, "not '50'"),
        ({"window": 3}, "unknown setting 'window'"),
    ],
)
def test_options_that_say_something_impossible(
    folder: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        TantivyEngine.open(Location.of(folder), Settings(engines={"tantivy": options}))


# Queries


def met(combined: Combinations, matching: set[int]) -> bool:
    return any(
        first in matching and (not following or met(following, matching))
        for first, following in combined
    )


@given(st.lists(st.floats(0.0, 9.0), min_size=1, max_size=6), st.floats(0.01, 0.99))
def test_combinations_are_those_that_weigh_enough(weights: list[float], share: float) -> None:
    weights.sort(reverse=True)
    needed = share * sum(weights)
    combined = _combinations(weights, needed)
    if combined is None or not needed:
        return
    for size in range(len(weights) + 1):
        for chosen in itertools.combinations(range(len(weights)), size):
            weight = sum(weights[n] for n in chosen)
            if abs(weight - needed) > 1e-9:
                assert met(combined, set(chosen)) == (weight > needed)


@pytest.mark.parametrize("words", [5, 12])
def test_shares_of_few_and_of_many_words(engine: TantivyEngine, words: int) -> None:
    chance = random.Random(words)
    documents = random_documents(chance, 150)
    put(engine, *documents)
    formulas = Formulas(documents, Ranking())
    for _ in range(10):
        terms = tuple(Term(f"w{n}", f"w{n}") for n in chance.sample(range(30), words))
        node = AnyOf(terms, chance.choice([1, 2]), chance.choice([0.3, 0.6]))
        expected = {each.id for each in documents if formulas.matches(each, node)}
        found = engine.search(node, Filters(), 0, 1000)
        assert {match.id for match in found.matches} == expected
        assert found.total == len(expected)


def test_words_with_blanks_in_them(engine: TantivyEngine) -> None:
    odd = ["per cent", "tab\tin it", "\u3000", "a\u00a0b", "half\ud800", "nul\0", ""]
    tokens = [Token(w, w, w, 0, 1, n) for n, w in enumerate([*odd, "w1"])]
    made = IndexedDocument(
        id="d1",
        kind="article",
        tokens={"body": tokens},
        keywords={"id": ("d1",), "kind": ("article",)},
        moment=None,
        stored={"id": "d1"},
    )
    put(engine, made, document(2, body="w1 per cent"))
    for word in odd:
        assert ids(engine, Term(word, word)) == ["d1"]
        assert ids(engine, Term(word, word, exact=True)) == ["d1"]
    assert ids(engine, Phrase(tuple(Term(w, w) for w in (*odd, "w1")))) == ["d1"]
    for pattern in (Prefix("per c"), Wildcard("per c?n*"), Fuzzy("per cant", 1)):
        assert ids(engine, pattern) == ["d1"]
    assert {"per cent", "cent", "w1"} <= engine.forms().keys()
    assert as_written("a b") == as_written("a\tb") == "a\0b"


# Facets


def test_values_beyond_those_that_are_kept(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchkit.engines.tantivy.snapshot.MOST_VALUES", 2)
    sections = ["Dunia", "Dunia", "Ekonomi", "Ekonomi", "Rumah Kita"]
    put(engine, *(document(n, facets={"section": (s,)}) for n, s in enumerate(sections)))
    wanted = FacetsWanted(("section",))
    rare = engine.search(KeywordFilter("id", "d0004"), Filters(), 0, 1, facets=wanted)
    assert rare.facets["section"] == (FacetCount("Rumah Kita", 1),)


def test_an_index_is_read_where_nothing_can_be_written(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a read-only file system; tantivy would make a file to lock."""
    put(engine, document(1, body="w1"), document(2, body="w2"))
    directory = current(engine.folder)
    for lock in directory.glob("*.lock"):
        lock.unlink()
    before = sorted(directory.iterdir())
    monkeypatch.setattr("searchkit.engines.tantivy.folder.os.access", lambda *_: False)
    reading = TantivyEngine(engine.folder)
    assert ids(reading, Term("w1", "w1")) == ["d0001"]
    assert [stored["id"] for stored in reading.documents()] == ["d0001", "d0002"]
    assert sorted(directory.iterdir()) == before
