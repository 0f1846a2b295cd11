"""How fast engines answer that were given the same tokens, and whether they agree."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.speed.archives import read_tokens
from benchmarks.speed.builds import build_from_tokens, build_pipelines, tokens_in
from benchmarks.speed.processes import measured
from benchmarks.speed.timing import fastest, summed_up
from benchmarks.speed.token_engines import SEARCHKIT, WHOOSH, B, Ranked, installed
from benchmarks.speed.token_queries import Corpus, TokenQuery, token_queries
from benchmarks.speed.workspace import Workspace

ROUNDS = 3
"""How often every query is timed, after it was answered once; the fastest counts."""

_LIMIT = 10
_TIE = 1e-4  # A score that falls short by this share is equal: some engines keep 32 bits.

Drawn = dict[str, list[TokenQuery]]


class Answers(NamedTuple):
    """By kind of query, what each found, the best ten, and the milliseconds it took.

    `at_first` is the first time that a query is asked, `taken` the best of later ones. A kind that
    the engine does not have is missing. Whoosh's have all that tie with the tenth, too.
    """

    found: dict[str, list[Ranked]]
    taken: dict[str, list[float]]
    at_first: dict[str, list[float]]


def engines(work: Workspace, count: int) -> dict[str, Any]:
    """Return by kind of query and engine p50, p95 and `same`, the share of Whoosh's top ten.

    `first` is the p50 of asking each for the first time.

    `exact` has that share by kind for searchkit where article lengths are left out of the ranking,
    in both: Whoosh rounds lengths to a byte.
    """
    work.built("pipelines", build_pipelines)
    work.built("tokens", build_from_tokens)
    drawn = token_queries(Corpus(read_tokens(tokens_in(work))), count)
    answers = {name: _asked(work, name, drawn, B, ROUNDS) for name in installed()}
    unnormalised = {name: _asked(work, name, drawn, 0.0, 0) for name in (WHOOSH, SEARCHKIT)}
    theirs = answers[WHOOSH].found
    kinds = {
        kind: {
            name: summed_up(each.taken[kind])
            | {"first": summed_up(each.at_first[kind])["p50"]}
            | {"same": round(agreement(theirs[kind], each.found[kind]), 4)}
            for name, each in answers.items()
            if kind in each.found
        }
        for kind in drawn
    }
    exact = {
        kind: agreement(unnormalised[WHOOSH].found[kind], unnormalised[SEARCHKIT].found[kind])
        for kind in drawn
    }
    return {"articles": work.articles, "queries": count, "kinds": kinds, "exact": exact}


def _asked(work: Workspace, name: str, drawn: Drawn, b: float, rounds: int) -> Answers:
    folder = work.folder / "tokens" / name
    answers: Answers = measured(ask_engine, name, folder, drawn, b, rounds, work.articles).result
    return answers


def ask_engine(
    name: str, folder: Path, drawn: Drawn, b: float, rounds: int, articles: int
) -> Answers:
    """Ask one engine everything; with 0 rounds nothing is timed."""
    opened = installed()[name].open(folder, b)
    limit = min(_LIMIT, articles)
    most = articles if name == WHOOSH else limit
    answers = Answers({}, {}, {})
    for kind, queries in drawn.items():
        asked = [opened.ask(query) for query in queries]
        if None in asked:
            continue
        answers.at_first[kind] = fastest(lambda query: opened.search(query, limit), asked, 1)
        answers.found[kind] = [best(opened.search(query, most)) for query in asked]
        answers.taken[kind] = fastest(lambda query: opened.search(query, limit), asked, rounds)
    return answers


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
