"""Where each word of an archive stands: what is written of it for the browser."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from searchkit.analysis import Token
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.site.packing import write_entries


class Postings:
    """Collects the tokens of documents, in the order of their numbers, and writes them.

    Of a term, for each document that has it: how far its number is from the one before, a byte with
    a bit for each text field, and by field the number of occurrences and where they stand, each
    with the number of its form if the term has several. All numbers are variable-length: seven bits
    a byte, the lowest first, the eighth bit set where more follow; positions are by the distance to
    the one before.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, int, list[tuple[int, int]]]]] = {}
        self._forms: dict[str, dict[str, int]] = {}
        self._counts: dict[str, int] = {}
        self._lengths: dict[str, list[int]] = {field: [] for field in TEXT_FIELDS}

    @property
    def lengths(self) -> list[list[int]]:
        """The number of tokens by text field and document."""
        return [self._lengths[field] for field in TEXT_FIELDS]

    @property
    def averages(self) -> list[float]:
        """The mean number of tokens by text field, of the documents that have it; 0 for none."""
        filled = [[length for length in lengths if length] for lengths in self.lengths]
        return [sum(lengths) / len(lengths) if lengths else 0.0 for lengths in filled]

    def add(self, number: int, tokens: Mapping[str, Sequence[Token]]) -> None:
        """Take in a document, whose number is above those before it."""
        for field, name in enumerate(TEXT_FIELDS):
            here = tokens.get(name, ())
            self._lengths[name].append(len(here))
            places: dict[str, list[tuple[int, int]]] = {}
            for token in here:
                forms = self._forms.setdefault(token.term, {})
                form = forms.setdefault(token.form, len(forms))
                places.setdefault(token.term, []).append((token.position, form))
                self._counts[token.form] = self._counts.get(token.form, 0) + 1
            for term, found in places.items():
                self._found.setdefault(term, []).append((number, field, found))

    def write(self, folder: Path) -> dict[str, list[str]]:
        """Write the shards of terms and of forms; return the first key of each."""
        terms: dict[str, tuple[Any, bytes]] = {
            term: (list(forms), _encoded(self._found[term], len(forms) > 1))
            for term, forms in self._forms.items()
        }
        by_form: dict[str, list[str]] = {}
        for term, forms in self._forms.items():
            for form in forms:
                by_form.setdefault(form, []).append(term)
        forms_of: dict[str, tuple[Any, bytes]] = {
            form: ([self._counts[form], *sorted(found)], b"") for form, found in by_form.items()
        }
        return {
            "terms": write_entries(folder / "terms", terms),
            "forms": write_entries(folder / "forms", forms_of),
        }


def _encoded(found: list[tuple[int, int, list[tuple[int, int]]]], several: bool) -> bytes:
    """Return the postings of one term; `found` is in the order of documents, then fields."""
    data = bytearray()
    last, start = 0, 0
    while start < len(found):
        number = found[start][0]
        stop = start
        while stop < len(found) and found[stop][0] == number:
            stop += 1
        _put(data, number - last)
        data.append(sum(1 << field for _, field, _ in found[start:stop]))
        for _, _, places in found[start:stop]:
            _put(data, len(places))
            before = 0
            for position, form in places:
                _put(data, position - before)
                before = position
                if several:
                    _put(data, form)
        last, start = number, stop
    return bytes(data)


def _put(data: bytearray, number: int) -> None:
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
