"""An index directory is untrusted input: it may be damaged or hostile, and runs no code."""

import contextlib
import json
import os
import pickle
import random
import re
import shutil
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest

from searchkit import (
    DocumentNotFound,
    IndexDamaged,
    IndexVersionMismatch,
    SearchIndex,
    SearchIndexError,
    SearchkitError,
    Settings,
    WatchError,
)
from searchkit.engines import manifest
from searchkit.engines.fields import FACET_FIELDS
from searchkit.engines.locking import FILE_NAME as LOCK
from searchkit.engines.whoosh.tables import Array, read_tables
from searchkit.watching import Watches
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION
from tests.engines.forging import forge_manifest, forge_tables, forge_toc, reseal, toc_of


class Payload:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.path),))


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([PACT, FOOTBALL, PACT_ITEM])
        index.add([RESIGNATION])
    return path


def use(path: Path, settings: Settings) -> list[str]:
    """Do everything one can do with an index; return the ids found."""
    with SearchIndex.open(path, settings) as index:
        hits = index.search("pakta").hits + index.search('"surat pengunduran"').hits
        index.search('p* ?un* pkta~ judul:="surat" "surat mundur"~3 -sumber:x')
        for hit in index.search("*", limit=100).hits:
            index.get(hit.id)
            index.similar(hit.id)
        index.search("*", limit=1, sort="newest", section="dunia", facets=FACET_FIELDS)
        index.search("*", limit=1, cursor=index.search("*", limit=1).next_cursor)
        index.stats()
        return [hit.id for hit in hits]


def test_payload_works_where_it_is_unpickled(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Payload(tmp_path / "executed")))
    assert (tmp_path / "executed").exists()


def test_no_file_of_the_index_is_unpickled(tmp_path: Path, built: Path, settings: Settings) -> None:
    executed = tmp_path / "executed"
    payload = pickle.dumps(Payload(executed))
    for name in sorted(path.name for path in built.iterdir()):
        for hostile in (payload, b"SKTABLE1" + payload, payload * 100):
            copy = tmp_path / "copy"
            shutil.copytree(built, copy)
            (copy / name).write_bytes(hostile)
            try:
                use(copy, settings)
            except SearchkitError:
                pass
            shutil.rmtree(copy)
            assert not executed.exists(), name


def test_no_file_beside_the_index_is_unpickled(
    tmp_path: Path, built: Path, settings: Settings
) -> None:
    executed = tmp_path / "executed"
    payload = pickle.dumps(Payload(executed))
    (built / "_MAIN_99.toc").write_bytes(payload)
    with pytest.raises(IndexDamaged):
        use(built, settings)
    (built / "_MAIN_99.toc").unlink()
    with SearchIndex.open(built, settings) as index:
        path = Watches(index).path
        path.write_bytes(payload)
        with pytest.raises(WatchError, match="is damaged"):
            Watches(index)
    assert not executed.exists()


def test_a_payload_with_the_right_checksums_is_not_unpickled(
    tmp_path: Path, built: Path, settings: Settings
) -> None:
    executed = tmp_path / "executed"
    payload = pickle.dumps(Payload(executed))
    for ending in (".tables", ".keys", ".postings", ".stored"):
        copy = shutil.copytree(built, tmp_path / "copy")
        for path in copy.glob(f"*{ending}"):
            path.write_bytes(payload + path.read_bytes()[len(payload) :])
        reseal(copy)
        # In the place of the terms it is other terms: then nothing is found.
        with pytest.raises(IndexDamaged if ending != ".keys" else DocumentNotFound):
            use(copy, settings)
        shutil.rmtree(copy)
    forge_stored(built, payload)
    with pytest.raises(IndexDamaged, match="document 0 cannot be read"):
        use(built, settings)
    assert not executed.exists()


def test_segment_name_cannot_leave_the_directory(built: Path, settings: Settings) -> None:
    forge_toc(built, lambda data: data["segments"][0].update(id="../../etc/passwd"))
    with pytest.raises(IndexDamaged, match=r"\.toc is damaged; repair it with"):
        use(built, settings)


@pytest.mark.parametrize("seed", range(60))
def test_a_forged_index_gives_an_error_or_an_answer(
    built: Path, settings: Settings, seed: int
) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(p for p in built.glob("MAIN_*") if p.stat().st_size))
    data = bytearray(path.read_bytes())
    if chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    reseal(built)
    try:
        use(built, settings)
    except SearchIndexError as error:
        assert str(built) in str(error) or "rebuild" in str(error)


@pytest.mark.parametrize(
    "forged",
    [
        {"documents": 2**62},
        {"documents": 10**400},
        {"documents": -1},
        {"documents": float("inf")},
        {"documents": float("nan")},
        {"documents": None},
        {"deleted": [10**9]},
        {"deleted": [-1]},
        {"deleted": [float("nan")]},
        {"lengths": [1]},
        {"lengths": {"body": float("inf")}},
        {"files": {}},
        {
            "files": {
                ".tables": [2**62, ""],
                ".keys": [0, ""],
                ".postings": [0, ""],
                ".stored": [0, ""],
            }
        },
        {
            "files": {
                ".tables": [1, "zz"],
                ".keys": [0, ""],
                ".postings": [0, ""],
                ".stored": [0, ""],
            }
        },
        {"id": ["a"]},
    ],
    ids=str,
)
def test_impossible_values_in_the_table_of_contents(
    built: Path, settings: Settings, forged: dict[str, object]
) -> None:
    forge_toc(built, lambda data: data["segments"][0].update(forged))
    with pytest.raises(IndexDamaged, match=r"is damaged"):
        use(built, settings)


@pytest.mark.parametrize("text", ['{"segments": 1', '{"segments": ' + "[" * 100_000, "[", "NaN"])
def test_a_table_of_contents_that_is_no_object(built: Path, settings: Settings, text: str) -> None:
    checksum = f"{zlib.crc32(text.encode()):08x}"
    toc_of(built).write_text(f'{text}, "checksum": "{checksum}"}}')
    with pytest.raises(IndexDamaged, match=r"\.toc is damaged"):
        use(built, settings)


def forge_stored(built: Path, text: bytes) -> None:
    """Put another text in the place of every stored document."""

    def change(tables: dict[str, Array]) -> None:
        count = len(tables["stored.ends"])
        tables["stored.ends"] = np.arange(count, dtype=np.uint64) * len(data)

    data = zlib.compress(text, 9)
    for path in built.glob("*.stored"):
        path.write_bytes(data * 10)
    forge_tables(built, change)


@pytest.mark.parametrize(
    "text",
    [b"[" * 100_000, b'{"id": NaN}', b"[]", b"\xff", b'{"published": 1e999, "kind": "item"}'],
    ids=["deep", "NaN", "list", "bytes", "infinite"],
)
def test_stored_documents_that_are_none(built: Path, settings: Settings, text: bytes) -> None:
    forge_stored(built, text)
    with pytest.raises(IndexDamaged, match=r"`searchkit check --repair`"):
        use(built, settings)


def test_a_stored_document_that_would_fill_the_memory(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchkit.engines.whoosh.stored.LONGEST_STORED", 1024 * 1024)
    forge_stored(built, b"[" + b"0," * 50_000_000 + b"0]")
    tracemalloc.start()
    try:
        with pytest.raises(IndexDamaged, match="document 0 cannot be read"):
            use(built, settings)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def kinds_of_file(folder: Path) -> list[Path]:
    """One file of each kind."""
    by_ending = {path.suffix or path.name: path for path in sorted(folder.iterdir())}
    assert set(by_ending) >= {".json", ".toc", ".tables", ".keys", ".postings", ".stored", LOCK}
    return list(by_ending.values())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize("what", ["pipe", "device", "link", "link to itself", "directory"])
def test_links_pipes_and_devices_are_not_read(
    tmp_path: Path, built: Path, settings: Settings, what: str
) -> None:
    for path in kinds_of_file(built):
        kept = path.rename(tmp_path / "kept")
        match what:
            case "pipe":
                os.mkfifo(path)
            case "device":
                path.symlink_to("/dev/zero")
            case "link":
                path.symlink_to(kept)
            case "link to itself":
                path.symlink_to(path)
            case _:
                path.mkdir()
        if path.name != LOCK:  # searching has no use for it
            with pytest.raises(SearchIndexError, match=re.escape(path.name)):
                use(built, settings)
        else:
            use(built, settings)
        (path.rmdir if path.is_dir() and not path.is_symlink() else path.unlink)()
        kept.rename(path)
    use(built, settings)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize("name", [LOCK, "searchkit.json.new", "_MAIN_3.toc.new", "_MAIN_3.toc"])
def test_a_writer_follows_no_link(
    tmp_path: Path, built: Path, settings: Settings, name: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (built / name).unlink(missing_ok=True)
    (built / name).symlink_to(victim)
    with contextlib.suppress(SearchIndexError), SearchIndex.open(built, settings) as index:
        index.delete(PACT.id)
    assert victim.read_text() == "precious"


def test_an_older_index_says_how_to_rebuild_it(tmp_path: Path, settings: Settings) -> None:
    old = shutil.copytree(Path(__file__).parents[1] / "compat" / "format3", tmp_path / "index")
    message = "index format 3; this .* format 4: rebuild .* `searchkit index --rebuild SOURCE...`"
    with pytest.raises(IndexVersionMismatch, match=message):
        SearchIndex.open(old, settings)
    with SearchIndex.rebuild(old, settings) as index:
        index.add([PACT])
    assert set(use(old, settings)) == {PACT.id}
    assert len(list(old.iterdir())) == 7


def test_missing_file(built: Path, settings: Settings) -> None:
    next(built.glob("*.postings")).unlink()
    with pytest.raises(IndexDamaged, match="is missing from the index; repair it"):
        use(built, settings)


def test_table_of_impossible_size(built: Path, settings: Settings) -> None:
    path = next(built.glob("*.tables"))
    header = json.dumps({"term.keys": ["|u1", 0, 2**62]}).encode()
    path.write_bytes(b"SKTABLE1" + len(header).to_bytes(4, "little") + header)
    reseal(built)
    with pytest.raises(IndexDamaged, match="shorter than its directory says"):
        use(built, settings)


def test_table_of_terms_that_is_too_short(built: Path, settings: Settings) -> None:
    forge_tables(built, lambda tables: tables.update({"term.codes": tables["term.codes"][:-1]}))
    with pytest.raises(IndexDamaged, match="the tables of terms are not of one length; repair"):
        use(built, settings)


def test_tables_of_another_type(built: Path, settings: Settings) -> None:
    names = set(read_tables(next(built.glob("*.tables"))))
    assert len(names) > 20
    for name in sorted(names):
        copy = shutil.copytree(built, built.with_name("copy"))
        for dtype, value in (("|u1", 255), ("<u8", 2**64 - 1), ("<i8", -1), ("<f4", np.nan)):

            def change(
                tables: dict[str, Array],
                name: str = name,
                dtype: str = dtype,
                value: float = value,
            ) -> None:
                if name in tables:
                    tables[name] = np.full(len(tables[name]), value, dtype=dtype)

            forge_tables(copy, change)
            try:
                use(copy, settings)
                assert dtype != "<f4"
            except SearchkitError:
                pass
            shutil.rmtree(copy)
            shutil.copytree(built, copy)
        shutil.rmtree(copy)


def test_another_format_version(built: Path, settings: Settings) -> None:
    forge_manifest(built, version=99)
    with pytest.raises(IndexVersionMismatch, match="index format 99; this searchkit reads format"):
        use(built, settings)


def test_another_analyzer(built: Path, settings: Settings) -> None:
    forge_manifest(built, analyzer="klingon-3")
    with pytest.raises(IndexVersionMismatch, match="was analysed by klingon-3; .* --rebuild"):
        use(built, settings)


def test_another_engine(built: Path, settings: Settings) -> None:
    forge_manifest(built, engine="os.system")
    with pytest.raises(IndexVersionMismatch, match=r"written by the engine 'os.system'"):
        use(built, settings)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"name": "searchkit index"}', "[" * 9999])
def test_broken_manifest(built: Path, settings: Settings, text: str) -> None:
    (built / manifest.FILE_NAME).write_text(text)
    with pytest.raises(SearchIndexError, match=manifest.FILE_NAME):
        use(built, settings)


def test_rebuild_mends_what_is_damaged(built: Path, settings: Settings) -> None:
    (built / manifest.FILE_NAME).write_text("{")
    (built / "README.md").write_text("mine")
    with SearchIndex.rebuild(built, settings) as index:
        index.add([PACT])
    assert use(built, settings) == [PACT.id]
    assert (built / "README.md").read_text() == "mine"


def test_a_place_that_cannot_be_read(built: Path, tmp_path: Path, settings: Settings) -> None:
    place = tmp_path / ("d" * 300)
    for use_it in (SearchIndex.open, SearchIndex.open_or_create, SearchIndex.rebuild):
        with pytest.raises(SearchIndexError, match=r"dd.* cannot be read"):
            use_it(place, settings)
    with pytest.raises(SearchIndexError, match=r"dd.* cannot be read"):
        SearchIndex.check(place, settings)
    with pytest.raises(SearchIndexError, match=r"dd.* cannot be read"):
        SearchIndex.restore(place, built, settings)
    with pytest.raises(SearchIndexError, match="is none that can be read"):
        SearchIndex.open("http://[::1", settings)
