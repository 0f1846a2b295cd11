"""All engines that are compared find the same articles, and searchkit ranks them as Whoosh does."""

from pathlib import Path

import pytest

from benchmarks.speed import token_engines
from benchmarks.speed.__main__ import environment
from benchmarks.speed.engines import agreement, ask_engine, best, open_engine, time_engine
from benchmarks.speed.generated import articles
from benchmarks.speed.token_engines import SEARCHKIT, TOKEN_ENGINES, WHOOSH, Opened
from benchmarks.speed.token_queries import Corpus, TokenQuery, token_queries

SIZE = 800


@pytest.fixture(scope="module")
def texts() -> list[list[str]]:
    return [article.body.lower().replace(".", " ").split() for article in articles(SIZE)]


@pytest.fixture(scope="module")
def drawn(texts: list[list[str]]) -> dict[str, list[TokenQuery]]:
    return token_queries(Corpus(texts), 4)


@pytest.fixture(scope="module")
def built(texts: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines")
    (folder / "tokens.txt").write_text("".join(" ".join(text) + "\n" for text in texts))
    return folder


def opened(built: Path, name: str, b: float = 0.75) -> Opened:
    """The engine of that name, built when it is first asked for; skips where it is missing."""
    pytest.importorskip(TOKEN_ENGINES[name].package)
    folder = built / name
    if not folder.exists():
        folder.mkdir()
        TOKEN_ENGINES[name].build(built / "tokens.txt", folder)
    return TOKEN_ENGINES[name].open(folder, b)


def matching(texts: list[list[str]], query: TokenQuery) -> set[int]:
    if query.how == "phrase":
        wanted = f" {' '.join(query.terms)} "
        return {number for number, text in enumerate(texts) if wanted in f" {' '.join(text)} "}
    enough = any if query.how == "or" else all
    return {
        number for number, text in enumerate(texts) if enough(term in text for term in query.terms)
    }


@pytest.mark.parametrize("name", TOKEN_ENGINES)
def test_every_engine_finds_what_matches_and_ranks_it(
    name: str, built: Path, texts: list[list[str]], drawn: dict[str, list[TokenQuery]]
) -> None:
    engine = opened(built, name)
    asked = 0
    for queries in drawn.values():
        for query in queries:
            prepared = engine.ask(query)
            if prepared is None:
                continue
            hits = [hit for hit in engine.search(prepared, SIZE) if hit[1] > 0]
            scores = [score for _, score in hits]
            assert {number for number, _ in hits} == matching(texts, query)
            assert scores == sorted(scores, reverse=True)
            assert [score for _, score in engine.search(prepared, 3) if score > 0] == scores[:3]
            asked += 1
    assert asked > 20


def test_bm25s_has_neither_and_nor_phrases(built: Path, drawn: dict[str, list[TokenQuery]]) -> None:
    engine = opened(built, "bm25s")
    assert engine.ask(drawn["2 terms, AND"][0]) is None
    assert engine.ask(drawn["phrase of 2"][0]) is None


def test_searchkit_ranks_as_whoosh_where_whoosh_rounds_nothing(
    built: Path, drawn: dict[str, list[TokenQuery]]
) -> None:
    for name in (WHOOSH, SEARCHKIT):
        opened(built, name)
    engines = {name: open_engine(name, built / name, 0.0) for name in (WHOOSH, SEARCHKIT)}
    for queries in drawn.values():
        theirs, ours = (ask_engine(each, n, queries, SIZE) for n, each in engines.items())
        assert theirs
        assert ours
        assert agreement(theirs.found, ours.found) == 1.0


def test_asking_times_each_query_and_keeps_ten_hits(
    built: Path, drawn: dict[str, list[TokenQuery]]
) -> None:
    opened(built, SEARCHKIT)
    engine = open_engine(SEARCHKIT, built / SEARCHKIT, 0.75)
    for queries in drawn.values():
        answers = ask_engine(engine, SEARCHKIT, queries, SIZE)
        assert answers
        assert len(answers.found) == len(answers.taken) == len(queries)
        assert all(0 < len(hits) <= 10 for hits in answers.found)
        for times in (answers.at_first, time_engine(engine, queries)):
            assert len(times) == len(queries)
            assert all(0 < taken < float("inf") for taken in times)


def test_the_ten_best_are_kept_with_those_that_tie() -> None:
    hits = [(number, 2.0) for number in range(8)] + [(number, 1.0) for number in range(8, 20)]
    assert best([*hits, (20, 0.5)]) == hits
    assert best([(1, 3.0), (2, 0.0)]) == [(1, 3.0)]
    assert best([]) == []


def test_agreement_is_the_share_of_the_ten_best() -> None:
    theirs = [[(number, 20.0 - number) for number in range(10)], [], [(1, 5.0), (2, 4.0)]]
    ours = [[(number, 1.0) for number in range(5, 15)], [(4, 1.0)], [(2, 5.0), (1, 4.0)]]
    assert agreement(theirs, ours) == pytest.approx((0.5 + 1.0) / 2)
    assert agreement([[]], [[]]) == 1.0


def test_agreement_lets_each_have_its_own_way_with_ties() -> None:
    tied = [[(number, 1.0) for number in range(30)]]
    assert agreement(tied, [[(number, 1.0) for number in range(20, 30)]]) == 1.0


def test_an_engine_that_is_not_installed_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(token_engines, "find_spec", lambda name: name != "tantivy" or None)
    assert set(TOKEN_ENGINES) - set(token_engines.installed()) == {"tantivy"}
    assert environment(5)["missing"] == ["tantivy"]
