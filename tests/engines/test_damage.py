"""Files that are cut short or altered give the right answer, or an error that names them."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit import IndexDamaged, SearchIndex, SearchIndexError, Settings
from searchkit.engines import locking, manifest
from searchkit.engines.fields import FACET_FIELDS
from searchkit.engines.sealed import sealed, unsealed
from searchkit.engines.whoosh.checksums import BLOCK, Checksums
from searchkit.engines.whoosh.tables import MappedFile
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION

QUERIES = ("pakta", '"surat pengunduran"', "p* ?un* pkta~", 'judul:="surat" "surat mundur"~3', "*")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    path = tmp_path_factory.mktemp("sound") / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([PACT, FOOTBALL, PACT_ITEM])
        index.add([RESIGNATION])
    return path


def answers(path: Path, settings: Settings) -> list[object]:
    """Everything an index can be asked."""
    told: list[object] = []
    with SearchIndex.open(path, settings) as index:
        for query in QUERIES:
            page = index.search(query, limit=100, facets=FACET_FIELDS)
            told.append((page.hits, page.total, page.facets, page.suggestion))
            told += [(index.get(hit.id), index.similar(hit.id).hits) for hit in page.hits]
        told += [index.suggest("pak"), index.list_names(), index.stats().size.terms]
    return told


def damages(data: bytes, chance: random.Random) -> Iterator[bytes]:
    """Yield `data` cut short at many places, and with one to eight bits of it turned over."""
    for end in {0, 1, len(data) // 2, len(data) - 1, *chance.choices(range(len(data)), k=3)}:
        yield data[:end]
    for _ in range(10):
        altered = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8))):
            altered[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(altered)
    yield data + b"\0"


def test_every_damage_is_found_or_does_no_harm(
    tmp_path: Path, sound: Path, settings: Settings
) -> None:
    expected = answers(sound, settings)
    chance = random.Random(6)
    copy = tmp_path / "index"
    refused = 0
    shutil.copytree(sound, copy)
    files = sorted(path for path in sound.iterdir() if path.stat().st_size)
    assert len(files) == 10
    for file in files:
        for damaged in damages(file.read_bytes(), chance):
            (copy / file.name).write_bytes(damaged)
            try:
                assert answers(copy, settings) == expected
            except SearchIndexError as error:
                assert str(copy / file.name) in str(error)
                assert "`searchkit" in str(error) or file.name == manifest.FILE_NAME
                refused += 1
        shutil.copy(file, copy)
    assert answers(copy, settings) == expected
    assert refused > 100


@pytest.mark.parametrize("ending", [".tables", ".keys", ".postings", ".stored"])
def test_a_file_of_another_size_is_named_when_the_index_is_opened(
    tmp_path: Path, sound: Path, settings: Settings, ending: str
) -> None:
    copy = shutil.copytree(sound, tmp_path / "index")
    path = next(copy.glob(f"*{ending}"))
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=f"{path.name} .* has {size - 1} bytes instead of"):
        SearchIndex.open(copy, settings)


def test_an_altered_block_is_named_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    data = bytearray(random.Random(1).randbytes(3 * BLOCK + 10))
    path.write_bytes(data)
    sums = Checksums.of(path)
    data[BLOCK + 5] ^= 1
    data[-1] ^= 1
    path.write_bytes(data)
    file = MappedFile(path, sums)
    assert file.array("|u1", 0, BLOCK).tobytes() == data[:BLOCK]
    assert file.read(2 * BLOCK, 3 * BLOCK) == data[2 * BLOCK : 3 * BLOCK]
    for start, count in ((BLOCK, 1), (BLOCK - 1, 2), (0, 2 * BLOCK), (BLOCK - 1, 2)):
        with pytest.raises(IndexDamaged, match=f"bytes {BLOCK} to {2 * BLOCK - 1} are not those"):
            file.array("|u1", start, count)
    with pytest.raises(IndexDamaged, match=f"bytes {3 * BLOCK} to {3 * BLOCK + 9} are not"):
        file.read(3 * BLOCK + 1, 3 * BLOCK + 2)


def test_what_is_merged_is_verified_too(tmp_path: Path, sound: Path, settings: Settings) -> None:
    copy = shutil.copytree(sound, tmp_path / "index")
    for path in copy.glob("*.postings"):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
    before = {path: path.read_bytes() for path in copy.iterdir() if path.name != locking.FILE_NAME}
    with SearchIndex.open(copy, settings) as index, pytest.raises(IndexDamaged, match="postings"):
        index.optimize()
    assert all(path.read_bytes() == data for path, data in before.items())


def test_checksums_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sums = Checksums.of(tmp_path / "file")
    assert (sums.size, sums.count, sums.blocks) == (0, 0, b"")
    assert MappedFile(tmp_path / "file", sums).array("|u1", 0, 0).tolist() == []


def test_sealed_objects() -> None:
    value = {"a": [1, "é", None], "b": {"checksum": "x"}}
    data = sealed(value)
    assert unsealed(data) == value
    for at in range(len(data)):
        for bit in range(8):
            altered = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
            with pytest.raises(ValueError, match="checksum"):
                unsealed(altered)
