"""Saved queries: queries that are asked again, and what they have found since the last time.

They are kept in a JSON file beside the directory of the index, so that they outlive a rebuild; for
an index on a server in the user's own data. For each query the ids of the hits already told are
kept, not a date, because an old article may be indexed late. A file is replaced whole, or not at
all, and what others have changed meanwhile stays.
"""

from collections.abc import Mapping

from searchkit.arguments import check_text, check_type
from searchkit.asking import DEEPEST_RANK
from searchkit.engines.manifest import watches_of
from searchkit.errors import WatchError
from searchkit.results import Hit
from searchkit.saved_queries import changed_saved_queries, read_saved_queries
from searchkit.search_index import SearchIndex


class Watches:
    """The saved queries of one index, by name, in the order added."""

    def __init__(self, index: SearchIndex) -> None:
        """Read the saved queries of `index`; WatchError if their file cannot be used."""
        check_type("index", index, SearchIndex, "a SearchIndex")
        self.path = watches_of(index.location)
        self._index = index
        self._saved = read_saved_queries(self.path)

    @property
    def queries(self) -> Mapping[str, str]:
        """The saved queries by name; {} if there are none."""
        return dict(self._saved.queries)

    def add(self, name: str, query: str) -> None:
        """Save a query; what it finds now is not new. WatchError when the name is taken.

        Raises QueryError when the query is beyond its limits.
        """
        check_text("name", name)
        told = {hit.id for hit in self._find(query)}
        with changed_saved_queries(self.path) as saved:
            if name in saved.queries:
                raise WatchError(
                    f"there is a saved query {name!r} already, for {saved.queries[name]!r}; "
                    "remove it first or take another name"
                )
            saved.queries[name], saved.told[name] = query, told
        self._saved = saved

    def remove(self, name: str) -> None:
        """Forget a query; WatchError if there is none of that name."""
        check_text("name", name)
        with changed_saved_queries(self.path) as saved:
            if name not in saved.queries:
                known = ", ".join(saved.queries) or "none"
                raise WatchError(
                    f"there is no saved query {name!r} in {self.path}; there are: {known}"
                )
            del saved.queries[name], saved.told[name]
        self._saved = saved

    def new(self) -> dict[str, list[Hit]]:
        """Return by name the hits that have not been told yet, best first; [] where none is new.

        They stay new until `tell`, so that nothing is lost when the program ends in between.
        """
        return {
            name: [hit for hit in self._find(query) if hit.id not in self._saved.told[name]]
            for name, query in self._saved.queries.items()
        }

    def tell(self, new: Mapping[str, list[Hit]]) -> None:
        """Keep that these hits, as `new` returned them, have been told."""
        check_type("new", new, Mapping, "what `new` has returned")
        if not any(new.values()):
            return
        asked = self._saved.queries
        with changed_saved_queries(self.path) as saved:
            for name, hits in new.items():
                # Another query may have got the name meanwhile, of which nothing was told.
                if name in asked and saved.queries.get(name) == asked[name]:
                    saved.told[name] |= {hit.id for hit in hits}
        self._saved = saved

    def _find(self, query: str) -> tuple[Hit, ...]:
        """Return all hits of `query` as it is: no word taken for another or left out."""
        page = self._index.search(
            query, limit=DEEPEST_RANK, collapse="off", fragments=False, tolerant=False
        )
        return () if page.relaxed else page.hits
