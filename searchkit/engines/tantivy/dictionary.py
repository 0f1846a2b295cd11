"""Which words and values there are in a commit, and in how many documents."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest

from tantivy import Occur, Query

from searchkit.engines.tantivy.schema import EXACT, as_written, keyword_field
from searchkit.engines.tantivy.snapshot import Snapshot
from searchkit.query import Term


def keyword_values(
    snapshot: Snapshot, field: str, prefixes: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Yield (value, documents) of the values by prefix, ascending; deleted ones do not count."""
    name = keyword_field(field)
    values = {value: n for prefix in set(prefixes) for value, n in snapshot.terms(name, prefix)}
    for value in sorted(values):
        count = snapshot.having_now(name, value)
        if count:
            yield value, count


def frequent_values(
    snapshot: Snapshot, field: str, prefixes: Iterable[str], most: int
) -> list[tuple[str, int]]:
    """Return the `most` most frequent values of each prefix, most frequent first."""
    found: set[tuple[int, str]] = set()
    for prefix in set(prefixes):
        terms = ((-count, value) for value, count in snapshot.terms(keyword_field(field), prefix))
        found.update(nsmallest(most, terms))
    return [(value, -count) for count, value in sorted(found)]


def frequencies(snapshot: Snapshot, field: str, terms: Iterable[str]) -> dict[str, int]:
    """Return in how many documents each term is in a text field."""
    return {each: snapshot.having(f"text_{field}", as_written(each)) for each in terms}


def frequency(snapshot: Snapshot, word: Term) -> int:
    """Return in how many documents a word stands, by stem or by form."""
    places = (("all", as_written(word.term)), ("exact", as_written(word.form)))
    return snapshot.count(
        Query.boolean_query([(Occur.Should, snapshot.term(field, text)) for field, text in places])
    )


def stems(snapshot: Snapshot) -> dict[str, int]:
    """Return the number of distinct stems by text field."""
    return {
        field: sum(not text.startswith(EXACT) for text, _ in snapshot.terms(f"text_{field}", ""))
        for field in snapshot.layout.fields.text
    }
