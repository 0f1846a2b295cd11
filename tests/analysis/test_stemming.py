from pathlib import Path

import pytest

from searchkit.analysis import CachedStemmer, SastrawiStemmer, sastrawi_stemmer, stop_words
from searchkit.analysis.normalization import fold


class CountingStemmer:
    """Takes the last letter off, and counts how often it was asked."""

    fingerprint = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def stem(self, word: str) -> str:
        self.asked.append(word)
        return word[:-1]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("mendukung", "dukung"),
        ("dukungan", "dukung"),
        ("pertahanan", "tahan"),
        ("anak-anaknya", "anak"),
        ("77", "77"),
        ("f16", "f16"),
        ("北京", "北京"),
        ("di", "di"),
    ],
)
def test_sastrawi(word: str, stem: str) -> None:
    assert SastrawiStemmer().stem(word) == stem


def test_a_word_is_stemmed_once() -> None:
    inner = CountingStemmer()
    stemmer = CachedStemmer(inner)
    assert [stemmer.stem("abc"), stemmer.stem("abc")] == ["ab", "ab"]
    assert inner.asked == ["abc"]


def test_stems_are_kept_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "stems.sqlite3"
    first = CachedStemmer(CountingStemmer(), path)
    first.stem("abc")
    first.close()
    for preload in (False, True):
        inner = CountingStemmer()
        second = CachedStemmer(inner, path)
        if preload:
            second.preload()
        assert second.stem("abc") == "ab"
        assert inner.asked == []
        second.close()


def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    first, second = (CachedStemmer(CountingStemmer(), path) for _ in range(2))
    first.stem("abc")
    second.stem("abc")
    second.stem("xyz")
    first.close()
    second.close()
    inner = CountingStemmer()
    third = CachedStemmer(inner, path)
    assert [third.stem("abc"), third.stem("xyz")] == ["ab", "xy"]
    assert inner.asked == []
    third.close()


def test_a_damaged_cache_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    path.write_bytes(b"this is no database, and longer than its header would be" * 10)
    stemmer = CachedStemmer(CountingStemmer(), path)
    assert stemmer.stem("abc") == "ab"
    stemmer.close()


def test_an_impossible_cache_directory_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    stemmer = CachedStemmer(CountingStemmer(), tmp_path / "file" / "stems.sqlite3")
    assert stemmer.stem("abc") == "ab"
    stemmer.close()


def test_cache_file_is_named_after_the_stemmer(tmp_path: Path) -> None:
    stemmer = sastrawi_stemmer(tmp_path)
    stemmer.stem("mendukung")
    stemmer.close()
    assert [path.name for path in tmp_path.iterdir()] == [f"stems-{stemmer.fingerprint}.sqlite3"]


def test_stop_words_are_folded_function_words() -> None:
    words = stop_words()
    assert {"yang", "di", "dan", "tidak"} <= words
    assert not words & {"kata", "orang", "tahun", "presiden"}
    assert all(fold(word) == word for word in words)
