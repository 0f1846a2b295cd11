"""What is worked out ahead is what would come out."""

import os
from importlib import metadata
from pathlib import Path

import pytest

from searchkit.analysis import Analyzer, IndonesianAnalyzer, IndonesianStemmer, stemming
from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.build_precomputed import contents, digest_of, lists
from searchkit.analysis.lexicon import data_text, frequencies
from searchkit.analysis.precomputed import synonym_stems
from searchkit.analysis.stemming import ShippedStemmer
from searchkit.analysis.vocabulary import (
    Vocabulary,
    load_vocabulary,
    shipped_abbreviations,
    shipped_synonyms,
)
from searchkit.query.build_precomputed import contents as ways_contents
from searchkit.query.thesaurus import WAYS, Thesaurus, ways_of
from searchkit.shipped import shipped_text


class Unknown(IndonesianAnalyzer):
    """The shipped analyzer under a name for which nothing is worked out."""

    fingerprint = "unknown"


def indonesian(exceptions: dict[str, str] | None = None) -> Analyzer:
    return IndonesianAnalyzer(IndonesianStemmer(exceptions))


def test_what_is_shipped_is_what_comes_out() -> None:
    for name, text in contents():
        assert data_text(name) == text, "run python -m searchkit.analysis.build_precomputed"


def test_the_digest_is_of_all_that_decides_a_stem_and_nothing_made_of_it(tmp_path: Path) -> None:
    names = {path.name for path in lists()}
    assert names > {"frequencies.tsv", "derivations.tsv", "names.txt", "spellings.tsv"}
    assert names > {"informal.tsv", "compounds.txt", "stopwords.txt", "abbreviations.tsv"}
    assert not names & {name for name, _ in contents()}
    changed = tmp_path / "names.txt"
    changed.write_text("bekasi\n")
    before = digest_of([changed])
    changed.write_text("bekas\n")
    assert digest_of([changed]) != before


def test_the_tables_are_those_that_an_analyzer_makes() -> None:
    assert synonym_stems(indonesian().fingerprint)
    vocabulary = load_vocabulary()
    unknown = Thesaurus(vocabulary, Unknown(IndonesianStemmer()))
    shipped = Thesaurus(vocabulary, indonesian())
    assert list(shipped.synonyms.items()) == list(unknown.synonyms.items())
    assert shipped.openings == unknown.openings


def test_the_ways_of_abbreviations_are_those_that_the_list_gives() -> None:
    assert shipped_text("searchkit.query", f"data/{WAYS}") == ways_contents(), (
        "run python -m searchkit.query.build_precomputed"
    )
    table = ways_of(shipped_abbreviations())
    shipped = Thesaurus(load_vocabulary(), indonesian())
    assert dict(shipped.abbreviations) == table
    assert len(shipped.abbreviations) == len(table) > 1000
    listed = Thesaurus(Vocabulary(shipped_abbreviations(), shipped_synonyms()), indonesian())
    assert shipped.openings == listed.openings
    for key in ("", "d", "dpr r", "dpr\t", "zzz", "#"):
        assert key not in shipped.abbreviations


def test_another_analyzer_stems_for_itself() -> None:
    own = indonesian({"mundur": "balik"})
    assert synonym_stems(own.fingerprint) == {}
    assert "balik" in Thesaurus(load_vocabulary(), own).synonyms


def test_common_words_are_known_without_stemming_them() -> None:
    asked: list[str] = []

    class Asked(IndonesianStemmer):
        def verdict(self, word: str) -> Verdict:
            asked.append(word)
            return super().verdict(word)

    ours, plain = ShippedStemmer(Asked()), IndonesianStemmer()
    others = ["a", "aab", "jalanx", "zzz", "é"]
    words = [*frequencies(), *others]
    found = [ours.verdict(word) for word in words]
    assert found == [plain.verdict(word) for word in words]
    assert asked == others
    assert {verdict.doubtful for verdict in found} == {False, True}
    own = ShippedStemmer(Asked({"jalan": "langkah"}))
    assert (own.verdict("jalan").stem, own.verdict("menjalankan").stem) == ("langkah", "jalan")
    assert asked[len(others) :] == ["jalan", "menjalankan"]


def test_synonyms_of_the_user_are_stemmed_beside_those_shipped(tmp_path: Path) -> None:
    own = tmp_path / "synonyms.tsv"
    own.write_text("persetujuan\tkesepakatan\n", encoding="utf-8")
    synonyms = Thesaurus(load_vocabulary(synonyms=own), indonesian()).synonyms
    assert [way.text for way in synonyms["setuju"]] == ["kesepakatan"]
    assert "mundur" in synonyms


def test_the_release_of_the_stemmer_is_known_with_and_without_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = metadata.version("PySastrawi")
    stemming.sastrawi_release.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(metadata, "version", lambda _name: "asked")
        assert stemming.sastrawi_release() == release
        stemming.sastrawi_release.cache_clear()
        patched.setattr(os, "listdir", lambda _path: ["PySastrawi-1.dist-info", "x"] * 2)
        assert stemming.sastrawi_release() == "asked"
    stemming.sastrawi_release.cache_clear()
