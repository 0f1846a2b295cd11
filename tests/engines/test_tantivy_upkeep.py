"""An index of tantivy's is checked, repaired, copied to a backup and brought back."""

import os
from dataclasses import replace as changed
from pathlib import Path

import pytest

pytest.importorskip("tantivy", reason="needs the extra tantivy")

import tantivy

from searchkit import IndexDamaged, IndexLocked, IndexMissing, SearchIndex, SearchIndexError
from searchkit.documents.stored import to_stored
from searchkit.engines.locking import WriterLock
from searchkit.engines.sealed import sealed
from searchkit.engines.tantivy.folder import META, POINTER, current, open_index, read_commit
from searchkit.engines.tantivy.footers import fault_of
from searchkit.engines.tantivy.salvage import Salvage, salvage
from searchkit.engines.tantivy.schema import Layout
from searchkit.settings import Settings
from tests.conftest import FOOTBALL, PACT, article


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return changed(settings, engine="tantivy")


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([article(f"Berita {n}", "Isi berita.", day=n) for n in range(1, 20)])
        index.add([PACT])
        index.delete(next(index.documents()).id)
    return path


def held(path: Path, settings: Settings) -> list[str]:
    with SearchIndex.open(path, settings) as index:
        return sorted(index.export_lines())


def replace(path: Path, content: bytes) -> None:
    """Put another file in the place of one that may be mapped."""
    other = path.with_name("other")
    other.write_bytes(content)
    other.replace(path)


def altered(path: Path, place: int) -> None:
    content = path.read_bytes()
    replace(path, content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])


def findings(path: Path, settings: Settings) -> list[tuple[str, str]]:
    return [(f.kind, f.what) for f in SearchIndex.check(path, settings).findings]


# Checking


def test_a_whole_index_has_no_findings(built: Path, settings: Settings) -> None:
    report = SearchIndex.check(built, settings)
    assert report.findings == ()
    assert report.documents == 19
    files = read_commit(current(built)).files
    assert report.size == sum((current(built) / name).stat().st_size for name in files)


def test_links_between_copies_are_no_document(tmp_path: Path, settings: Settings) -> None:
    report = "Gubernur meresmikan jembatan gantung yang menghubungkan dua desa di lereng gunung. "
    report += "Warga menyambut peresmian itu dengan tarian di kedua ujung jembatan."
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([article("Jembatan Gantung Diresmikan", report, day=n) for n in (1, 2)])
        assert index.search("jembatan").hits[0].copies
        assert sum(index.stats().size.documents.values()) == 2
    assert SearchIndex.check(tmp_path / "index", settings).documents == 2
    copied = SearchIndex.backup(tmp_path / "index", tmp_path / "backup", settings)
    assert copied.documents == 2


def test_each_file_that_is_not_as_it_was_is_named(built: Path, settings: Settings) -> None:
    for name in sorted(read_commit(current(built)).files):
        path = current(built) / name
        content = path.read_bytes()
        for made, what in (
            (content[:-3], "it is cut short, or altered at its end"),
            (content[:5], "it is cut short"),
            (bytes([content[0] ^ 1]) + content[1:], "it is not as it was written"),
            (None, "it cannot be opened (No such file or directory)"),
        ):
            if made is None:
                path.unlink()
            else:
                replace(path, made)
            report = SearchIndex.check(built, settings)
            told = [f for f in report.findings if f.file == f"{current(built).name}/{name}"]
            assert [f.what for f in told] == [what]
            assert report.damaged
            replace(path, content)
    assert findings(built, settings) == []


def test_what_does_not_belong_is_told_apart(built: Path, settings: Settings) -> None:
    (current(built) / f"{'a' * 32}.store").write_bytes(b"")
    (current(built) / "letter.txt").write_bytes(b"")
    (built / "tantivy-9").mkdir()
    (built / "letter.txt").write_bytes(b"")
    assert findings(built, settings) == [
        ("unknown", "it is not a file of the index"),
        ("leftover", "of a writer that was killed"),
        ("leftover", "of a writer that was killed"),
        ("unknown", "it is not a file of the index"),
    ]


def test_what_a_writer_has_not_committed_yet_is_no_finding(built: Path, settings: Settings) -> None:
    lock = WriterLock(built)
    lock.acquire(0)
    (current(built) / f"{'a' * 32}.store").write_bytes(b"")
    (built / "tantivy-9").mkdir()
    assert findings(built, settings) == []
    lock.release()
    assert len(findings(built, settings)) == 2


def test_a_directory_that_goes_meanwhile_is_no_finding(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    optimized: list[Path] = []

    def optimizing(directory: Path, layout: Layout) -> tantivy.Index:
        if not optimized:
            with SearchIndex.open(built, settings) as index:
                index.optimize()
            optimized.append(directory)
            assert not directory.exists()
        return open_index(directory, layout)

    monkeypatch.setattr("searchkit.engines.tantivy.checking.open_index", optimizing)
    report = SearchIndex.check(built, settings)
    assert (report.findings, report.documents) == ((), 19)


def test_documents_are_not_read_from_files_that_are_damaged(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tantivy would take as much memory for one as a length in it says."""
    name = next(n for n in sorted(read_commit(current(built)).files) if n.endswith(".store"))
    altered(current(built) / name, 0)
    monkeypatch.setattr("searchkit.engines.tantivy.checking.open_index", lambda *_: 1 / 0)
    assert findings(built, settings) == [("damaged", "it is not as it was written")]


def test_what_points_to_the_files_is_checked(built: Path, settings: Settings) -> None:
    meta, pointer = current(built) / META, built / POINTER
    replace(meta, b"{")
    assert findings(built, settings) == [("damaged", "it is missing or damaged")]
    replace(pointer, sealed({"directory": "elsewhere"}))
    assert findings(built, settings) == [("damaged", "it is missing, or not as it was written")]


def test_a_footer_that_makes_no_sense(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"body" + b"[]" + (2).to_bytes(4, "little") + (1337).to_bytes(4, "little"))
    with path.open("rb") as file:
        assert fault_of(file) == "is altered at its end"


# Repairing


def test_a_repaired_index_has_all_documents(built: Path, settings: Settings) -> None:
    before = held(built, settings)
    name = next(n for n in sorted(read_commit(current(built)).files) if n.endswith(".idx"))
    altered(current(built) / name, 0)
    report = SearchIndex.repair(built, settings)
    assert (report.saved, report.lost, report.uncertain) == (19, (), False)
    assert held(built, settings) == before
    assert findings(built, settings) == []


def test_where_nothing_can_be_read_all_is_left_as_it_is(built: Path, settings: Settings) -> None:
    meta = current(built) / META
    replace(meta, b"{")
    with pytest.raises(IndexDamaged, match="no document of .* can be read, so it is left"):
        SearchIndex.repair(built, settings)
    assert meta.read_bytes() == b"{"


def test_a_repaired_index_is_sound_whatever_was_altered(built: Path, settings: Settings) -> None:
    """Of a text that can be read, though it is another one than was written."""
    with SearchIndex.open(built, settings) as index, index._engine.writer() as writer:
        document = index.get(next(iter(index.documents())).id)
        (other,) = index._prepared(iter([to_stored(document) | {"digest": "0" * 16}]))
        writer.put(other)
    assert [kind for kind, _ in findings(built, settings)] == ["damaged"]
    SearchIndex.repair(built, settings)
    assert findings(built, settings) == []


def test_documents_that_cannot_be_read_are_counted(built: Path, settings: Settings) -> None:
    """Of a store that is damaged in the middle, what can be read is saved."""
    with SearchIndex.open(built, settings) as index:
        bodies = [os.urandom(30_000).hex() for _ in range(6)]
        index.add([article(f"Panjang {n}", text, day=n + 1) for n, text in enumerate(bodies)])
        index.optimize()
    (name,) = (n for n in read_commit(current(built)).files if n.endswith(".store"))
    path = current(built) / name
    altered(path, path.stat().st_size // 2)
    report = SearchIndex.repair(built, settings)
    assert report.saved + len(report.lost) == 25 or report.uncertain
    assert report.saved > 0
    assert findings(built, settings) == []


@pytest.mark.parametrize("ending", ["fast", "del"])
def test_no_document_is_lost_without_a_word(built: Path, settings: Settings, ending: str) -> None:
    """Whatever a damaged column or bitmap says of what there is."""
    with SearchIndex.open(built, settings) as index:
        index.optimize()
        index.delete(next(index.documents()).id)
    before = held(built, settings)
    names = [n for n in read_commit(current(built)).files if n.endswith(f".{ending}")]
    path = max((current(built) / name for name in names), key=lambda path: path.stat().st_size)
    content = path.read_bytes()
    saved = 0
    for place in range(len(content) * 5 // 6, len(content)):
        altered(path, place)
        found = Salvage()
        stored = list(salvage(built, found))
        assert len(stored) + len(found.lost) == len(before) or found.uncertain
        saved += len(stored) == len(before)
        replace(path, content)
    assert saved


# Backups


def test_a_backup_is_the_same_index(built: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "deep" / "backup"
    report = SearchIndex.backup(built, target, settings)
    count = len(read_commit(current(built)).files)
    assert (report.documents, report.files, report.kept) == (19, count, 0)
    assert held(target, settings) == held(built, settings)
    assert SearchIndex.check(target, settings).findings == ()
    with SearchIndex.open(target, settings) as index:
        index.add([FOOTBALL])
        assert len(list(index.documents())) == 20


def test_only_what_is_new_is_copied(built: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    with SearchIndex.open(built, settings) as index:
        index.add([FOOTBALL])
    report = SearchIndex.backup(built, target, settings)
    assert report.documents == 20
    assert report.kept > 0
    assert report.files > 0
    assert held(target, settings) == held(built, settings)
    report = SearchIndex.backup(built, target, settings)
    assert (report.files, report.size) == (0, 0)
    assert SearchIndex.check(target, settings).findings == ()


def test_a_backup_is_brought_back(built: Path, tmp_path: Path, settings: Settings) -> None:
    target, other = tmp_path / "backup", tmp_path / "other"
    SearchIndex.backup(built, target, settings)
    SearchIndex.restore(other, target, settings)
    assert held(other, settings) == held(target, settings)
    with SearchIndex.open(built, settings) as index:
        index.add([FOOTBALL])
        SearchIndex.restore(built, target, settings, replace=True)
        assert len(list(index.documents())) == 19


def test_damage_is_not_copied(built: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    before = held(target, settings)
    name = max(read_commit(current(built)).files)
    altered(current(built) / name, 0)
    with pytest.raises(IndexDamaged, match=f"{name} is not as it was written; see `searchkit"):
        SearchIndex.backup(built, tmp_path / "another", settings)
    (current(built) / name).unlink()
    with pytest.raises(IndexDamaged, match=f"{name} is damaged .No such file"):
        SearchIndex.backup(built, target, settings)
    assert held(target, settings) == before
    with pytest.raises(IndexMissing):
        SearchIndex.open(tmp_path / "nowhere", settings)


def test_a_commit_that_cannot_be_opened_is_not_copied(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    """Not even where all of its files are as they were written."""
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    before = held(target, settings)
    meta = current(built) / META
    replace(meta, meta.read_bytes().replace(b'"kw_kind"', b'"kw_kine"', 1))
    with pytest.raises(IndexDamaged, match=f"{built} is damaged, so it is not copied"):
        SearchIndex.backup(built, target, settings)
    assert held(target, settings) == before
    assert [path.name for path in target.glob("tantivy-*")] == ["tantivy-1"]


def test_a_backup_that_is_being_written_is_left_alone(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    lock = WriterLock(target)
    lock.acquire(0)
    with pytest.raises(IndexLocked, match="try again when it has finished"):
        SearchIndex.backup(built, target, changed(settings, lock_timeout=0.1))
    lock.release()


def test_a_disk_that_cannot_be_read(
    built: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    for module in ("copying", "folder"):
        monkeypatch.setattr(f"searchkit.engines.tantivy.{module}.open_regular", fail)
    with pytest.raises(SearchIndexError, match=r"cannot be read \(Input/output error\)"):
        SearchIndex.backup(built, tmp_path / "backup", settings)
    with pytest.raises(SearchIndexError, match=r"cannot be read \(Input/output error\)"):
        SearchIndex.check(built, settings)
