"""Retrieval evaluation: judged queries against an index, measured and compared.

>>> from searchkit.evaluation import evaluate_index, read_judged_queries
>>> judged = read_judged_queries(Path("queries.tsv"), Path("qrels.tsv"))        # doctest: +SKIP
>>> with SearchIndex.open("index") as index:                                    # doctest: +SKIP
...     print(evaluate_index(index, judged, "searchkit").mean("nDCG@10"))

It needs the extra `eval`: `pip install 'searchkit[eval]'`.
"""

from searchkit.evaluation.configurations import (
    CONFIGURATIONS,
    OWN,
    Configuration,
    Corpus,
    built_index,
    chosen_configurations,
)
from searchkit.evaluation.floors import FloorResult, FloorSet, check_floors, read_floors
from searchkit.evaluation.formats import read_qrels, read_queries, read_run, write_run
from searchkit.evaluation.measures import (
    MEASURES,
    Evaluation,
    JudgedQueries,
    evaluate_index,
    evaluate_run,
    ranked_ids,
    read_judged_queries,
    require_extra,
)
from searchkit.evaluation.plot import write_plot
from searchkit.evaluation.significance import Comparison, compare, mean_interval

__all__ = [
    "CONFIGURATIONS",
    "MEASURES",
    "OWN",
    "Comparison",
    "Configuration",
    "Corpus",
    "Evaluation",
    "FloorResult",
    "FloorSet",
    "JudgedQueries",
    "built_index",
    "check_floors",
    "chosen_configurations",
    "compare",
    "evaluate_index",
    "evaluate_run",
    "mean_interval",
    "ranked_ids",
    "read_floors",
    "read_judged_queries",
    "read_qrels",
    "read_queries",
    "read_run",
    "require_extra",
    "write_plot",
    "write_run",
]
