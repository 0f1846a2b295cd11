"""Analyzers by name: searchkit's own, and one that a package offers by an entry point."""

from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import IndexVersionMismatch, SearchIndex, Settings, SettingsError, workers
from searchkit.analysis import Analyzers, IndonesianAnalyzer, analyzer_names, make_analyzer
from searchkit.analysis.plain import PlainAnalyzer, WholeAnalyzer
from searchkit.testing import AnalyzerConformance
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, PACT, article

PACKAGE = '''
import re
from searchkit.analysis import Token

class Letters:
    """Every run of letters under its first one."""

    fingerprint = "letters-1"
    stop_words = frozenset({"a"})

    def __init__(self, settings):
        self.saved = settings.cache_dir / "letters"

    def analyze(self, text):
        found = re.finditer(r"[a-z]+", text.lower()) if len(text.lower()) == len(text) else ()
        return [
            Token(m[0][0], m[0][:64], text[m.start():m.end()], *m.span(), n)
            for n, m in enumerate(found)
        ]

    def alternatives(self, term, form):
        return ()

    def save(self):
        self.saved.parent.mkdir(parents=True, exist_ok=True)
        self.saved.write_text("saved")

def fails(settings):
    raise OSError("no dictionary")
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with analyzers, as pip would have it on the path."""
    site = tmp_path / "site"
    (site / "letters-1.0.dist-info").mkdir(parents=True)
    (site / "letters_of_tests.py").write_text(PACKAGE)
    (site / "letters-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: letters\nVersion: 1.0\n"
    )
    (site / "letters-1.0.dist-info" / "entry_points.txt").write_text(
        "[searchkit.analyzers]\nletters = letters_of_tests:Letters\n"
        "failing = letters_of_tests:fails\nbroken = letters_of_tests:absent\n"
    )
    monkeypatch.syspath_prepend(site)
    return site


class TestIndonesian(AnalyzerConformance):
    analyzer_name = "indonesian"


class TestPlain(AnalyzerConformance):
    analyzer_name = "plain"


class TestWhole(AnalyzerConformance):
    analyzer_name = "whole"


@pytest.mark.usefixtures("installed")
class TestOfAPackage(AnalyzerConformance):
    analyzer_name = "letters"
    texts = ("the quick brown fox",)


def test_names(installed: Path) -> None:
    assert analyzer_names() == ["indonesian", "plain", "whole", "broken", "failing", "letters"]


@pytest.mark.usefixtures("installed")
def test_what_cannot_be_made_is_named(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="no analyzer 'klingon'; there are indonesian, plain, "):
        make_analyzer("klingon", settings)
    with pytest.raises(SettingsError, match="'broken', letters_of_tests:absent, cannot be import"):
        make_analyzer("broken", settings)
    with pytest.raises(SettingsError, match=r"'failing' could not be made \(OSError: no dictionar"):
        make_analyzer("failing", settings)


def test_unusable_settings_are_told_as_they_are(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.tsv"):
        make_analyzer("indonesian", replace(settings, stems=tmp_path / "absent.tsv"))


def test_an_index_is_of_the_analyzer_that_the_settings_name(
    tmp_path: Path, settings: Settings
) -> None:
    plain = replace(settings, analyzer="plain")
    with SearchIndex.create(tmp_path / "index", plain) as index:
        index.add([PACT, FOOTBALL])
        assert index.stats().analyzer == "plain-4"
        assert index.search("dukungan").total == 1
        assert index.search("mendukung").hits[0].fragments[0].plain().startswith("Pengamat «mend")
        assert index.search("didukung").total == 0
    assert SearchIndex.check(tmp_path / "index", plain).findings == ()
    with pytest.raises(
        IndexVersionMismatch, match="was analysed by plain-4; this searchkit uses i"
    ):
        SearchIndex.open(tmp_path / "index", settings)


def test_plain_queries_lose_no_words(tmp_path: Path, settings: Settings) -> None:
    """What is a stop word in Indonesian may be what somebody asks for in another language."""
    documents = [article("Die Hard"), article("Hard Times")]
    for name, total in (("plain", 1), ("indonesian", 3)):
        with SearchIndex.create(tmp_path / name, replace(settings, analyzer=name)) as index:
            index.add([*documents, article("Pada Suatu Hard")])
            assert index.search("pada hard", expand=(), tolerant=False).total == total


@pytest.mark.usefixtures("installed")
def test_workers_make_the_analyzer_of_a_package(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LARGE_RUN", 5)
    monkeypatch.setattr(workers.ParallelPreparer, "_prepared_here", lambda *_: pytest.fail("here"))
    monkeypatch.setattr(workers.ParallelPreparer, "_help", lambda _: False)
    letters = replace(settings, analyzer="letters", workers=2, cache_dir=tmp_path)
    with SearchIndex.create(tmp_path / "index", letters) as index:
        index.add(article(f"Berita {n}", "Isi kabar.") for n in range(80))
        assert index.search("bantal").total == 80
    assert (tmp_path / "letters").read_text() == "saved"


def test_analyzers_are_made_once(settings: Settings) -> None:
    analyzers = Analyzers(settings)
    assert isinstance(analyzers.named("indonesian"), IndonesianAnalyzer)
    assert isinstance(analyzers.named("plain"), PlainAnalyzer)
    assert analyzers.named("plain") is analyzers.named("plain")
    analyzers.preload()
    analyzers.save()
    analyzers.close()


def test_command_analyzes_as_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_text('[analysis]\nanalyzer = "plain"\n')
    status, output, errors = run("analyze", "mendukung", "--format", "csv", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert output.splitlines()[1] == "0,mendukung,mendukung,mendukung,0,9"
    (tmp_path / "searchkit.toml").write_text('[analysis]\nanalyzer = "klingon"\n')
    status, output, errors = run("analyze", "mendukung", cwd=tmp_path)
    assert (status, output) == (4, "")
    assert "there is no analyzer 'klingon'" in errors


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Dukungan bagi Ångström", ["dukungan", "bagi", "angstrom"]),
        ("SKU-12B sku12b", ["sku12b", "sku12b"]),
        ("Jean-Luc O'Neill", ["jean", "luc", "oneill"]),
        (
            "Rp5.600.000 3/6 A.S. warta.example.com/x",
            ["rp", "5600000", "3", "juni", "as", "warta.example.com", "x"],
        ),
        ("ﷺ", ["صلىاللهعليهوسلم"]),
    ],
)
def test_plain_terms(text: str, terms: list[str]) -> None:
    assert [token.term for token in PlainAnalyzer().analyze(text)] == terms


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_character_of_several_words_is_found(
    tmp_path: Path, settings: Settings, engine: str
) -> None:
    """NFKC spells it as four words; by none of them is it found."""
    pytest.importorskip(engine)
    blessed = article("Nabi ﷺ bersabda")
    with SearchIndex.create(tmp_path / "index", replace(settings, engine=engine)) as index:
        index.add([blessed, article("Allah")])
        assert [hit.id for hit in index.search("ﷺ").hits] == [blessed.id]
        assert index.search('"nabi ﷺ bersabda"').total == 1
        assert blessed.id not in [hit.id for hit in index.search("الله").hits]


def test_whole_values() -> None:
    (token,) = WholeAnalyzer().analyze("  Sony  Ericsson W800 ")
    assert (token.term, token.surface, token.start) == (
        "sony_ericsson_w800",
        "Sony  Ericsson W800",
        2,
    )
    one, other = (WholeAnalyzer().analyze("a" * 80 + end)[0].term for end in "bc")
    assert len(one) == len(other) == 64
    assert one != other
