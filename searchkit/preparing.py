"""From a document to what an engine is given: the part of indexing that needs no index.

It is most of the work and can be done in any order, the analysis of a document and its description
apart; `searchkit.workers` has it done side by side.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from searchkit.analysis import Analyzer, Analyzers, IndonesianAnalyzer, Token
from searchkit.analysis.definitions import find_definitions, to_keywords
from searchkit.analysis.normalization import fold_value
from searchkit.analysis.offsets import with_offsets
from searchkit.documents import Article, SidebarItem, Sighting
from searchkit.documents.blocks import blocks_of
from searchkit.documents.identity import title_key
from searchkit.engines.base import ARTICLE, ITEM, IndexedDocument
from searchkit.engines.copies import signature
from searchkit.filtering import month_of, zoned
from searchkit.phrases import phrases_of

LARGE_RUN = 500
"""Documents of a run beyond which it is large."""

_SAVE_EVERY = 320
"""Documents after which a process saves the stems it has met, and learns those of the others."""

Document = Article | SidebarItem


class Analysis(NamedTuple):
    """What an analyzer makes of a document: the `tokens` by text field and what follows of them.

    `stored` is what is stored of them, where they stand; `signature` that of the body, see
    `searchkit.engines.copies`.
    """

    tokens: dict[str, Sequence[Token]]
    stored: dict[str, Any]
    signature: bytes


class Description(NamedTuple):
    """What is indexed of a document without an analyzer; see `IndexedDocument`."""

    kind: str
    keywords: dict[str, tuple[str, ...]]
    moment: int | None
    facets: dict[str, tuple[str, ...]]


def prepare(analyzer: Analyzer, document: Document, stored: dict[str, Any]) -> IndexedDocument:
    """Return `document` as an engine takes it in; `stored` is kept with it, and its offsets."""
    return joined(document, stored, analyse(analyzer, document), describe(document))


def joined(
    document: Document, stored: dict[str, Any], analysis: Analysis, description: Description
) -> IndexedDocument:
    """Return `document` as an engine takes it in, of its two halves; `stored` is kept with it."""
    return IndexedDocument(
        id=document.id,
        kind=description.kind,
        tokens=analysis.tokens,
        keywords=description.keywords,
        moment=description.moment,
        stored=stored | analysis.stored,
        signature=analysis.signature,
        facets=description.facets,
    )


def analyse(analyzer: Analyzer, document: Document) -> Analysis:
    """Return what the analyzer makes of a document."""
    texts = blocks_of(document)
    tokens = {name: _tokens(analyzer, text) for name, text in texts.items() if text}
    return Analysis(tokens, with_offsets({}, texts, tokens), signature(tokens.get("body", ())))


def describe(document: Document) -> Description:
    """Return the description of a document: about a third of what there is to do."""
    if isinstance(document, Article):
        kind, title = ARTICLE, document.headline
        seen: tuple[Sighting, ...] = ()
    else:
        kind, title, seen = ITEM, document.title, document.seen
    texts = blocks_of(document)
    published = zoned(document.published) if document.published else None
    return Description(
        kind=kind,
        keywords={
            "id": (document.id,),
            "kind": (kind,),
            "list": tuple(dict.fromkeys(fold_value(s.list) for s in seen if s.list)),
            "page": tuple(s.page for s in seen),
            "title": (title_key(title),),
            "source": (fold_value(document.source),) if document.source else (),
            "defines": _defines(texts) if kind == ARTICLE else (),
            "phrase": phrases_of(texts) if kind == ARTICLE else (),
        },
        moment=int(published.timestamp()) if published else None,
        facets=_facets(document, kind, published),
    )


def _tokens(analyzer: Analyzer, text: str) -> Sequence[Token]:
    return (
        analyzer.columns(text)
        if isinstance(analyzer, IndonesianAnalyzer)
        else analyzer.analyze(text)
    )


def _facets(
    document: Article | SidebarItem, kind: str, published: datetime | None
) -> dict[str, tuple[str, ...]]:
    """Return the values that a document is counted and filtered by; the month is Jakarta's."""
    values: dict[str, tuple[str, ...]] = {"source": (document.source,), "kind": (kind,)}
    if isinstance(document, Article):
        values |= {"section": (document.section,), "reporter": (document.reporter,)}
    else:
        values["list"] = tuple(sighting.list for sighting in document.seen)
    if published:
        values["month"] = (month_of(published),)
    spaced = {name: tuple(" ".join(v.split()) for v in found) for name, found in values.items()}
    return {
        name: tuple(dict.fromkeys(value for value in found if fold_value(value)))
        for name, found in spaced.items()
    }


def _defines(texts: dict[str, str]) -> tuple[str, ...]:
    """Return the keyword values of the abbreviations that an article spells out."""
    parts = (texts["headline"], texts["body"], texts["caption"])
    return to_keywords([found for text in parts if text for found in find_definitions(text)])


class Preparer(Protocol):
    """Prepares documents one after another; what comes out is in the order of what went in."""

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Take a document in, and yield those that have become ready, of this or earlier calls."""

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield the rest."""

    def close(self) -> None:
        """Give back what is held; also after an error."""


class SerialPreparer:
    """Prepares each document as it comes, in this process.

    Once a run is large, what `analyzers` keep on disk is read ahead, and shared now and then with
    other processes that use them.
    """

    def __init__(self, analyzers: Analyzers, analyzer: Analyzer) -> None:
        self._analyzers = analyzers
        self._analyzer = analyzer
        self._count = 0
        self._has_read_ahead = False

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Yield the document."""
        yield self.prepare(document, stored)

    def prepare(self, document: Document, stored: dict[str, Any]) -> IndexedDocument:
        """Return the document prepared."""
        return joined(document, stored, self.analyse(document), describe(document))

    def analyse(self, document: Document) -> Analysis:
        """Return what the analyzer makes of a document."""
        self._count += 1
        if self._count > LARGE_RUN and not self._has_read_ahead:
            self.read_ahead()
        elif self._count % _SAVE_EVERY == 0:
            self._analyzers.save()
        return analyse(self._analyzer, document)

    def remember(self, share: float) -> None:
        """Have so many times as many words kept in memory as a process keeps by itself."""
        if isinstance(self._analyzer, IndonesianAnalyzer):
            self._analyzer.remember(share)

    def read_ahead(self) -> None:
        """Read what is kept on disk, when the run is known to be large: once."""
        self._analyzers.preload()
        self._has_read_ahead = True

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield nothing: nothing is held back."""
        yield from ()

    def close(self) -> None:
        """Nothing is held open."""
