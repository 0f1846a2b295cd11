"""A plain engine in memory, which says what the answer of an engine has to be."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import (
    ByNumber,
    Collapse,
    FacetsWanted,
    Filters,
    IndexedDocument,
    Match,
    Matches,
    Order,
    Sort,
)
from searchkit.engines.copies import SIGNATURE_BYTES, groups, links, member_number
from searchkit.engines.ranking import Ranking, Recency
from searchkit.query import Node, distinct_leaves
from searchkit.results import FacetCount
from searchkit.testing.formulas import Formulas

_UNDATED = -(10**15)


class Shown(NamedTuple):
    """A document shown: its score, and the other members of its copy group that match."""

    document: IndexedDocument
    score: float
    copies: tuple[IndexedDocument, ...] = ()


class ReferenceEngine:
    """Searches some documents by dictionaries, loops and the formulas as they are written.

    It answers `search` as `searchkit.engines.base.Engine` says, but for `after`.
    """

    def __init__(
        self, documents: Sequence[IndexedDocument], ranking: Ranking | None = None
    ) -> None:
        self.documents = documents
        self.ranking = ranking or Ranking()
        self.formulas = Formulas(documents, self.ranking)
        self._groups = copy_groups(documents)

    def search(
        self,
        node: Node,
        filters: Filters | None = None,
        offset: int = 0,
        limit: int = 1000,
        *,
        recency: Recency | None = None,
        collapse: Collapse = "off",
        sort: Order = "relevance",
        facets: FacetsWanted | None = None,
    ) -> Matches:
        """Return the matches of rank `offset` up to `offset + limit`, the facets and the total."""
        find = partial(self._shown, node, recency=recency, collapse=collapse)
        shown = sorted(find(filters or Filters()), key=order_of(sort))
        counts = self._facets(facets, filters or Filters(), shown, find) if facets else {}
        return Matches(
            total=len(shown),
            matches=tuple(_match(each) for each in shown[offset : offset + limit]),
            before=offset,
            facets=counts,
            weights={leaf: self.formulas.idf(leaf) for leaf in distinct_leaves(node)},
        )

    def _shown(
        self, node: Node, filters: Filters, *, recency: Recency | None, collapse: Collapse
    ) -> list[Shown]:
        found = [
            Shown(each, self.formulas.score(each, node, recency or self.ranking.recency))
            for each in self.documents
            if self.formulas.matches(each, node) and passes(each, filters)
        ]
        return found if collapse == "off" else self._collapsed(found, collapse)

    def _collapsed(self, found: Sequence[Shown], collapse: Collapse) -> list[Shown]:
        """Return one for all members of a copy group, with the score of the best of them."""
        by_group: dict[object, list[Shown]] = {}
        for each in found:
            group = self._groups.get(each.document.id)
            by_group.setdefault(group or each.document.id, []).append(each)
        shown = []
        for members in by_group.values():
            first = min(members, key=partial(_representative, collapse=collapse))
            others = [each.document for each in members if each is not first]
            others.sort(key=lambda document: (-_moment(document), document.id))
            best = max(each.score for each in members)
            shown.append(Shown(first.document, best, tuple(others)))
        return shown

    def _facets(
        self,
        wanted: FacetsWanted,
        filters: Filters,
        shown: Sequence[Shown],
        find: Callable[[Filters], list[Shown]],
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        counts = {}
        for field in wanted.fields:
            own = wanted.multi_select and field in filters.values
            counted = find(filters.without(field)) if own else shown
            counts[field] = self._counts(field, counted)[: wanted.most]
        return counts

    def _counts(self, field: str, shown: Sequence[Shown]) -> tuple[FacetCount, ...]:
        """Return the values of a facet in their commonest spelling, the most frequent first."""
        spellings: dict[str, Counter[str]] = {}
        for document in self.documents:
            for value in document.facets.get(field, ()):
                spellings.setdefault(fold_value(value), Counter())[value] += 1
        commonest = {key: min((-n, s) for s, n in met.items())[1] for key, met in spellings.items()}
        counts: Counter[str] = Counter()
        for each in shown:
            counts.update({fold_value(value) for value in each.document.facets.get(field, ())})
        rows = [FacetCount(commonest[key], count) for key, count in counts.items()]
        return tuple(sorted(rows, key=lambda row: (-row.count, row.value)))


def passes(document: IndexedDocument, filters: Filters) -> bool:
    """Return whether a document passes the filters."""
    moment = document.moment
    for field, wanted in filters.values.items():
        if not wanted & {fold_value(value) for value in document.facets.get(field, ())}:
            return False
    if filters.since is not None and (moment is None or moment < filters.since):
        return False
    return filters.until is None or (moment is not None and moment < filters.until)


def copy_groups(documents: Sequence[IndexedDocument]) -> dict[str, int]:
    """Return the copy groups by id of the documents that are in one."""
    signed = [each for each in documents if len(each.signature) == SIGNATURE_BYTES]
    members = np.array([member_number(d.id, d.signature) for d in signed], dtype=np.int64)
    rows = np.frombuffer(b"".join(d.signature for d in signed), np.uint8)
    pairs = links(members, rows.reshape(-1, SIGNATURE_BYTES), len(signed))
    found = zip(signed, groups(members, pairs).tolist(), strict=True)
    return {document.id: group for document, group in found if group}


def _representative(each: Shown, collapse: Collapse) -> tuple[int, int, int]:
    """Return by what the member of a copy group is chosen that is shown for all: the lowest."""
    document = each.document
    newest, fullest = -_moment(document), -len(document.tokens.get("body", ()))
    keys = (newest, fullest) if collapse == "newest" else (fullest, newest)
    return (*keys, member_number(document.id, document.signature))


def _moment(document: IndexedDocument) -> int:
    return _UNDATED if document.moment is None else document.moment


def _oldest(each: Shown) -> tuple[bool, int, str]:
    document = each.document
    return (document.moment is None, document.moment or 0, document.id)


ORDERS: dict[Sort, Callable[[Shown], tuple[object, ...]]] = {
    "relevance": lambda each: (-each.score, -_moment(each.document), each.document.id),
    "newest": lambda each: (-_moment(each.document), each.document.id),
    "oldest": _oldest,
}
"""What hits are sorted by, ascending, in each order."""


def order_of(sort: Order) -> Callable[[Shown], tuple[object, ...]]:
    """Return what hits are sorted by, ascending; those without a number come last."""
    if not isinstance(sort, ByNumber):
        return ORDERS[sort]

    def key(each: Shown) -> tuple[bool, int, str]:
        number = each.document.numbers.get(sort.field)
        signed = 0 if number is None else -number if sort.descending else number
        return number is None, signed, each.document.id

    return key


def _match(each: Shown) -> Match:
    copies = tuple(document.id for document in each.copies)
    return Match(each.document.id, each.score, lambda: dict(each.document.stored), copies)
