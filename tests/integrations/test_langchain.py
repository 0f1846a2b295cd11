"""The retriever of LangChain, by LangChain's own suite and by ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from searchkit import IndexMissing, QueryError, SearchIndex, Settings
from searchkit.integrations.langchain import SearchkitRetriever
from tests.conftest import PACT, article, item


@pytest.fixture
def index(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        more = [article(f"Pakta nomor {n}", "Naskah pakta.", day=n + 1) for n in range(4)]
        index.add([PACT, item("Pakta di sini"), *more])
        yield index


class TestStandard(RetrieversIntegrationTests):
    """LangChain's own suite."""

    @pytest.fixture(autouse=True)
    def _index(self, index: SearchIndex) -> None:
        self.index = index

    @property
    def retriever_constructor(self) -> type[SearchkitRetriever]:
        return SearchkitRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index}

    @property
    def retriever_query_example(self) -> str:
        return "pakta"

    test_ainvoke_returns_documents = pytest.mark.asyncio(
        RetrieversIntegrationTests.test_ainvoke_returns_documents
    )


def test_a_document_says_what_it_is_and_where_it_is_from(index: SearchIndex) -> None:
    (found,) = SearchkitRetriever(index=index).invoke("parlemen pakta pertahanan", k=1)
    hit = index.search("parlemen pakta pertahanan", limit=1).hits[0]
    assert (found.id, found.metadata["headline"]) == (PACT.id, PACT.headline)
    assert found.page_content == f"{PACT.headline}\n{PACT.text}"
    assert found.metadata["score"] == hit.score
    assert PACT.published is not None
    assert found.metadata["published"] == PACT.published.isoformat()


def test_fragments_in_place_of_the_text(index: SearchIndex) -> None:
    retriever = SearchkitRetriever(index=index, content="fragments", k=1)
    (found,) = retriever.invoke("pakta pertahanan")
    hit = index.search("pakta pertahanan", limit=1).hits[0]
    assert found.page_content == "\n".join([hit.headline, *(f.text for f in hit.fragments)])


def test_metadata_say_where_the_query_is_met(index: SearchIndex) -> None:
    (found,) = SearchkitRetriever(index=index).invoke("meneken", k=1)
    fragments = found.metadata["fragments"]
    (start, end), *_ = fragments[0]["marks"]
    assert fragments[0]["block"] == "body"
    assert fragments[0]["text"][start:end] == "meneken"
    assert json.loads(json.dumps(found.metadata)) == found.metadata
    (found,) = SearchkitRetriever(index=index, fragments=False).invoke("meneken", k=1)
    assert found.metadata["fragments"] == []
    assert found.page_content == f"{PACT.headline}\n{PACT.text}"


def test_a_document_is_read_once(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is deleted between the search and a second look could not be found."""
    monkeypatch.setattr(SearchIndex, "get", None)
    assert len(SearchkitRetriever(index=index).invoke("pakta", k=3)) == 3


def test_a_search_is_narrowed_for_all_queries_or_for_one(index: SearchIndex) -> None:
    retriever = SearchkitRetriever(index=index, k=10, search={"kind": "item"})
    assert [d.metadata["kind"] for d in retriever.invoke("pakta")] == ["item"]
    assert {d.metadata["kind"] for d in retriever.invoke("pakta", kind="article")} == {"article"}
    assert retriever.invoke("zebra") == []
    limited = SearchkitRetriever(index=index, search={"limit": 2, "kind": "article"})
    assert len(limited.invoke("pakta")) == len(limited.invoke("pakta", k=3)) - 1 == 2
    assert len(limited.invoke("pakta", search={"limit": 3})) == 3
    (found,) = limited.invoke("meneken", search={"fragments": False})
    assert found.metadata["fragments"] == []


def test_errors_are_those_of_a_search(index: SearchIndex, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="out of bounds"):
        SearchkitRetriever(index=index, k=-1).invoke("pakta")
    with pytest.raises(QueryError, match="no content 'nonsense'; there are 'text' and 'fragments'"):
        SearchkitRetriever(index=index).invoke("pakta", content="nonsense")
    with pytest.raises(IndexMissing):
        SearchkitRetriever.open(tmp_path / "nothing")


def test_several_queries_are_answered_at_once(index: SearchIndex, settings: Settings) -> None:
    retriever = SearchkitRetriever.open(index.path, settings, k=2)

    async def main() -> list[int]:
        counts = []

        async def one(query: str) -> None:
            counts.append(len(await retriever.ainvoke(query)))

        async with anyio.create_task_group() as group:
            for query in ("pakta", "naskah", "parlemen") * 5:
                group.start_soon(one, query)
        return counts

    counts = anyio.run(main)
    retriever.index.close()
    assert sorted(counts) == [1] * 5 + [2] * 10
