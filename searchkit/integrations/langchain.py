"""An index as a retriever of LangChain: what a chain or an agent is given to read.

>>> from searchkit.integrations.langchain import SearchkitRetriever
>>> retriever = SearchkitRetriever.open("index", k=4)                         # doctest: +SKIP
>>> retriever.invoke("pakta pertahanan")                                      # doctest: +SKIP
"""

from pathlib import Path
from typing import Any, Literal, Self, get_args

from searchkit.errors import ExtraMissing, QueryError

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import run_in_executor
except ModuleNotFoundError as error:
    raise ExtraMissing("langchain", error.name or "langchain-core") from error

from pydantic import Field

from searchkit.documents.blocks import text_of
from searchkit.results import Fragment, Hit
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings

_Content = Literal["text", "fragments"]


class SearchkitRetriever(BaseRetriever):
    """Retrieves the `k` best documents for a query in the language of docs/query-language.md.

    `content` is what their `page_content` is: the "text" of the whole document after its headline,
    or the "fragments" that show the query, one a line. `search` are further arguments of
    `SearchIndex.search`, such as `{"kind": "article", "since": date(2024, 6, 1)}`. Each of these
    may also be given to `invoke` and `ainvoke`, for one query; a `limit` there is another `k`.

    `metadata` of a document has `headline`, `score`, `rank`, `kind`, `url`, `source`, `section`,
    `reporter`, `published` (ISO 8601, None when undated) and `fragments`: of each place that shows
    the query its `block`, `text`, `start` in the block, and `marks` as [start, end] in the text.
    With `content` "text" and `fragments=False` they are not looked for, and searching is faster.
    [] when nothing matches. Raises what `SearchIndex.search` does. Safe from several threads;
    `ainvoke` runs in one of them. The index stays the caller's to close.
    """

    index: SearchIndex
    k: int = 4
    content: _Content = "text"
    fragments: bool = True
    search: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def open(cls, path: str | Path, settings: Settings | None = None, **arguments: Any) -> Self:
        """Return a retriever of the index at a path or URL; raises what `SearchIndex.open` does."""
        return cls(index=SearchIndex.open(path, settings), **arguments)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **asked: Any
    ) -> list[Document]:
        return self._found(query, asked)

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, **asked: Any
    ) -> list[Document]:
        return await run_in_executor(None, self._found, query, asked)

    def _found(self, query: str, asked: dict[str, Any]) -> list[Document]:
        content = asked.pop("content", self.content)
        if content not in get_args(_Content):
            raise QueryError(f"there is no content {content!r}; there are 'text' and 'fragments'")
        if "k" in asked:
            asked["limit"] = asked.pop("k")
        own = {"limit": self.k, "fragments": self.fragments}
        further = own | self.search | asked.pop("search", {}) | asked
        further["fragments"] = further["fragments"] or content == "fragments"
        page = self.index.search(query, **further)
        return [_document(hit, content) for hit in page.hits]


def _document(hit: Hit, content: str) -> Document:
    if content == "fragments":
        parts = [fragment.text for fragment in hit.fragments]
    else:
        parts = [text_of(hit.document)]
    return Document(
        id=hit.id,
        page_content="\n".join(filter(None, (hit.headline, *parts))),
        metadata={
            "headline": hit.headline,
            "score": hit.score,
            "rank": hit.rank,
            "kind": hit.kind,
            "url": hit.url,
            "source": hit.source,
            "section": hit.section,
            "reporter": hit.reporter,
            "published": hit.published.isoformat() if hit.published else None,
            "fragments": [_metadata(fragment) for fragment in hit.fragments],
        },
    )


def _metadata(fragment: Fragment) -> dict[str, Any]:
    """Return a fragment as JSON has it, for metadata are written to logs and stores."""
    return {
        "block": fragment.block,
        "text": fragment.text,
        "start": fragment.start,
        "marks": [list(mark) for mark in fragment.marks],
    }
