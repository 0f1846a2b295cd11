"""What an export writes, where it does, and what it refuses."""

import gzip
import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

import searchkit
from searchkit import Article, OutputNotWritable, SearchIndex, Settings
from searchkit.cli.commands import cli
from searchkit.durable import SUFFIX
from searchkit.site import exporting
from searchkit.wording import LANGUAGES, Catalogue
from tests.conftest import PACT
from tests.web.test_page import DOCUMENTS


@pytest.fixture
def index(tmp_path: Path, settings: Settings) -> SearchIndex:
    made = SearchIndex.create(tmp_path / "index", Settings(cache_dir=settings.cache_dir, workers=0))
    made.add(DOCUMENTS)
    return made


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_times_of_other_zones_are_those_of_jakarta(index: SearchIndex, tmp_path: Path) -> None:
    late = datetime(2024, 6, 3, 19, 30, tzinfo=UTC)
    index.add([Article(headline="Kabar malam", body=("Isi.",), published=late)])
    index.export_site(tmp_path / "site")
    listed = (tmp_path / "site" / "articles.html").read_text()
    assert re.search(r"Kabar malam.*?datetime=\"([^\"]*)", listed)[1] == "2024-06-04"  # type: ignore[index]


def test_an_export_is_told_of_and_is_the_same_each_time(index: SearchIndex, tmp_path: Path) -> None:
    met: list[None] = []
    report = index.export_site(
        tmp_path / "one", title="Arsip", on_document=lambda: met.append(None)
    )
    index.export_site(tmp_path / "two", title="Arsip")
    files = content(tmp_path / "one")
    assert files == content(tmp_path / "two")
    notices = [data for name, data in files.items() if name.endswith("analysis/LICENSES.txt")]
    assert [b"GeoNames" in data and b"ExplosionAI" in data for data in notices] == [True]
    assert report.documents == {"article": 27, "item": 1}
    assert len(met) == 28
    assert (report.files, report.size) == (len(files), sum(map(len, files.values())))
    assert not list(tmp_path.glob(f"*{SUFFIX}"))


def test_an_export_takes_the_place_of_an_earlier_one(index: SearchIndex, tmp_path: Path) -> None:
    index.export_site(tmp_path / "site")
    before = content(tmp_path / "site")
    index.delete(PACT.id)
    index.export_site(tmp_path / "site")
    after = content(tmp_path / "site")
    assert json.loads(after["site.json"])["documents"] == 27
    assert json.loads(after["site.json"])["version"] != json.loads(before["site.json"])["version"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "site"]


def test_what_a_killed_export_left_is_no_hindrance(index: SearchIndex, tmp_path: Path) -> None:
    index.export_site(tmp_path / "site")
    wanted = content(tmp_path / "site")
    (tmp_path / "site").rename(tmp_path / "site.old")  # killed between the two renames
    (tmp_path / f"site{SUFFIX}").mkdir()
    (tmp_path / f"site{SUFFIX}" / "site.json").write_bytes(wanted["site.json"])
    index.export_site(tmp_path / "site")
    assert content(tmp_path / "site") == wanted
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "site"]


@pytest.mark.parametrize("name", ["site", f"site{SUFFIX}", "site.old"])
def test_other_folders_are_refused_and_left(index: SearchIndex, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine.txt").write_text("mine")
    with pytest.raises(OutputNotWritable, match=f"{name} is not empty and no earlier export"):
        index.export_site(tmp_path / "site")
    assert (tmp_path / name / "mine.txt").read_text() == "mine"


def test_an_export_that_fails_leaves_what_was_there(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.export_site(tmp_path / "site")
    before = content(tmp_path / "site")

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "index_page", full)
    with pytest.raises(OutputNotWritable, match="cannot be written .No space left on device."):
        index.export_site(tmp_path / "site")
    assert content(tmp_path / "site") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "site"]


def test_a_large_archive_is_refused(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_DOCUMENTS", 27)
    with pytest.raises(OutputNotWritable, match="has 28 documents; .* has 27 at most"):
        index.export_site(tmp_path / "site")
    monkeypatch.setattr(exporting, "MOST_DOCUMENTS", 28)
    monkeypatch.setattr(exporting, "MOST_CHARACTERS", 100)
    with pytest.raises(OutputNotWritable, match="more than 100 characters"):
        index.export_site(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_another_analyzer_is_refused(tmp_path: Path, settings: Settings) -> None:
    own = Settings(cache_dir=settings.cache_dir, workers=0, analyzer="plain")
    with (
        SearchIndex.create(tmp_path / "index", own) as plain,
        pytest.raises(OutputNotWritable, match="knows the analyzer 'indonesian' only"),
    ):
        plain.export_site(tmp_path / "site")


def test_the_stems_of_the_user_are_exported(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "stems.tsv").write_text("kabinet\tkabin\n")
    own = Settings(cache_dir=settings.cache_dir, workers=0, stems=tmp_path / "stems.tsv")
    with SearchIndex.create(tmp_path / "index", own) as index:
        index.export_site(tmp_path / "site")
    lexicon = next((tmp_path / "site").glob("*/lexicon.pack"))
    assert json.loads(gzip.decompress(lexicon.read_bytes()))["exceptions"] == {"kabinet": "kabin"}


def test_pages_hold_no_script_and_nothing_from_elsewhere(
    index: SearchIndex, tmp_path: Path
) -> None:
    index.export_site(tmp_path / "site", title="<script>alert(1)</script>")
    for name in ("index.html", "articles.html"):
        tree = html.fromstring((tmp_path / "site" / name).read_text("utf-8"))
        assert not tree.xpath("//script[not(@src)] | //style | //@style | //@onclick | //@onerror")
        policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for address in tree.xpath("//script/@src | //link/@href | //img/@src"):
            assert (tmp_path / "site" / address).is_file(), address
        headlines = [each.text_content() for each in tree.xpath("//li/h2")]
        assert PACT.headline in headlines
        assert not tree.xpath("//a[starts-with(@href, 'javascript')]")
        assert len(headlines) == 27


def test_an_empty_archive_is_a_site_as_well(tmp_path: Path, settings: Settings) -> None:
    own = Settings(cache_dir=settings.cache_dir, workers=0)
    with SearchIndex.create(tmp_path / "index", own) as index:
        assert index.export_site(tmp_path / "site").documents == {}


def test_the_command_exports(index: SearchIndex, tmp_path: Path) -> None:
    index.close()
    arguments = ["export-site", str(tmp_path / "my site"), "--index-dir", str(tmp_path / "index")]
    done = CliRunner().invoke(cli, [*arguments, "--title", "Arsip"])
    assert done.exit_code == 0
    assert "Wrote 28 documents" in done.stderr
    assert f"http.server --directory '{tmp_path / 'my site'}'" in done.stderr
    done = CliRunner().invoke(cli, [*arguments, "--json"])
    assert json.loads(done.stdout)["documents"] == {"article": 27, "item": 1}


def test_every_file_of_the_package_is_declared() -> None:
    root = Path(searchkit.__file__).parent
    project = tomllib.loads((root.parent / "pyproject.toml").read_text("utf-8"))
    declared = {
        path
        for package, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in root.parent.joinpath(*package.split(".")).glob(pattern)
    }
    for path in root.rglob("*"):
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts:
            assert path in declared, path


def test_every_message_is_there_in_both_languages_and_said() -> None:
    root = Path(searchkit.__file__).parent / "site"
    sources = [*root.rglob("*.py"), *root.rglob("*.js")]
    code = "".join(path.read_text("utf-8") for path in sources)
    own, shared = (
        Catalogue(f"searchkit.{package}", name).texts
        for package, name in (("site", "site"), ("web", "page"))
    )
    for key, texts in own.items():
        assert set(LANGUAGES) <= set(texts), key
        assert f'"{key}"' in code, f"{key} is never said"
    said = set(re.findall(r"say\(\"(\w+)\"", code))
    assert said <= {*own, *shared}
