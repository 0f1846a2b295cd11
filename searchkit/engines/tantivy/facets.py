"""Values of facets counted over what is found."""

from collections.abc import Callable

from tantivy import Query

from searchkit.engines.base import FacetsWanted, Filters
from searchkit.engines.tantivy.snapshot import Snapshot
from searchkit.results import FacetCount


def counted(
    snapshot: Snapshot,
    facets: FacetsWanted,
    filters: Filters,
    shown: Query,
    run: Callable[[Filters], Query],
) -> dict[str, tuple[FacetCount, ...]]:
    """Return the facets of what `shown` finds; `run` returns what other filters would show."""
    counts = {}
    for field in facets.fields:
        own = facets.multi_select and field in filters.values
        query = run(filters.without(field)) if own else shown
        found = snapshot.values(query, f"facet_{field}")
        spelled = snapshot.spellings(field)
        if not found.keys() <= spelled.keys():
            spelled = snapshot.spelled(query, field) | spelled
        rows = sorted((-count, spelled.get(value, value)) for value, count in found.items())
        counts[field] = tuple(FacetCount(value, -count) for count, value in rows[: facets.most])
    return counts
