"""What a misspelled word may have been meant to be, and how likely that is.

A slip is a letter added, left out or changed, or two neighbours changing places (optimal string
alignment). A score is the natural logarithm of the odds that a candidate was meant, and not a right
word that is as rare; its parts are the weights of a logistic regression, rounded: docs/suggest.md
tells on what.
"""

import math
from collections.abc import Mapping
from itertools import groupby

from searchkit.analysis import stop_words
from searchkit.query.patterns import distances, one_edit_away

SHORTEST = 4
"""Letters of a word that is corrected; below that, too many words are near."""

LONG = 8
"""Letters from which on two slips are believed."""

COMMON_ENOUGH = 2
"""Documents of what is taken for a right word; once may be a slip as well."""

TIMES = 10
"""How many times as many documents must have the other spelling of a word that stands in some."""

WRITTEN = -1.0
"""What is added to a score for a word that stands in documents: it was right to who wrote it."""

_PRIOR = -8.0
_A_LETTER = 0.75  # by letter of the typed word up to _MOST_LETTERS: few words are near a long one
_MOST_LETTERS = 10
_COMMON = 0.5  # by logarithm of how many times as many documents have the candidate
_SECOND_SLIP = -5.0
_FIRST_LETTER = -2.0
# Right words are seldom apart by these, but by a letter changed or added.
_SWAPPED = 3.0
_LEFT_OUT = 2.0
_DOUBLED = 2.0


def prior(form: str) -> float:
    """Return the score of what is as rare as `form`, before it is known how the slip was made."""
    return _PRIOR + _A_LETTER * min(len(form), _MOST_LETTERS)


def most_slips(form: str) -> int:
    """Return how many slips in a word are believed."""
    return 2 if len(form) >= LONG else 1


def candidates(form: str, forms: Mapping[str, int]) -> dict[str, float]:
    """Return the words of `forms` that an unknown one may be a slip of, each with a score.

    A higher score is likelier. `forms` gives the number of documents of each. {} if there are none.
    """
    most = most_slips(form)
    words = list(forms)
    far = distances(form, words, most)
    found: dict[str, float] = {}
    for place in (far <= most).nonzero()[0].tolist():
        word, edits = words[place], int(far[place])
        if edits and len(word) >= SHORTEST and word.isalpha() and forms[word] >= COMMON_ENOUGH:
            if word[0] != form[0] and word in stop_words():
                continue  # a name is likelier than a slip at the start of so common a word
            found[word] = _score(form, word, forms[word])
            found[word] += _ease(form, word) if edits == 1 else _SECOND_SLIP
    return found


def written_for(form: str, documents: int, near: Mapping[str, int]) -> str:
    """Return the word of `near` that one in so few documents is a slip of; "" if it may be right.

    `near` gives the number of documents of what it may be by one slip.
    """
    scores = {
        other: _score(form, other, count / documents) + _ease(form, other) + WRITTEN
        for other, count in near.items()
        if count >= TIMES * documents and len(other) >= SHORTEST and other.isalpha()
    }
    best = max(scores, key=lambda other: (scores[other], other), default="")
    return best if best and scores[best] > 0 else ""


def _score(typed: str, meant: str, times: float) -> float:
    """Return the score of what so many times as many documents have, however the slip was made."""
    score = prior(typed) + _COMMON * math.log(times)
    return score + (_FIRST_LETTER if meant[0] != typed[0] else 0)


def _ease(typed: str, meant: str) -> float:
    """Return what the way in which one slip was made adds to a score."""
    match len(typed) - len(meant):
        case -1:
            return _LEFT_OUT
        case 0 if sorted(typed) == sorted(meant):
            return _SWAPPED
        case 1 if _once(typed) == _once(meant):
            return _DOUBLED
    return 0.0


def _once(word: str) -> list[str]:
    """Return the letters of a word, those that are doubled once."""
    return [letter for letter, _ in groupby(word)]


def slips(form: str) -> set[str]:
    """Return all that a word may be by one slip, and with oe for u as it was once spelled.

    To look up each of them takes a hundredth of the time of comparing all words of an index.
    """
    found = set(one_edit_away(form, 0, len(form) + 1))
    for place in range(len(form)):
        for now, once in (("u", "oe"), ("oe", "u")):
            if form.startswith(now, place):
                found.add(form[:place] + once + form[place + len(now) :])
    return found - {form}
