"""An index directory is untrusted input: it may be damaged or hostile, and runs no code."""

import json
import os
import pickle
import random
import shutil
from pathlib import Path

import pytest

from searchkit import (
    IndexDamaged,
    IndexVersionMismatch,
    SearchIndex,
    SearchIndexError,
    SearchkitError,
    Settings,
)
from searchkit.engines import manifest
from searchkit.engines.base import FACET_FIELDS
from searchkit.engines.whoosh.tables import read_tables, write_tables
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION


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


def test_payload_inside_stored_documents_and_whoosh_toc(
    tmp_path: Path, built: Path, settings: Settings
) -> None:
    executed = tmp_path / "executed"
    (built / "_MAIN_99.toc").write_bytes(pickle.dumps(Payload(executed)))
    with pytest.raises(IndexDamaged):
        use(built, settings)
    assert not executed.exists()


def test_segment_name_cannot_leave_the_directory(built: Path, settings: Settings) -> None:
    toc = max(built.glob("_MAIN_*.toc"), key=lambda path: int(path.stem.split("_")[-1]))
    data = json.loads(toc.read_text())
    data["segments"][0]["id"] = "../../etc/passwd"
    toc.write_text(json.dumps(data))
    with pytest.raises(IndexDamaged, match=r"is damaged; delete .* and rebuild it"):
        use(built, settings)


@pytest.mark.parametrize("seed", range(60))
def test_damage_gives_a_clear_error_or_an_answer(
    built: Path, settings: Settings, seed: int
) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(p for p in built.iterdir() if p.stat().st_size))
    data = bytearray(path.read_bytes())
    if chance.random() < 0.4:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    try:
        use(built, settings)
    except SearchIndexError as error:
        assert str(built) in str(error) or "rebuild" in str(error)


def test_missing_file(built: Path, settings: Settings) -> None:
    next(built.glob("*.postings")).unlink()
    with pytest.raises(IndexDamaged, match="is missing from the index; rebuild it"):
        use(built, settings)


def test_table_of_impossible_size(built: Path, settings: Settings) -> None:
    path = next(built.glob("*.tables"))
    header = json.dumps({"term.keys": ["|u1", 0, 2**62]}).encode()
    path.write_bytes(b"SKTABLE1" + len(header).to_bytes(4, "little") + header)
    with pytest.raises(IndexDamaged, match="shorter than its directory says"):
        use(built, settings)


def test_table_of_terms_that_is_too_short(built: Path, settings: Settings) -> None:
    for path in built.glob("*.tables"):
        tables = {name: array.copy() for name, array in read_tables(path).items()}
        write_tables(path, tables | {"term.codes": tables["term.codes"][:-1]})
    with pytest.raises(IndexDamaged, match="the tables of terms are not of one length; rebuild"):
        use(built, settings)


def test_another_format_version(built: Path, settings: Settings) -> None:
    path = built / manifest.FILE_NAME
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"version": 99}))
    with pytest.raises(IndexVersionMismatch, match="index format 99; this searchkit reads format"):
        use(built, settings)


def test_another_analyzer(built: Path, settings: Settings) -> None:
    path = built / manifest.FILE_NAME
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"analyzer": "klingon-3"}))
    with pytest.raises(IndexVersionMismatch, match="was analysed by klingon-3; .* --rebuild"):
        use(built, settings)


def test_another_engine(built: Path, settings: Settings) -> None:
    path = built / manifest.FILE_NAME
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"engine": "os.system"}))
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
