"""Words that are written together, apart, or with a hyphen meet."""

from collections.abc import Iterator

import pytest

from searchkit import Article, SearchIndex, Settings
from searchkit.query import Phrase, Term
from searchkit.query.joining import prefixes, written_apart, written_as_one
from searchkit.query.tree import terms_of
from tests.query.expanding import ANALYZER


def terms(text: str) -> list[Term]:
    return [Term(token.term, token.form) for token in ANALYZER.analyze(text)]


def forms(node: Term | Phrase | None) -> str:
    return " ".join(term.form for term in terms_of(node)) if node else ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("varian covid 19 baru", [(1, "covid19")]),
        ("kartu pra kerja", [(1, "prakerja")]),
        ("e-ktp al-quran", [(0, "ektp"), (2, "alquran")]),
        ("Al-Qur'an", [(0, "alquran")]),
        ("non aktif", [(0, "nonaktif")]),
        # The index has these as two words, too.
        ("anti korupsi", []),
        # Too short, a stop word, no word, no prefix.
        ("non i", []),
        ("e dan", []),
        ("e", []),
        ("dan 19", []),
        ("kartu kerja", []),
        ("", []),
    ],
)
def test_two_words_that_may_be_one(words: str, found: list[tuple[int, str]]) -> None:
    ones = written_as_one(terms(words), ANALYZER)
    assert [(place, term.form) for place, term in ones] == found


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Covid-19", "covid 19"),
        ("prakerja", "pra kerja"),
        ("ektp", "e ktp"),
        ("alquran", "al quran"),
        # By the stem of the word.
        ("dinonaktifkan", "non aktif"),
        ("semifinalnya", "semi final"),
        # The whole is commoner than what follows, or that is no word.
        *(
            (word, "")
            for word in ("prabowo", "emas", "produk", "noni", "subuh", "ekonomi", "antara")
        ),
    ],
)
def test_one_word_that_may_be_two(word: str, parts: str) -> None:
    (term,) = terms(word)
    assert forms(written_apart(term, ANALYZER)) == parts


def test_the_longest_prefix_comes_first() -> None:
    lengths = [len(prefix) for prefix in prefixes()]
    assert lengths == sorted(lengths, reverse=True)


@pytest.fixture(scope="module")
def news(embedded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    titles = (
        "Bank nonaktif ditutup",
        "Rekening yang non-aktif ditutup",
        "Kartu non aktif ditutup",
        "Akun aktif ditutup",
    )
    with SearchIndex.create(tmp_path_factory.mktemp("joining") / "index", embedded) as index:
        index.add([Article(headline=title, body=()) for title in titles])
        yield index


@pytest.mark.parametrize("query", ["nonaktif", "non-aktif", "non aktif", "dinonaktifkan"])
def test_an_index_finds_and_marks_all_of_them(news: SearchIndex, query: str) -> None:
    for text in (query, f'"{query}"', f'"{query} ditutup"', f"{query} ditutup"):
        page = news.search(text)
        marked = [hit.title.marked("[", "]") for hit in page.hits]
        assert len(marked) == 3
        assert all("[non" in title for title in marked)
    assert news.search(f'ditutup -"{query}"').total == 1
