"""Which words of a query are titles and initials beside a name: *Ir.* before Joko Widodo.

Pages call a person with or without them, so they need not match. A name is told from other words
by its capitals, or by a second word like one; what is doubtful is no title.
"""

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache

from searchkit.analysis import Analyzer
from searchkit.analysis.normalization import APOSTROPHES, HYPHENS, fold
from searchkit.shipped import shipped_lines

_INITIAL = re.compile(r"[^\W\d_]\.,?")
_NAME = re.compile(rf"[^\W\d_](?:[{APOSTROPHES}{HYPHENS}]?[^\W\d_])+")
_MARKS = ".,"


@cache
def listed_titles() -> dict[str, frozenset[str]]:
    """Return the folded titles of `data/titles.txt` by where they stand: before, after, behind."""
    titles: dict[str, set[str]] = {}
    for line in shipped_lines("searchkit.query", "data/titles.txt"):
        place, _, words = line.partition(":")
        titles.setdefault(place, set()).update(words.split())
    return {place: frozenset(words) for place, words in titles.items()}


@cache
def _any_place() -> frozenset[str]:
    return frozenset().union(*listed_titles().values())


def may_be_title(word: str) -> bool:
    """Return whether `titles_among` need be asked for words with this one among them."""
    return "." in word or word.strip(",").casefold() in _any_place()


def titles_among(words: Sequence[str], analyzer: Analyzer) -> Set[int]:
    """Return the places of the titles and initials among `words`, typed side by side.

    They are those before a name, of two words or with a capital, and the degrees behind one. It is
    none of them where there is no name: `words` of titles alone has none.
    """
    return frozenset(_Titles(words, analyzer).places())


class _Titles:
    def __init__(self, words: Sequence[str], analyzer: Analyzer) -> None:
        self._words = words
        self._keys = [word.replace(".", "").strip(",").casefold() for word in words]
        self._analyzer = analyzer
        self._listed = listed_titles()

    def places(self) -> Iterator[int]:
        start = 0
        while start < len(self._words):
            end = start
            while end < len(self._words) and self._may_stand_before(end, first=end == start):
                end += 1
            if end > start:
                if self._begins_name(start, end):
                    yield from range(start, end)
            elif self._is_degree(start) and self._ends_name(start):
                end = start + 1
                while end < len(self._words) and self._is_degree(end):
                    end += 1
                yield from range(start, end)
            start = max(end, start + 1)

    def _may_stand_before(self, place: int, *, first: bool) -> bool:
        """Whether a word may be a title before a name; `first` without another before it.

        A letter without a full stop (`Grup H`) is one only where nothing stands before it.
        """
        word, key = self._words[place], self._keys[place]
        if _INITIAL.fullmatch(word):
            return True
        if len(key) == 1:
            return key in self._listed["before"] and word.isupper() and (not first or not place)
        return key in self._listed["before"] or (not first and key in self._listed["after"])

    def _begins_name(self, start: int, end: int) -> bool:
        """Whether a name begins after the titles from `start` to `end`."""
        if not self._is_name(end):
            return False
        if self._words[end][0].isupper():
            return True
        # E. coli is written otherwise than a name.
        if self._is_name(end + 1) and not self._words[end - 1][0].isupper():
            return True
        listed = self._listed["before"]
        return any("." in self._words[n] and self._keys[n] in listed for n in range(start, end))

    def _is_degree(self, place: int) -> bool:
        """Whether a word is a degree: with its full stops, or after a comma."""
        return self._keys[place] in self._listed["behind"] and (
            "." in self._words[place] or (place > 0 and self._words[place - 1].endswith(","))
        )

    def _ends_name(self, place: int) -> bool:
        """Whether a name ends before `place`."""
        return self._is_name(place - 1) and (
            self._words[place - 1][0].isupper() or self._is_name(place - 2)
        )

    def _is_name(self, place: int) -> bool:
        """Whether a word may be part of a name: of letters, no stop word, no form of a root."""
        if not 0 <= place < len(self._words):
            return False
        word = self._words[place].strip(_MARKS)
        if not _NAME.fullmatch(word) or fold(word) in self._analyzer.stop_words:
            return False
        return all(
            token.term == token.form or self._analyzer.alternatives(token.term, token.form)
            for token in self._analyzer.analyze(word)
        )
