import hashlib
from pathlib import Path

import pytest

from searchkit import MalformedInput, Settings, UnreadableInput
from searchkit.evaluation import FloorSet, check_floors, read_floors
from searchkit.evaluation.floors import digest

PROJECT_FLOORS = Path(__file__).parent.parent.parent / "benchmarks" / "quality" / "floors.toml"
FILES = ("corpus.jsonl", "queries.tsv", "qrels.tsv")


def floor_set(sha256: str, floors: dict[str, float]) -> FloorSet:
    return FloorSet(
        name="news",
        corpus=("corpus.jsonl",),
        queries="queries.tsv",
        qrels="qrels.tsv",
        sha256=sha256,
        floors=floors,
    )


def test_met_and_below(collection: Path, settings: Settings) -> None:
    sha256 = digest(collection, FILES)
    met = check_floors(floor_set(sha256, {"MRR@10": 1.0}), str(collection), settings)
    assert (met.status, met.reason, met.below) == ("met", "", [])
    assert met.evaluation is not None
    assert met.evaluation.mean("MRR@10") == 1
    (collection / "queries.tsv").write_text("q1\tdermaga\nq2\tjembatan\n")
    (collection / "qrels.tsv").write_text("q1\tw6\t1\nq2\tw6\t1\n")
    wanted = {"MRR@10": 0.6, "recall@100": 0.5}
    below = check_floors(floor_set(digest(collection, FILES), wanted), collection, settings)
    assert (below.status, below.reason) == ("below", "MRR@10 below the floor")
    assert below.below == ["MRR@10"]


def test_other_data_is_not_measured(collection: Path, settings: Settings) -> None:
    asked = floor_set(digest(collection, FILES), {"MRR@10": 1.0})
    with (collection / "qrels.tsv").open("a") as file:
        file.write("q4\tw1\t1\n")
    changed = check_floors(asked, collection, settings)
    assert (changed.status, changed.evaluation, changed.below) == ("changed", None, [])
    assert f"the floors were measured on {asked.sha256}" in changed.reason


def test_data_that_is_not_there(collection: Path, settings: Settings) -> None:
    (collection / "queries.tsv").unlink()
    absent = check_floors(floor_set("", {}), collection, settings)
    assert absent.status == "absent"
    assert absent.reason == f"there is no {collection / 'queries.tsv'}; not measured"


def test_a_file_that_cannot_be_read(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for method in ("open", "is_file"):
        with monkeypatch.context() as patched, pytest.raises(UnreadableInput, match="Permission"):
            patched.setattr(Path, method, refused)
            check_floors(floor_set("", {}), collection, Settings())


def test_the_digest_is_that_of_sha256sum(collection: Path) -> None:
    lines = "".join(
        f"{hashlib.sha256((collection / name).read_bytes()).hexdigest()}  {name}\n"
        for name in FILES
    )
    assert digest(collection, FILES) == hashlib.sha256(lines.encode()).hexdigest()


GOOD = """[news]
corpus = ["corpus.jsonl"]
queries = "queries.tsv"
qrels = "qrels.tsv"
sha256 = "00"
floors = { "MRR@10" = 0.5 }
"""


def test_a_file_of_floors(tmp_path: Path) -> None:
    (tmp_path / "floors.toml").write_text(GOOD + "headlines = false\nfetch_depth = 50\n")
    (found,) = read_floors(tmp_path / "floors.toml")
    assert (found.name, found.headlines, found.fetch_depth) == ("news", False, 50)
    assert found.configuration == "searchkit"
    assert found.floors == {"MRR@10": 0.5}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[news", "floors.toml: is not TOML"),
        ("", "floors.toml: there is no set in it"),
        ("news = 1", "news must be a section, written [news]"),
        (GOOD.replace("sha256", "sha1"), "[news] lacks 'sha256'"),
        (GOOD + "depth = 5", "[news] has an unknown key 'depth'"),
        (GOOD.replace("MRR@10", "MRR"), "[news] floors = {'MRR': 0.5} is not what belongs there"),
        (GOOD.replace("0.5", "50"), "[news] floors = {'MRR@10': 50} is not what belongs there"),
        (GOOD.replace("0.5", "true"), "[news] floors = {'MRR@10': True} is not what belongs"),
        (GOOD.replace('"MRR@10" = 0.5', ""), "[news] floors = {} is not what belongs there"),
        (GOOD + "fetch_depth = true", "[news] fetch_depth = True is not what belongs there"),
        (GOOD + 'configuration = "porter"', "configuration = 'porter' is not what belongs there"),
        (GOOD.replace('["corpus.jsonl"]', "[]"), "corpus = [] is not what belongs there"),
    ],
)
def test_malformed_floors(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "floors.toml").write_text(text)
    with pytest.raises(MalformedInput) as raised:
        read_floors(tmp_path / "floors.toml")
    assert message in str(raised.value)


def test_floors_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="floors.toml: there is no such file"):
        read_floors(tmp_path / "floors.toml")
    with pytest.raises(UnreadableInput, match="cannot be read: Is a directory"):
        read_floors(tmp_path)
    file = tmp_path / "floors.toml"
    file.write_bytes(b"# Caf\xe9\n")
    with pytest.raises(UnreadableInput, match="cannot be read: line 1 is not in UTF-8"):
        read_floors(file)


def test_the_floors_of_the_project() -> None:
    sets = {each.name: each for each in read_floors(PROJECT_FLOORS)}
    assert set(sets) == {"headline", "tydiqa_id"}
    assert not sets["headline"].headlines
    for each in sets.values():
        assert len(each.sha256) == 64
        assert len(each.floors) == 5
