"""Searchkit's own ranking for engines that cannot compute it: from the tokens of a few candidates.

Such an engine finds the documents that match, and orders them by its own BM25. It keeps a forward
record of each document, which `encode` makes of its tokens; of the first candidates `score`
computes the scores of docs/ranking.md from these records and a few figures of the whole index.

    record = encode(document.tokens)                        when a document is written
    needed_leaves(node), expand(pattern, ...)               what the engine must look up first
    scored = score(candidates, node, Statistics(...), ranking, recency)
"""

from searchkit.engines.rescoring.expanding import expand
from searchkit.engines.rescoring.explaining import explain
from searchkit.engines.rescoring.positions import PagePositions
from searchkit.engines.rescoring.records import Forward, decode, encode
from searchkit.engines.rescoring.scoring import Scored, holding, score
from searchkit.engines.rescoring.statistics import (
    Candidate,
    Statistics,
    members_of,
    needed_leaves,
    pattern_of,
    within,
)

__all__ = [
    "Candidate",
    "Forward",
    "PagePositions",
    "Scored",
    "Statistics",
    "decode",
    "encode",
    "expand",
    "explain",
    "holding",
    "members_of",
    "needed_leaves",
    "pattern_of",
    "score",
    "within",
]
