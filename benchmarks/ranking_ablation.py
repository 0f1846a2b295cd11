"""Measure what each part of ranking is worth: the table of docs/ranking.md.

    python benchmarks/ranking_ablation.py INDEX QUERIES QRELS

QUERIES is a TSV of (query id, text), QRELS one of (query id, document id, relevance), as in TREC;
INDEX an index of the documents, built by `searchkit index`. Half of the queries, by a hash of
their ids, are those that the parameters were chosen on; MRR@10 is given for them and for the other
half, with the parts switched on one after another. Without the files there is nothing to measure,
which is said, and is no failure.
"""

import argparse
import hashlib
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from searchkit.analysis import Analyzer, IndonesianAnalyzer, cached_stemmer
from searchkit.engines.base import Collapse, Filters
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import AllOf, AnyOf, Query, parse_query

Judged = list[tuple[str, str, str]]

_HALF_OF_ALL = "at least half of the words"


def judged(queries: Path, qrels: Path) -> Judged:
    """Return (query id, text, relevant id) of all queries with a relevant document."""
    texts = dict(line.split("\t")[:2] for line in queries.read_text("utf-8").splitlines())
    rows = []
    for line in qrels.read_text("utf-8").splitlines():
        query_id, *_, document_id, relevance = line.split("\t")
        if query_id in texts and relevance.isdigit() and int(relevance):
            rows.append((query_id, texts[query_id], document_id))
    return rows


def tuned_on(query_id: str) -> bool:
    """Return whether a query is of the half that parameters were chosen on."""
    return hashlib.md5(query_id.encode(), usedforsecurity=False).digest()[0] % 2 == 1


def steps() -> list[tuple[str, Ranking, Recency, Collapse]]:
    """Return (name, ranking, recency, collapse), each with one part more than the one before."""
    full = Ranking()
    parts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("exact form", {"exact": full.exact}),
        ("coverage", {"coverage": full.coverage}),
        ("headline and early in the body", {"lead": full.lead}),
        ("proximity", {"proximity": full.proximity}),
        ("all words in the headline", {"headline": full.headline}),
    )
    ranking = replace(full, exact=0, coverage=0, lead=0, proximity=0, headline=0)
    off = Recency()
    rows: list[tuple[str, Ranking, Recency, Collapse]] = [
        (f"BM25F, {_HALF_OF_ALL}", ranking, off, "off"),
        ("BM25F, a share of the query's weight", ranking, off, "off"),
    ]
    for name, values in parts:
        ranking = replace(ranking, **values)
        rows.append((f"+ {name}", ranking, off, "off"))
    gentle = Recency(0.1)
    rows.append(("+ recency 0.1", ranking, gentle, "off"))
    rows.append(("+ copies as one, the newest shown", ranking, gentle, "newest"))
    return rows


def half_required(query: Query) -> Query:
    """Return the query that all of up to three words must match, of more at least half."""
    if not isinstance(query.node, AllOf | AnyOf):
        return query
    children = query.node.children
    minimum = len(children) if len(children) <= 3 else (len(children) + 1) // 2
    return Query(query.text, AnyOf(children, minimum))


def run(
    engine: WhooshEngine, queries: list[tuple[str, Query, str]], recency: Recency, how: Collapse
) -> tuple[float, float, float]:
    """Return (MRR@10 of the tuned half, of the other half, milliseconds a search at the median).

    A hit that stands for the relevant document as its copy is relevant.
    """
    ranks: dict[bool, list[float]] = {True: [], False: []}
    times = []
    for query_id, query, relevant in queries:
        started = time.perf_counter()
        found = engine.search(query.node, Filters(), 0, 10, recency=recency, collapse=how)
        if not found.total:
            node = query.relaxed().node
            found = engine.search(node, Filters(), 0, 10, recency=recency, collapse=how)
        times.append(time.perf_counter() - started)
        ids = [(match.id, *match.copies) for match in found.matches]
        rank = next((n for n, here in enumerate(ids, 1) if relevant in here), None)
        ranks[tuned_on(query_id)].append(1 / rank if rank else 0.0)
    means = [statistics.fmean(ranks[half] or [0.0]) for half in (True, False)]
    return means[0], means[1], statistics.median(times) * 1000


def parsed(rows: Judged, analyzer: Analyzer) -> list[tuple[str, Query, str]]:
    """Return the queries parsed."""
    return [(query_id, parse_query(text, analyzer), document) for query_id, text, document in rows]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("index", "queries", "qrels"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    out = sys.stdout.write
    missing = [path for path in vars(given).values() if not path.exists()]
    if missing:
        out(f"skipped: there is no {', '.join(map(str, missing))}\n")
        return
    analyzer = IndonesianAnalyzer(cached_stemmer())
    queries = parsed(judged(given.queries, given.qrels), analyzer)
    out("| | tuned half | other half | ms |\n|---|--:|--:|--:|\n")
    for name, ranking, recency, how in steps():
        engine = WhooshEngine(given.index, ranking=ranking)
        asked = queries
        if name.endswith(_HALF_OF_ALL):
            asked = [(i, half_required(query), document) for i, query, document in queries]
        tuned, other, milliseconds = run(engine, asked, recency, how)
        out(f"| {name} | {tuned:.4f} | {other:.4f} | {milliseconds:.2f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
