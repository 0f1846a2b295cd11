import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from searchkit import (
    Article,
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexNotWritable,
    IndexVersionMismatch,
    SearchIndex,
    SearchIndexError,
    Settings,
    Watches,
)
from searchkit.engines import manifest
from searchkit.indexing import Source
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, FOOTBALL_ITEM, PACT, PACT_ITEM, article
from tests.engines.forging import forge_manifest, toc_of
from tests.reliability.workload import unknown_files

NEWS = [
    article(f"Berita {n}", f"Isi berita nomor {n}, ditulis pada hari itu juga.", day=n)
    for n in range(1, 21)
]
GONE = NEWS[3].id


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([*NEWS, PACT_ITEM])
        index.add([PACT, FOOTBALL])
        index.delete(GONE)
        Watches(index).add("pakta", "pakta")
    return path


def held(path: Path, settings: Settings) -> set[str]:
    with SearchIndex.open(path, settings) as index:
        return set(index.export_lines())


def id_of(line: str) -> str:
    return str(json.loads(line)["id"])


def large(path: Path, ending: str) -> Path:
    """The file of that ending of the larger segment."""
    return max(path.glob(f"*{ending}"), key=lambda each: each.stat().st_size)


def check_repaired(path: Path, settings: Settings) -> None:
    assert SearchIndex.check(path, settings).findings == ()
    assert unknown_files(path) == set()
    with SearchIndex.open(path, settings) as index:
        assert Watches(index).queries == {"pakta": "pakta"}


@pytest.mark.parametrize("how", ["altered", "shorter", "missing"])
@pytest.mark.parametrize("ending", [".tables", ".keys", ".postings"])
def test_nothing_is_lost_while_documents_are_whole(
    built: Path, settings: Settings, ending: str, how: str
) -> None:
    expected = held(built, settings)
    path = large(built, ending)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    match how:
        case "altered":
            path.write_bytes(data)
        case "shorter":
            path.write_bytes(data[: len(data) // 2])
        case _:
            path.unlink()
    report = SearchIndex.repair(built, settings)
    assert (report.path, report.lost) == (built, ())
    # Without the table of ids, nobody knows which one was deleted.
    assert report.uncertain == (ending == ".tables" and how != "altered")
    assert report.saved == 22 + report.uncertain
    assert {line for line in held(built, settings) if id_of(line) != GONE} == expected
    check_repaired(built, settings)


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_documents_stay_in_the_order_added(tmp_path: Path, settings: Settings, engine: str) -> None:
    """Items between articles, too, which a run puts last."""
    path = tmp_path / "index"
    with SearchIndex.create(f"{engine}://{path}", settings) as index:
        run_of: list[Source] = [PACT_ITEM, *NEWS[:4], FOOTBALL_ITEM, PACT, NEWS[1]]
        for document in run_of:
            index.add([document])
        index.delete(GONE)
        before = list(index.export_lines())
    assert SearchIndex.repair(path, settings).saved == 6
    with SearchIndex.open(path, settings) as index:
        assert list(index.export_lines()) == before


def test_documents_that_cannot_be_read_are_named(built: Path, settings: Settings) -> None:
    expected = held(built, settings)
    path = large(built, ".stored")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 5] = bytes(5)
    path.write_bytes(data)
    report = SearchIndex.repair(built, settings)
    assert len(report.lost) in (1, 2)
    assert (report.saved, report.uncertain) == (22 - len(report.lost), False)
    lost = {line for line in expected if id_of(line) in report.lost}
    assert len(lost) == len(report.lost)
    assert held(built, settings) == expected - lost
    check_repaired(built, settings)


@pytest.mark.parametrize("seed", range(20))
def test_any_damage_of_documents_costs_those_damaged_only(
    built: Path, settings: Settings, seed: int
) -> None:
    expected = held(built, settings)
    chance = random.Random(seed)
    path = large(built, ".stored")
    data = bytearray(path.read_bytes())
    places = [chance.randrange(len(data)) for _ in range(chance.randint(1, 3))]
    for at in places:
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    report = SearchIndex.repair(built, settings)
    assert len(report.lost) <= 2 * len(places)
    kept = held(built, settings)
    assert kept <= expected
    assert {id_of(line) for line in expected - kept} == set(report.lost)


@pytest.mark.parametrize("number", range(4))
def test_an_article_that_came_twice_in_one_run(
    tmp_path: Path, settings: Settings, number: int
) -> None:
    """The text that was replaced never comes back, whatever document is damaged."""
    path = tmp_path / "twice"
    run_of = [
        Article(id="a", headline="Satu", body=("Isi lama.",)),
        Article(id="b", headline="Dua", body=("Isi kedua.",)),
        Article(id="a", headline="Satu", body=("Isi baru.",)),
        Article(id="c", headline="Tiga", body=("Isi ketiga.",)),
    ]
    with SearchIndex.create(path, settings) as index:
        index.add(run_of)
        (segment,) = index._engine.snapshot().segments  # type: ignore[attr-defined]
        sizes = segment.documents.sizes(np.arange(4))
    expected = held(path, settings)
    start = int(sizes[:number].sum())
    stored = large(path, ".stored")
    data = bytearray(stored.read_bytes())
    data[start : start + int(sizes[number])] = bytes(int(sizes[number]))
    stored.write_bytes(data)
    report = SearchIndex.repair(path, settings)
    lost = () if number == 0 else (run_of[number].id,)
    assert (report.saved, report.lost, report.uncertain) == (3 - len(lost), lost, False)
    assert held(path, settings) == {line for line in expected if id_of(line) not in lost}


def test_documents_cut_off(built: Path, settings: Settings) -> None:
    expected = held(built, settings)
    path = large(built, ".stored")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    report = SearchIndex.repair(built, settings)
    assert 5 < len(report.lost) < 18
    assert report.saved == 22 - len(report.lost)
    assert {id_of(line) for line in expected - held(built, settings)} == set(report.lost)


@pytest.mark.parametrize("text", [None, b"", b"{", b'{"segments": []}'])
def test_a_table_of_contents_that_is_lost(
    built: Path, settings: Settings, text: bytes | None
) -> None:
    expected = held(built, settings)
    if text is None:
        toc_of(built).unlink()
    else:
        toc_of(built).write_bytes(text)
    report = SearchIndex.repair(built, settings)
    assert (report.saved, report.lost, report.uncertain) == (23, (), True)
    kept = held(built, settings)
    assert {line for line in kept if id_of(line) != GONE} == expected
    check_repaired(built, settings)


def test_a_manifest_that_is_damaged_or_of_another_analyzer(built: Path, settings: Settings) -> None:
    expected = held(built, settings)
    for damage in (
        lambda: (built / manifest.FILE_NAME).write_text("{"),
        lambda: forge_manifest(built, analyzer="klingon-3"),
    ):
        damage()
        report = SearchIndex.repair(built, settings)
        assert (report.saved, report.lost, report.uncertain) == (22, (), False)
        assert held(built, settings) == expected
    check_repaired(built, settings)


def test_what_was_there_stays_until_the_new_index_is_whole(
    built: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(built, ".postings").unlink()
    before = {p.name: p.read_bytes() for p in built.iterdir() if p.suffix}

    def fail(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("searchkit.engines.whoosh.index.replace_file", fail)
        with pytest.raises(IndexNotWritable, match="make room and run it again"):
            SearchIndex.repair(built, settings)
    assert {p.name: p.read_bytes() for p in built.iterdir() if p.suffix} == before
    assert SearchIndex.repair(built, settings).saved == 22


def test_nothing_that_can_be_read(built: Path, settings: Settings) -> None:
    for path in built.glob("*.stored"):
        path.write_bytes(bytes(path.stat().st_size))
    before = {p.name: p.read_bytes() for p in built.iterdir() if p.suffix}
    with pytest.raises(IndexDamaged, match=r"no document of .* can be read, so it is left as it"):
        SearchIndex.repair(built, settings)
    assert {p.name: p.read_bytes() for p in built.iterdir() if p.suffix} == before


def test_what_is_no_index_of_this_format(
    built: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IndexMissing):
        SearchIndex.repair(tmp_path / "nothing", settings)
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "notes.txt").touch()
    with pytest.raises(ForeignIndex):
        SearchIndex.repair(tmp_path / "foreign", settings)
    (tmp_path / "begun").mkdir()
    shutil.copy(built / manifest.FILE_NAME, tmp_path / "begun")
    with pytest.raises(IndexMissing, match="there is no index in .*begun; build one"):
        SearchIndex.repair(tmp_path / "begun", settings)

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("searchkit.engines.whoosh.salvage.open_regular", fail)
        with pytest.raises(SearchIndexError, match=r"cannot be read \(Input/output error\); check"):
            SearchIndex.repair(built, settings)
    forge_manifest(built, version=99)
    with pytest.raises(IndexVersionMismatch):
        SearchIndex.repair(built, settings)


def test_documents_that_are_none(built: Path, settings: Settings) -> None:
    import zlib

    path = large(built, ".stored")
    extra = [{"id": "x1", "kind": "article"}, ["x"], {"kind": 5}]
    streams = b"".join(zlib.compress(json.dumps(each).encode()) for each in extra)
    path.write_bytes(streams + path.read_bytes())
    report = SearchIndex.repair(built, settings)
    assert (report.saved, report.lost) == (22, ("x1", ""))


def test_command(built: Path, tmp_path: Path, settings: Settings) -> None:
    assert run("check", "--repair", cwd=tmp_path)[0] == 0
    large(built, ".postings").write_bytes(b"")
    status, output, _ = run("check", cwd=tmp_path)
    assert (status, "`searchkit check --repair` builds it anew" in output) == (6, True)
    status, output, errors = run("check", "--repair", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert output.splitlines()[-1] == "index was built anew from 22 documents in it."
    assert run("check", cwd=tmp_path)[1].startswith("index is sound: 22 documents")
    path = large(built, ".stored")
    path.write_bytes(path.read_bytes()[:-1])
    shutil.copytree(built, tmp_path / "copy")
    status, output, _ = run("check", "--repair", cwd=tmp_path)
    assert status == 3
    assert "\nlost: " in output
    assert "1 document could not be read and is lost; index its page again." in output
    status, output, _ = run("check", "--repair", "--json", "--index-dir", "copy", cwd=tmp_path)
    told = json.loads(output)
    assert (status, told["damaged"], told["repair"]["saved"]) == (3, True, 21)
    assert len(told["repair"]["lost"]) == 1
