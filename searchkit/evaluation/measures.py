"""Runs judged queries and measures what comes back.

The measures are computed by `ir-measures` with trec_eval's own code:

- MRR@10: 1 / rank of the first relevant document, 0 below rank 10
- nDCG@10: gain by grade, discounted by log2(rank + 1), over that of the best order
- success@1, success@10: whether there is a relevant document up to that rank
- recall@100: the share of the relevant documents up to that rank
"""

import importlib.util
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.arguments import path_of, whole_number
from searchkit.errors import DocumentNotFound, EvaluationError, ExtraMissing, QueryError
from searchkit.evaluation.formats import Qrels, Run, read_qrels, read_queries
from searchkit.results import ResultPage
from searchkit.search_index import SearchIndex

MEASURES = ("MRR@10", "nDCG@10", "success@1", "success@10", "recall@100")

DEEPEST_CUTOFF = 100
"""The rank down to which the measures look."""

_EXTRA = ("ir_measures", "pytrec_eval", "scipy", "snowballstemmer", "matplotlib")

Scores = Mapping[str, NDArray[np.float64]]
"""By measure the value of each query, in the order of the queries."""

OnStep = Callable[[str, float, float | None], None]
"""Called with what is being done, how much of it is done, and of how much if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQueries:
    """Queries with at least one relevant document, and their grades, in the order of the file.

    `warnings` are sentences about what was left out.
    """

    texts: dict[str, str]
    qrels: Qrels
    warnings: tuple[str, ...] = ()

    @property
    def relevant(self) -> set[str]:
        """The ids of all relevant documents."""
        return {d for grades in self.qrels.values() for d, grade in grades.items() if grade > 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one configuration did with the queries.

    `name` is that of the configuration, `analyzer` the fingerprint of its analyzer ("" for a run
    read from a file), `run` the ranked ids, `scores` the measures query by query,
    `milliseconds` the median time of a query (0 for a run read from a file).
    """

    name: str
    run: Run
    scores: Scores
    analyzer: str = ""
    milliseconds: float = 0.0
    warnings: tuple[str, ...] = ()

    def mean(self, measure: str) -> float:
        """The mean of a measure over the queries, 0 to 1; EvaluationError if there is no such."""
        if measure not in MEASURES:
            raise EvaluationError(
                f"there is no measure {measure!r}; there are {', '.join(MEASURES)}"
            )
        return float(self.scores[measure].mean())


def require_extra() -> None:
    """Raise ExtraMissing unless everything is installed that comes with the extra `eval`.

    For who would rather know it before an index is built and searched.
    """
    for library in _EXTRA:
        if importlib.util.find_spec(library) is None:
            raise ExtraMissing("eval", library)


def read_judged_queries(
    queries: str | Path, qrels: str | Path, limit: int | None = None, seed: int = 0
) -> JudgedQueries:
    """Return the queries of the file `queries` that `qrels` has a relevant document for.

    With a `limit`, a sample of so many, the same for the same `seed`. Raises InputError for a file
    that cannot be used and EvaluationError when no query is left.
    """
    if limit is not None and (limit := whole_number("limit", limit)) < 1:
        raise EvaluationError(f"limit {limit} is out of bounds: a sample has 1 query or more")
    queries, qrels = path_of("queries", queries), path_of("qrels", qrels)
    texts, grades = read_queries(queries), read_qrels(qrels)
    judged = {q: t for q, t in texts.items() if any(g > 0 for g in grades.get(q, {}).values())}
    warnings = []
    unjudged = [query_id for query_id in texts if query_id not in judged]
    if unjudged:
        warnings.append(
            f"{queries}: {_some(unjudged, 'query', 'queries')} without a relevant document in "
            f"{qrels.name}, left out"
        )
    unknown = [query_id for query_id in grades if query_id not in texts]
    if unknown:
        what = _some(unknown, "query", "queries")
        warnings.append(f"{qrels}: judgements of {what} not in {queries.name}, left out")
    if not judged:
        raise EvaluationError(
            f"no query of {queries} has a relevant document in {qrels}: are these files of the "
            "same collection?"
        )
    chosen = list(judged)
    if limit is not None and limit < len(chosen):
        drawn = set(random.Random(seed).sample(chosen, limit))  # noqa: S311
        chosen = [query_id for query_id in chosen if query_id in drawn]
    return JudgedQueries(
        texts={query_id: judged[query_id] for query_id in chosen},
        qrels={query_id: grades[query_id] for query_id in chosen},
        warnings=tuple(warnings),
    )


def ranked_ids(page: ResultPage) -> list[str]:
    """Return the ids of a page, best first; the copies a hit stands for come right after it."""
    return [each for hit in page.hits for each in (hit.id, *hit.copies)]


def evaluate_index(
    index: SearchIndex,
    judged: JudgedQueries,
    name: str,
    *,
    depth: int = DEEPEST_CUTOFF,
    on_step: OnStep = lambda _label, _done, _total: None,
) -> Evaluation:
    """Search `index` for every query, as `searchkit query` does; measure the first `depth` hits.

    A query that the index refuses counts as one without hits, with a warning; so do relevant
    documents that are not in the index.
    """
    run: Run = {}
    warnings: list[str] = []
    seconds: list[float] = []
    for done, (query_id, text) in enumerate(judged.texts.items()):
        on_step(f"Querying {name}", done, len(judged.texts))
        started = time.perf_counter()
        try:
            run[query_id] = ranked_ids(index.search(text, limit=depth, fragments=False))
        except QueryError as error:
            run[query_id] = []
            warnings.append(f"query {query_id!r} counts as without hits: {error}")
        seconds.append(time.perf_counter() - started)
    if absent := _absent(index, judged, run):
        warnings.append(
            f"{name}: {_some(absent, 'relevant document', 'relevant documents')} not in the index; "
            "`searchkit query` shows the ids that are"
        )
    return Evaluation(
        name=name,
        run=run,
        scores=measure(judged.qrels, run),
        analyzer=index.stats().analyzer,
        milliseconds=float(np.median(seconds)) * 1000,
        warnings=tuple(warnings),
    )


def evaluate_run(run: Run, judged: JudgedQueries, name: str) -> Evaluation:
    """Measure a run that was made before; queries it has nothing for count as without hits."""
    warnings: tuple[str, ...] = ()
    if missing := [query_id for query_id in judged.texts if query_id not in run]:
        warnings = (
            f"{name}: nothing for {_some(missing, 'query', 'queries')}, counted as without hits",
        )
    kept = {query_id: run.get(query_id, []) for query_id in judged.texts}
    return Evaluation(name=name, run=kept, scores=measure(judged.qrels, kept), warnings=warnings)


def measure(qrels: Qrels, run: Run) -> Scores:
    """Return the value of every measure for every query of `qrels`, in its order.

    A query that `run` lacks has 0 everywhere. Raises ExtraMissing without the extra `eval`.
    """
    library = _library()
    names = {metric: name for name, metric in _metrics(library).items()}
    # trec_eval orders by score and breaks ties by id: scores made of ranks keep our order.
    scored = {
        query_id: {document_id: 1.0 / rank for rank, document_id in enumerate(ranked, start=1)}
        for query_id, ranked in run.items()
    }
    position = {query_id: number for number, query_id in enumerate(qrels)}
    values = {name: np.zeros(len(qrels)) for name in MEASURES}
    for found in library.iter_calc(list(names), qrels, scored):
        values[names[found.measure]][position[found.query_id]] = found.value
    return values


def _library() -> Any:
    try:
        import ir_measures
        import pytrec_eval  # noqa: F401  the library does without it, and then lacks measures
    except ImportError as error:
        raise ExtraMissing("eval", error.name or "ir-measures") from None
    return ir_measures


def _metrics(library: Any) -> dict[str, Any]:
    """Return the library's measure for each of `MEASURES`."""
    return {
        "MRR@10": library.RR @ 10,
        "nDCG@10": library.nDCG @ 10,
        "success@1": library.Success @ 1,
        "success@10": library.Success @ 10,
        "recall@100": library.R @ DEEPEST_CUTOFF,
    }


def _absent(index: SearchIndex, judged: JudgedQueries, run: Run) -> list[str]:
    """Return the relevant documents that `index` does not hold."""
    found = {document_id for ranked in run.values() for document_id in ranked}
    absent = []
    for document_id in sorted(judged.relevant - found):
        try:
            index.get(document_id)
        except DocumentNotFound:
            absent.append(document_id)
    return absent


def _some(ids: list[str], one: str, many: str) -> str:
    if len(ids) == 1:
        return f"1 {one} ({ids[0]!r})"
    return f"{len(ids):,} {many} (such as {ids[0]!r})"
