"""Named configurations, and indexes of a corpus that are built with one and thrown away.

A configuration differs from the others in its stemmer only: tokenizer, folding, hyphen rules,
fields, query language and ranking are the same.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from searchkit.analysis import (
    CachedStemmer,
    IndonesianAnalyzer,
    SastrawiStemmer,
    Stemmer,
    Verdict,
)
from searchkit.documents import Limits, Page, Skipped
from searchkit.documents.reading import count_bytes, read_sources
from searchkit.errors import EvaluationError, ExtraMissing
from searchkit.evaluation.measures import OnStep
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings


class SurfaceForms:
    """No stemmer: every word is its own stem."""

    fingerprint = "surface"

    def verdict(self, word: str) -> Verdict:
        """Return `word`."""
        return Verdict(word, False)


class SnowballStemmer:
    """Snowball's Indonesian stemmer, which strips affixes without a dictionary.

    Source: F. Z. Tala, "A Study of Stemming Effects on Information Retrieval in Bahasa Indonesia",
    2003, as `snowballstemmer` has it. Raises ExtraMissing without the extra `eval`.
    """

    def __init__(self) -> None:
        try:
            import snowballstemmer
        except ImportError as error:
            raise ExtraMissing("eval", error.name or "snowballstemmer") from None
        self._stemmer: Any = snowballstemmer.stemmer("indonesian")

    @property
    def fingerprint(self) -> str:
        """The version of `snowballstemmer`."""
        return f"snowball-{version('snowballstemmer')}"

    def verdict(self, word: str) -> Verdict:
        """Return the stem of a folded `word`; it never doubts."""
        return Verdict(self._stemmer.stemWord(word) or word, False)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A way to analyse text: its name, what it is, and its stemmer; None for searchkit's own."""

    name: str
    description: str
    stemmer: Callable[[], Stemmer] | None = None


OWN = Configuration("searchkit", "what `searchkit index` does")

CONFIGURATIONS = {
    configuration.name: configuration
    for configuration in (
        Configuration("surface", "surface forms, no stemmer", SurfaceForms),
        Configuration("snowball", "Snowball's Indonesian stemmer", SnowballStemmer),
        Configuration("sastrawi", "PySastrawi as it comes", SastrawiStemmer),
        OWN,
    )
}
"""Every configuration by its name."""

GROUPS = {"stemmers": tuple(CONFIGURATIONS)}
"""Names that stand for several configurations, searchkit's own last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What to build an index of: `sources` as `searchkit index` takes them.

    Without `headlines` articles are indexed without theirs, for queries that are headlines. With a
    `limit`, the documents in `keep` and a random sample of others make up so many; `seed` draws it.
    """

    sources: tuple[Path, ...]
    headlines: bool = True
    limit: int | None = None
    keep: frozenset[str] = frozenset()
    seed: int = 0


def chosen_configurations(names: str) -> list[Configuration]:
    """Return the configurations of names with commas between; a group's name stands for its own.

    Raises EvaluationError for a name there is not, or when there are not at least two.
    """
    listed = [name.strip() for name in names.split(",") if name.strip()]
    expanded = list(dict.fromkeys(chain.from_iterable(GROUPS.get(n, (n,)) for n in listed)))
    for name in expanded:
        if name not in CONFIGURATIONS:
            known = ", ".join([*GROUPS, *CONFIGURATIONS])
            raise EvaluationError(f"there is no configuration {name!r}; there are {known}")
    if len(expanded) < 2:
        raise EvaluationError(f"{names!r} is one configuration; name two or more, as in `a,b`")
    return [CONFIGURATIONS[name] for name in expanded]


@contextmanager
def built_index(
    corpus: Corpus,
    settings: Settings,
    configuration: Configuration = OWN,
    on_step: OnStep = lambda _label, _done, _total: None,
) -> Iterator[tuple[SearchIndex, list[str]]]:
    """Build an index of `corpus` in a temporary directory; it is removed at the end of the block.

    Gives the index and warnings about what could not be read. Raises EvaluationError when the
    corpus has no document, ExtraMissing when the stemmer is not installed.
    """
    stemmer = _cached(configuration, settings)
    analyzer = IndonesianAnalyzer(stemmer) if stemmer else None
    try:
        with TemporaryDirectory(prefix="searchkit-eval-") as folder:
            path = Path(folder) / "index"
            with SearchIndex.create(path, settings, analyzer=analyzer) as index:
                report = index.add(_documents(corpus, settings, configuration.name, on_step))
                if not report.total:
                    first = f": {report.skipped[0]}" if report.skipped else ""
                    raise EvaluationError(f"there is no document in the corpus{first}")
                warnings = []
                if report.skipped_count:
                    warnings.append(
                        f"{report.skipped_count:,} of the corpus skipped, first {report.skipped[0]}"
                    )
                yield index, warnings
    finally:
        if stemmer:
            stemmer.close()


def _cached(configuration: Configuration, settings: Settings) -> CachedStemmer | None:
    if configuration.stemmer is None:
        return None
    stemmer = configuration.stemmer()
    # Only Sastrawi is slow enough for stems to be worth a file.
    slow = isinstance(stemmer, SastrawiStemmer)
    path = settings.stem_cache_dir / f"stems-{stemmer.fingerprint}.sqlite3" if slow else None
    cached = CachedStemmer(stemmer, path)
    cached.preload()
    return cached


def _documents(
    corpus: Corpus, settings: Settings, name: str, on_step: OnStep
) -> Iterator[Page | Skipped]:
    total = count_bytes(corpus.sources)
    pages = read_sources(
        corpus.sources,
        limits=Limits(page_bytes=settings.page_bytes),
        on_progress=lambda done: on_step(f"Indexing for {name}", done, total),
    )
    for page in pages if corpus.limit is None else _sample(corpus, corpus.limit, pages):
        if isinstance(page, Page) and page.article and not corpus.headlines:
            yield replace(page, article=replace(page.article, headline=""))
        else:
            yield page


def _sample(
    corpus: Corpus, limit: int, pages: Iterable[Page | Skipped]
) -> Iterator[Page | Skipped]:
    """Yield the pages to keep at once and a reservoir sample of the others at the end.

    Source: J. S. Vitter, "Random Sampling with a Reservoir", 1985, algorithm R.
    """
    chance = random.Random(corpus.seed)  # noqa: S311
    room = max(limit - len(corpus.keep), 0)
    drawn: list[Page] = []
    seen = 0
    for page in pages:
        if isinstance(page, Skipped) or (page.article and page.article.id in corpus.keep):
            yield page
            continue
        seen += 1
        if len(drawn) < room:
            drawn.append(page)
        elif (place := chance.randrange(seen)) < room:
            drawn[place] = page
    yield from drawn
