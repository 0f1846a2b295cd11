"""Made-up articles: the same for the same seed, new words for ever, words that go together."""

import json
from collections import Counter
from itertools import combinations, pairwise
from statistics import mean

import numpy as np
import pytest

from benchmarks.speed import generated
from benchmarks.speed.generated import CHUNK, GeneratedArticle, articles


@pytest.fixture(scope="module")
def made() -> list[GeneratedArticle]:
    return list(articles(4 * CHUNK))


def words(made: list[GeneratedArticle]) -> list[list[str]]:
    return [article.body.lower().replace(".", " ").split() for article in made]


def test_the_same_seed_makes_the_same_articles(made: list[GeneratedArticle]) -> None:
    assert list(articles(4 * CHUNK)) == made
    assert next(articles(1, seed=2)) != made[0]


def test_how_many_are_made_does_not_matter_for_the_first(made: list[GeneratedArticle]) -> None:
    assert list(articles(CHUNK + 7)) == made[: CHUNK + 7]
    assert list(articles(0)) == []


def test_articles_are_not_copies(made: list[GeneratedArticle]) -> None:
    assert len({article.body for article in made}) == len(made)
    assert len({article.title for article in made}) == len(made)


def test_new_words_keep_coming_ever_more_slowly(made: list[GeneratedArticle]) -> None:
    texts = words(made)
    known: set[str] = set()
    new, tokens = [], []
    for first in range(0, len(texts), CHUNK):
        before = len(known)
        for text in texts[first : first + CHUNK]:
            known.update(text)
        new.append(len(known) - before)
        tokens.append(sum(map(len, texts[first : first + CHUNK])))
    assert new == sorted(new, reverse=True)
    assert min(new) > 2000
    # Heaps' law: with four times the tokens, 4 ** (1 / (1 + S)) times the words.
    grown = len(known) / new[0]
    expected = (sum(tokens) / tokens[0]) ** (1 / (1 + generated.S))
    assert grown == pytest.approx(expected, rel=0.1)


def test_frequencies_are_those_of_zipf_and_mandelbrot(made: list[GeneratedArticle]) -> None:
    counts = Counter(word for text in words(made) for word in text)
    total = counts.total()
    ranked = [count for _, count in counts.most_common()]
    for rank in (1, 30, 1000):
        share = generated.S / generated.Q * (1 + rank / generated.Q) ** -(1 + generated.S)
        assert ranked[rank - 1] / total == pytest.approx(share, rel=0.6)


def test_words_of_a_topic_occur_together() -> None:
    lengths, topics, numbers = generated.draw_chunk(0, seed=1)
    texts = np.split(numbers, np.cumsum(lengths)[:-1])
    # Neither the words of all topics nor the names of one.
    sets = [{word for word in text.tolist() if 100 <= word < 2**60} for text in texts[:80]]
    shares: dict[bool, list[float]] = {True: [], False: []}
    for i, j in combinations(range(len(sets)), 2):
        share = len(sets[i] & sets[j]) / min(len(sets[i]), len(sets[j]))
        shares[bool(topics[i] == topics[j])].append(share)
    assert mean(shares[True]) > 2 * mean(shares[False]) > 0


def test_names_come_up_and_are_forgotten() -> None:
    first, later = (
        {int(word) for word in generated.draw_chunk(number, 1).words if word >= 2**60}
        for number in (0, 200)
    )
    assert first
    assert later - first
    assert len(first & later) < len(first) / 2


def test_some_words_are_usually_followed_by_the_same_one(made: list[GeneratedArticle]) -> None:
    pairs = Counter(pair for text in words(made) for pair in pairwise(text))
    counts = Counter(word for text in words(made) for word in text)
    # By chance a pair of such rare words would hardly ever be met twice.
    rare = [pair for pair in pairs if counts[pair[0]] < 100 and counts[pair[1]] < 100]
    assert sum(pairs[pair] >= 4 for pair in rare) > 100


def test_a_word_is_spelled_in_one_way_and_nearly_always_alone() -> None:
    numbers = np.arange(30_000, dtype=np.int64)
    spelled = generated.Spelling().of(numbers)
    assert spelled[:3] == ["yang", "di", "dan"]
    assert len(set(spelled)) > 0.97 * len(spelled)
    assert all(word.isascii() and word.isalpha() for word in spelled)


def test_articles_are_dated_in_order_and_have_records(made: list[GeneratedArticle]) -> None:
    dates = [article.date for article in made]
    assert dates == sorted(dates)
    record = json.loads(json.dumps(made[3].record()))
    assert record["id"] == "g3"
    assert set(record) == {"id", "title", "body", "date", "source", "category"}
    assert all(record.values())


def test_the_command_writes_jsonl(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["generated", "3"])
    generated.main()
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records == [article.record() for article in articles(3)]
    monkeypatch.setattr("sys.argv", ["generated", "many"])
    with pytest.raises(SystemExit, match="usage: python -m benchmarks.speed.generated NUMBER"):
        generated.main()
