"""Where words stand in the documents of a page, by their forward records."""

from collections.abc import Callable, Sequence

from searchkit.analysis.located import Occurrences, Words
from searchkit.engines.positions import NOWHERE, TOGETHER, by_row
from searchkit.engines.rescoring.places import POSITION_BITS, Tokens
from searchkit.engines.rescoring.statistics import Candidate
from searchkit.query import Term


class PagePositions:
    """Where words stand in the documents of a page: looked up in several when asked of one.

    `read` gives the ids and records of some rows of the page, in order, when they are first needed;
    `fields` are the text fields of the index, in the order of the records.
    """

    def __init__(self, read: Callable[[slice], Sequence[Candidate]], fields: Sequence[str]) -> None:
        self._read = read
        self._fields = {field: number for number, field in enumerate(fields)}
        self._candidates: dict[int, Sequence[Candidate]] = {}
        self._known: dict[tuple[int, Words], dict[int, Occurrences]] = {}

    def of(self, row: int, field: str, words: Words) -> Occurrences:
        """Return where `words` stand in the document in that row of the page.

        Raises IndexDamaged when a record is not sound.
        """
        place = row % TOGETHER
        start = row - place
        key = start, words
        if key not in self._known:
            self._known[key] = self._looked_up(start, words)
        number = self._fields.get(field)
        if number is None:
            return NOWHERE
        return self._known[key].get(place * len(self._fields) + number, NOWHERE)

    def _looked_up(self, start: int, words: Words) -> dict[int, Occurrences]:
        """Return where words stand by run, where any does, in the rows from `start` on."""
        if start not in self._candidates:
            self._candidates[start] = self._read(slice(start, start + TOGETHER))
        asked = [Term(word, word) for word in words.terms | words.forms]
        tokens = Tokens(self._candidates[start], asked, tuple(self._fields))
        terms = {term: tokens.places(Term(term, term), exact=False) for term in words.terms}
        forms = {form: tokens.places(Term(form, form), exact=True) for form in words.forms}
        return by_row(terms, forms, POSITION_BITS)
