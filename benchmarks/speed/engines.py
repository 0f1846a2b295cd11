"""How fast engines answer that were given the same tokens, and whether they agree."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.speed.archives import read_tokens
from benchmarks.speed.builds import build_from_tokens, build_pipelines, tokens_in
from benchmarks.speed.processes import Prepared
from benchmarks.speed.timing import fastest, summed_up
from benchmarks.speed.token_engines import SEARCHKIT, WHOOSH, B, Opened, Ranked, installed
from benchmarks.speed.token_queries import Corpus, TokenQuery, token_queries
from benchmarks.speed.workspace import Workspace

TURNS = 3
"""How often all kinds of query are timed, one after another: a second in which the machine is slow
falls on one turn alone.
"""

_ROUNDS = 2
"""How often a query is timed in a turn: first, its words may have to be looked up again."""

_LIMIT = 10
_TIE = 1e-4  # A score that falls short by this share is equal: some engines keep 32 bits.

Drawn = dict[str, list[TokenQuery]]


class Answers(NamedTuple):
    """By query of a kind, what it found, the best ten, and the milliseconds it took.

    `at_first` is the first time that it is asked, `taken` the best of later ones, infinite where it
    was not timed. Whoosh's have all that tie with the tenth, too.
    """

    found: list[Ranked]
    at_first: list[float]
    taken: list[float]


def engines(work: Workspace, count: int) -> dict[str, Any]:
    """Return by kind of query and engine p50, p95 and `same`, the share of Whoosh's top ten.

    `first` is the p50 of asking each for the first time.

    `exact` has that share by kind for searchkit where article lengths are left out of the ranking,
    in both: Whoosh rounds lengths to a byte.
    """
    work.built("pipelines", build_pipelines)
    work.built("tokens", build_from_tokens)
    drawn = token_queries(Corpus(read_tokens(tokens_in(work))), count)
    answers = _asked(work, list(installed()), drawn, B, TURNS)
    unnormalised = _asked(work, [WHOOSH, SEARCHKIT], drawn, 0.0, 0)
    kinds = {
        kind: {
            name: summed_up(each.taken)
            | {"first": summed_up(each.at_first)["p50"]}
            | {"same": round(agreement(by_name[WHOOSH].found, each.found), 4)}
            for name, each in by_name.items()
        }
        for kind, by_name in answers.items()
    }
    exact = {
        kind: agreement(by_name[WHOOSH].found, by_name[SEARCHKIT].found)
        for kind, by_name in unnormalised.items()
    }
    return {"articles": work.articles, "queries": count, "kinds": kinds, "exact": exact}


def _asked(
    work: Workspace, names: Sequence[str], drawn: Drawn, b: float, turns: int
) -> dict[str, dict[str, Answers]]:
    """Return the answers by kind of query of each engine that has the kind."""
    by_kind: dict[str, dict[str, Answers]] = {}
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(Prepared(open_engine, name, work.folder / "tokens" / name, b))
            for name in names
        }
        for kind, queries in drawn.items():
            found = {
                name: process.do(ask_engine, name, queries, work.articles)
                for name, process in processes.items()
            }
            by_kind[kind] = {name: each for name, each in found.items() if each is not None}
        for _ in range(turns):
            for kind, answers in by_kind.items():
                for name, each in answers.items():
                    taken = processes[name].do(time_engine, drawn[kind])
                    each.taken[:] = map(min, each.taken, taken)
    return by_kind


def open_engine(name: str, folder: Path, b: float) -> Opened:
    """Open the index of an engine."""
    return installed()[name].open(folder, b)


def ask_engine(
    opened: Opened, name: str, queries: Sequence[TokenQuery], articles: int
) -> Answers | None:
    """Ask an engine all queries of a kind, None if it has no such."""
    asked = [opened.ask(query) for query in queries]
    if None in asked:
        return None
    limit = min(_LIMIT, articles)
    most = articles if name == WHOOSH else limit
    at_first = fastest(lambda query: opened.search(query, limit), asked, 1)
    found = [best(opened.search(query, most)) for query in asked]
    return Answers(found, at_first, [float("inf")] * len(asked))


def time_engine(opened: Opened, queries: Sequence[TokenQuery]) -> list[float]:
    """Return for each query of a kind the milliseconds that its ten hits take."""
    asked = [opened.ask(query) for query in queries]
    return fastest(lambda query: opened.search(query, _LIMIT), asked, _ROUNDS)


def best(hits: Ranked) -> Ranked:
    """Return the ten best and those of equal score; they are ranked."""
    # bm25s fills up with articles that have none of the words.
    hits = [hit for hit in hits if hit[1] > 0]
    if len(hits) <= _LIMIT:
        return hits
    least = hits[_LIMIT - 1][1] * (1 - _TIE)
    return [hit for hit in hits if hit[1] >= least]


def agreement(theirs: Sequence[Ranked], ours: Sequence[Ranked]) -> float:
    """Return the mean share of the ten best that ours has of theirs, over what they find.

    What theirs scores as high as its tenth is as good: each engine has its own way with ties.
    1.0 if they find nothing at all.
    """
    shares = []
    for expected, found in zip(theirs, ours, strict=True):
        if expected:
            good = {number for number, _ in expected}
            top = found[:_LIMIT]
            shares.append(sum(number in good for number, _ in top) / min(len(expected), _LIMIT))
    return sum(shares) / len(shares) if shares else 1.0
