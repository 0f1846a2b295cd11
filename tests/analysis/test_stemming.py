import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from string import ascii_lowercase

import pytest
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from searchkit.analysis import (
    CachedStemmer,
    IndonesianStemmer,
    SastrawiStemmer,
    Verdict,
    cached_stemmer,
    stem_cache,
    stemming,
    stop_words,
)
from searchkit.analysis.lexicon import sastrawi_roots
from searchkit.analysis.morphology import derivatives
from searchkit.analysis.normalization import fold


class CountingStemmer:
    """Takes the last letter off, and counts how often it was asked."""

    fingerprint = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def verdict(self, word: str) -> Verdict:
        self.asked.append(word)
        return Verdict(word[:-1], word.startswith("x"))


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


def test_rules_in_other_words_change_no_stem() -> None:
    plain = StemmerFactory().create_stemmer().delegatedStemmer
    ours = SastrawiStemmer()
    for root in sorted(sastrawi_roots())[::500]:
        around = (f"ku{root}", f"kau{root}kan", f"ge{root}", f"{root}lah", f"{root}kan-nyalah")
        for word in (*derivatives(root), *around, f"x{root}isasimu", f"{root}kankan"):
            assert ours.stem(word) == plain.stem_word(word)
    # Roots that a rule of prefixes would take apart if it came to them, as in berewokan.
    like_prefixed = sorted(r for r in sastrawi_roots() if r[:2] in ("be", "te", "me", "pe"))
    for root in [*like_prefixed[::40], "berewok"]:
        for word in (f"{root}an", f"{root}kan", f"{root}nya", f"di{root}"):
            assert ours.stem(word) == plain.stem_word(word)


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


def test_what_was_not_preloaded_is_not_looked_for_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    inner = CountingStemmer()
    first, second = CachedStemmer(inner, path), CachedStemmer(CountingStemmer(), path)
    first.preload()
    second.stem("abc")
    second.close()
    assert first.stem("abc") == "ab"
    assert inner.asked == ["abc"]
    first.close()


def test_who_saves_learns_what_others_have_saved(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    inner = CountingStemmer()
    first, second = CachedStemmer(inner, path), CachedStemmer(CountingStemmer(), path)
    first.preload()
    for word in ("abc", "def"):
        second.stem(word)
        second.save()
        first.save()
    assert [first.stem("abc"), first.stem("def")] == ["ab", "de"]
    assert inner.asked == []
    first.close()
    second.close()


def test_who_saves_does_not_read_again_what_it_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stems.sqlite3"
    first, second = (CachedStemmer(CountingStemmer(), path) for _ in range(2))
    first.preload()
    first.stem("abc")
    second.stem("def")
    second.save()
    learned: list[str] = []
    monkeypatch.setattr(first._verdicts, "put", lambda word, _: learned.append(word))
    first.save()
    first.save()
    assert learned == ["def"]
    first.close()
    second.close()


def test_memory_holds_a_bounded_number_and_the_disk_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stem_cache, "_MOST_VERDICTS", 10)
    monkeypatch.setattr(stem_cache, "_PRELOADED", 5)
    path = tmp_path / "stems.sqlite3"
    words = [f"kata{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    first = CachedStemmer(CountingStemmer(), path)
    for word in words:
        first.stem(word)
        assert len(first._verdicts) <= 10
        assert len(first._unsaved) <= 10
    first.close()
    inner = CountingStemmer()
    second = CachedStemmer(inner, path)
    second.preload()
    assert [second._verdicts.get(word) is not None for word in words] == [n < 5 for n in range(26)]
    assert [second.stem(word) for word in words] == [word[:-1] for word in words]
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


def test_words_that_are_expected_are_looked_up_together(tmp_path: Path) -> None:
    words = [f"kata{first}{second}" for first, second in product(ascii_lowercase, repeat=2)]
    path = tmp_path / "stems.sqlite3"
    first = CachedStemmer(CountingStemmer(), path)
    before = {word: first.verdict(word) for word in words}
    first.close()
    counting = CountingStemmer()
    again = CachedStemmer(counting, path)
    statements: list[str] = []
    file = again._connection()
    assert file is not None
    file.set_trace_callback(statements.append)
    again.expect([*words, "baru"])
    assert {word: again.verdict(word) for word in words} == before
    assert counting.asked == []
    assert again.stem("baru") == "bar"
    assert counting.asked == ["baru"]
    assert len(statements) == 2  # of 500 words each; that the new one is not there was known
    again.close()
    again.expect(["lama"])
    assert again.stem("lama") == "lam"


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
    stemmer = cached_stemmer(tmp_path)
    stemmer.stem("mendukung")
    stemmer.close()
    (kept,) = tmp_path.iterdir()
    assert kept.name.startswith(f"stems-{stemmer.fingerprint}+lists-")


def test_stems_by_other_lists_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for digest in ("one", "two"):
        monkeypatch.setattr(stemming, "lists_digest", lambda digest=digest: digest)
        cached_stemmer(tmp_path).close()
    assert len(list(tmp_path.iterdir())) == 2


def test_stop_words_are_folded_function_words() -> None:
    words = stop_words()
    assert {"yang", "di", "dan", "tidak"} <= words
    assert not words & {"kata", "orang", "tahun", "presiden"}
    assert all(fold(word) == word for word in words)


def test_stop_words_are_so_in_every_spelling_and_with_a_clitic() -> None:
    assert {"nggak", "yg", "utk", "lainnya", "adanya", "bukanlah", "gaklah"} <= stop_words()
    assert not stop_words() & {"makalah", "resiko", "tau"}


STEMMER = IndonesianStemmer()
GOLDEN = [
    line.split("\t")
    for line in Path(__file__).with_name("golden_stems.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("word", "stem", "source", "status"), GOLDEN)
def test_golden_stems(word: str, stem: str, source: str, status: str) -> None:
    assert STEMMER.stem(word) == stem
    assert source
    assert status in ("right", "wrong")


# Words that raw Sastrawi brings to one stem, and that have nothing to do with one another.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bekasi", "bekas"),
        ("bali", "bal"),
        ("menyinari", "sari"),
        ("penyelidikan", "lidi"),
        ("menikah", "meni"),
        ("penarikan", "tarian"),
        ("membantah", "ban"),
        ("perhatian", "hati"),
        ("mengawal", "mengawali"),
    ],
)
def test_words_of_different_families_do_not_meet(one: str, other: str) -> None:
    assert STEMMER.stem(one) != STEMMER.stem(other)


def test_exceptions_come_first_and_change_the_fingerprint() -> None:
    own = IndonesianStemmer({"kalangan": "lingkung"})
    assert own.stem("kalangan") == "lingkung"
    assert own.stem("dukungan") == "dukung"
    assert own.fingerprint != STEMMER.fingerprint
    assert own.fingerprint == IndonesianStemmer({"kalangan": "lingkung"}).fingerprint


def test_doubt() -> None:
    assert STEMMER.verdict("terawan") == Verdict("awan", True)
    assert STEMMER.verdict("dukungan") == Verdict("dukung", False)
    # Nagan is a district; what is the same verb with and without me- is no name.
    assert STEMMER.verdict("nagan").doubtful
    assert STEMMER.verdict("nulis") == Verdict("tulis", True)
    # There is a verb memperkuat, but none mempersela: Persela is a club.
    assert STEMMER.verdict("perkuat") == Verdict("kuat", False)
    assert STEMMER.verdict("persela") == Verdict("sela", True)
    assert STEMMER.verdict("manfaatkan") == Verdict("manfaat", False)
    assert STEMMER.verdict("dipasteurisasikannya").doubtful is False


def test_other_scripts_and_endless_words_are_their_own_stem() -> None:
    for word in ("北京", "москва", "x" * 5000, "", "5,6", "ñandú"):
        assert STEMMER.verdict(word) == Verdict(word, False)


def test_an_empty_stem_on_disk_spoils_no_other_word(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    CachedStemmer(IndonesianStemmer(), path).close()
    with closing(sqlite3.connect(path)) as file, file:
        rows = [("xyz", "", 0), ("meja", "meja", 0)]
        file.executemany("INSERT INTO stems VALUES (?, ?, ?)", rows)
    stemmer = CachedStemmer(IndonesianStemmer(), path)
    stemmer.preload()
    assert stemmer.verdict("meja") == Verdict("meja", False)
    stemmer.close()


def test_verdicts_come_back_from_disk_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "stems.sqlite3"
    first = CachedStemmer(CountingStemmer(), path)
    words = ("abc", "xyz")
    verdicts = [first.verdict(word) for word in words]
    first.close()
    second = CachedStemmer(CountingStemmer(), path)
    second.preload()
    assert [second.verdict(word) for word in words] == verdicts == [("ab", False), ("xy", True)]
    second.close()
