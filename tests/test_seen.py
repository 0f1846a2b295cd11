import random

import pytest

from searchkit import seen
from searchkit.seen import Seen, SeenArticles


def test_the_last_of_what_was_met_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_LATELY", 5)
    chance = random.Random(3)
    met: dict[str, Seen] = {}
    articles = SeenArticles()
    for _ in range(500):
        article_id = f"a{chance.randrange(100)}\ud800"
        assert articles.get(article_id) == met.get(article_id)
        met[article_id] = Seen(chance.randrange(2**62), chance.random() < 0.5)
        articles.put(article_id, met[article_id])
    assert {article_id: articles.get(article_id) for article_id in met} == met
    assert articles.get("another") is None
