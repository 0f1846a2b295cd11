"""Queries for engines: drawn alike every time, of words as common as asked for."""

import pytest

from benchmarks.speed.archives import plain
from benchmarks.speed.generated import articles
from benchmarks.speed.token_queries import BANDS, KINDS, Corpus, TokenQuery, token_queries


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(article.body.lower().replace(".", " ").split() for article in articles(1000))


@pytest.fixture(scope="module")
def drawn(corpus: Corpus) -> dict[str, list[TokenQuery]]:
    return token_queries(corpus, 8)


def test_the_same_articles_give_the_same_queries(
    corpus: Corpus, drawn: dict[str, list[TokenQuery]]
) -> None:
    assert token_queries(corpus, 8) == drawn
    assert {kind: len(queries) for kind, queries in drawn.items()} == dict.fromkeys(KINDS, 8)


def test_a_query_has_distinct_words_from_the_bands_of_its_kind(
    corpus: Corpus, drawn: dict[str, list[TokenQuery]]
) -> None:
    for name, kind in KINDS.items():
        for query in drawn[name]:
            assert len(set(query.terms)) == kind.terms
            assert query.how == kind.how
            assert all(corpus.band(term) in kind.bands for term in query.terms)


def test_frequencies_are_numbers_of_articles(
    corpus: Corpus, drawn: dict[str, list[TokenQuery]]
) -> None:
    (query, *_) = drawn["3 terms, AND"]
    counted = [sum(term in text for text in map(set, corpus.articles)) for term in query.terms]
    assert list(query.frequencies) == counted
    for term, count in zip(query.terms, counted, strict=True):
        least, below = BANDS[corpus.band(term) or ""]
        assert least <= count / 1000 < below


def test_an_article_has_all_words_of_a_query_and_several_have_a_phrase(
    corpus: Corpus, drawn: dict[str, list[TokenQuery]]
) -> None:
    sets = [set(text) for text in corpus.articles]
    for query in drawn["5 terms, AND"]:
        assert any(set(query.terms) <= text for text in sets)
    lines = [f" {' '.join(text)} " for text in corpus.articles]
    for query in drawn["phrase of 3"]:
        having = sum(f" {' '.join(query.terms)} " in line for line in lines)
        assert corpus.having(query.terms) == having >= 3


def test_an_archive_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="too small for 3 queries of the kind: 1 rare term"):
        token_queries(Corpus([["satu", "dua"], ["satu"]]), 3)


def test_terms_are_written_so_that_no_engine_takes_them_apart() -> None:
    assert plain("menteri") == "menteri"
    assert plain("5.6") == "x352e36"
    assert plain("AS") == "x4153"
    assert plain("café") == "x636166c3a9"
