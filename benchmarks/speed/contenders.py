"""The two contenders with the whole way from text to hits: searchkit and naive Whoosh."""

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records
from benchmarks.speed.query_kinds import Ask

DEEP = 1000
"""How many hits a deep page passes over."""

Answer = Callable[[Ask], int]
"""Answers a query with ten hits and their marks; returns how many hits or words are shown."""


SERVER = "server"
"""In the folder of an index on a server, the file that says HOST:PORT of its nodes."""


def searchkit_index(hosts: str) -> str:
    """Return where searchkit's index is on a server."""
    return f"opensearch://{hosts}/searchkit-benchmark"


def _in(folder: Path) -> tuple[Path | str, dict[str, Any]]:
    """Return where searchkit's index of a folder is, and the settings that it is opened with."""
    server = folder / SERVER
    place = searchkit_index(server.read_text()) if server.exists() else folder / "searchkit"
    return place, {"cache_dir": folder / "cache", "engines": {"opensearch": {"replicas": 0}}}


def searchkit_build(archive: Path, most: int, folder: Path, engine: str = "whoosh") -> None:
    """Build with searchkit, from the file, as `searchkit index` does."""
    from searchkit import SearchIndex, Settings
    from searchkit.documents.reading import read_sources

    place, settings = _in(folder)
    with SearchIndex.create(place, Settings(**settings, engine=engine)) as index:
        pages = read_sources([archive])
        index.add(page for _, page in zip(range(most), pages, strict=False))


def searchkit_search(folder: Path) -> Answer:
    """Return what asks searchkit."""
    from searchkit import SearchIndex, Settings

    place, settings = _in(folder)
    index = SearchIndex.open(place, Settings(**settings))
    ways: dict[str, Callable[[str], int]] = {
        "search": lambda text: len(index.search(text).hits),
        "facets": lambda text: len(index.search(text, facets=("section", "source")).hits),
        "newest": lambda text: len(index.search(text, sort="newest").hits),
        "deep": lambda text: len(index.search(text, offset=DEEP).hits),
        # Every search looks for the word that was meant: there is no way of its own.
        "corrected": lambda text: len(index.search(text).hits),
        "suggest": lambda text: len(index.suggest(text)),
    }
    return lambda ask: ways[ask.way](ask.text)


def searchkit_search_without_fragments(folder: Path) -> Answer:
    """Return what asks searchkit for hits alone: what they cost without marks and fragments."""
    from searchkit import SearchIndex, Settings

    place, settings = _in(folder)
    index = SearchIndex.open(place, Settings(**settings))
    return lambda ask: len(index.search(ask.text, fragments=False).hits)


def analysis_speed(archive: Path, most: int, folder: Path) -> dict[str, float]:
    """Return tokens a second of the analyzer alone, on one core, over the bodies of the archive.

    First with the stems kept on disk by the build, then with every word met before.
    """
    from searchkit.analysis import IndonesianAnalyzer, cached_stemmer

    bodies = [record["body"] for record in records(archive, most)]
    stemmer = cached_stemmer(folder / "cache")
    stemmer.preload()
    analyzer = IndonesianAnalyzer(stemmer)
    speeds = {}
    for state in ("stems cached", "all words met before"):
        start = time.perf_counter()
        tokens = sum(len(analyzer.analyze(body)) for body in bodies)
        speeds[state] = tokens / (time.perf_counter() - start)
    stemmer.close()
    return speeds


@functools.cache
def _sastrawi() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer()


def sastrawi_stem(word: str) -> str:
    """Return PySastrawi's stem of a word; a function of the module, as Whoosh pickles it."""
    # PySastrawi would make blanks of the * and ? of a pattern, and Whoosh find nothing.
    return word if "*" in word or "?" in word else str(_sastrawi().stem(word))


def whoosh_schema() -> Any:
    """Return the schema that Whoosh's documentation would lead one to."""
    from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
    from whoosh.fields import DATETIME, ID, TEXT, Schema

    analyzer = RegexTokenizer() | LowercaseFilter() | StemFilter(stemfn=sastrawi_stem)
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=analyzer, stored=True, field_boost=3.0),
        body=TEXT(analyzer=analyzer, stored=True),
        section=ID(stored=True, sortable=True),
        source=ID(stored=True, sortable=True),
        date=DATETIME(stored=True, sortable=True),
    )


def know_all_words(archive: Path, most: int, folder: Path) -> None:
    """Fill the cache of PySastrawi's stemmer with all words that `whoosh_build` will meet."""
    from whoosh.analysis import LowercaseFilter, RegexTokenizer

    words = RegexTokenizer() | LowercaseFilter()
    known: set[str] = set()
    for record in records(archive, most):
        for name in ("title", "body"):
            known.update(token.text for token in words(record[name]))
    for word in known:
        sastrawi_stem(word)


def whoosh_build(archive: Path, most: int, folder: Path) -> None:
    """Build with Whoosh alone."""
    from whoosh.index import create_in

    (folder / "whoosh").mkdir()
    writer = create_in(folder / "whoosh", whoosh_schema()).writer()
    for record in records(archive, most):
        fields = {name: record[name] for name in ("id", "title", "body")}
        fields |= {"section": record.get("category") or "", "source": record.get("source") or ""}
        writer.add_document(**fields, date=_published(record.get("date") or ""))
    writer.commit()


def _published(text: str) -> Any:
    # Read by searchkit's reader for both, since Whoosh has none for Indonesian dates.
    from searchkit.documents.dates import NoSuchDate, parse_published
    from searchkit.zones import WIB

    try:
        moment = parse_published(text)
    except NoSuchDate:
        return None
    return moment and moment.astimezone(WIB).replace(tzinfo=None)


def whoosh_search(folder: Path) -> Answer:
    """Return what asks Whoosh, each way as its documentation shows it."""
    from whoosh.index import open_dir
    from whoosh.qparser import FuzzyTermPlugin, MultifieldParser

    index = open_dir(folder / "whoosh", schema=whoosh_schema())
    parser = MultifieldParser(["title", "body"], index.schema)
    parser.add_plugin(FuzzyTermPlugin())
    searcher = index.searcher()

    def shown(results: Any, first: int = 0) -> int:
        len(results)  # Counts all hits, as searchkit does for every page.
        hits = results[first : first + 10]
        for hit in hits:
            hit.highlights("title")
            hit.highlights("body")
        return len(hits)

    def search(text: str, **options: Any) -> int:
        return shown(searcher.search(parser.parse(text), limit=10, **options))

    def corrected(text: str) -> int:
        query = parser.parse(text)
        found = shown(searcher.search(query, limit=10))
        correction = searcher.correct_query(query, text)
        if found or correction.query == query:
            return found
        return shown(searcher.search(correction.query, limit=10))

    ways: dict[str, Callable[[str], int]] = {
        "search": search,
        "facets": lambda text: search(text, groupedby=["section", "source"]),
        "newest": lambda text: search(text, sortedby="date", reverse=True),
        "deep": lambda text: shown(searcher.search(parser.parse(text), limit=DEEP + 10), DEEP),
        "corrected": corrected,
    }
    return lambda ask: ways[ask.way](ask.text)
