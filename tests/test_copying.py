import errno
import json
import os
import re
import shutil
import threading
from pathlib import Path

import pytest

from searchkit import (
    ForeignIndex,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotWritable,
    OutputNotWritable,
    SearchIndex,
    SearchIndexError,
    Settings,
    Watches,
)
from searchkit.engines import locking, manifest
from searchkit.engines.location import Location
from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import BACKUP_NAME, watches_of
from searchkit.engines.opening import open_regular
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, PACT, RESIGNATION, article
from tests.engines.forging import forge_manifest
from tests.reliability.injection import Step, watched
from tests.reliability.workload import unknown_files


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([article(f"Berita {n}", "Isi berita.", day=n) for n in range(1, 20)])
        index.add([PACT])
        Watches(index).add("pakta", "pakta")
    return path


def held(path: Path, settings: Settings) -> list[str]:
    with SearchIndex.open(path, settings) as index:
        return sorted(index.export_lines())


def data_of(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.glob("MAIN_*.*")}


def test_a_backup_is_the_same_index(built: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "deep" / "backup"
    report = SearchIndex.backup(built, target, settings)
    assert (report.source, report.target) == (built, target)
    assert (report.documents, report.files, report.kept) == (20, 8, 0)
    assert report.size == sum(map(len, data_of(built).values()))
    assert data_of(target) == data_of(built)
    assert held(target, settings) == held(built, settings)
    assert SearchIndex.check(target, settings).findings == ()
    copied, kept = (watches_of(Location.of(each)).read_bytes() for each in (target, built))
    assert copied == kept


def test_only_what_is_new_is_copied(built: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    with SearchIndex.open(built, settings) as index:
        index.delete(PACT.id)
        index.add([FOOTBALL])
    before = data_of(target)
    report = SearchIndex.backup(built, target, settings)
    assert (report.documents, report.files, report.kept) == (20, 4, 4)
    assert held(target, settings) == held(built, settings)
    assert len(data_of(target)) == 8
    assert len(data_of(target).items() & before.items()) == 4
    report = SearchIndex.backup(built, target, settings)
    assert (report.files, report.size, report.kept) == (0, 0, 8)
    assert unknown_files(target) == {BACKUP_NAME}


def test_what_has_rotted_in_a_backup_is_copied_again(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    path = max(target.glob("*.postings"), key=lambda each: each.stat().st_size)
    path.write_bytes(bytes(path.stat().st_size))
    assert SearchIndex.check(target, settings).damaged
    assert SearchIndex.backup(built, target, settings).files == 1
    assert SearchIndex.check(target, settings).findings == ()


def test_an_index_that_was_rebuilt_or_optimized(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    target = tmp_path / "backup"
    for _ in range(3):
        SearchIndex.backup(built, target, settings)
    with SearchIndex.open(built, settings) as index:
        index.optimize()
    assert SearchIndex.backup(built, target, settings).files == 4
    shutil.rmtree(built)
    with SearchIndex.create(built, settings) as index:
        index.add([RESIGNATION])
    SearchIndex.backup(built, target, settings)  # its generation is lower than that of the backup
    assert held(target, settings) == held(built, settings)
    assert unknown_files(target) == {BACKUP_NAME}


def test_a_backup_while_another_writes(built: Path, tmp_path: Path, settings: Settings) -> None:
    stop = threading.Event()
    commits: list[list[str]] = []

    def write() -> None:
        with SearchIndex.open(built, settings) as index:
            while not stop.is_set():
                number = len(commits)
                pair = [article(f"Komit {number} {part}", "Isi.", day=1) for part in "ab"]
                index.add(pair)
                if number:
                    index.delete(*commits[-1])
                commits.append([each.id for each in pair])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(12):
            target = tmp_path / f"backup{number % 3}"
            SearchIndex.backup(built, target, settings)
            assert SearchIndex.check(target, settings).findings == ()
            with SearchIndex.open(target, settings) as copy:
                found = [hit.headline.split()[1] for hit in copy.search("komit").hits]
            assert len(found) % 2 == 0  # whole commits only
            assert all(found.count(each) == 2 for each in found)
    finally:
        stop.set()
        thread.join()
    assert len(commits) > 3


def test_a_file_that_is_removed_while_they_are_opened(
    built: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open_regular
    opened = []

    def commit_first(path: Path) -> object:
        opened.append(path)
        if len(opened) == 2:
            with SearchIndex.open(built, settings) as index:
                index.optimize()
        return real(path)

    monkeypatch.setattr("searchkit.engines.whoosh.copying.open_regular", commit_first)
    SearchIndex.backup(built, tmp_path / "backup", settings)
    assert held(tmp_path / "backup", settings) == held(built, settings)
    assert len(data_of(tmp_path / "backup")) == 4


def test_nothing_foreign_is_overwritten(built: Path, tmp_path: Path, settings: Settings) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    SearchIndex.create(tmp_path / "other", settings).close()
    with SearchIndex.open(tmp_path / "other", settings) as index:
        index.add([FOOTBALL])
    SearchIndex.backup(tmp_path / "other", tmp_path / "backup", settings)
    for target, said in (
        (foreign, "is not empty and is no backup; name another directory"),
        (tmp_path / "other", "is not empty and is no backup; name another directory"),
        (tmp_path / "backup", r"is a backup of .*other; name another directory"),
    ):
        before = {each.name: each.read_bytes() for each in target.iterdir()}
        with pytest.raises(ForeignIndex, match=said):
            SearchIndex.backup(built, target, settings)
        assert {each.name: each.read_bytes() for each in target.iterdir()} == before
    (tmp_path / "file").touch()
    with pytest.raises(ForeignIndex):
        SearchIndex.backup(built, tmp_path / "file", settings)
    for target in (built, built / "backup", tmp_path):
        with pytest.raises(SearchIndexError, match="are the same directory, or one is in the"):
            SearchIndex.backup(built, target, settings)
    with pytest.raises(IndexMissing):
        SearchIndex.backup(tmp_path / "nothing", tmp_path / "new", settings)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("ending", [".tables", ".keys", ".postings", ".stored"])
@pytest.mark.parametrize("how", ["altered", "shorter", "longer", "missing", "link"])
def test_a_damaged_index_is_not_copied(
    built: Path, tmp_path: Path, settings: Settings, ending: str, how: str
) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    with SearchIndex.open(built, settings) as index:
        index.add([FOOTBALL, RESIGNATION])
        index.optimize()
    before = held(target, settings)
    path = next(built.glob(f"*{ending}"))
    data = path.read_bytes()
    match how:
        case "altered":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "shorter":
            path.write_bytes(data[:-1])
        case "longer":
            path.write_bytes(data + b"x")
        case "link":
            path.rename(tmp_path / "moved")
            path.symlink_to(tmp_path / "moved")
        case _:
            path.unlink()
    with pytest.raises(IndexDamaged, match=f"{path.name} is .*searchkit check"):
        SearchIndex.backup(built, target, settings)
    assert held(target, settings) == before
    assert unknown_files(target) == {BACKUP_NAME}
    with pytest.raises(IndexDamaged, match=f"{path.name} is "):
        SearchIndex.restore(tmp_path / "restored", built, settings)


def test_links_in_a_target_are_not_followed(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    target = tmp_path / "backup"
    SearchIndex.backup(built, target, settings)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for name in [*data_of(built), BACKUP_NAME + ".new", "MAIN_x.tables.new"]:
        (target / name).unlink(missing_ok=True)
        (target / name).symlink_to(precious)
    SearchIndex.backup(built, target, settings)
    assert precious.read_text() == "precious"
    assert data_of(target) == data_of(built)
    assert not any(each.is_symlink() for each in target.iterdir())


def test_restoring(built: Path, tmp_path: Path, settings: Settings) -> None:
    backup, path = tmp_path / "backup", tmp_path / "restored"
    SearchIndex.backup(built, backup, settings)
    report = SearchIndex.restore(path, backup, settings)
    assert (report.documents, report.files, report.source, report.target) == (20, 8, backup, path)
    assert held(path, settings) == held(built, settings)
    with SearchIndex.open(path, settings) as index:
        assert Watches(index).queries == {"pakta": "pakta"}
        index.add([FOOTBALL])
        with pytest.raises(ForeignIndex, match="is not empty; add --replace to put the backup in"):
            SearchIndex.restore(path, backup, settings)
        assert index.search("garuda").total == 1
        SearchIndex.restore(path, backup, settings, replace=True)
        assert index.search("garuda").total == 0  # who has it open sees the index restored
    assert held(path, settings) == held(built, settings)
    assert unknown_files(path) == set()
    assert SearchIndex.check(path, settings).findings == ()


def test_restoring_what_is_damaged_or_of_another_analyzer(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    expected = held(built, settings)
    backup = tmp_path / "backup"
    SearchIndex.backup(built, backup, settings)
    for name in (manifest.FILE_NAME, next(built.glob("_MAIN*")).name):
        (built / name).write_bytes(b"{}")
        SearchIndex.restore(built, backup, settings, replace=True)
        assert held(built, settings) == expected
    forge_manifest(built, analyzer="klingon-3")
    SearchIndex.restore(built, backup, settings, replace=True)
    assert held(built, settings) == expected
    assert unknown_files(built) == set()


@pytest.mark.parametrize("locked", [False, True])
def test_a_restoring_that_fails_leaves_the_saved_queries(
    built: Path, tmp_path: Path, settings: Settings, locked: bool
) -> None:
    backup = tmp_path / "backup"
    SearchIndex.backup(built, backup, settings)
    with SearchIndex.open(built, settings) as index:
        Watches(index).add("rudal", "rudal")
        index.optimize()
    lock = WriterLock(built)
    if locked:
        lock.acquire(1)
    else:
        next(backup.glob("*.stored")).write_bytes(b"")
    with pytest.raises(IndexLocked if locked else IndexDamaged):
        SearchIndex.restore(built, backup, settings, replace=True)
    lock.release()
    with SearchIndex.open(built, settings) as index:
        assert list(Watches(index).queries) == ["pakta", "rudal"]
    assert not list(tmp_path.glob("*.new"))


def test_saved_queries_that_cannot_be_restored(
    built: Path, tmp_path: Path, settings: Settings
) -> None:
    watches_of(Location.of(tmp_path / "new")).mkdir()
    with pytest.raises(OutputNotWritable, match=r"new.watches.json cannot be written \(.*; make"):
        SearchIndex.restore(tmp_path / "new", built, settings)


def test_nothing_foreign_is_replaced(built: Path, tmp_path: Path, settings: Settings) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    with pytest.raises(ForeignIndex, match="is not a searchkit index and is not empty"):
        SearchIndex.restore(foreign, built, settings, replace=True)
    assert [each.name for each in foreign.iterdir()] == ["notes.txt"]


def test_what_is_no_backup_is_not_restored(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "notes.txt").write_text("mine")
    advice = "; name a directory that `searchkit backup` has written"
    with pytest.raises(IndexMissing, match=f"there is no backup in .*nothing{advice}"):
        SearchIndex.restore(tmp_path / "new", tmp_path / "nothing", settings)
    with pytest.raises(ForeignIndex, match=f"foreign is not a backup of searchkit's{advice}"):
        SearchIndex.restore(tmp_path / "new", tmp_path / "foreign", settings)
    assert not (tmp_path / "new").exists()


def test_a_target_that_is_being_written(built: Path, tmp_path: Path, settings: Settings) -> None:
    backup = tmp_path / "backup"
    SearchIndex.backup(built, backup, settings)
    lock = WriterLock(backup)
    lock.acquire(1)
    try:
        with pytest.raises(IndexLocked, match="backup is being written by this process itself"):
            SearchIndex.backup(built, backup, settings)
    finally:
        lock.release()


def test_an_index_that_cannot_be_read(
    built: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("searchkit.engines.whoosh.copying.open_regular", fail)
        with pytest.raises(SearchIndexError, match=r"index cannot be read \(Input.*check the disk"):
            SearchIndex.backup(built, tmp_path / "backup", settings)
    watches_of(Location.of(built)).unlink()
    watches_of(Location.of(built)).symlink_to(tmp_path)
    with pytest.raises(SearchIndexError, match=r"cannot be read \(a link, a pipe or a directory"):
        SearchIndex.backup(built, tmp_path / "backup", settings)


@pytest.mark.parametrize("into", ["nothing", "backup"])
def test_a_backup_that_fails_at_any_step_leaves_what_was_there(
    built: Path, tmp_path: Path, settings: Settings, into: str
) -> None:
    target = tmp_path / "backup"
    before = None
    if into == "backup":
        SearchIndex.backup(built, target, settings)
        before = held(target, settings)
        with SearchIndex.open(built, settings) as index:
            index.add([FOOTBALL])
    expected = held(built, settings)
    failed = 0
    for at in range(200):
        left = at
        step_failed = ""

        def fail(step: Step) -> bool:
            nonlocal left, step_failed
            left -= 1
            if left == -1:
                step_failed = str(step)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return False

        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        if before is not None:
            shutil.copytree(target, copy)
            data = json.loads((copy / BACKUP_NAME).read_text())
            assert data["backup of"] == str(built.resolve())
        complaint = ""
        try:
            with watched(copy, fail):
                SearchIndex.backup(built, copy, settings)
        except (OutputNotWritable, SearchIndexError) as error:
            complaint = str(error)
        if not step_failed:
            break
        if complaint:
            failed += 1
            assert re.search(r"copy.* cannot be (written|read) \(No space left", complaint)
            if before is not None:
                # The saved queries are put in place when the commit is.
                late = any(name in step_failed for name in ("watches", tmp_path.name))
                assert held(copy, settings) in ([before, expected] if late else [before])
        # Whatever has happened, the next one does its work.
        SearchIndex.backup(built, copy, settings)
        assert held(copy, settings) == expected
        assert unknown_files(copy) == {BACKUP_NAME}
    assert failed > 10


def test_a_directory_that_cannot_be_written(
    built: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputNotWritable, match=r"cannot be written \(Not a directory\); make"):
        SearchIndex.backup(built, tmp_path / "file" / "backup", settings)
    with pytest.raises(IndexNotWritable, match="could not be written"):
        SearchIndex.restore(tmp_path / "file" / "index", built, settings)


def test_commands(built: Path, tmp_path: Path, settings: Settings) -> None:
    status, output, errors = run("backup", "kept", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert output == "kept holds 20 documents of index: 0.0 MB were written, 0 files were there.\n"
    status, output, _ = run("restore", "kept", cwd=tmp_path)
    assert status == 6
    status, output, _ = run("restore", "kept", "--replace", "--json", cwd=tmp_path)
    told = json.loads(output)
    assert (status, told["documents"], told["files"], told["kept"]) == (0, 20, 0, 8)
    shutil.rmtree(built)
    assert run("restore", "kept", cwd=tmp_path)[0] == 0
    assert held(built, settings) == held(tmp_path / "kept", settings)
    assert not (built / BACKUP_NAME).exists()
    assert (built / locking.FILE_NAME).exists()
