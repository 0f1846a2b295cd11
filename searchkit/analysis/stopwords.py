"""Words too common to tell one article from another.

They are indexed, so that a phrase may hold them, and left out of a query that has other words.
"""

from functools import cache

from searchkit.analysis.lexicon import data_lines

FUNCTION_WORDS = "function_words.tsv"


@cache
def stop_words() -> frozenset[str]:
    """Return the folded stop words in every form: those of `function_words`."""
    return frozenset(function_words())


@cache
def function_words() -> dict[str, str]:
    """Return the stop word that each form of one is of: nggak and tidak of tidak, adanya of ada."""
    # The other forms are worked out ahead, see `precomputed`: each process asks for them.
    others = dict(line.split("\t") for line in data_lines(FUNCTION_WORDS))
    return {word: word for word in listed_words()} | others


@cache
def listed_words() -> frozenset[str]:
    """Return the folded stop words of `data/stopwords.txt`, question words among them."""
    return _words("stopwords.txt") | question_words()


@cache
def question_words() -> frozenset[str]:
    """Return the folded words of `data/question_words.txt`, which make a query a question."""
    return _words("question_words.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in data_lines(name) for word in line.split())
