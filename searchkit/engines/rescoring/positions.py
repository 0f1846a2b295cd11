"""Where words stand in the documents of a page, by their forward records."""

from collections.abc import Callable, Sequence
from functools import cached_property

from searchkit.analysis.finding import Words
from searchkit.engines.positions import by_row
from searchkit.engines.rescoring.places import POSITION_BITS, Tokens
from searchkit.engines.rescoring.statistics import Candidate
from searchkit.query import Term


class PagePositions:
    """Where words stand in some documents: looked up in all when asked of one.

    `read` gives their ids and records, in order, when they are first needed; `fields` are the text
    fields of the index, in the order of the records.
    """

    def __init__(self, read: Callable[[], Sequence[Candidate]], fields: Sequence[str]) -> None:
        self._read = read
        self._fields = {field: number for number, field in enumerate(fields)}
        self._known: dict[Words, dict[int, list[int]]] = {}

    def of(self, row: int, field: str, words: Words) -> Sequence[int]:
        """Return where `words` stand in a document; see `searchkit.analysis.finding.Positions`.

        Raises IndexDamaged when a record is not sound.
        """
        if words not in self._known:
            self._known[words] = self._looked_up(words)
        number = self._fields.get(field)
        if number is None:
            return ()
        return self._known[words].get(row * len(self._fields) + number, ())

    @cached_property
    def _candidates(self) -> Sequence[Candidate]:
        return self._read()

    def _looked_up(self, words: Words) -> dict[int, list[int]]:
        """Return the positions by run, of those that have any."""
        asked = [Term(word, word) for word in words.terms | words.forms]
        tokens = Tokens(self._candidates, asked, tuple(self._fields))
        found = [tokens.places(Term(term, term), exact=False) for term in words.terms]
        found += [tokens.places(Term(form, form), exact=True) for form in words.forms]
        return by_row(found, POSITION_BITS)
