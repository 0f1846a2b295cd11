import pickle
from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchkit import Article, SearchIndex, Settings, SidebarItem, preparing
from searchkit.analysis import IndonesianAnalyzer, Token, TokenColumns, stemmer_of
from searchkit.documents.stored import to_stored
from searchkit.engines.base import IndexedDocument
from searchkit.preparing import ParallelPreparer, Preparer, SerialPreparer
from tests.conftest import PACT_ITEM, article

ARTICLES = [
    article(
        f"Gubernur Meresmikan Jembatan {n}", "Menteri Terawan datang ke Bekasi.", day=1 + n % 28
    )
    for n in range(50)
]
DOCUMENTS: list[Article | SidebarItem] = [*ARTICLES, PACT_ITEM]


@pytest.fixture
def analyzer(settings: Settings) -> Iterator[IndonesianAnalyzer]:
    stemmer = stemmer_of(settings)
    yield IndonesianAnalyzer(stemmer)
    stemmer.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "SERIAL_RUN", 5)
    monkeypatch.setattr(preparing, "CHUNK", 4)


def prepared(preparer: Preparer) -> list[IndexedDocument]:
    """What comes out for all articles and an item, in order, tokens as columns."""
    found: list[IndexedDocument] = []
    for document in DOCUMENTS:
        found += preparer.add(document, to_stored(document))
    found += preparer.finish()
    preparer.close()
    return [
        replace(
            each,
            tokens={
                field: [(t.term, t.form, t.position) for t in tokens]  # type: ignore[misc]
                for field, tokens in each.tokens.items()
            },
        )
        for each in found
    ]


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_prepare_the_same_in_the_same_order(
    analyzer: IndonesianAnalyzer, settings: Settings, workers: int
) -> None:
    expected = prepared(SerialPreparer(analyzer))
    assert prepared(ParallelPreparer(analyzer, settings, workers)) == expected
    assert [each.id for each in expected] == [each.id for each in DOCUMENTS]


def test_what_a_dead_worker_leaves_is_prepared_here(
    analyzer: IndonesianAnalyzer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "_START", "import sys; sys.stdin.buffer.read(9); sys.exit(1)")
    assert prepared(ParallelPreparer(analyzer, settings, 2)) == prepared(SerialPreparer(analyzer))


def test_closing_stops_the_workers(analyzer: IndonesianAnalyzer, settings: Settings) -> None:
    preparer = ParallelPreparer(analyzer, settings, 2)
    for document in ARTICLES:
        list(preparer.add(document, {}))
    preparer.close()
    preparer.close()


def test_an_index_by_workers_is_the_same(
    analyzer: IndonesianAnalyzer, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = []
    for workers in (0, 2):
        path = tmp_path_factory.mktemp("index") / "index"
        with SearchIndex.create(path, replace(settings, workers=workers)) as index:
            index.add([*ARTICLES, Article(id=ARTICLES[30].id, headline="Lain", body=("Isi.",))])
            page = index.search("jembatan bekasi", limit=60)
            pages.append([(hit.id, hit.score, hit.title, hit.fragments) for hit in page.hits])
            assert index.get(ARTICLES[30].id).id == ARTICLES[30].id
            assert index.search("lain").total == 1
    assert pages[0] == pages[1]
    assert len(pages[0]) > 1


def test_columns_are_tokens_without_places() -> None:
    tokens = [
        Token("dukung", "dukungan", "Dukungan", 3, 11, 0),
        Token("5,6", "5,6", "5,6", 12, 15, 1),
    ]
    columns = TokenColumns.of(tokens)
    assert TokenColumns.of(columns) is columns
    assert list(columns) == [
        Token("dukung", "dukungan", "dukungan", 0, 0, 0),
        Token("5,6", "5,6", "5,6", 0, 0, 1),
    ]
    assert columns[-1:] == [columns[1]]
    with pytest.raises(IndexError):
        columns[2]
    for each in (columns, TokenColumns.of([])):
        assert list(pickle.loads(pickle.dumps(each))) == list(each)
