from dataclasses import fields
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from searchkit import Article, SearchIndex, Settings, SettingsError, load_settings
from searchkit.engines.registry import engine_names
from searchkit.settings import ENGINES_GROUP, OPTIONS, SECTIONS


def test_defaults_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings() == Settings()
    assert load_settings().dir == Path("index")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text('[index]\ndir = "there"\nsources = ["pages", "/abs"]\nmax_page_mb = 3\n')
    settings = load_settings(file)
    assert settings.dir == tmp_path / "there"
    assert settings.sources == (tmp_path / "pages", Path("/abs"))
    assert settings.max_page_mb == 3


def test_section_of_the_analysis(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text(
        '[index]\ndir = "there"\n[analysis]\nabbreviations = "a.tsv"\nsynonyms = "/s.tsv"\n'
        'expand = ["synonym"]\n'
    )
    settings = load_settings(file)
    assert settings.dir == tmp_path / "there"
    assert settings.abbreviations == tmp_path / "a.tsv"
    assert settings.synonyms == Path("/s.tsv")
    assert settings.expand == ("synonym",)


def test_place_and_engine_of_the_index(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text(
        '[index]\ndir = "opensearch://host:9200/news"\nengine = "opensearch"\n'
        '[engines.opensearch]\nshards = 3\nca_file = "own.pem"\n'
    )
    settings = load_settings(file)
    assert settings.dir == "opensearch://host:9200/news"
    assert settings.engine == "opensearch"
    assert settings.engines == {"opensearch": {"shards": 3, "ca_file": tmp_path / "own.pem"}}


def test_paths_may_be_strings(tmp_path: Path) -> None:
    for name, line in (("a", "BPKD\tbadan percobaan\n"), ("s", "pemilu\tcoblosan\n")):
        (tmp_path / name).write_text(line, encoding="utf-8")
    (tmp_path / "e").write_text("membaluri\tbalur\n", encoding="utf-8")
    settings = Settings(
        cache_dir=str(tmp_path / "cache"),
        abbreviations=str(tmp_path / "a"),
        synonyms=str(tmp_path / "s"),
        stems=str(tmp_path / "e"),
        workers=0,
    )
    with SearchIndex.create(str(tmp_path / "index"), settings) as index:
        index.add([Article(headline="Badan Percobaan", body=("Dibaluri, lalu coblosan.",))])
        for query in ("BPKD", "pemilu", "membaluri"):
            assert index.search(query).total == 1, query
    assert list((tmp_path / "cache").iterdir())


def test_every_setting_stands_in_one_section() -> None:
    names = [name for section in SECTIONS.values() for name in section]
    assert sorted([*names, "engines", "serve"]) == sorted(field.name for field in fields(Settings))


def test_the_options_are_those_that_are_asked_for() -> None:
    pytest.importorskip("opensearchpy")
    pytest.importorskip("tantivy")
    from searchkit.engines.opensearch.options import Options
    from searchkit.web.options import WebOptions

    of_url = {"url", "hosts", "name", "tls", "credentials"}
    assert set(OPTIONS["engines.opensearch"]) == {each.name for each in fields(Options)} - of_url
    web = {each.name for each in fields(WebOptions)}
    assert set(OPTIONS["serve"]) == web - {"token"} | {"token_file"}
    assert {f"engines.{name}" for name in engine_names()} | {"serve"} == set(OPTIONS)


def test_an_engine_of_a_package_has_a_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("lucene", "package:Lucene", ENGINES_GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints([point]))
    file = tmp_path / "searchkit.toml"
    file.write_text("[engines.lucene]\nanything = 1\n")
    assert load_settings(file).engines == {"lucene": {"anything": 1}}


def test_options_of_an_engine_that_are_none() -> None:
    with pytest.raises(SettingsError, match="must be the options of each engine, by name"):
        Settings(engines={"whoosh": 1})  # type: ignore[dict-item]
    with pytest.raises(SettingsError, match=r"^Settings: .*'memory' in \[engines.whoosh\]; there"):
        Settings(engines={"whoosh": {"memory": 1}})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[index", r"is not TOML: .*\(at end of document\); a text stands in quotes"),
        ('[index]\ndir = "C:\\Users"\n', r"\(at line 2, column \d+\); .* single ones if"),
        ("[rangking]\n", r"unknown section \[rangking\]; did you mean 'ranking'\?$"),
        ("[engine.tantivy]\n", r"unknown section \[engine\]; did you mean 'engines'\?$"),
        ("sources = 'x'\n", r"'sources' must stand below a line \[index\]$"),
        (
            "[search]\n",
            r"unknown section \[search\]; the settings are in \[index\], \[analysis\], "
            r"\[ranking\], \[serve\], \[engines.NAME\]$",
        ),
        ("index = 3\n", r"must be a section, written \[index\]"),
        ("[index]\ndirr = 'x'\n", "unknown setting 'dirr' .*; did you mean 'dir'"),
        ("[index]\nxyzzy = 1\n", r"unknown setting 'xyzzy' in \[index\]; there are dir, eng"),
        ("[index]\ndir = 3\n", "dir = 3 must be a path"),
        ("[index]\nsources = 'x'\n", "sources = 'x' must be a list of paths"),
        ("[index]\nsources = ['-']\n", "a list of paths, which standard input has none of"),
        (
            "[analysis]\ndir = 'x'\n",
            r"unknown setting 'dir' .*; it belongs to \[index\]$",
        ),
        ("[analysis]\nsynonyms = 3\n", "synonyms = 3 must be a path"),
        ("[analysis]\nexpand = ['x']\n", r"must be a list of \"abbreviation\" and \"synonym\""),
        ("[engines.tantivi]\n", r"\[engines.tantivi\] is of no engine .*; did you mean 'tantivy'"),
        ("[engines.lucene]\n", r"no engine that there is; there are whoosh, tantivy, opensearch$"),
        ("[engines.whoosh]\nx = 1\n", r"unknown setting 'x' in \[engines.whoosh\]; there are none"),
        ("[engines.tantivy]\nscored = 1\n", "'scored' .*; did you mean 'rescored'"),
        ("[engines.opensearch]\nshard = 1\n", "'shard' .*; did you mean 'shards'"),
        ("[serve]\ntokenfile = 'x'\n", r"'tokenfile' in \[serve\]; did you mean 'token_file'"),
        ("[engines]\ntantivy = 1\n", r"must be a section, as \[engines.tantivy\]"),
        ("serve = 1\n", r"must be a section, written \[serve\]"),
        ("engines = 1\n", r"must be a section, as \[engines.tantivy\]"),
        ("[index]\nengine = 1\n", "engine = 1 must be the name of an engine"),
        ("[ranking]\nrecency = -1\n", "recency = -1 must be a number from 0 to 10"),
        ("[ranking]\nrecency_half_life = 0\n", "recency_half_life = 0 must be a number above 0"),
        ("[ranking]\ncollapse = 'best'\n", 'collapse = \'best\' must be "newest", "fullest" or'),
        ("[ranking]\ndir = 'x'\n", r"unknown setting 'dir' in \[ranking\]; it belongs to"),
        ("[index]\nmemory_mb = 0\n", "memory_mb = 0 must be a number above 0"),
        (
            "[index]\nmemory_mb = inf\n",
            "= inf must be a number above 0, at most 1,000,000",
        ),
        ("[index]\nmax_page_mb = true\n", "max_page_mb = True must be a number above 0"),
        ("[index]\nmax_page_mb = nan\n", "max_page_mb = nan must be a number"),
        ("[index]\nmax_page_mb = 99999999999999999\n", "must be a number above 0, at most"),
        ("[ranking]\nrecency = true\n", "recency = True must be a number from 0 to 10"),
        ("[ranking]\nrecency_half_life = 1e-310\n", "must be a number above 0"),
        ("[index]\ndir = 'a\\u0000'\n".replace("'", '"'), "cannot be a path: it has a NUL in it"),
        ("[index]\ndir = ''\n", "dir = '' cannot be a path: it is empty"),
        ("[index]\nsources = ['']\n", "sources = '' cannot be a path: it is empty"),
        ("[index]\ncache_dir = '~nosuch-user/x'\n", "cache_dir = .* cannot be a path"),
        ("[index]\nsources = ['~nosuch-user/x']\n", "sources = .* cannot be a path"),
        ("[serve]\ntoken_file = '~nosuch-user/x'\n", "token_file = .* cannot be a path"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)


def test_a_page_may_be_less_than_a_megabyte(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text("[index]\nmax_page_mb = 0.5\n")
    settings = load_settings(file)
    assert settings.page_bytes == 512 * 1024
    page = tmp_path / "large.txt"
    page.write_text("Halaman Besar\n\n" + "Isi halaman yang panjang.\n" * 30_000)
    with SearchIndex.create(tmp_path / "index", settings) as index:
        report = index.add_files([page])
    (skipped,) = report.skipped
    assert "the limit is 0.5 MB" in skipped.reason


def test_ranking_section(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text('[ranking]\nrecency = 1\nrecency_half_life = 7.5\ncollapse = "fullest"\n')
    settings = load_settings(file)
    assert (settings.recency, settings.recency_half_life) == (1.0, 7.5)
    assert settings.collapse == "fullest"


def test_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such settings file"):
        load_settings(tmp_path / "absent.toml")


def test_a_file_as_an_editor_of_windows_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_bytes(b"\xef\xbb\xbf[ranking]\r\nrecency = 1\r\n")
    assert load_settings(file).recency == 1


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory$"):
        load_settings(tmp_path)
    file = tmp_path / "searchkit.toml"
    file.write_bytes(b"[serve]\ntitle = 'Caf\xe9'\n")
    with pytest.raises(SettingsError, match="cannot be read: line 2 is not in UTF-8; save the"):
        load_settings(file)


def test_tolerance_is_true_or_false(tmp_path: Path) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text("[analysis]\ntolerant = false\n")
    assert load_settings(file).tolerant is False
    file.write_text("[analysis]\ntolerant = 1\n")
    with pytest.raises(SettingsError, match="tolerant = 1 must be true or false"):
        load_settings(file)
