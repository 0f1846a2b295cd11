"""How the cost of searchkit grows with the number of articles, made up by `generated`."""

import math
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.contenders import searchkit_build
from benchmarks.speed.generated import articles, write_articles
from benchmarks.speed.processes import measured
from benchmarks.speed.timing import fastest, summed_up
from benchmarks.speed.token_queries import KINDS, Corpus, TokenQuery, token_queries
from benchmarks.speed.workspace import megabytes

SIZES = (1_000, 4_000, 16_000, 64_000, 250_000)
"""How many articles: each four times as many as before, or nearly."""

_KINDS = {
    kind: KINDS[kind]
    for kind in ("1 middling term", "2 terms, OR", "5 terms, OR", "2 terms, AND", "phrase of 2")
}

TIMED = ("ranking", "search")
"""What is timed: the engine alone, and `SearchIndex.search` with marks and fragments."""

_ROUNDS = 3  # The first of them warms up.


def growth(folder: Path, most: int, count: int) -> dict[str, Any]:
    """Return what it costs to build and to ask indexes of SIZES up to `most` articles.

    The queries are the same at all sizes, drawn from the articles that all sizes have. Indexes are
    built below `folder`, and removed.
    """
    asked = drawn(count)
    rows = []
    for size in SIZES:
        if size > most:
            break
        print(f"growth: {size:,} articles", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            rows.append(_row(Path(name), size, asked))
    return {"queries": count, "rows": rows, "exponents": _exponents(rows)}


def _row(folder: Path, size: int, asked: dict[str, list[TokenQuery]]) -> dict[str, Any]:
    archive = folder / "articles.jsonl"
    # Made beforehand, so that neither time nor memory of it is taken for that of the build.
    measured(write_articles, archive, size)
    build = measured(searchkit_build, archive, size, folder)
    return {
        "articles": size,
        "build": build.costs | {"disk": megabytes(folder / "searchkit")},
        "kinds": measured(ask_generated, folder, asked).result,
    }


def drawn(count: int) -> dict[str, list[TokenQuery]]:
    """Return queries by kind, drawn from the articles that all sizes have."""
    texts = (article.body for article in articles(SIZES[0]))
    corpus = Corpus(text.lower().replace(".", " ").split() for text in texts)
    return token_queries(corpus, count, _KINDS)


def ask_generated(folder: Path, asked: dict[str, list[TokenQuery]]) -> dict[str, dict[str, Any]]:
    """Return by kind p50 and p95 of the engine alone ("ranking") and of the whole ("search").

    And as "hits" the median number of articles that a query matches.
    """
    from searchkit import SearchIndex, Settings
    from searchkit.analysis import IndonesianAnalyzer, cached_stemmer
    from searchkit.engines.base import Filters
    from searchkit.engines.location import Location
    from searchkit.engines.registry import engine_at
    from searchkit.query import parse_query

    place, settings = folder / "searchkit", Settings(cache_dir=folder / "cache")
    analyzer = IndonesianAnalyzer(cached_stemmer(folder / "cache"))
    location = Location.of(place)
    engine = engine_at(location, settings.engine)[1].open(location, settings)
    by_kind = {}
    with SearchIndex.open(place, settings) as index:
        for kind, queries in asked.items():
            texts = [_text(query) for query in queries]
            nodes = [parse_query(text, analyzer).node for text in texts]
            ranking = fastest(lambda node: engine.search(node, Filters(), 0, 10), nodes, _ROUNDS)
            searched = fastest(index.search, texts, _ROUNDS)
            hits = statistics.median(engine.search(n, Filters(), 0, 1).total for n in nodes)
            by_kind[kind] = {
                "hits": hits,
                "ranking": summed_up(ranking),
                "search": summed_up(searched),
            }
    engine.close()
    return by_kind


def _text(query: TokenQuery) -> str:
    if query.how == "phrase":
        return f'"{" ".join(query.terms)}"'
    return f" {query.how.upper()} ".join(query.terms)


def _exponents(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return by kind, for what is timed, the exponent of its growth."""
    if len(rows) < 2:
        return {}
    sizes = [row["articles"] for row in rows]
    return {
        kind: {
            what: round(exponent(sizes, [row["kinds"][kind][what]["p50"] for row in rows]), 3)
            for what in TIMED
        }
        for kind in rows[0]["kinds"]
    }


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return e of the law cost ~ size ** e that fits best: the slope of the logarithms.

    By least squares, over two points or more; 1 is growth in proportion.
    """
    x, y = ([math.log(value) for value in values] for values in (sizes, costs))
    x_mean, y_mean = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True))
    return covariance / sum((a - x_mean) ** 2 for a in x)
