"""Words too common to tell one article from another.

They are indexed, so that a phrase may hold them, and left out of a query that has other words.
"""

from functools import cache

from searchkit.analysis.lexicon import data_lines


@cache
def stop_words() -> frozenset[str]:
    """Return the folded stop words of `data/stopwords.txt`, question words among them."""
    return _words("stopwords.txt") | question_words()


@cache
def question_words() -> frozenset[str]:
    """Return the folded words of `data/question_words.txt`, which make a query a question."""
    return _words("question_words.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in data_lines(name) for word in line.split())
