import json
import sys
from pathlib import Path

import pytest

from searchkit import Article, EvaluationError, ExtraMissing, SearchIndex, Settings
from searchkit.evaluation import CONFIGURATIONS, Corpus, built_index, chosen_configurations


def names(text: str) -> list[str]:
    return [configuration.name for configuration in chosen_configurations(text)]


def test_names_of_configurations() -> None:
    assert names("stemmers") == ["surface", "snowball", "sastrawi", "searchkit"]
    assert names("snowball, surface") == ["snowball", "surface"]
    assert names("surface,stemmers") == names("stemmers")
    with pytest.raises(EvaluationError, match="no configuration 'porter'; there are stemmers, sur"):
        names("surface,porter")
    with pytest.raises(EvaluationError, match="'surface' is one configuration; name two or more"):
        names("surface")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("surface", {"mendukung": True, "dukungan": False, "kebakaran": False}),
        ("snowball", {"mendukung": True, "dukungan": True, "kebakaran": True}),
        ("sastrawi", {"mendukung": True, "dukungan": True, "kebakaran": True}),
        ("searchkit", {"mendukung": True, "dukungan": True, "kebakaran": True}),
    ],
)
def test_only_the_stemmer_differs(
    tmp_path: Path, settings: Settings, name: str, found: dict[str, bool]
) -> None:
    corpus = tmp_path / "a.jsonl"
    corpus.write_text(
        '{"id": "a", "title": "Warga mendukung", "body": "Rumah terbakar, NATO-nya."}'
    )
    with built_index(Corpus(sources=(corpus,)), settings, CONFIGURATIONS[name]) as (index, _):
        for word, expected in found.items():
            assert (index.search(word).total == 1) is expected, word
        # What the analyzer does apart from stems is the same in all.
        assert index.search("nato").total == 1
        path = index.path
    assert not path.exists()


def test_searchkit_is_what_an_index_is_made_with(
    collection: Path, tmp_path: Path, settings: Settings
) -> None:
    with SearchIndex.create(tmp_path / "plain", settings) as plain:
        expected = plain.stats().analyzer
    with built_index(Corpus(sources=(collection / "corpus.jsonl",)), settings) as (index, warnings):
        assert index.stats().analyzer == expected
        assert warnings == []


def test_without_headlines(collection: Path, settings: Settings) -> None:
    sources = (collection / "corpus.jsonl",)
    with built_index(Corpus(sources=sources, headlines=False), settings) as (index, _):
        document = index.get("w4")
        assert isinstance(document, Article)
        assert document.headline == ""
        assert index.search("festival").total == 0
        assert index.search("pantai").total == 1


def test_a_limit_keeps_what_is_relevant(tmp_path: Path, settings: Settings) -> None:
    corpus = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": f"d{n}", "title": f"Berita ke {n}", "body": "Isi."}) for n in range(40)
    ]
    corpus.write_text("\n".join(lines))

    def kept(limit: int, seed: int = 0) -> set[str]:
        sample = Corpus(
            sources=(corpus,), limit=limit, keep=frozenset({"d3", "d38", "gone"}), seed=seed
        )
        with built_index(sample, settings) as (index, _):
            return {hit.id for hit in index.search("*", limit=100).hits}

    # One of the three to keep is not in the corpus; it takes up no room.
    assert len(kept(10)) == 10
    assert kept(3) > {"d3", "d38"}
    assert {"d3", "d38"} <= kept(10)
    assert kept(10) == kept(10)
    assert kept(10) != kept(10, seed=1)
    assert kept(1) == {"d3", "d38"}
    assert len(kept(100)) == 40


def test_what_a_corpus_lacks(tmp_path: Path, settings: Settings) -> None:
    with (
        pytest.raises(EvaluationError, match=r"no document in the corpus: .*no such file"),
        built_index(Corpus(sources=(tmp_path / "nothing",)), settings),
    ):
        pass
    (tmp_path / "a.jsonl").write_text('{"title": "Ada"}\n{"title": \n')
    with built_index(Corpus(sources=(tmp_path / "a.jsonl",)), settings) as (_, warnings):
        (warning,) = warnings
        assert "1 of the corpus skipped, first" in warning
        assert "a.jsonl:2: broken JSON" in warning


def test_missing_snowball(
    monkeypatch: pytest.MonkeyPatch, collection: Path, settings: Settings
) -> None:
    monkeypatch.setitem(sys.modules, "snowballstemmer", None)
    corpus = Corpus(sources=(collection / "corpus.jsonl",))
    with (
        pytest.raises(ExtraMissing, match="this needs snowballstemmer"),
        built_index(corpus, settings, CONFIGURATIONS["snowball"]),
    ):
        pass
