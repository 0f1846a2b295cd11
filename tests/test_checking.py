import json
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from searchkit import (
    CheckReport,
    IndexMissing,
    IndexVersionMismatch,
    SearchIndex,
    SearchIndexError,
    Settings,
)
from searchkit.engines import manifest
from searchkit.engines.whoosh.checksums import BLOCK
from searchkit.engines.whoosh.tables import Array
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION, article
from tests.engines.forging import forge_manifest, forge_tables, reseal, toc_of


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([PACT, FOOTBALL, PACT_ITEM, RESIGNATION])
        index.delete(FOOTBALL.id)
    return path


def findings(path: Path, settings: Settings) -> list[tuple[str, str, str]]:
    report = SearchIndex.check(path, settings)
    return [(each.kind, each.file, each.what) for each in report.findings]


def test_a_sound_index(built: Path, settings: Settings) -> None:
    report = SearchIndex.check(built, settings)
    size = sum(path.stat().st_size for path in built.glob("MAIN_*.*"))
    assert report == CheckReport(path=built, findings=(), documents=3, size=size)
    assert not report.damaged
    assert not report.outdated


def test_an_empty_index_and_none(tmp_path: Path, settings: Settings) -> None:
    SearchIndex.create(tmp_path / "index", settings).close()
    assert SearchIndex.check(tmp_path / "index", settings).documents == 0
    assert findings(tmp_path / "index", settings) == []
    with pytest.raises(IndexMissing):
        SearchIndex.check(tmp_path / "nothing", settings)
    next((tmp_path / "index").glob("*.toc")).unlink()  # the index was never made to the end
    with pytest.raises(IndexMissing, match="there is no index in .*; build one"):
        SearchIndex.check(tmp_path / "index", settings)


@pytest.mark.parametrize("ending", [".tables", ".keys", ".postings", ".stored"])
def test_damaged_files_are_named(built: Path, settings: Settings, ending: str) -> None:
    path = next(built.glob(f"*{ending}"))
    data = path.read_bytes()
    altered = bytearray(data)
    altered[len(data) // 2] ^= 4
    path.write_bytes(altered)
    ((kind, file, what),) = findings(built, settings)
    assert (kind, file) == ("damaged", path.name)
    assert what == (
        f"1 of its 1 blocks are not as they were written, the first at bytes 0 to {len(data) - 1}"
    )
    path.write_bytes(data[:-1])
    what = f"it has {len(data) - 1} bytes instead of {len(data)}"
    assert findings(built, settings) == [("damaged", path.name, what)]
    path.unlink()
    what = "it is missing"
    assert findings(built, settings) == [("damaged", path.name, what)]
    assert SearchIndex.check(built, settings).damaged


def test_damaged_blocks_are_counted(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "index"
    # Signs are no words, which would take long to analyse, and chance cannot be compressed.
    words = "".join(random.Random(1).choices("─━│┃┄┅┆┇┈┉┊┋┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝ ", k=400_000))
    with SearchIndex.create(path, settings) as index:
        index.add([article("Kata", words)])
    stored = next(path.glob("*.stored"))
    data = bytearray(stored.read_bytes())
    assert len(data) > 3 * BLOCK
    data[BLOCK + 1] ^= 1
    data[2 * BLOCK] ^= 1
    stored.write_bytes(data)
    ((_, _, what),) = findings(path, settings)
    assert what.startswith("2 of its ")
    assert what.endswith(f"the first at bytes {BLOCK} to {2 * BLOCK - 1}")


def test_a_damaged_or_missing_table_of_contents(built: Path, settings: Settings) -> None:
    toc = toc_of(built)
    toc.write_bytes(toc.read_bytes()[:-1])
    assert findings(built, settings) == [("damaged", toc.name, "it is not as it was written")]
    toc.unlink()
    assert findings(built, settings) == [("damaged", "", "there is no table of contents")]


def test_a_damaged_manifest_does_not_hide_the_rest(built: Path, settings: Settings) -> None:
    (built / manifest.FILE_NAME).write_text("{")
    report = SearchIndex.check(built, settings)
    ((kind, file, what),) = findings(built, settings)
    assert (kind, file, what) == ("damaged", manifest.FILE_NAME, "it is not as it was written")
    assert report.documents == 3


def test_another_version_or_analyzer(built: Path, settings: Settings) -> None:
    forge_manifest(built, analyzer="klingon-3")
    ((kind, file, what),) = findings(built, settings)
    assert (kind, file) == ("outdated", manifest.FILE_NAME)
    assert what.startswith("the index was analysed by klingon-3; the settings use indonesian")
    report = SearchIndex.check(built, settings)
    assert (report.damaged, report.outdated) == (False, True)
    forge_manifest(built, version=99)
    with pytest.raises(IndexVersionMismatch, match="format 99"):
        SearchIndex.check(built, settings)


def test_leftover_and_unknown_files(built: Path, settings: Settings) -> None:
    for name in ("MAIN_abc.stored", "_MAIN_0.toc", "searchkit.json.new", "notes.txt", "README.md"):
        (built / name).write_text("x")
    assert [(kind, file) for kind, file, _ in findings(built, settings)] == [
        ("leftover", "MAIN_abc.stored"),
        ("leftover", "_MAIN_0.toc"),
        ("unknown", "notes.txt"),
        ("leftover", "searchkit.json.new"),
    ]
    report = SearchIndex.check(built, settings)
    assert not report.damaged
    with SearchIndex.open(built, settings) as index, index._engine.writer():
        # A writer is at work: what it writes is not left over.
        assert [kind for kind, _, _ in findings(built, settings)] == []


def swapped(tables: dict[str, Array]) -> None:
    ids = tables["id.text"].copy()
    ids[0] = ord("b")
    tables["id.text"] = ids


def forged(tables: dict[str, Array], value: int, dtype: str) -> Array:
    return np.full(len(tables["term.codes"]), value, dtype)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.update({"length.body": t["length.body"] + np.uint8(1)}), "do not add up"),
        (lambda t: t.update({"stored.ends": t["stored.ends"][::-1].copy()}), "do not ascend"),
        (lambda t: t.update({"term.documents": t["term.documents"] + np.uint8(1)}), "shorter"),
        (
            lambda t: t.update({"term.documents": np.full_like(t["term.codes"], 2**40, "u8")}),
            "short",
        ),
        (
            lambda t: t.update({"term.positions": np.full_like(t["term.codes"], -1, "i8")}),
            "hold what",
        ),
        (
            lambda t: t.update({"term.positions": np.full_like(t["term.codes"], 2**63, "u8")}),
            "short",
        ),
        (lambda t: t.update({"facet.kind.documents": t["facet.kind.documents"][1:]}), "facet kind"),
        (lambda t: t.update({"copies.members": t["copies.members"][1:]}), "tables of copies"),
        (lambda t: t.update({"term.codes": t["term.codes"][1:]}), "not of one length"),
        (swapped, "is stored as"),
    ],
)
def test_what_does_not_fit_together_is_found(
    built: Path, settings: Settings, change: Callable[[dict[str, Array]], None], said: str
) -> None:
    forge_tables(built, change)
    found = findings(built, settings)
    assert {kind for kind, _, _ in found} == {"damaged"}
    assert any(said in what for _, _, what in found), found
    assert all(file for _, file, _ in found)
    assert len(found) < 40


def test_terms_out_of_order_are_found(built: Path, settings: Settings) -> None:
    path = next(built.glob("*.keys"))
    path.write_bytes(path.read_bytes()[::-1])
    reseal(built)
    found = [(file, what) for _, file, what in findings(built, settings)]
    assert any(file == path.name and "is out of order" in what for file, what in found)


def test_altered_posting_lists_are_found(built: Path, settings: Settings) -> None:
    path = next(built.glob("*.postings"))
    path.write_bytes(bytes(path.stat().st_size))
    reseal(built)
    found = findings(built, settings)
    assert any("posting list of" in what and file == path.name for _, file, what in found)
    assert found[-1][2].startswith(("and ", "document"))


def test_documents_that_are_not_those_indexed(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SearchIndex.open(built, settings) as index:
        stored = index._engine.stored(PACT.id)
        assert stored is not None
        with index._engine.writer() as writer:
            from searchkit.engines.base import IndexedDocument

            for document_id, fields in (("a1", {"headline": "Palsu"}), ("a2", {"published": 5})):
                writer.put(
                    IndexedDocument(
                        id=document_id,
                        kind="article",
                        tokens={},
                        keywords={"id": (document_id,), "kind": ("article",)},
                        moment=None,
                        stored=stored | {"id": document_id} | fields,
                    )
                )
    said = [what for _, _, what in findings(built, settings)]
    assert "document a1 does not match its digest" in said
    assert "document a2 has not the fields of a document of this index" in said


def test_a_document_that_is_there_twice(built: Path, settings: Settings) -> None:
    data = json.loads(toc_of(built).read_text())
    (segment,) = data["segments"]
    for ending in segment["files"]:
        shutil.copy(built / f"MAIN_{segment['id']}{ending}", built / f"MAIN_copy{ending}")
    from tests.engines.forging import forge_toc

    forge_toc(built, lambda data: data["segments"].append(segment | {"id": "copy"}))
    said = {what for _, _, what in findings(built, settings)}
    assert f"document {PACT.id} is there 2 times" in said


def test_checking_while_another_writes(built: Path, settings: Settings) -> None:
    stop = threading.Event()

    def write() -> None:
        with SearchIndex.open(built, settings) as index:
            for day in range(1, 29):
                index.add([article(f"Berita {day}", "Isi berita.", day=day)])
                if stop.is_set():
                    return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(10):
            assert findings(built, settings) == []
    finally:
        stop.set()
        thread.join()


def test_a_file_that_cannot_be_read(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchkit.engines.whoosh import tables

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(tables, "open_regular", fail)
    with pytest.raises(SearchIndexError, match=r"cannot be read \(Input/output error\); check the"):
        SearchIndex.check(built, settings)


def test_command(built: Path) -> None:
    status, output, errors = run("check", cwd=built.parent)
    assert (status, errors) == (0, "")
    assert output.startswith("index is sound: 3 documents, 0.0 MB.")
    path = next(built.glob("*.stored"))
    path.write_bytes(path.read_bytes()[:-1])
    status, output, errors = run("check", cwd=built.parent)
    assert (status, errors) == (6, "")
    assert output.split()[:2] == ["damaged", path.name]
    assert "index is damaged, so some searches will fail" in output
    status, output, _ = run("check", "--json", cwd=built.parent)
    told = json.loads(output)
    assert (status, told["damaged"], told["documents"]) == (6, True, 3)
    assert told["findings"][0]["file"] == path.name
