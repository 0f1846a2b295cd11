"""One commit of the index, as tantivy finds it, and figures of it that are computed once."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Order, Query

from searchkit.analysis.normalization import fold_value
from searchkit.cached import cached_property
from searchkit.canonical import from_json
from searchkit.engines.base import ARTICLE, ITEM, IndexedDocument
from searchkit.engines.copies import groups
from searchkit.engines.fields import bounded
from searchkit.engines.kept import Kept
from searchkit.engines.tantivy.boundary import reading
from searchkit.engines.tantivy.folder import Commit
from searchkit.engines.tantivy.schema import EXACT, LINKS, Layout, as_read, indexed, signature_of
from searchkit.errors import REPAIR, IndexDamaged

Array = np.ndarray[Any, np.dtype[Any]]

MOST_VALUES = 65_000
"""Different values that a facet is counted of."""

_MANY = 500
_HALF = re.compile("[\ud800-\udfff]")
_MOST_KEPT = 64
"""Documents that were read lately."""

_MOST_COUNTED = 4096
"""Leaves of queries whose documents were counted lately."""

Hit = tuple[float, tantivy.DocAddress]
"""A document found: what it was ordered by, and where it is in the segments."""


class Snapshot:
    """A commit: it never changes, whatever is written."""

    def __init__(self, folder: Path, index: tantivy.Index, commit: Commit, layout: Layout) -> None:
        self._folder = folder
        self.layout = layout
        self.deleted = commit.deleted
        self.name = commit.name
        self.opstamp = commit.opstamp
        with reading(folder):
            self._searcher = index.searcher()
        self.leaf_counts: Kept[object, int] = Kept(_MOST_COUNTED)
        self._spellings: dict[str, dict[str, str]] = {}
        self._forms: dict[tuple[str, ...], dict[str, int]] = {}
        self._documents: Kept[tuple[int, int], tantivy.Document] = Kept(_MOST_KEPT)

    # What tantivy is asked

    def hits(self, query: Query, limit: int, offset: int = 0) -> tuple[int, list[Hit]]:
        """Return (how many match, those from `offset` on, best first)."""
        if not limit:
            return self.count(query), []
        with reading(self._folder):
            found: Any = self._searcher.search(query, limit, offset=offset)
            return int(found.count), found.hits

    def ordered(self, query: Query, field: str, limit: int) -> list[Hit]:
        """Return the matches of the lowest numbers in a field, which all have, ascending."""
        hits = self.sorted(query, field, limit)
        with reading(self._folder):
            if any(value is None for value, _ in hits):
                raise ValueError(f"a document has no {field}")
        return hits

    def sorted(
        self,
        query: Query,
        field: str,
        limit: int,
        offset: int = 0,
        *,
        descending: bool = False,
    ) -> list[Hit]:
        """Return the matches from `offset` on in the order of a field; last those without it."""
        if not limit:
            return []
        with reading(self._folder):
            order = Order.Desc if descending else Order.Asc
            found: Any = self._searcher.search(
                query, limit, count=False, order_by_field=field, offset=offset, order=order
            )
            return list(found.hits)

    def all_hits(self, query: Query) -> list[Hit]:
        """Return all matches, best first."""
        return self.hits(query, max(self.documents, 1))[1]

    def count(self, query: Query) -> int:
        """Return how many documents match."""
        with reading(self._folder):
            found: Any = self._searcher.search(query, 1)
            return int(found.count)

    def numbers(self, field: str, hits: Sequence[Hit]) -> list[int | None]:
        """Return the numbers that documents have in a field, None where they have none."""
        with reading(self._folder):
            found: Any = self._searcher.fast_field_values(field, [address for _, address in hits])
            return list(found)

    def array(self, field: str, hits: Sequence[Hit]) -> Array:
        """Return the same as an array, 0 where they have none."""
        with reading(self._folder):
            return np.array([value or 0 for value in self.numbers(field, hits)], dtype=np.int64)

    def document(self, hit: Hit) -> tantivy.Document:
        """Return what is stored of a document; those read lately are kept.

        What is shown of a search has been scored just before.
        """
        address = hit[1]
        place = address.segment_ord, address.doc
        document = self._documents.get(place)
        if document is None:
            with reading(self._folder):
                document = self._documents.keep(place, self._searcher.doc(address))
        return document

    def id(self, hit: Hit) -> str:
        """Return the id of a document."""
        return str(self.value(self.document(hit), "id"))

    def stored(self, hit: Hit) -> dict[str, Any]:
        """Return the stored object of a document."""
        with reading(self._folder):
            found = from_json(self.value(self.document(hit), "stored"))
            if not isinstance(found, dict):
                raise ValueError("a stored object is none")
            return found

    def value(self, document: tantivy.Document, field: str) -> Any:
        """Return what is stored in a field; IndexDamaged if there is nothing."""
        found = document.get_first(field)
        if found is None:
            raise IndexDamaged(f"{self._folder}: a document without {field}; {REPAIR}")
        return found

    def aggregate(self, query: Query, asked: dict[str, Any]) -> dict[str, Any]:
        """Return aggregations over what matches."""
        with reading(self._folder):
            found: dict[str, Any] = self._searcher.aggregate(query, asked)
            return found

    def terms(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """Return (term, documents), of terms that begin so; deleted documents may be counted."""
        if not _is_unicode(prefix):
            return []
        with reading(self._folder):
            found: list[tuple[str, int]] = self._searcher.terms_with_prefix(field, prefix)
            return found

    def having(self, field: str, value: str | int) -> int:
        """Return how many documents have a term; deleted ones may be counted."""
        if not _is_unicode(value):
            return 0
        with reading(self._folder):
            return int(self._searcher.doc_freq(field, value))

    def having_now(self, field: str, value: str) -> int:
        """Return how many documents have a term, without those that are deleted."""
        if not self.deleted:
            return self.having(field, value)
        return self.count(self.term(field, value))

    @property
    def segments(self) -> int:
        """The number of segments."""
        return int(self._searcher.num_segments)

    # Queries about the fields of this index

    def term(self, field: str, value: str | int) -> Query:
        """Return a query for a term."""
        return Query.term_query(self.layout.schema, field, value) if _is_unicode(value) else NOTHING

    def phrase(self, field: str, texts: Sequence[str]) -> Query:
        """Return a query for terms that follow one another."""
        return Query.phrase_query(self.layout.schema, field, list(texts))

    def among(self, field: str, numbers: Sequence[int]) -> Query:
        """Return a query for documents whose number in a field is one of `numbers`."""
        return Query.term_set_query(self.layout.schema, field, list(numbers))

    def between(self, field: str, lowest: int, highest: int | None = None) -> Query:
        """Return a query for documents whose count in a field is not lower and not higher."""
        return unscored(
            Query.range_query(self.layout.schema, field, FieldType.Unsigned, lowest, highest)
        )

    def within(self, field: str, low: int | None, high: int | None) -> Query:
        """Return a query for documents whose whole number in a field is neither below nor above."""
        if low is None and high is None:
            return exists(field)
        ends = bounded(low), bounded(high)
        return unscored(Query.range_query(self.layout.schema, field, FieldType.Integer, *ends))

    def dated(self, since: int | None, until: int | None) -> Query:
        """Return a query for documents dated `since` or later and before `until`."""
        return self.within("moment", since, None if until is None else until - 1)

    # Documents by what they are

    def signature(self, hit: Hit) -> tuple[str, bytes]:
        """Return (id, signature) of a document."""
        document = self.document(hit)
        with reading(self._folder):
            signature = signature_of(self.value(document, "rest"))
        return str(self.value(document, "id")), signature

    def indexed(self, hit: Hit) -> IndexedDocument:
        """Return a document as it was given to the index."""
        document = self.document(hit)
        record, stored, rest, document_id = (
            self.value(document, field) for field in ("record", "stored", "rest", "id")
        )
        with reading(self._folder):
            return indexed(self.layout, record, stored, rest, document_id)

    def located(self, document_id: str) -> Hit | None:
        """Return where the document of that id is; None if there is none."""
        if not self.having("id", document_id):
            return None
        hits = self.hits(self.term("id", document_id), 1)[1]
        return hits[0] if hits else None

    def in_order(self, query: Query) -> Iterator[Hit]:
        """Yield all matches in the order in which they were added."""
        following = 0
        while True:
            rest = both(query, self.between("number", following))
            hits = self.ordered(rest, "number", _MANY)
            yield from hits
            if len(hits) < _MANY:
                return
            following = int(hits[-1][0]) + 1

    # Figures, each computed once

    @cached_property
    def documents(self) -> int:
        """The number of documents."""
        return self.count(EVERYTHING)

    @cached_property
    def kinds(self) -> dict[str, int]:
        """The number of documents by kind."""
        return {kind: self.having_now("kw_kind", kind) for kind in (ARTICLE, ITEM)}

    @cached_property
    def averages(self) -> dict[str, float]:
        """The mean number of tokens by text field, of the documents that have any."""
        fields = self.layout.fields.text
        asked = {field: {"avg": {"field": f"length_{field}"}} for field in fields}
        found = self.aggregate(EVERYTHING, asked)
        return {field: float(found[field]["value"] or 0.0) for field in fields}

    @cached_property
    def newest(self) -> int | None:
        """The latest date of a document; None if none has one."""
        hits = self.ordered(exists("moment"), "newest", 1)
        return self.numbers("moment", hits)[0] if hits else None

    @cached_property
    def next_number(self) -> int:
        """A number higher than that of any document."""
        found = self.aggregate(EVERYTHING, {"last": {"max": {"field": "number"}}})
        last = found["last"]["value"]
        return 0 if last is None else int(last) + 1

    @cached_property
    def forms(self) -> dict[str, int]:
        """All forms, each with the number of documents that have it."""
        return {as_read(form): count for form, count in self.terms("exact", "")}

    @cached_property
    def sorted_forms(self) -> list[str]:
        """All forms, ascending."""
        return sorted(self.forms)

    def forms_in(self, fields: tuple[str, ...]) -> dict[str, int]:
        """Return the forms of text fields that are not BODY, ascending, each with a count."""
        known = self._forms.get(fields)
        if known is None:
            counts: dict[str, int] = {}
            for field in fields:
                for text, count in self.terms(f"text_{field}", EXACT):
                    form = as_read(text.removeprefix(EXACT))
                    counts[form] = counts.get(form, 0) + count
            known = self._forms[fields] = dict(sorted(counts.items()))
        return known

    @cached_property
    def links(self) -> Array:
        """The links between copies: pairs of member numbers."""
        hits = self.hits(self.term(LINKS, LINKS), 1)[1]
        if not hits:
            return np.empty((0, 2), dtype=np.int64)
        data = self.value(self.document(hits[0]), "stored")
        if len(data) % 16:
            raise IndexDamaged(f"{self._folder}: the links between copies are cut short; {REPAIR}")
        return np.frombuffer(data, dtype="<i8").reshape(-1, 2)

    @cached_property
    def groups(self) -> tuple[Array, Array]:
        """(member numbers that are linked, ascending, the copy group of each)."""
        members = np.unique(self.links)
        return members, groups(members, self.links)

    @cached_property
    def linked(self) -> Query:
        """A query for the documents that are linked; their numbers are found sooner than members.

        The numbers of documents are dense, those of members are spread over 63 bits.
        """
        hits = self.all_hits(self.among("member", self.groups[0].tolist()))
        return unscored(self.among("number", self.array("number", hits).tolist()))

    def spellings(self, field: str) -> dict[str, str]:
        """Return the commonest spelling of each value of a facet, by the value folded.

        Where a facet has more than MOST_VALUES, those of the most documents.
        """
        if field not in self._spellings:
            self._spellings[field] = self.spelled(EVERYTHING, field)
        return self._spellings[field]

    def spelled(self, query: Query, field: str) -> dict[str, str]:
        """Return the spellings of the values that matches have, the commonest among these."""
        known: dict[str, tuple[int, str]] = {}
        for spelling, count in self.values(query, f"spelled_{field}").items():
            folded = fold_value(spelling)
            known[folded] = min(known.get(folded, (1, "")), (-count, spelling))
        return {folded: shown for folded, (_, shown) in known.items()}

    def values(self, query: Query, field: str) -> dict[str, int]:
        """Return how many matches have each value of a facet."""
        terms = {"field": field, "size": MOST_VALUES, "segment_size": MOST_VALUES}
        found = self.aggregate(query, {"values": {"terms": terms}})
        return {str(each["key"]): each["doc_count"] for each in found["values"]["buckets"]}


def _is_unicode(value: str | int) -> bool:
    """Return whether a value can be in an index: no half of a surrogate pair can.

    What comes from a command line may have one, for a byte that is no UTF-8.
    """
    return not isinstance(value, str) or value.isascii() or _HALF.search(value) is None


def exists(field: str) -> Query:
    """Return a query for documents that have a number in a field."""
    return Query.const_score_query(Query.exists_query(field), 0.0)


def unscored(query: Query) -> Query:
    """Return a query for the same documents that scores nothing."""
    return Query.const_score_query(query, 0.0)


def both(*queries: Query) -> Query:
    """Return a query for what all match; scores add up."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def without(query: Query, excluded: Query) -> Query:
    """Return a query for what matches the first and not the second."""
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, excluded)])


EVERYTHING = exists("number")
NOTHING = Query.empty_query()
