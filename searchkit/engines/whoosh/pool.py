"""The postings of a new segment, collected in bounded memory."""

from collections.abc import Iterator
from pathlib import Path

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.engines.whoosh.inversion import Inverter
from searchkit.engines.whoosh.merging import Source, merged
from searchkit.engines.whoosh.postings import PostingLists
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.terms import TermsReader, TermWriter


class PostingPool:
    """Collects the postings of documents.

    When about `limit_bytes` of memory are taken, they go to a run: the files of terms of a segment,
    in `folder`, which is made for the first one and is the writer's to remove. `lists` joins the
    runs again.
    """

    def __init__(self, folder: Path, segment: CompactSegment, limit_bytes: int) -> None:
        self._folder = folder
        self._segment = segment
        self._limit = limit_bytes
        self._inverter = Inverter()
        self._table = TokenTable()
        self._runs: list[CompactSegment] = []

    def add(self, number: int, document: IndexedDocument) -> None:
        """Add the words and keywords of a document; numbers must ascend."""
        for field, tokens in document.tokens.items():
            self._inverter.add(field, number, TokenColumns.of(tokens, self._table))
        for field, values in document.keywords.items():
            self._inverter.add_values(field, number, values)
        if self._inverter.size >= self._limit:
            self._spill()

    def lists(self) -> Iterator[PostingLists]:
        """Yield all posting lists in ascending order of keys, and empty the pool."""
        if not self._runs:
            yield from self._inverter.lists()
            return
        self._spill()
        sources = [Source(TermsReader(self._folder, run)) for run in self._runs]
        yield from merged(sources, self._limit // 2)

    def _spill(self) -> None:
        self._folder.mkdir(exist_ok=True)
        run = CompactSegment(self._segment.codec(), self._segment.index_name())
        self._runs.append(run)
        writer = TermWriter(self._folder, run, share=False)
        try:
            for lists in self._inverter.lists():
                writer.add(lists)
            writer.finish({})
        finally:
            writer.close()
        self._inverter, self._table = Inverter(), TokenTable()
